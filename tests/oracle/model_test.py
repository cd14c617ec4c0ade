# SPDX-License-Identifier: MIT
"""Models that the C++ program logged are listed, registered, loaded, served and migrated by MLflow."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from driver import *

import numpy
import pandas
from mlflow.models import Model

X = pandas.DataFrame({"a": [1.0, 3.0], "b": [2.0, 4.5]})
Y = [0.1 * 1 - 2.5 * 2 + 0.3, 0.1 * 3 - 2.5 * 4.5 + 0.3]


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.here = pathlib.Path(scratch.name)
        cls.root = cls.here / "mlruns"
        cls.source = cls.here / "train.cu"
        cls.source.write_text("// trains\n")
        cls.id, cls.model_id, version = cls.driver("log", "flowers", cls.source).split()
        assert version == "1", version
        cls.reader = client(cls.root)
        mlflow.set_tracking_uri(str(cls.root))
        cls.logged = cls.reader.get_run(cls.id)
        cls.artifacts = pathlib.Path(cls.root, cls.logged.info.experiment_id, cls.id, "artifacts")

    @classmethod
    def driver(cls, *words, refused=False, root=None):
        done = subprocess.run([os.environ["MLSCRIBE_MODEL_DRIVER"], str(root or cls.root), *map(str, words)],
                              capture_output=True, text=True)
        assert done.returncode == int(refused), (words, done)
        assert done.stderr == "", done.stderr
        return done.stdout.strip()

    def uri(self, name):
        return f"runs:/{self.id}/{name}"

    def test_mlflow_lists_them(self):
        names = {entry.path for entry in self.reader.list_artifacts(self.id)}
        self.assertEqual(names, {"line", "forms"})
        history = json.loads(self.logged.data.tags["mlflow.log-model.history"])
        self.assertEqual([entry["artifact_path"] for entry in history], ["forms/values", "line"])
        for entry in history:
            described = Model.load(self.uri(entry["artifact_path"]))
            self.assertEqual((entry["run_id"], entry["model_uuid"], entry["utc_time_created"]),
                             (self.id, described.model_uuid, described.utc_time_created))
            self.assertEqual(described.flavors, entry["flavors"])
        self.assertEqual(self.logged.info.status, "FINISHED")

    def test_what_comes_along(self):
        info = mlflow.models.get_model_info(self.uri("line"))
        self.assertEqual([(c.name, c.type.name) for c in info.signature.inputs.inputs], [("a", "double"), ("b", "double")])
        self.assertEqual(info.metadata, {"team": 'vision: "A"'})
        described = Model.load(self.uri("line"))
        example = described.load_input_example(str(self.artifacts / "line"))
        pandas.testing.assert_frame_equal(example, X)
        folder = self.artifacts / "line"
        self.assertIn("numpy", (folder / "requirements.txt").read_text())
        self.assertEqual((folder / "mlscribe/source" / self.source.name).read_text(), "// trains\n")
        environment = json.loads((folder / "mlscribe/environment.json").read_text())
        self.assertIn("++", environment["build"]["compiler"])
        subprocess.run(["sha256sum", "--quiet", "-c", "mlscribe/manifest.sha256"], cwd=folder, check=True)

    def test_pyfunc(self):
        for uri in (self.uri("line"), "models:/line-reg/1", str(self.artifacts / "line")):
            numpy.testing.assert_allclose(mlflow.pyfunc.load_model(uri).predict(X), Y, rtol=1e-12)
        with self.assertRaises(mlflow.MlflowException):  # the signature is enforced
            mlflow.pyfunc.load_model(self.uri("line")).predict(pandas.DataFrame({"a": ["x"]}))
        with self.assertRaisesRegex(mlflow.MlflowException, "python_function"):
            mlflow.pyfunc.load_model(self.uri("forms/values"))

    def test_registered(self):
        versions = self.reader.search_model_versions("name = 'line-reg'")
        self.assertEqual({int(v.version) for v in versions}, {1})
        self.assertEqual({v.run_id for v in versions}, {self.id})
        made = mlflow.register_model(self.uri("forms/values"), "by-python")
        self.assertAlmostEqual(float(self.driver("load", "models:/by-python/" + str(made.version))), Y[1], 12)
        self.reader.set_registered_model_alias("line-reg", "champion", "1")
        self.assertAlmostEqual(float(self.driver("load", "models:/line-reg@champion")), Y[1], 12)

    def test_cpp_loads(self):
        for uri in (self.uri("line"), self.uri("forms/values"), "models:/line-reg/1", "models:/" + self.model_id,
                    self.artifacts / "line", "file://" + str(self.artifacts / "line")):
            self.assertAlmostEqual(float(self.driver("load", uri)), Y[1], 12, uri)
        moved = self.here / "elsewhere" / "mlruns"
        shutil.copytree(self.root, moved)
        with tempfile.TemporaryDirectory() as aside:
            hidden = pathlib.Path(aside, "mlruns")
            self.root.rename(hidden)
            try:
                for uri in (self.uri("line"), "models:/line-reg/1"):
                    self.assertAlmostEqual(float(self.driver("load", uri, root=moved)), Y[1], 12, uri)
            finally:
                hidden.rename(self.root)

    def test_bad_models(self):
        with tempfile.TemporaryDirectory() as here:
            copy = pathlib.Path(here, "model")

            def refused(change, *texts):
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(self.artifacts / "line", copy)
                change(copy)
                message = self.driver("load", copy, refused=True)
                for text in texts:
                    self.assertIn(text, message)

            def edit(name, old, new):
                def change(model):
                    text = (model / name).read_bytes()
                    self.assertIn(old, text)
                    (model / name).write_bytes(text.replace(old, new))
                return change

            refused(lambda model: (model / "MLmodel").unlink(), "no file MLmodel")
            refused(lambda model: (model / "data/weights.npy").unlink(), "data/weights.npy", "missing")
            refused(lambda model: os.truncate(model / "data/weights.npy", 100), "data/weights.npy", "cut short")
            refused(edit("data/model.json", b"0.3", b"0.4"), "data/model.json", "changed")
            refused(edit("MLmodel", b"format_version: 1", b"format_version: 2"), "format version 2", "newer mlscribe")
            refused(lambda model: (model / "mlscribe/manifest.sha256").unlink(), "manifest.sha256", "missing")
            refused(lambda model: (model / "MLmodel").write_text("- 1\n"), "MLmodel")

        for uri, texts in {
            "runs:/" + self.id + "/nothing": ["nothing"],
            "runs:/" + self.id + "/../../x": [".."],
            "runs:/0123/line": ["0123"],
            "models:/line-reg/9": ["9"],
            "models:/line-reg@nobody": ["nobody"],
            "models:/no/1": ["no"],
            "s3://bucket/model": ["s3"],
        }.items():
            message = self.driver("load", uri, refused=True)
            for text in texts:
                self.assertIn(text, message)

    if VERSION >= 3:
        def test_logged_model(self):
            [found] = self.reader.search_logged_models([self.logged.info.experiment_id])
            self.assertEqual((found.name, found.source_run_id, str(found.status)), ("line", self.id, "READY"))
            self.assertEqual(found.params, {"C": "0.5", "solver/name": "newton"})
            self.assertEqual([m.model_id for m in self.logged.outputs.model_outputs], [found.model_id])
            numpy.testing.assert_allclose(mlflow.pyfunc.load_model("models:/" + found.model_id).predict(X), Y, rtol=1e-12)

        def test_migration(self):
            with tempfile.TemporaryDirectory() as here:
                copy, database = pathlib.Path(here, "mlruns"), pathlib.Path(here, "x.db")
                shutil.copytree(self.root, copy)
                migrate(copy, database)
                with sqlite3.connect(database) as rows:
                    def count(table):
                        return rows.execute("select count(*) from " + table).fetchone()[0]
                    self.assertEqual((count("metrics"), count("logged_models"), count("logged_model_params")), (3, 1, 2))
                    self.assertGreaterEqual(count("model_versions"), 1)
                migrated = MlflowClient(f"sqlite:///{database}")
                self.assertEqual(migrated.get_model_version("line-reg", "1").run_id, self.id)

        def test_served(self):
            scores = subprocess.run(
                [os.path.join(os.path.dirname(sys.executable), "mlflow"), "models", "predict", "-m",
                 str(self.artifacts / "line"), "--env-manager", "local"],
                input=json.dumps({"dataframe_split": X.to_dict(orient="split", index=False)}), capture_output=True, text=True)
            self.assertEqual(scores.returncode, 0, scores.stderr[-2000:])
            numpy.testing.assert_allclose(json.loads(scores.stdout)["predictions"], Y, rtol=1e-12)


if __name__ == "__main__":
    unittest.main(verbosity=2)
