#!/usr/bin/env bash
# hot_path.sh <hot_path> <most instructions>: a point logged to a handle costs at most so many
# instructions, the clock's excluded; it neither allocates nor calls the system.
set -euo pipefail
program=$1 most=$2
points=50000
blocks=$((points / 168 + 1))
for tool in valgrind strace; do
    command -v $tool >/dev/null || { echo "$tool is not installed: skipped"; exit 77; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for name in ${!MLFLOW_@} ${!MLSCRIBE_@}; do unset "$name"; done

strace -f -o calls "$program" $points >allocations ||
    { grep -q . allocations || { echo "strace may not trace here: skipped"; exit 77; }; exit 1; }
grep -qx 'allocations: 0' allocations || { cat allocations; exit 1; }

# Of the loop's thread: when the one that drains begins to wait is up to the machine. Where the
# kernel cannot give the time without a call, that call is the clock's.
calls_in() {
    awk -v from="access(\"$1 loop begins\"" -v to="access(\"$1 loop ends\"" '
        index($0, to) { on = 0 }
        on && $1 == thread && $2 !~ /^(<\.\.\.|clock_gettime)/
        index($0, from) { on = 1; thread = $1 }' calls
}
grep -q 'second loop ends' calls || { echo "the trace is not whole"; exit 1; }
[[ -z $(calls_in second) ]] || { calls_in second | head; echo "a point calls the system"; exit 1; }
first=$(calls_in first | wc -l)
((first <= blocks)) || { calls_in first | head; echo "$first calls for $blocks blocks"; exit 1; }

# The C library's clock is left out.
valgrind --tool=callgrind --callgrind-out-file=counted --toggle-collect=hot_path_loop \
    "$program" $points >valgrind.log 2>&1 || { cat valgrind.log; exit 1; }
callgrind_annotate --auto=no --threshold=100 counted >costs
instructions=$(awk '/clock_gettime/ { next }
    $1 ~ /^[0-9,]+$/ && /:/ && !/PROGRAM TOTALS/ { gsub(",", "", $1); sum += $1 }
    END { print int(sum) }' costs)
((instructions > points)) || { cat costs; echo "no instructions were counted"; exit 1; }
each=$(awk "BEGIN { printf \"%.1f\", $instructions / $points }")
echo "$each instructions a point, $first system calls for $blocks new blocks"
((instructions <= most * points)) || { head -30 costs; echo "more than $most instructions"; exit 1; }
