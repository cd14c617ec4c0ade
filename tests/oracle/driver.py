# SPDX-License-Identifier: MIT
"""Drives the C++ program behind MLSCRIBE_DRIVER, and reads stores through the installed MLflow."""
import logging
import math
import os
import struct
import subprocess
import sys

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

VERSION = int(mlflow.__version__.split(".")[0])
RUNNING, SCHEDULED, FINISHED, FAILED, KILLED = 1, 2, 3, 4, 5


class Refused(Exception):
    """What the C++ call threw under strictness::raise."""


def hexed(text):
    return "x" + text.encode("utf-8").hex()


def text(word):
    return bytes.fromhex(word[1:]).decode("utf-8")


def bits(value):
    return struct.pack(">d", value).hex()


def double(word):
    return struct.unpack(">d", bytes.fromhex(word))[0]


def prefixed(value):
    """The words that stand for a value of json's types."""
    if value is None:
        return ["n"]
    if isinstance(value, bool):
        return ["b%d" % value]
    if isinstance(value, int):
        return ["i%d" % value]
    if isinstance(value, float):
        return ["r" + bits(value)]
    if isinstance(value, str):
        return [hexed(value)]
    if isinstance(value, dict):
        return ["{"] + [word for pair in value.items() for part in pair for word in prefixed(part)] + ["}"]
    return ["["] + [word for part in value for word in prefixed(part)] + ["]"]


def read_as(value):
    """The bits that come back for a value: text has only one NaN."""
    return bits(math.nan if math.isnan(value) else value)


class Run:
    """One open C++ run; every method is the call of the same name."""

    def __init__(self, driver, answer):
        self.driver = driver
        self.id, self.experiment_id, self.artifact_uri = (text(word) for word in answer)

    def call(self, name, *words):
        return self.driver.call(name, hexed(self.id), *words)

    def child(self, name):
        return Run(self.driver, self.call("child", hexed(name)))

    def param(self, key, value):
        if value is None:
            self.call("param_none", hexed(key))
        elif isinstance(value, bool):
            self.call("param_bool", hexed(key), int(value))
        elif isinstance(value, int):
            self.call("param_int", hexed(key), value)
        elif isinstance(value, float):
            self.call("param_double", hexed(key), bits(value))
        else:
            self.call("param", hexed(key), hexed(value))

    def metric(self, key, value, step=None, timestamp=None):
        if timestamp is not None:
            self.call("metric_time", hexed(key), bits(value), step, timestamp)
        elif step is not None:
            self.call("metric_step", hexed(key), bits(value), step)
        else:
            self.call("metric", hexed(key), bits(value))

    def tag(self, key, value):
        self.call("tag", hexed(key), hexed(value))

    def description(self, value):
        self.call("description", hexed(value))

    def log_text(self, value, path):
        self.call("text", hexed(value), hexed(path))

    def log_dict(self, value, path):
        self.call("dict", hexed(path), *prefixed(value))

    def stream(self, path, *pieces):
        self.call("stream", hexed(path), *map(hexed, pieces))

    def print(self, text):
        """On stderr, captured from now on."""
        self.call("print", hexed(text))

    def look(self, title):
        """Logs a figure, and a report that shows it."""
        self.call("look", hexed(title))

    def artifact(self, source, path="", mode="copy"):
        self.call("artifact", hexed(source), hexed(path), hexed(mode))

    def artifacts(self, source, path="", mode="copy"):
        self.call("artifacts", hexed(source), hexed(path), hexed(mode))

    def flush(self):
        self.call("flush")

    def end(self, status=FINISHED):
        self.call("end", status)

    def fail(self):
        self.call("fail")


class Driver:
    """A C++ process on one store; calls throw Refused with the library's message."""

    def __init__(self, root):
        self.process = subprocess.Popen(
            [os.environ["MLSCRIBE_DRIVER"], str(root)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(60) == 0
        self.process.stdout.close()

    def call(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if answer[:1] != ["ok"]:
            raise Refused(text(answer[1]) if answer else "the C++ program ended")
        return answer[1:]

    def start(self, experiment, name="", run_id="", parent="", description="", tags=None):
        words = [experiment, name, run_id, parent, description]
        for key, value in (tags or {}).items():
            words += [key, value]
        return Run(self, self.call("start", *map(hexed, words)))

    def resume(self, run_id, keep_status=False):
        return Run(self, self.call("resume", hexed(run_id), int(keep_status)))

    def kill(self):
        """Ends the process as the kernel does when memory is short."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def client(self, name, *texts):
        return self.call(name, *map(hexed, texts))[0]


def client(root):
    mlflow.set_tracking_uri("file://" + str(root))
    return MlflowClient()


def migrate(root, database):
    """Moves a store into SQLite by the command of MLflow 3."""
    done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "mlflow"), "migrate-filestore", "--source", root,
                           "--target", f"sqlite:///{database}", "--no-progress"], capture_output=True, text=True,
                          cwd=os.path.dirname(database))
    assert done.returncode == 0, done.stderr[-3000:]


def pages(query):
    found, token = [], None
    while True:
        page = query(token)
        found += list(page)
        token = getattr(page, "token", None)
        if not token:
            return found


def all_experiments(reader):
    return pages(lambda token: reader.search_experiments(view_type=ViewType.ALL, page_token=token))


def all_runs(reader, experiment_id):
    return pages(lambda token: reader.search_runs(
        [experiment_id], run_view_type=ViewType.ALL, page_token=token))


def history(reader, run_id, key):
    return [(m.timestamp, bits(m.value), m.step) for m in reader.get_metric_history(run_id, key)]


def latest(points):
    """MLflow's rule for the value that tables show."""
    return max(points, key=lambda p: (p[2], p[0], -math.inf if math.isnan(p[1]) else p[1]))


def artifact_tree(reader, run_id, path=None):
    found = []
    for entry in reader.list_artifacts(run_id, path):
        found += artifact_tree(reader, run_id, entry.path) if entry.is_dir else [entry.path]
    return found


class Warnings(logging.Handler):
    """Collects what MLflow warns about; a clean store gives it no reason to."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []
        for name in (None, "mlflow"):  # the file store warns through the root logger
            logging.getLogger(name).addHandler(self)

    def emit(self, record):
        self.texts.append(record.getMessage())
