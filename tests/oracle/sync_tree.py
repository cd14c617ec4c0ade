# SPDX-License-Identifier: MIT
"""What MLflow's client sees of a store before a push, and of the server behind it, in one form; and the tool that pushes."""
import hashlib
import math
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse
import urllib.request

from driver import *

PATIENCE = 300  # seconds until something that has to happen counts as missing
PUSHED_RUN, PUSHED_MODEL, PARENT = "mlscribe.local_run_id", "mlscribe.local_model_id", "mlflow.parentRunId"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def files(reader, uri, entries):
    """Checksums of all that stands below `uri`, by paths; `entries(path)` is what a folder has. MLflow's client lists
    also files whose names it cannot ask for; the server has them, and so has the folder of a store."""
    if uri.startswith("file:"):
        root = pathlib.Path(urllib.request.url2pathname(uri.removeprefix("file://")))
        return {path.relative_to(root).as_posix(): digest(path.read_bytes()) for path in root.rglob("*") if path.is_file()}
    address = reader.tracking_uri + "/api/2.0/mlflow-artifacts/artifacts" + uri.removeprefix("mlflow-artifacts:")
    found, folders = {}, [None]
    while folders:
        for entry in entries(folders.pop()):
            if entry.is_dir:
                folders.append(entry.path)
            else:
                with urllib.request.urlopen(f"{address}/{urllib.parse.quote(entry.path)}", timeout=PATIENCE) as answer:
                    found[entry.path] = digest(answer.read())
    return found


def points(metrics):
    return sorted((m.timestamp, m.step, bits(m.value)) for m in metrics)


class Reading:
    """All of a client's experiments of these names; ids are those of the store that was pushed."""

    def __init__(self, reader, names, with_files=True):
        self.reader, self.with_files = reader, with_files
        experiments = [e for e in all_experiments(reader) if e.name in names]
        # A search leaves out the models that a run used.
        self.runs = [reader.get_run(run.info.run_id) for e in experiments for run in all_runs(reader, e.experiment_id)]
        self.models = [model for e in experiments for model in pages(
            lambda token: reader.search_logged_models([e.experiment_id], page_token=token))]
        self.names = {run.info.run_id: run.data.tags.get(PUSHED_RUN, run.info.run_id) for run in self.runs}
        self.names |= {model.model_id: model.tags.get(PUSHED_MODEL, model.model_id) for model in self.models}
        assert len(set(self.names.values())) == len(self.names), "something was pushed twice"
        self.tree = {e.name: self.experiment(e) for e in experiments}

    def experiment(self, found):
        def here(entities):
            return [e for e in entities if (e.info if hasattr(e, "info") else e).experiment_id == found.experiment_id]

        return {"stage": found.lifecycle_stage, "tags": dict(found.tags),
                "runs": {self.names[run.info.run_id]: self.run(run) for run in here(self.runs)},
                "models": {self.names[model.model_id]: self.model(model) for model in here(self.models)}}

    def named(self, tags):
        """Without the tags that a push adds, with the store's id of a parent."""
        kept = {key: value for key, value in tags.items() if key not in (PUSHED_RUN, PUSHED_MODEL)}
        if PARENT in kept:
            kept[PARENT] = self.names.get(kept[PARENT], kept[PARENT])
        return kept

    def files(self, uri, entries):
        return files(self.reader, uri, entries) if self.with_files else {}

    def run(self, run):
        info, data = run.info, run.data
        return {
            "name": info.run_name, "status": info.status, "stage": info.lifecycle_stage,
            "user": info.user_id, "start": info.start_time, "end": info.end_time, "params": dict(data.params), "tags": self.named(data.tags),
            "metrics": {key: points(self.reader.get_metric_history(info.run_id, key)) for key in data.metrics},
            "datasets": sorted((d.dataset.name, d.dataset.digest, d.dataset.source_type, d.dataset.source, d.dataset.schema or "",
                                d.dataset.profile or "", sorted((tag.key, tag.value) for tag in d.tags))
                               for d in run.inputs.dataset_inputs),
            "model inputs": sorted(self.names.get(m.model_id, m.model_id) for m in run.inputs.model_inputs),
            "model outputs": sorted((self.names.get(m.model_id, m.model_id), m.step) for m in run.outputs.model_outputs)
            if run.outputs else [],
            "files": self.files(info.artifact_uri, lambda path: self.reader.list_artifacts(info.run_id, path))}

    def model(self, model):
        return {
            "name": model.name, "type": model.model_type or "", "status": str(model.status),
            "run": self.names.get(model.source_run_id, model.source_run_id), "params": dict(model.params),
            "tags": self.named(model.tags),
            "metrics": sorted((m.key, m.timestamp, m.step, bits(m.value), m.dataset_name or "", m.dataset_digest or "")
                              for m in model.metrics or []),
            "files": self.files(model.artifact_location, lambda path: self.reader.list_logged_model_artifacts(model.model_id, path))}


def seen(reader, *names, **options):
    return Reading(reader, names, **options).tree


def kept_value(word):
    value = double(word)
    if math.isinf(value):
        value = math.copysign(sys.float_info.max, value)
    return bits(value + 0.0)  # of two zeros only the positive one


def keepable(path):
    """MLflow's server decodes a path as often as it can, and refuses '#' and control characters."""
    return not re.search("#|%[0-9A-Fa-f]{2}|[\x00-\x1f\x7f]", path)


def as_server_keeps(tree):
    """MLflow's own mapping: all by which what the server shows may differ from what was pushed."""
    return {name: {
        "stage": experiment["stage"],
        "tags": experiment["tags"],
        "runs": {run_id: dict(
            run,
            params={key: value[:6000] for key, value in run["params"].items()},
            tags={key: value[:8000] for key, value in run["tags"].items()},
            metrics={key: sorted({(timestamp, step, kept_value(word)) for timestamp, step, word in rows})
                     for key, rows in run["metrics"].items()},
            files={path: digest for path, digest in run["files"].items() if keepable(path)})
            for run_id, run in experiment["runs"].items()},
        "models": {model_id: dict(
            model,
            metrics=sorted({(key, timestamp, step, kept_value(word), *about) for key, timestamp, step, word, *about in model["metrics"]}))
            for model_id, model in experiment["models"].items()}}
        for name, experiment in tree.items()}


def differences(there, here, *path):
    """Where the trees are not the same, and what stands there."""
    if isinstance(there, dict) and isinstance(here, dict):
        return [found for key in sorted(there.keys() | here.keys())
                for found in differences(there.get(key), here.get(key), *path, key)]
    return [] if there == here else [f"{' > '.join(path)}: {there!r:.300} there, {here!r:.300} here"]


class Pusher:
    """`mlscribe sync` with a state of its own, that asks again without a pause."""

    def __init__(self, folder, **environment):
        self.state = pathlib.Path(folder, "state")
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.lower().endswith("_proxy") and not key.startswith(("MLFLOW_TRACKING_", "MLFLOW_HTTP_"))}
        self.environment |= {
            "XDG_STATE_HOME": str(self.state), "HOME": str(folder),
            "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0", "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "0"} | environment

    def start(self, *words, output=subprocess.PIPE, **environment):
        return subprocess.Popen([os.environ["MLSCRIBE_TOOL"], "sync", *map(str, words)], stdout=output, stderr=output, text=True,
                                env=self.environment | environment)

    def __call__(self, *words, code=0, **environment):
        """Pushes, and returns what the tool says. `code`: how it ends; None: with a status, not a signal."""
        with self.start(*words, **environment) as process:
            said, complained = process.communicate(timeout=PATIENCE)
        ended = process.returncode
        assert ended == code if code is not None else ended >= 0, f"exit {ended}, not {code}\n{said}\n{complained}"
        return said + complained
