# SPDX-License-Identifier: MIT
"""Prints what MLflow reads in a store: `read_store.py <store>`."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
from driver import *

warnings = Warnings()
reader = client(sys.argv[1])
found = {}
for experiment in all_experiments(reader):
    for run in all_runs(reader, experiment.experiment_id):
        found[run.info.run_id] = {
            "status": run.info.status,
            "tags": run.data.tags,
            "metrics": {key: [(metric.step, metric.value) for metric in reader.get_metric_history(run.info.run_id, key)]
                        for key in run.data.metrics}}
print(json.dumps({"warnings": warnings.texts, "runs": found}))
