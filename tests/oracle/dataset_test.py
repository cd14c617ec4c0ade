# SPDX-License-Identifier: MIT
"""Datasets and arrays of C++ are read by MLflow and NumPy as their own, and NumPy's arrays by C++."""
import hashlib
import io
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

import numpy as np
import pandas as pd

from driver import *

MATRIX = np.array([[1, 2], [3, 4], [5, 6]], "f4")
ODD = "it's \"q\"\n: #\u00fc\U0001F600"


def ask(*words):
    return subprocess.run([os.environ["MLSCRIBE_DATASET_DRIVER"], *map(str, words)], check=True, capture_output=True,
                          text=True).stdout


class Datasets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = pathlib.Path(scratch.name)
        cls.root = cls.scratch / "mlruns"
        cls.reader = client(cls.root)
        cls.reader.search_experiments()
        cls.file = cls.scratch / "train.csv"
        cls.file.write_bytes(b"a,b\n1,2\n")
        cls.run_id = ask("make", cls.root, cls.file).strip()
        cls.ours = cls.reader.get_run(cls.run_id)
        cls.inputs = {each.dataset.name: each for each in cls.ours.inputs.dataset_inputs}

    def tags(self, name):
        return {tag.key: tag.value for tag in self.inputs[name].tags}

    def test_mlflow_reads_the_inputs(self):
        self.assertEqual(set(self.inputs), {"matrix", "iris", "train.csv", ODD})
        self.assertEqual(self.tags("matrix"), {"mlflow.data.context": "training", "fold": "1"})
        self.assertEqual(self.tags(ODD), {})
        file = self.inputs["train.csv"].dataset
        self.assertEqual(file.digest, hashlib.md5(self.file.read_bytes()).hexdigest()[:8])
        self.assertIsNone(file.schema)
        source = mlflow.data.get_source(file)
        self.assertEqual(source.load(), str(self.file))
        odd = self.inputs[ODD].dataset
        self.assertEqual(odd.digest, "0123")
        self.assertEqual(mlflow.data.get_source(odd).uri, "s3://bucket/a b.csv")

    if VERSION >= 3:  # the skinny MLflow 2 infers no schema
        def test_schemas_are_those_of_mlflow(self):
            theirs = mlflow.data.from_numpy(MATRIX, source="x").to_dict()
            ours = self.inputs["matrix"].dataset
            self.assertEqual((ours.schema, ours.profile), (theirs["schema"], theirs["profile"]))
            saved = io.BytesIO()
            np.save(saved, MATRIX)
            self.assertEqual(ours.digest, hashlib.md5(saved.getvalue()).hexdigest()[:8])
            frame = pd.DataFrame({"sepal_length": [5.1], "species": ["setosa"], "wild": [True],
                                  "petals": np.array([3], "i4"), "seen": np.array([1], "i8"), "widths": [[0.2]]})
            theirs = mlflow.data.from_pandas(frame, source="x").to_dict()
            ours = self.inputs["iris"].dataset
            self.assertEqual((ours.schema, ours.profile), (theirs["schema"], theirs["profile"]))
            self.assertEqual(mlflow.data.get_source(ours).to_dict()["tags"]["mlflow.source.type"], "LOCAL")

    def test_both_searches_find_runs_by_dataset(self):
        theirs = self.reader.create_run(self.ours.info.experiment_id)
        logged = mlflow.data.from_numpy(MATRIX, source="x", name="matrix")
        with mlflow.start_run(run_id=theirs.info.run_id):
            mlflow.log_input(logged, context="testing")
        for query, count in [("dataset.name = 'matrix'", 2), ("dataset.name = 'iris'", 1),
                             ("dataset.digest = '0123'", 1), ("dataset.context = 'training'", 1),
                             ("dataset.context LIKE 'test%'", 2), ("dataset.name = 'none'", 0),
                             (f"dataset.digest = '{logged.digest}' and dataset.name LIKE 'mat%'", 1)]:
            found = {run.info.run_id for run in self.reader.search_runs([self.ours.info.experiment_id], query)}
            self.assertEqual(len(found), count, query)
            self.assertEqual(set(ask("search", self.root, query).split()), found, query)

    def test_mlflow_shares_what_was_logged(self):
        experiment = self.root / self.ours.info.experiment_id
        before = {path: path.read_bytes() for path in experiment.glob("**/meta.yaml")}
        ours = self.inputs["matrix"]
        self.reader.log_inputs(self.run_id, [mlflow.entities.DatasetInput(ours.dataset, [])])
        self.assertEqual({path: path.read_bytes() for path in before}, before)
        self.assertEqual(len(list(experiment.glob("*/inputs/*"))), len(list(experiment.glob("*/inputs/*/meta.yaml"))))
        self.assertEqual(len(self.reader.get_run(self.run_id).inputs.dataset_inputs), len(self.inputs))

    def test_mlflow_reads_at_every_moment(self):
        with tempfile.TemporaryDirectory() as here:
            root = pathlib.Path(here, "mlruns")
            reader = client(root)
            reader.search_experiments()
            experiment = reader.create_experiment("many")
            work = [subprocess.Popen([os.environ["MLSCRIBE_DATASET_DRIVER"], "many", str(root), "60"])
                    for _ in range(2)]
            reads = 0
            while any(each.poll() is None for each in work):
                for run in reader.search_runs([experiment], "dataset.name = 'shared'"):
                    self.assertTrue(run.inputs.dataset_inputs)
                reader._tracking_client.store._search_datasets([experiment])
                reads += 1
            self.assertEqual([each.wait() for each in work], [0, 0])
            self.assertEqual(len(reader.search_runs([experiment], "dataset.name = 'shared'")), 120)
            self.assertEqual(len(list(root.glob("*/datasets/*/meta.yaml"))), 61)
            self.assertEqual([path for path in root.glob("**/.mlscribe-*")], [])
            print(f"{reads} reads")
        client(self.root)

    def test_numpy_reads_the_arrays(self):
        expected = {"matrix": MATRIX, "flags": np.array([True, False]), "large": np.array([2 ** 64 - 1, 1], "u8"),
                    "deep": np.array([[[-1, 2]], [[-3, 4]]], "i1"), "scalar": np.array(0.1),
                    "empty": np.zeros((0, 0), "i2")}
        for name, array in expected.items():
            path = self.reader.download_artifacts(self.run_id, f"arrays/{name}.npy")
            ours = np.load(path, allow_pickle=False)
            self.assertEqual((ours.dtype, ours.shape), (array.dtype, array.shape), name)
            self.assertTrue(np.array_equal(ours, array), name)
            saved = io.BytesIO()
            np.save(saved, array)
            self.assertEqual(pathlib.Path(path).read_bytes(), saved.getvalue(), name)

    def test_arrays_of_numpy_are_read(self):
        path = self.scratch / "theirs.npy"
        chance = np.random.default_rng(7)
        whole = {"b": "bool", "i": "int64", "u": "uint64", "f": "float64"}
        for code in ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]:
            for shape in [(), (0,), (5,), (3, 4), (2, 3, 4), (4, 0, 2)]:
                for order in "CF":
                    for ends in "<>":
                        values = chance.integers(-100, 100, shape) / (4 if "f" in code else 1)
                        array = np.asarray(values).astype(np.dtype(code).newbyteorder(ends)).copy(order)
                        for version in [(1, 0), (2, 0), (3, 0)] if ends == ">" and shape == (3, 4) else [None]:
                            with open(path, "wb") as file:
                                np.lib.format.write_array(file, array, version=version)
                            what = f"{code} {shape} {order} {ends} {version}"
                            lengths, numbers = self.read(whole[array.dtype.kind], path)
                            self.assertEqual(lengths, list(shape), what)
                            self.assertEqual(numbers, [str(value) for value in array.flatten("C").tolist()], what)

    def read(self, kind, path):
        lines = ask("read", kind, path).split("\n")
        return [int(word) for word in lines[0].split()], lines[1].split()

    def test_what_numpy_writes_and_numbers_are_not_is_refused(self):
        path = self.scratch / "refused.npy"
        for array, why in [(np.array([None, "x"], object), "Python objects"), (np.array(["x"]), '"<U1"'),
                           (np.zeros(2, "c16"), '"<c16"'), (np.zeros(2, [("a", "f8")]), "records"),
                           (np.zeros(2, "f8"), "float64, which float32"), (np.zeros(2, "M8[s]"), '"<M8[s]"')]:
            np.save(path, array, allow_pickle=True)
            self.assertIn(why, ask("read", "float32", path))

    if VERSION >= 3:  # MLflow 2 cannot migrate
        def test_migration(self):
            with tempfile.TemporaryDirectory() as here:
                database = os.path.join(here, "x.db")
                migrate(self.root, database)
                with sqlite3.connect(database) as rows:
                    names = rows.execute("select d.name from inputs i join datasets d on d.dataset_uuid = i.source_id "
                                         "where i.destination_id = ?", [self.run_id]).fetchall()
                    self.assertEqual(sorted(name for name, in names), sorted(self.inputs))
                    tags = rows.execute("select count(*) from input_tags").fetchone()[0]
                    self.assertGreaterEqual(tags, 4)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
