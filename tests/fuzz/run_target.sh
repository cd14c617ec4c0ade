#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_target.sh <least> <seconds> <program> <option>...: runs a fuzz target for so long, and then, on a
# machine too slow or too busy for that, until it has executed at least so many inputs.
set -euo pipefail
least=$1
seconds=$2
shift 2
executed=0
run() {
    local told units
    told=$("$@" -print_final_stats=1 2>&1 | tee -a /dev/stderr)
    units=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$told")
    executed=$((executed + ${units:?no number of inputs}))
}
run "$@" "-max_total_time=$seconds"
[ "$executed" -ge "$least" ] || run "$@" "-runs=$least"
echo "$executed inputs were executed" >&2
