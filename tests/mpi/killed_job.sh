#!/usr/bin/env bash
# killed_job.sh <mpiexec> <flag for the number of ranks> <driver> <exchange>
# A job that is ended by SIGTERM to its launcher, and one of which a rank is killed: the run's status is
# true, its points are all there, and what was left RUNNING is KILLED once it is recovered.
set -euo pipefail
# shellcheck source=job.bash
source "$(dirname "$0")/job.bash"
launcher=$1
driver=$3

# start: a job in the background, until rank 0 has logged some steps.
start() {
    rm -rf mlruns ready pid.*
    # Without timeout's own process between, which would get the signal.
    "$launcher" "${flag[@]}" 4 "$driver" endless "$how" 2>errors &
    job=$!
    for ((waited = 0; waited < 600; ++waited)); do
        [[ -e ready ]] && return
        sleep 0.1
    done
    echo "the job does not log:"
    cat errors
    kill -9 "$job"
    exit 1
}
# ended: waits for its end.
ended() {
    for ((waited = 0; waited < 600; ++waited)); do
        # With which status it ended is the launcher's affair: what it left is looked at.
        kill -0 "$job" 2>/dev/null || { wait "$job" || true; return; }
        sleep 0.1
    done
    echo "the job does not end"
    kill -9 "$job"
    exit 1
}
# all_gone: no rank is left behind. In a container nobody may collect those that have ended.
all_gone() {
    for ((waited = 0; waited < 600; ++waited)); do
        local left=0
        for file in pid.*; do ! grep -q '^State:[[:space:]]*[^ZX]' "/proc/$(<"$file")/status" 2>/dev/null || left=1; done
        ((left)) || return 0
        sleep 0.1
    done
    echo "a rank outlives its job"
    exit 1
}

flag=("$2")
how=$4

export MLSCRIBE_SIGNALS=1
# Open MPI 4 waits so many seconds before SIGKILL, less one for each rank that has ended meanwhile.
export OMPI_MCA_odls_base_sigkill_timeout=8
start
kill -TERM "$job"
ended
all_gone
"$driver" look KILLED

# The launcher ends the others, by SIGTERM first.
start
kill -KILL "$(<pid.2)"
ended
all_gone
"$driver" look KILLED

unset OMPI_MCA_odls_base_sigkill_timeout
# The rank that logs cannot say anything any more.
start
kill -KILL "$(<pid.0)"
ended
all_gone
"$driver" look RUNNING

unset MLSCRIBE_SIGNALS
start
kill -TERM "$job"
ended
all_gone
"$driver" look RUNNING
