#!/usr/bin/env bash
# make_venv.sh <directory> <requirement>...
# A Python environment with exactly these packages; a second call finds it finished.
set -euo pipefail
directory=$1
shift

mkdir -p "$(dirname "$directory")"
exec 9>"$directory.lock"
flock 9
stamp="$directory/requirements.stamp"
if [[ -f $stamp && $(<"$stamp") == "$*" ]]; then
    echo "$directory: $* is there"
    exit 0
fi
rm -rf "$directory"
python3 -m venv "$directory"
# Most of it is never imported; what is, is compiled then.
"$directory/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check "$@"
"$directory/bin/python" -m pip check
printf '%s' "$*" >"$stamp"
echo "$directory: $* installed in $SECONDS s"
