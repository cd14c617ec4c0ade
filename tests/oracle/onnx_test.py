# SPDX-License-Identifier: MIT
"""onnxruntime and MLflow predict with exported models what the C++ program that made them did."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from driver import *

import numpy
import onnx
import onnxruntime
import pandas
from onnx import TensorProto, helper, numpy_helper


def drive(*words, refused=False):
    done = subprocess.run([os.environ["MLSCRIBE_ONNX_DRIVER"], *map(str, words)], capture_output=True, text=True)
    assert done.returncode == int(refused), (words, done)
    return done.stderr if refused else done.stdout.rstrip()


class Case:
    """A model, rows, and what C++ predicted for them."""

    def __init__(self, rows, models):
        self.name, self.folder = rows.stem, models / rows.stem
        told = json.loads(rows.read_text())
        self.dtype, self.label = told["dtype"], told["label"]
        self.rows = numpy.array(told["rows"], self.dtype)
        self.results = numpy.array(told["results"], self.dtype)
        self.classes = (self.results[:, 0] > 0.5).astype("int64") if self.results.shape[1] == 1 else self.results.argmax(1)

    def check(self, outputs):
        """\\param outputs  arrays in the order of the graph's outputs"""
        assert len(outputs) == 1 + self.label, self.name
        assert outputs[0].dtype == self.dtype, self.name
        # How much of a small difference of large sums is left depends on their order.
        finite = self.results[numpy.isfinite(self.results)]
        numpy.testing.assert_allclose(outputs[0], self.results, rtol=1e-6, err_msg=self.name,
                                      atol=abs(finite).max() * (1e-6 if self.dtype == "float32" else 1e-14))
        if self.label:
            assert outputs[1].dtype == "int64", self.name
            numpy.testing.assert_array_equal(outputs[1], self.classes, self.name)


class Onnx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.here = pathlib.Path(scratch.name)
        cls.store, rows = cls.here / "mlruns", cls.here / "rows"
        rows.mkdir()
        mlflow.set_tracking_uri(str(cls.store))
        cls.models = pathlib.Path(drive("make", cls.store, rows))
        cls.cases = [Case(path, cls.models) for path in sorted(rows.iterdir())]
        assert len(cls.cases) == 60, len(cls.cases)

    def case(self, name):
        return next(case for case in self.cases if case.name == name)

    def test_onnxruntime_predicts_the_same(self):
        for case in self.cases:
            path = str(case.folder / "model.onnx")
            onnx.checker.check_model(path, full_check=True)
            model = onnx.load(path)
            self.assertEqual((model.ir_version, model.opset_import[0].version, model.producer_name), (8, 13, "mlscribe"))
            self.assertRegex(model.producer_version, r"^\d+\.\d+\.\d+$")
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            for rows in (len(case.rows), 1, 0):
                outputs = session.run(None, {session.get_inputs()[0].name: case.rows[:rows]})
                self.assertEqual([len(output) for output in outputs], [rows] * len(outputs))
            case.check(session.run(None, {session.get_inputs()[0].name: case.rows}))

    def test_mlflow_predicts_the_same(self):
        warnings = Warnings()
        for case in self.cases:
            model = mlflow.pyfunc.load_model(str(case.folder))
            predicted = model.predict(case.rows)
            if case.name.endswith(".names"):
                self.assertEqual(list(predicted), ["損失 \U0001F600 -> y", "1"])
            else:
                self.assertEqual(list(predicted), ["output", "label"][:len(predicted)])
            case.check(list(predicted.values()))
            case.check(list(model.predict(pandas.DataFrame(case.rows)).values()))
            self.assertEqual(mlflow.onnx.load_model(str(case.folder)).graph.name, "graph")
        self.assertEqual([text for text in warnings.texts if "python version" not in text.lower()], [])

    def test_signature(self):
        for case in self.cases:
            signature = mlflow.models.get_model_info(str(case.folder)).signature
            rows = {"output": case.results, "label": case.classes}
            if case.name.endswith(".names"):
                rows = {"損失 \U0001F600 -> y": case.results, "1": case.classes}
            if not case.label:
                del rows["label"]
            self.assertEqual(signature, mlflow.models.infer_signature(case.rows, rows), case.name)

    def test_command_line_predicts_the_same(self):
        for case in (self.case("double.classes3.raw"), self.case("float.relu")):
            question = self.here / "rows.in.json"
            question.write_text(json.dumps({"inputs": case.rows.tolist()}))
            answer = self.here / "rows.out.json"
            subprocess.run([sys.executable, "-m", "mlflow", "models", "predict", "-m", case.folder, "-i", question,
                            "-o", answer, "--env-manager", "local"], check=True, capture_output=True,
                           env={**os.environ, "MLFLOW_TRACKING_URI": str(self.store)})
            outputs = json.loads(answer.read_text())["predictions"]
            self.assertEqual(list(outputs), ["output", "label"][:1 + case.label])
            case.check([numpy.array(output, case.dtype if name == "output" else "int64")
                        for name, output in outputs.items()])

    def saved(self, folder, external):
        """A model that Python wrote, with an `If` and two inputs."""
        branches = [helper.make_graph([helper.make_node("Constant", [], [name], value=numpy_helper.from_array(
            numpy.full((1, 300), value, "float32"), name + "_value"))], name, [], [helper.make_tensor_value_info(
                name, TensorProto.FLOAT, [1, 300])]) for name, value in (("yes", 2.0), ("no", 3.0))]
        graph = helper.make_graph(
            [helper.make_node("If", ["flag"], ["factor"], then_branch=branches[0], else_branch=branches[1]),
             helper.make_node("Mul", ["x", "factor"], ["scaled"]), helper.make_node("MatMul", ["scaled", "w"], ["y"])],
            "python", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 300]),
                       helper.make_tensor_value_info("flag", TensorProto.BOOL, [])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 2])],
            [numpy_helper.from_array(numpy.arange(600, dtype="float32").reshape(300, 2), "w")])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        folder.mkdir()
        onnx.save_model(model, str(folder / "net.onnx"), save_as_external_data=external, location="net.weights",
                        size_threshold=0, convert_attribute=True)
        return folder / "net.onnx", model

    def test_files_of_python(self):
        for external in (False, True):
            path, _ = self.saved(self.here / f"saved_{external}", external)
            folder = pathlib.Path(drive("file", self.store, path)) / "file"
            self.assertEqual((folder / "net.weights").exists(), external)
            model = mlflow.pyfunc.load_model(str(folder))
            self.assertEqual([field.name for field in model.metadata.signature.inputs], ["x", "flag"])
            y = model.predict({"x": numpy.ones((3, 300), "float32"), "flag": numpy.array(False)})["y"]
            numpy.testing.assert_allclose(y, [[3 * 89700.0, 3 * 90000.0]] * 3)

    def test_models_of_mlflow_are_loaded(self):
        path, _ = self.saved(self.here / "saved_for_mlflow", False)
        for external in (False, True):
            folder = self.here / f"theirs_{external}"
            mlflow.onnx.save_model(onnx.load(path), str(folder), save_as_external_data=external,
                                   pip_requirements=["onnx", "onnxruntime"])
            if external:
                self.assertIn("load it as mlscribe::onnx_file", drive("load", folder, refused=True))
            else:
                size = (folder / "model.onnx").stat().st_size
                self.assertEqual(drive("load", folder), f"{folder}/model.onnx\n{size}")

    def test_damaged_files_are_refused(self):
        path, _ = self.saved(self.here / "damaged", True)
        content = path.read_bytes()
        for size in [0, 1, len(content) // 2, len(content) - 1]:
            path.write_bytes(content[:size])
            self.assertIn("no whole ONNX model", drive("file", self.store, path, refused=True))
        path.write_bytes(content)
        (path.parent / "net.weights").unlink()
        self.assertIn("net.weights", drive("file", self.store, path, refused=True))


if __name__ == "__main__":
    unittest.main(verbosity=2)
