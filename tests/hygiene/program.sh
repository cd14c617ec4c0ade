#!/usr/bin/env bash
# program.sh <program> <key>=<points>...: run in an empty directory it exits with 0 and leaves one
# run, FINISHED, with these metrics of so many points each, and no other.
set -euo pipefail
program=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for name in ${!MLFLOW_@} ${!MLSCRIBE_@}; do unset "$name"; done

"$program"
runs=(mlruns/*/*/meta.yaml)
[[ ${#runs[@]} -eq 1 && -f ${runs[0]} ]] || { echo "not one run but: ${runs[*]}"; exit 1; }
grep -qx 'status: 3' "${runs[0]}" || { cat "${runs[0]}"; echo "the run is not FINISHED"; exit 1; }
cd "${runs[0]%/*}/metrics"
found=$(grep -cE '^[0-9]+ [^ ]+ [0-9]+ *$' -r . | sed -E 's|^\./||; s|:([0-9]+)$|=\1|' | sort)
expected=$(printf '%s\n' "$@" | sort)
[[ $found == "$expected" ]] || { printf 'expected:\n%s\nfound:\n%s\n' "$expected" "$found"; exit 1; }
