#!/bin/bash
# What most jobs of jobs_test.py run: the program takes the place of the script.
program=${MLSCRIBE_TRAINING_JOB:?}
echo "restart ${SLURM_RESTART_COUNT:-0}"
case " $* " in
    *" launcher=srun "*) exec srun "$program" "$@" ;;
    *) exec "$program" "$@" ;;
esac
