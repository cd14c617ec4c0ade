# SPDX-License-Identifier: MIT
"""MLflow predicts with models of the flavors as the C++ programs that logged them did, and back."""
import contextlib
import importlib.util
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import types
import unittest
import zipfile

import numpy
import pandas

from driver import *

IRIS = os.environ["MLSCRIBE_IRIS"]
FLOWERS = pandas.read_csv(IRIS).iloc[:, :4]
NAMES = ["sepal length", "sepal width", "petal length", "petal width"]


def needs(condition, what):
    return unittest.skipUnless(condition, "needs " + what)


def program(variable):
    return needs(os.environ.get(variable), variable)


class Flavor(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.store = str(self.scratch / "mlruns")
        self.model = str(self.scratch / "model")

    def drive(self, *words, **environment):
        """The lines that the program prints."""
        done = subprocess.run([os.environ["MLSCRIBE_FLAVORS_DRIVER"], *map(str, words)], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, **environment})
        self.assertEqual(done.returncode, 0, words)
        return done.stdout.splitlines()

    def log(self, *words):
        """Lets the program log self.model; the lines that it prints behind that."""
        self.model, *more = self.drive(*words)
        return more

    def refused(self, *words):
        done = subprocess.run([os.environ["MLSCRIBE_FLAVORS_DRIVER"], *map(str, words)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr

    def file(self, name, content):
        path = self.scratch / name
        path.write_bytes(content)
        return path

    def config(self):
        return mlflow.models.Model.load(self.model)

    def requirements(self):
        return pathlib.Path(self.model, "requirements.txt").read_text().splitlines()

    def predict(self, rows=FLOWERS):
        return numpy.asarray(mlflow.pyfunc.load_model(self.model).predict(rows))

    def assert_same(self, found, expected):
        numpy.testing.assert_allclose(numpy.asarray(found).ravel(), numpy.asarray(expected).ravel(), rtol=0, atol=1e-6)

    def command_line(self, rows):
        """What `mlflow models predict` predicts."""
        request = self.file("in.json", json.dumps({"dataframe_split": {
            "columns": list(rows.columns), "data": rows.values.tolist()}}).encode())
        done = subprocess.run([sys.executable, "-m", "mlflow", "models", "predict", "-m", self.model, "-i", request,
                               "-o", self.scratch / "out.json", "--env-manager", "local"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads((self.scratch / "out.json").read_text())["predictions"]

    def assert_command_line(self, rows, expected):
        self.assert_same(self.command_line(rows), expected)


@program("MLSCRIBE_WITH_XGBOOST")
class XGBoost(Flavor):
    def train(self, kind, names="unnamed"):
        return json.loads(self.log("booster", self.store, IRIS, kind, names)[0])

    def load(self, **environment):
        return json.loads(self.drive("booster_load", self.model, IRIS, **environment)[0])

    def flavor(self):
        return self.config().flavors["xgboost"]

    def test_a_booster_predicts_in_python(self):
        for kind in ("ubj", "json"):
            expected = self.train(kind)
            self.assert_same(self.predict(), expected)
            self.assert_same(self.predict(FLOWERS.to_numpy()), expected)
            self.assert_same(self.load(), expected)
            flavor = self.flavor()
            self.assertEqual((flavor["data"], flavor["model_format"], flavor["model_class"]), ("model." + kind, kind, "xgboost.core.Booster"))
            self.assertRegex(flavor["xgb_version"], r"^\d+\.\d+\.\d+$")
            self.assertIn("xgboost>=" + flavor["xgb_version"], self.requirements())
        self.assert_command_line(FLOWERS, expected)
        with self.assertRaises(mlflow.exceptions.MlflowException):
            self.predict(FLOWERS.iloc[:, :3])

    def test_names_of_features_are_the_signature(self):
        expected = self.train("ubj", "named")
        self.assertEqual(self.config().signature.inputs.input_names(), NAMES)
        named = FLOWERS.set_axis(NAMES, axis=1)
        self.assert_same(self.predict(named), expected)
        self.assert_same(self.predict(named[NAMES[::-1]]), expected)
        with self.assertRaisesRegex(mlflow.exceptions.MlflowException, "sepal length"):
            self.predict(FLOWERS)

    def test_a_saved_file_is_a_model(self):
        for kind in ("ubj", "json"):
            expected = self.train(kind)
            flavor = self.flavor()
            self.log("xgboost", self.store, os.path.join(self.model, "model." + kind))
            self.assert_same(self.predict(FLOWERS.to_numpy()), expected)
            self.assertEqual(self.flavor(), flavor)
            self.assertEqual(self.drive("xgboost_file", self.model), [self.model + "/model." + kind])

    def test_what_python_logged_is_loaded_by_an_xgboost_that_is_not_older(self):
        import xgboost

        self.train("ubj")
        own = self.flavor()["xgb_version"]
        library = str(next(pathlib.Path(xgboost.__file__).parent.glob("lib/libxgboost.*")))
        kinds = pandas.read_csv(IRIS).iloc[:, 4].astype("category").cat.codes
        plain = xgboost.train({"max_depth": 2}, xgboost.DMatrix(FLOWERS.to_numpy(), kinds), 3)
        classifier = xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(FLOWERS, kinds)
        for model, kind, expected in ((plain, "ubj", plain.predict(xgboost.DMatrix(FLOWERS.to_numpy()))),
                                      (plain, "json", plain.predict(xgboost.DMatrix(FLOWERS.to_numpy()))),
                                      (classifier, "ubj", classifier.predict_proba(FLOWERS))):
            self.save(model, kind)
            self.assert_same(self.load(LD_PRELOAD=library), expected)
        if [int(part) for part in own.split(".")[:2]] < [int(part) for part in xgboost.__version__.split(".")[:2]]:
            self.assertIn("was saved by XGBoost " + xgboost.__version__, self.refused_load())

    def save(self, model, kind):
        """As Python logs it, without a run."""
        self.model = str(self.scratch / "saved")
        shutil.rmtree(self.model, ignore_errors=True)
        mlflow.xgboost.save_model(model, self.model, model_format=kind, pip_requirements=["xgboost"])

    def refused_load(self):
        return self.refused("booster_load", self.model, IRIS)

    def test_what_is_no_model_is_refused(self):
        import xgboost

        self.save(xgboost.train({}, xgboost.DMatrix(FLOWERS.to_numpy(), list(range(len(FLOWERS)))), 1), "ubj")
        data = pathlib.Path(self.model, "model.ubj")
        whole = data.read_bytes()
        for content, why in ((b"These are notes.\n", "is no model that XGBoost saved"), (b"", "is no model that XGBoost saved"),
                             (whole[:len(whole) // 2], "was cut off"), (whole[:-1], "was cut off")):
            data.write_bytes(content)
            self.assertIn(why, self.refused("xgboost", self.store, data))
            self.assertIn(why, self.refused_load())
        data.unlink()
        self.assertIn("model.ubj\": No such file", self.refused_load())
        config = pathlib.Path(self.model, "MLmodel")
        config.write_text(config.read_text().replace("model.ubj", "../model.ubj"))
        self.assertIn("must not contain '.' or '..'", self.refused_load())


class LightGBM(Flavor):
    def setUp(self):
        super().setUp()
        import lightgbm

        self.library = next(pathlib.Path(lightgbm.__file__).parent.glob("lib/lib_lightgbm.*"))
        self.saved = self.scratch / "saved.txt"
        self.expected = json.loads(self.drive("lightgbm_train", self.saved, IRIS, self.library)[0])

    def file_of_model(self):
        return self.drive("lightgbm_file", self.model)[0]

    def assert_predicts_in_cxx(self, path, expected):
        self.assert_same(json.loads(self.drive("lightgbm_predict", path, IRIS, self.library)[0]), expected)

    def test_a_saved_file_predicts_in_python_and_again_in_cxx(self):
        self.log("lightgbm", self.store, self.saved)
        self.assert_same(self.predict(), self.expected)
        self.assert_same(self.predict(FLOWERS.to_numpy()), self.expected)
        self.assert_predicts_in_cxx(self.file_of_model(), self.expected)
        self.assertEqual(self.config().flavors["lightgbm"]["model_class"], "lightgbm.basic.Booster")
        self.assertIn("lightgbm>=4", self.requirements())
        self.assert_command_line(FLOWERS, self.expected)

    def test_what_python_logged_is_loaded_and_logged_again(self):
        import lightgbm

        model = lightgbm.train({"verbosity": -1}, lightgbm.Dataset(FLOWERS, [row % 7 for row in range(len(FLOWERS))]), 3)
        mlflow.lightgbm.save_model(model, self.model, pip_requirements=["lightgbm"])
        expected = model.predict(FLOWERS)
        self.assert_predicts_in_cxx(self.file_of_model(), expected)
        self.log("lightgbm", self.store, self.file_of_model())
        self.assertEqual(self.config().signature.inputs.input_names(), list(FLOWERS.columns))
        self.assert_same(self.predict(FLOWERS[FLOWERS.columns[::-1]]), expected)

    def test_what_is_no_model_is_refused(self):
        whole = self.saved.read_bytes()
        for content, why in ((whole[:len(whole) // 2], "was cut off"), (b"These are notes.\n", "is no model that LightGBM saved")):
            self.saved.write_bytes(content)
            self.assertIn(why, self.refused("lightgbm", self.store, self.saved))


class SharedLibrary(Flavor):
    def setUp(self):
        super().setUp()
        self.weights = self.file("weights.txt", b"0.5 0.25 2 -0.125")
        self.log_library("shared_library")
        self.library = pathlib.Path(self.model, "data", "predictor.so")

    def log_library(self, command):
        self.log(command, self.store, os.environ["MLSCRIBE_LINEAR_PREDICTOR"], self.weights, "weights.txt")

    def test_it_predicts(self):
        expected = FLOWERS.to_numpy() @ [0.5, 0.25, 2, -0.125]
        for rows in (FLOWERS, FLOWERS.to_numpy(), FLOWERS.to_numpy(dtype="float32"), FLOWERS.values.tolist()):
            self.assert_same(self.predict(rows), expected)
        moved = self.scratch / "dir\u00e9"
        shutil.move(self.model, moved)
        self.model = str(moved)
        self.assert_same(self.predict(), expected)
        self.assert_command_line(FLOWERS, expected)

    def test_a_signature_is_enforced(self):
        self.log_library("signed_library")
        self.predict()
        for rows in (FLOWERS.to_numpy(dtype="float32"), FLOWERS.to_numpy()[:, :2]):
            with self.assertRaisesRegex(mlflow.exceptions.MlflowException, "enforce schema"):
                self.predict(rows)

    def test_what_the_predictor_throws_is_an_exception(self):
        with self.assertRaisesRegex(RuntimeError, "a sum below zero"):
            self.predict(-FLOWERS)
        pathlib.Path(self.model, "data", "weights.txt").write_text("")
        with self.assertRaisesRegex(RuntimeError, "weights.txt has no weights"):
            self.predict()

    def test_another_number_of_columns_is_named(self):
        for rows in (FLOWERS.iloc[:, :3], FLOWERS.to_numpy()[0]):
            with self.assertRaisesRegex(ValueError, "takes a table of 4 columns"):
                self.predict(rows)

    def test_a_library_that_does_not_fit_is_named(self):
        whole = self.library.read_bytes()
        other_machine = bytearray(whole)
        other_machine[18:20] = (183 if whole[18] == 62 else 62).to_bytes(2, "little")
        for content, why in ((bytes(other_machine), "was built for .* and this Python runs on"),
                             (b"no library", "is no shared library"),
                             (whole[:1000], "was cut off"), (whole[:-1], "was cut off"),
                             (whole.replace(b"libstdc++.so.6", b"libmissing.so6"), "cannot be loaded: .*libmissing"),
                             (whole.replace(b"mlscribe_predictor_outputs", b"mlscribe_predictor_ouputs\0"), "exports no mlscribe_predictor_outputs")):
            # Each another file: what the dynamic linker has mapped must not change.
            self.library.unlink()
            self.library.write_bytes(content)
            with self.assertRaisesRegex(RuntimeError, why):
                self.predict()
        self.library.unlink()
        with self.assertRaisesRegex(RuntimeError, "is missing"):
            self.predict()

    def test_another_version_of_the_interface_is_named(self):
        loader = pathlib.Path(self.model, "code", "mlscribe_ctypes_loader.py")
        loader.write_text(loader.read_text().replace("ABI = 1", "ABI = 2"))
        sys.modules.pop("mlscribe_ctypes_loader", None)
        self.addCleanup(sys.modules.pop, "mlscribe_ctypes_loader", None)
        with self.assertRaisesRegex(RuntimeError, "has version 1 of the interface, and this model was logged for version 2"):
            self.predict()

    def test_what_exports_no_predictor_is_refused(self):
        self.assertIn("exports no predictor", self.refused(
            "shared_library", self.store, self.file("x.so", b"\x7fELF"), self.weights, "weights.txt"))


@program("MLSCRIBE_DLIB_PREDICTOR")
class Dlib(Flavor):
    def train(self):
        return json.loads(self.log("dlib", self.store, IRIS)[0])

    def test_it_comes_back_and_predicts_through_a_shared_library(self):
        expected = self.train()
        self.assertEqual(json.loads(self.drive("dlib_load", self.model, IRIS)[0]), expected)
        with self.assertRaisesRegex(mlflow.exceptions.MlflowException, "python_function"):
            self.predict()
        data = os.path.join(self.model, "model.dat")
        self.log("shared_library", self.store, os.environ["MLSCRIBE_DLIB_PREDICTOR"], data, "model.dat")
        self.assert_same(self.predict(), expected)
        self.assert_command_line(FLOWERS, expected)

    def test_what_is_no_model_is_refused(self):
        self.train()
        data = pathlib.Path(self.model, "model.dat")
        whole = data.read_bytes()
        for content, why in ((whole + b"more", "4 bytes more"), (whole[:-9], "deserializ"), (b"notes", "deserializ")):
            data.write_bytes(content)
            self.assertIn(why, self.refused("dlib_load_unverified", self.model, IRIS))


def archive(*names):
    """A zip archive as torch writes them."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr("net/" + name, b"\x80\x02." * 50)
    return content.getvalue()


@needs(VERSION >= 3, "a whole MLflow")
class TorchScript(Flavor):
    def log_script(self, file):
        self.log("torchscript", self.store, file)

    @contextlib.contextmanager
    def torch_that_stands_in(self):
        """What mlflow.pytorch calls of torch; load() takes what torch.load() hands to torch.jit.load()."""
        torch = types.ModuleType("torch")
        torch.__version__ = "2.1.0"
        torch.cuda = types.SimpleNamespace(is_available=lambda: False)
        torch.no_grad = contextlib.nullcontext

        class Tensor:
            def __init__(self, values):
                self.values = values

            def to(self, device):
                return self

            def numpy(self):
                return self.values

        class Module:
            def eval(self):
                return self

            def to(self, device):
                return self

            def __call__(self, tensor):
                return Tensor(tensor.values.sum(axis=1, keepdims=True))

        def load(path, pickle_module, **options):
            self.assertEqual(pickle_module.__name__, "mlflow.pytorch.pickle_module")
            self.assertFalse(options.get("weights_only"))
            with zipfile.ZipFile(path) as file:
                self.assertIn("net/constants.pkl", file.namelist())
            return Module()

        torch.Tensor, torch.from_numpy, torch.load = Tensor, Tensor, load
        sys.modules["torch"] = torch
        try:
            yield
        finally:
            del sys.modules["torch"]

    @needs(not importlib.util.find_spec("torch"), "no torch")
    def test_mlflow_finds_the_file_where_its_loader_looks(self):
        script = self.file("net.pt", archive("data.pkl", "constants.pkl", "code/__torch__.py", "version"))
        self.log_script(script)
        with self.torch_that_stands_in():
            self.assert_same(self.predict(), FLOWERS.to_numpy(dtype="float32").sum(axis=1))
            with Caught() as caught:
                mlflow.pytorch.load_model(self.model)
            self.assertEqual(caught, [])
        self.assertEqual(pathlib.Path(self.model, "data", "model.pth").read_bytes(), script.read_bytes())
        self.assertEqual(self.drive("torchscript_file", self.model), [self.model + "/data/model.pth"])

    @needs(importlib.util.find_spec("torch"), "torch")
    def test_it_predicts(self):
        import torch

        net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
        rows = torch.from_numpy(FLOWERS.to_numpy(dtype="float32"))
        for script in (torch.jit.script(net), torch.jit.trace(net, rows)):
            torch.jit.save(script, self.scratch / "net.pt")
            self.log_script(self.scratch / "net.pt")
            self.assert_same(self.predict(), net(rows).detach().numpy())
            self.assert_same(mlflow.pytorch.load_model(self.model, weights_only=False)(rows).detach().numpy(), net(rows).detach().numpy())
        served = [list(row.values()) for row in self.command_line(FLOWERS)]
        self.assert_same(served, net(rows).detach().numpy())
        torch.save(net.state_dict(), self.scratch / "state.pt")
        self.assertIn("not TorchScript", self.refused("torchscript", self.store, self.scratch / "state.pt"))

    def test_what_is_no_script_is_refused(self):
        whole = archive("data.pkl", "constants.pkl", "code/__torch__.py", "version")
        for content, why in ((b"", "is no TorchScript file"), (b"These are notes.", "is no TorchScript file"),
                             (whole[:len(whole) // 2], "was cut off"), (whole[:-1], "was cut off"),
                             (archive("data.pkl", "data/0", "version"), "not TorchScript")):
            self.assertIn(why, self.refused("torchscript", self.store, self.file("x.pt", content)))


class Caught(list):
    """What MLflow's pytorch flavor warns about meanwhile."""

    def __enter__(self):
        self.handler = logging.Handler(logging.WARNING)
        self.handler.emit = lambda record: self.append(record.getMessage())
        logging.getLogger("mlflow.pytorch").addHandler(self.handler)
        return self

    def __exit__(self, *_):
        logging.getLogger("mlflow.pytorch").removeHandler(self.handler)


if __name__ == "__main__":
    unittest.main()
