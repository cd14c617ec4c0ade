# What the scripts of this folder share: a folder of the test's own, and how a job is started in it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset MLFLOW_TRACKING_URI

# job <mpiexec> <flag for the number of ranks> <program> <argument>...
job() {
    timeout --kill-after=5 120 "$1" "$2" 4 "${@:3}"
}
