#!/usr/bin/env bash
# starts_again.sh <mpiexec> <flag for the number of ranks> <driver> <exchange>
# A job that ends behind its checkpoint and one that goes on there, as a scheduler starts one again: what all
# ranks have reduced is there once a step.
set -euo pipefail
# shellcheck source=job.bash
source "$(dirname "$0")/job.bash"

job "$1" "$2" "$3" first_start "$4"
job "$1" "$2" "$3" second_start "$4"
