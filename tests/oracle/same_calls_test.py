# SPDX-License-Identifier: MIT
"""The same calls from Python and from C++ leave the same files with the same bytes."""
import os
import pathlib
import re
import tempfile
import unittest

from driver import *

# What may differ, and why.
ALLOWED = {
    "meta.yaml run_uuid": "MLflow 3 dropped the key; MLflow 2 and older readers know runs by it, so C++ writes it",
    "meta.yaml effective_trace_archival_retention": "of MLflow 3's traces, which C++ does not write",
    "meta.yaml trace_location": "of MLflow 3's traces",
    "meta.yaml workspace": "of MLflow 3's servers; a missing one is the default",
    "models/.": "MLflow makes it at the first use of its registry, which a read-only copy could not",
    "tags/mlflow.source.git": "MLflow adds them where GitPython is installed; C++ asks for no installation",
    "tags/mlscribe.": "what C++ adds of its own: version, compiler, standard, host, uncommitted changes",
}
RUNS = ("first: run", "second")


def python_tree(root):
    reader = client(root)
    mlflow.set_experiment("same calls")
    for name in RUNS:
        with mlflow.start_run(run_name=name, description="what *it* is", tags={"grp/tag": "v", "empty": ""}) as run:
            mlflow.log_params({"lr": 0.1, "one": 1.0, "n": 3, "flag": True, "none": None, "opt/name": "adam", "e": ""})
            for step in range(5):
                for key, value in values(step).items():
                    reader.log_metric(run.info.run_id, key, value, 1700000000000 + step, step)
            mlflow.log_text("text ü\nsecond", "notes/t.txt")
            mlflow.set_tag("later", "a\nb")


def cpp_tree(root):
    with Driver(root) as cpp:
        for name in RUNS:
            run = cpp.start("same calls", name, description="what *it* is", tags={"grp/tag": "v", "empty": ""})
            for key, value in {"lr": 0.1, "one": 1.0, "n": 3, "flag": True, "none": None, "opt/name": "adam",
                               "e": ""}.items():
                run.param(key, value)
            for step in range(5):
                for key, value in values(step).items():
                    run.metric(key, float(value), step, 1700000000000 + step)
            run.log_text("text ü\nsecond", "notes/t.txt")
            run.tag("later", "a\nb")
            run.end()


def values(step):
    return {"loss": 1 / (step + 1), "train/whole": float(step), "tiny": 1e-5 ** step, "huge": 1e16 * step,
            "gone": float("nan"), "inf": float("-inf")}


def normal(root):
    """Path → bytes, with what must differ (ids, times, places, who and what ran) made equal."""
    names = {}
    for i, meta in enumerate(sorted(root.glob("*/*/meta.yaml"), key=lambda m: RUNS.index(run_name(m)))):
        names[meta.parent.name] = f"RUN{i}"
        names[meta.parent.parent.name] = "EXPERIMENT"
    files = {}
    for folder, _, leaves in os.walk(root):
        for leaf in leaves + ["."]:
            path = pathlib.Path(folder) / leaf
            name = os.path.join(os.path.relpath(folder, root), leaf)
            content = b"" if leaf == "." else path.read_bytes()
            if leaf == "meta.yaml":
                content = re.sub(rb"(_time): \d{13}", rb"\1: TIME", content)
                content = content.replace(str(root).encode(), b"ROOT")
            if leaf in ("mlflow.source.name", "mlflow.user"):
                content = b"ANY"
            for given, role in names.items():
                name, content = name.replace(given, role), content.replace(given.encode(), role.encode())
            files[name] = content
    return files


def run_name(meta):
    return (meta.parent / "tags" / "mlflow.runName").read_text()


class SameCalls(unittest.TestCase):
    def test_same_files(self):
        self.maxDiff = None
        with tempfile.TemporaryDirectory() as scratch:
            here, there = pathlib.Path(scratch, "p", "mlruns"), pathlib.Path(scratch, "c", "mlruns")
            python_tree(here)
            cpp_tree(there)
            python, cpp = normal(here), normal(there)
        python.setdefault("models/.", cpp["models/."])
        seen = set()
        for own in ("tags/mlflow.source.git", "tags/mlscribe."):
            for tree in (python, cpp):
                for name in [name for name in tree if "/" + own in name]:
                    seen.add(own)
                    del tree[name]
        self.assertEqual(set(cpp), set(python))
        self.assertIn("tags/mlscribe.", seen)
        for name in sorted(cpp):
            ours, theirs = cpp[name].splitlines(), python[name].splitlines()
            if name.endswith("meta.yaml"):
                for line in set(ours) ^ set(theirs):
                    difference = "meta.yaml " + line.split(b":")[0].decode()
                    self.assertIn(difference, ALLOWED, name)
                    seen.add(difference)
                    ours, theirs = ([x for x in lines if x != line] for lines in (ours, theirs))
            self.assertEqual(ours, theirs, name)
            if not name.endswith("meta.yaml"):
                self.assertEqual(cpp[name], python[name], name)
        self.assertLessEqual(seen, set(ALLOWED))


if __name__ == "__main__":
    unittest.main(verbosity=2)
