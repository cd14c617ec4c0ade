#!/usr/bin/env bash
# memcheck.sh <valgrind> <program> [<argument>...]: runs a program of tests under memcheck. Fails where
# it does, and where memcheck has said anything of it or of a forked child. Not by an exit status of
# memcheck's: each later child has its parent's, and one that a signal ends has none. A program's own
# operator new stays its own: some tests refuse memory there.
set -euo pipefail
readonly valgrind=$1
shift
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT

status=0
"$valgrind" --quiet --leak-check=no --show-leak-kinds=definite --trace-children=no --fair-sched=try \
    --soname-synonyms=somalloc=nouserintercepts --num-callers=30 \
    --suppressions="$(dirname "$0")/suppressions.txt" --log-file="$found/%p" \
    "$@" || status=$?
find "$found" -type f -exec cat {} +
if ((status == 0)) && [[ -n $(find "$found" -type f -size +0) ]]; then
    status=99
fi
exit $status
