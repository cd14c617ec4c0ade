#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# monitor_calls.sh <program>: counts what a sample of the system asks the system for, beside the
# files that points are written to. Exit status 77 where strace cannot run.
set -euo pipefail
program=$1
command -v strace >/dev/null || { echo "skipped: there is no strace"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
strace -o "$scratch/true" true 2>/dev/null || { echo "skipped: strace may not trace here"; exit 77; }
export LOGNAME=${LOGNAME:-tester}
strace -y -o "$scratch/calls" "$program" "$scratch/mlruns"

# The most of any of the ten: files of the kernel opened, and calls on them or about a disk.
awk '
    /\/mark\/end"/ { on = 0; samples++; if (opened > most_opened) most_opened = opened; if (calls > most) most = calls }
    on && /^(open|openat)\(.*"\/(proc|sys)\// { opened++; calls++ }
    on && /^(read|close|pread64|fstat|newfstatat|lseek)\([0-9]+<\/(proc|sys)\// { calls++ }
    on && /^(statfs|getdents64|readlink|readlinkat|clock_gettime)\(/ { calls++ }
    on && /^(clone|clone3|fork|vfork|execve|socket|nanosleep|clock_nanosleep)\(/ { print "not of a sample: " $0; bad = 1 }
    /\/mark\/begin"/ { on = 1; opened = 0; calls = 0 }
    END {
        printf "%d samples, each at most %d files of the kernel and %d system calls\n", samples, most_opened, most
        # Machine 4, process 2, memory 3, processors 3; four calls each, more for long texts.
        if (samples != 10 || most_opened < 6) { print "no samples were seen"; bad = 1 }
        if (most_opened > 12 || most > 64) { print "  too many"; bad = 1 }
        exit bad
    }' "$scratch/calls"
