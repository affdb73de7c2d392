#!/bin/bash
# A sweep as a Slurm array: each task runs one part, the last step puts the parts together.
#
#   sbatch --array=1-4 scenarios/sweeps/array-job.sh SWEEP.yaml slopes
#   kinchain merge slopes.part*.h5 -o slopes.h5        # when all tasks have ended
#
# A task that was ended (time limit, preemption) goes on where it was when it is queued again. The
# number of parts is that of the array; any number gives the same file.
#SBATCH --job-name=kinchain
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --signal=TERM@30
set -euo pipefail
sweep=${1:?name the sweep file}
name=${2:?name the results}
# exec, so that Slurm's signals reach the program itself
exec "${KINCHAIN:-kinchain}" sweep "$sweep" -o "$name.part$SLURM_ARRAY_TASK_ID.h5" \
  --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet
