#!/usr/bin/env bash
# in_job.sh <mpiexec> <flag for the number of ranks> <driver> <case> <exchange>
# Four ranks of the driver in a folder of their own. A job that hangs fails.
set -euo pipefail
# shellcheck source=job.bash
source "$(dirname "$0")/job.bash"

job "$1" "$2" "$3" "$4" "$5"
