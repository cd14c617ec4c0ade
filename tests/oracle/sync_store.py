# SPDX-License-Identifier: MIT
"""Stores to push: small ones, and one with all that a store may hold."""
import math
import os
import pathlib
import subprocess
import tempfile

from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput, Metric

from driver import *

ODD_NAMES = ("plain.txt", "two words.txt", "ümläut 日本.txt", "100%.txt", "question?.txt", "plus+and&.txt", "quote'\".txt", "semi;colon:.txt",
             ".hidden", "back\\slash.txt", "hash#.txt", "percent%20.txt", "empty")


def server_client(address):
    mlflow.set_tracking_uri(address)
    return MlflowClient(address)


def two_runs(root, experiment):
    """A parent and its child. Returns their ids."""
    with Driver(root) as cpp:
        first = cpp.start(experiment, "first", tags={"team": "vision"})
        second = first.child("second")
        for run in (first, second):
            run.param("lr", 0.1)
            for step in range(20):
                run.metric("loss", 1 / (1 + step), step)
            run.metric("accuracy", 0.5, 1)
            run.log_text("text of " + run.id, "notes/a.txt")
            run.log_text("{}", "b.json")
        second.end(KILLED)
        first.end()
    return first.id, second.id


def tiny_runs(root, experiment):
    """As above with as little as there may be of each kind."""
    with Driver(root) as cpp:
        first = cpp.start(experiment, "first")
        second = first.child("second")
        for run in (first, second):
            run.param("lr", 0.1)
            for step in range(3):
                run.metric("loss", 1 / (1 + step), step)
            run.log_text(run.id, "a.txt")
        second.end(KILLED)
        first.end()
    return first.id, second.id


def hostile_numbers(run, key):
    for step, value in enumerate((math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 0.1, 1 / 3)):
        run.metric(key, value, step, 1700000000000 + step)
    for step in (2**63 - 1, 2**53 + 1):
        run.metric(key, 1.5, step, 1700000000000)
    for _ in range(3):  # the same point
        run.metric(key, 2.5, 5, 1700000000005)
    run.metric(key, -0.0, 4, 1700000000004)  # equal on the server
    run.metric(key, 3.5, 5, 1700000000005)  # another value at the same point
    run.metric(key, math.nan, 0, 1700000000000)


def from_cpp(root, name):
    """The names of the experiments."""
    with Driver(root) as cpp:
        experiment = cpp.client("create_experiment", name)
        cpp.client("experiment_tag", text(experiment), "team", "vision \"A\"\nüber")
        cpp.client("experiment_description", text(experiment), "What it is *about*")
        parent = cpp.start(name, "parent: \"1\" ü 日本", description="a run\nwith lines", tags={"stage": "x", "empty": ""})
        child = parent.child("child")
        grandchild = child.child("grandchild")
        hostile_numbers(parent, "group/deep/loss rate")
        for i in range(230):
            parent.param("many/p%d" % i, i)
        for step in range(1500):
            child.metric("loss", 1 / (1 + step), step)
        grandchild.metric("loss", 1.0, 0)
        parent.param("just as long", "ü" * 6000)
        parent.param("lines", " a\nb\t\"c\" \\ {}[] 日本 😀")
        parent.param("empty", "")
        parent.tag("just as long", "ü" * 8000)
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch, "odd")
            (folder / "deep" / "er ü").mkdir(parents=True)
            for odd in ODD_NAMES:
                (folder / odd).write_text("" if odd == "empty" else odd)
                (folder / "deep" / "er ü" / odd).write_text(odd * 2)
            (folder / "large.bin").write_bytes(os.urandom(3 << 20))
            parent.artifacts(str(folder), "files")
        parent.log_dict({"a": [1, 2.5, None, True]}, "tables/a.json")
        for run, status in ((grandchild, KILLED), (child, FAILED), (parent, FINISHED)):
            run.end(status)
        open_run = cpp.start(name, "left open")
        open_run.metric("loss", 1.0, 0)
        deleted = cpp.start(name, "deleted")
        deleted.metric("loss", 1.0, 0)
        deleted.log_text("x", "a.txt")
        deleted.end()
        cpp.client("delete_run", deleted.id)
        gone = name + " gone"
        run = cpp.start(gone, "in a deleted experiment")
        run.metric("loss", 1.0, 0)
        run.end()
        cpp.client("delete_experiment", run.experiment_id)
        cpp.client("create_experiment", name + " without runs")
    models = name + " models"
    subprocess.run([os.environ["MLSCRIBE_MODEL_DRIVER"], root, "log", models, __file__], check=True, capture_output=True)
    subprocess.run([os.environ["MLSCRIBE_DATASET_DRIVER"], "make", root, __file__], check=True, capture_output=True)
    reader, datasets = client(root), name + " datasets"
    reader.rename_experiment(reader.get_experiment_by_name("datasets").experiment_id, datasets)
    return [name, gone, name + " without runs", models, datasets]


def from_mlflow(root, name):
    """The names of the experiments."""
    reader = client(root)
    experiment = reader.create_experiment(name, tags={"by": "MLflow"})
    run = reader.create_run(experiment, run_name="python", start_time=1700000000000, tags={"a": "b"}).info.run_id
    training = Dataset("train-\"ü\"", "0123abcd", "local", '{"uri": "data.csv"}', '{"columns": []}', '{"rows": 3}')
    reader.log_inputs(run, [DatasetInput(training, [InputTag("mlflow.data.context", "training"), InputTag("fold", "1")]),
                            DatasetInput(Dataset("other", "9", "s3", '{"uri": "s3://bucket/a b"}'), [])])
    reader.log_batch(run, [Metric("loss", value, 1700000000000 + i, i) for i, value in enumerate((0.5, math.nan, -math.inf, 0.25), -2)])
    place = pathlib.Path(root, experiment, run)
    (place / "params" / "too long for a server").write_text("ü" * 6001)  # older versions cut neither
    (place / "tags" / "long tag").write_text("ü" * 8001)
    reader.log_text(run, "text", "a/b/c.txt")
    model = reader.create_logged_model(experiment, "classifier", source_run_id=run, tags={"kind": "tree"},
                                        params={"depth": "3"}, model_type="tree")
    reader.log_model_artifact(model.model_id, __file__)
    reader.finalize_logged_model(model.model_id, "READY")
    pending = reader.create_logged_model(experiment, "pending", source_run_id=run)
    reader.log_batch(run, [Metric("accuracy", 0.75, 1700000000000, 3, model_id=model.model_id),
                           Metric("accuracy", 0.5, 1700000000000, 0, model_id=model.model_id, dataset_name=training.name,
                                  dataset_digest=training.digest, run_id=run)])
    reader.log_outputs(run, [LoggedModelOutput(model.model_id, 2**40), LoggedModelOutput(pending.model_id, 0)])
    reader.set_terminated(run, "FINISHED", 1700000100000)
    user = reader.create_run(experiment, run_name="uses the model").info.run_id
    reader.log_inputs(user, models=[LoggedModelInput(model.model_id)])
    reader.set_terminated(user, "FAILED")
    return [name]


def everything(root, name):
    """Experiments of both. Returns their names."""
    return from_cpp(root, name) + from_mlflow(root, name + " of MLflow")
