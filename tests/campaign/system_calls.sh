#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# system_calls.sh <program>: counts what the library asks the system for, and checks that data is on
# the disk before the name that promises it. Exit status 77 where strace cannot run.
set -euo pipefail
program=$1
command -v strace >/dev/null || { echo "skipped: there is no strace"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
strace -o "$scratch/true" true 2>/dev/null || { echo "skipped: strace may not trace here"; exit 77; }

# As after a login; else the user's name is looked up in a database.
export LOGNAME=${LOGNAME:-tester}
# Into a store that exists: the first start of all makes the store, too.
"$program" "$scratch/mlruns"
strace -f -y -o "$scratch/calls" "$program" "$scratch/mlruns"
main=$(awk '/\/mark\/start"/ { print $1; exit }' "$scratch/calls")
failed=0

# calls <from> <to> <thread, ! and a thread for the others, or empty>: the calls between two marks, one name a line
calls() {
    awk -v from="/mark/$1\"" -v to="/mark/$2\"" -v thread="$3" '
        index($0, to) { on = 0 }
        on && (thread == "" || $1 == thread || (thread ~ /^!/ && "!" $1 != thread)) && $2 !~ /^(<\.\.\.|\+\+\+|---)/ {
            name = $2; sub(/\(.*/, "", name); print name
        }
        index($0, from) { on = 1 }' "$scratch/calls"
}
summary() { sort | uniq -c | sort -rn | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }'; }

# bounded <what> <most> <from> <to> <thread> [<left out>]
bounded() {
    local found
    found=$(calls "$3" "$4" "$5" | awk -v left_out="${6:-}" '$0 != left_out { ++n } END { print n + 0 }')
    echo "$1: $found system calls, at most $2 ($(calls "$3" "$4" "$5" | summary))"
    if [ "$found" -gt "$2" ]; then
        echo "  too many"
        failed=1
    fi
}
# 600 blocks are handed out; the file grows by two, four, eight … blocks, three calls each time.
bounded "100000 points of a handle while the journal grows" 60 growing grown "$main"
# The blocks are there.
bounded "50000 points of a handle in drained blocks" 8 reusing reused "$main"
# How often two threads wait for each other is up to the machine, and whether the one that drains
# begins before the start is over.
bounded "start of a run, its own thread, without futex" 120 start started "$main" futex
bounded "begin of the thread that drains, without futex" 8 start growing "!$main" futex
bounded "end of a run of two metrics, all threads, without futex" 51 end ended "" futex
if calls growing grown "$main" | grep -Evq '^(fallocate|rt_sigprocmask|rt_sigpending|rt_sigtimedwait|futex|brk|mmap|munmap|mremap|madvise|membarrier)$'; then
    echo "logging may only ask for memory and blocks"
    failed=1
fi

# The line numbers of what happened between two marks.
when() {
    awk -v from="/mark/$1\"" -v to="/mark/$2\"" -v what="$3" '
        index($0, to) { on = 0 }
        on && $0 ~ what { print NR }
        index($0, from) { on = 1 }' "$scratch/calls"
}
# ordered <what> <earlier line> <later line>
ordered() {
    if [ -z "$2" ] || [ -z "$3" ] || [ "$2" -ge "$3" ]; then
        echo "$1: wrong order (line ${2:-none} before ${3:-none})"
        failed=1
    else
        echo "$1: in order"
    fi
}
renamed='renameat.*"meta\.yaml"'
synced='fsync\([0-9]+<.*/\.mlscribe-[^/]*>'
appears='renameat.*/datasets/\.mlscribe-starting>, "\.mlscribe-[^/]*", '
ordered "start: meta.yaml is on the disk before its run appears" \
    "$(when start started 'fsync\([0-9]+<.*/meta\.yaml>' | tail -1)" "$(when start started "$appears" | tail -1)"
ordered "start: there is a journal before the run appears" \
    "$(when start started 'fallocate\([0-9]+<.*mlscribe-journal' | tail -1)" "$(when start started "$appears" | tail -1)"
ordered "end: metrics are on the disk before meta.yaml is" \
    "$(when end ended 'fdatasync\([0-9]+<.*/metrics/loss>' | tail -1)" "$(when end ended "$synced" | tail -1)"
ordered "end: meta.yaml is on the disk before it has its name" \
    "$(when end ended "$synced" | tail -1)" "$(when end ended "$renamed" | tail -1)"
ordered "end: the journal goes when meta.yaml has its name" \
    "$(when end ended "$renamed" | tail -1)" "$(when end ended 'unlinkat.*mlscribe-journal' | tail -1)"
exit "$failed"
