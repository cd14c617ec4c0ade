# SPDX-License-Identifier: MIT
"""read_stores.py <file>: MLflow reads everything in the stores whose folders stand in the file, a line each."""
import pathlib
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "oracle"))
from driver import *


def is_begun(folder):
    """Whether the start that made an experiment was refused the rest; the next one completes it."""
    return not (folder / "meta.yaml").exists() and not list(folder.glob("*/meta.yaml"))


def read(root):
    reader, folders = client(root), list(root.glob("[0-9]*/*/meta.yaml"))
    runs = [run for experiment in all_experiments(reader) for run in all_runs(reader, experiment.experiment_id)]
    assert {run.info.run_id for run in runs} == {meta.parent.name for meta in folders}, "a run is not seen"
    points = 0
    for run in runs:
        for key in run.data.metrics:
            rows = history(reader, run.info.run_id, key)
            assert rows, key
            points += len(rows)
        artifact_tree(reader, run.info.run_id)
    return points


def main():
    roots = [pathlib.Path(line) for line in pathlib.Path(sys.argv[1]).read_text().splitlines()]
    warnings, failed, points = Warnings(), 0, 0
    for root in roots:
        try:
            points += read(root)
            begun = [f"Malformed experiment '{folder.name}'" for folder in root.glob("[0-9]*") if is_begun(folder)]
            assert all(text.startswith(tuple(begun)) for text in warnings.texts), warnings.texts
        except Exception:
            failed += 1
            print(root, traceback.format_exc())
        warnings.texts.clear()
    print(f"MLflow {mlflow.__version__} read {points} points in {len(roots)} stores; {failed} it could not read")
    return failed != 0 or not roots


sys.exit(main())
