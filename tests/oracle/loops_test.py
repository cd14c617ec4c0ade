# SPDX-License-Identifier: MIT
"""The loops of examples/ leave what a person expects of them, as MLflow reads it."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy

from driver import *

PROGRAMS = {pathlib.Path(program).name: program for program in os.environ["MLSCRIBE_LOOPS"].split(":")}
SECONDS = ["epoch_seconds", "step_seconds"]


class Loops(unittest.TestCase):
    def program(self, name):
        """A client of the store in a new folder, and a function that runs the program there."""
        if name not in PROGRAMS:
            self.skipTest(name + " is not built: its library is missing")
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        here = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}

        def start(*words):
            subprocess.run([PROGRAMS[name], *words], cwd=scratch.name, env=here, check=True, stdout=subprocess.DEVNULL)

        return client(pathlib.Path(scratch.name, "mlruns")), start

    def runs(self, reader, experiment_name):
        found = reader.search_runs([reader.get_experiment_by_name(experiment_name).experiment_id])
        self.assertEqual({run.info.status for run in found}, {"FINISHED"})
        return found

    def train(self, name, experiment_name="loops"):
        """The run that a program leaves: its data, and the (step, value) pairs of a metric."""
        reader, start = self.program(name)
        start()
        [run] = self.runs(reader, experiment_name)

        def points(key):
            return [(m.step, m.value) for m in reader.get_metric_history(run.info.run_id, key)]

        return run.data, points

    def assert_metrics(self, data, points, expected):
        self.assertEqual(set(data.metrics), set(expected))
        for key, steps in expected.items():
            self.assertEqual([step for step, _ in points(key)], list(steps), key)

    def own_tags(self, data):
        always = {"mlscribe.version", "mlscribe.compiler", "mlscribe.cxx_standard", "mlscribe.host", "mlscribe.git.dirty"}
        return {key: value for key, value in data.tags.items() if key.startswith("mlscribe.") and key not in always}

    def test_iris(self):
        data, points = self.train("iris", "iris")
        self.assert_metrics(data, points, {key: range(200) for key in ["train/loss", "val/accuracy", "epoch_seconds"]})
        self.assertEqual(data.params, {"C": "0.1", "solver": "gradient_descent", "epochs": "200"})
        self.assertGreaterEqual(data.metrics["val/accuracy"], 0.9)
        self.assertEqual(self.own_tags(data), {})

    def test_nested_batches(self):
        data, points = self.train("nested_batches")
        each_epoch = range(5)
        per_epoch = ["train/loss.mean", "train/loss.min", "train/loss.max", *SECONDS]
        per_epoch += ["batch/seconds." + value for value in ["mean", "min", "max", "count"]]
        self.assert_metrics(data, points, {"batch/loss": range(100), **{key: each_epoch for key in per_epoch}})
        losses = [value for _, value in points("batch/loss")]
        for epoch in each_epoch:
            batches = losses[20 * epoch:20 * epoch + 20]
            self.assertAlmostEqual(points("train/loss.mean")[epoch][1], sum(batches) / 20, places=12)
            self.assertEqual(points("train/loss.min")[epoch][1], min(batches))
            self.assertEqual(points("train/loss.max")[epoch][1], max(batches))
            self.assertEqual(points("batch/seconds.count")[epoch][1], 20)
        self.assertAlmostEqual(float(data.params["slope"]), 3, places=1)
        self.assertEqual(self.own_tags(data), {})

    def test_gradient_accumulation(self):
        data, points = self.train("gradient_accumulation")
        steps = range(10)
        expected = {key: steps for key in ["train/loss", "train/smooth_loss", "train/gradient"]}
        self.assert_metrics(data, points, {**expected, "step_seconds": [9]})
        self.assertLess(points("train/loss")[9][1], points("train/loss")[0][1] / 3)
        # Smooth: behind the loss while that falls.
        self.assertGreater(points("train/smooth_loss")[9][1], points("train/loss")[9][1])

    def test_validation(self):
        data, points = self.train("validation")
        validated = [24, 49, 74, 99]
        keys = ["val/loss", "val/loss.p50", "val/loss.p90", "val/loss.best", "val/loss.best_step"]
        expected = {key: validated for key in keys}
        self.assert_metrics(data, points, {**expected, "train/loss": range(0, 100, 10), "step_seconds": [99]})
        self.assertEqual(data.metrics["val/loss.best"], min(value for _, value in points("val/loss")))
        self.assertEqual(data.metrics["val/loss.best_step"], 99)

    def test_early_stopping(self):
        data, points = self.train("early_stopping")
        last = int(data.tags["stopped_at"])
        self.assertTrue(3 < last < 100)
        epochs = range(last + 1)
        losses = points("val/loss")
        lows = [step for step, value in losses if value == min(v for s, v in losses if s <= step)]
        expected = {"val/loss": epochs, "train/loss": epochs, "epoch_seconds": epochs}
        self.assert_metrics(data, points, {**expected, "val/loss.best": lows, "val/loss.best_step": lows})
        self.assertEqual(self.own_tags(data), {"mlscribe.partial_step.train/loss": str(last)})

    def test_openmp_workers(self):
        data, points = self.train("openmp_workers")
        epochs = range(10)
        self.assert_metrics(data, points, {key: epochs for key in ["loss.mean", "loss.max", "loss.count", "epoch_seconds"]})
        self.assertEqual({value for _, value in points("loss.count")}, {64})
        for (_, mean), (_, highest) in zip(points("loss.mean"), points("loss.max")):
            self.assertLess(mean, highest)

    def test_learning_rates(self):
        reader, start = self.program("learning_rates")
        start()
        runs = self.runs(reader, "sweeps")
        [sweep] = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
        children = [run for run in runs if run.data.tags.get("mlflow.parentRunId") == sweep.info.run_id]
        self.assertEqual(len(children), len(runs) - 1)
        self.assertEqual({(run.data.params["rate"], run.data.params["momentum"]) for run in children},
                         {(rate, momentum) for rate in ["0.01", "0.1", "1.0"] for momentum in ["0.0", "0.5"]})
        best = min(children, key=lambda run: run.data.metrics["val/loss"])
        self.assertEqual(sweep.data.tags["best_run"], best.info.run_id)
        self.assertEqual(sweep.data.metrics["val/loss"], best.data.metrics["val/loss"])
        self.assertEqual(sweep.data.params, {"best." + key: value for key, value in best.data.params.items()})
        for run in children:
            self.assertEqual([m.step for m in reader.get_metric_history(run.info.run_id, "train/loss")], list(range(10)))

    def test_xgboost_rounds(self):
        data, points = self.train("xgboost_rounds", "libraries")
        keys = [part + "/" + metric for part in ["train", "val"] for metric in ["mlogloss", "merror"]]
        self.assert_metrics(data, points, {key: range(20) for key in [*keys, "epoch_seconds"]})
        losses = [value for _, value in points("train/mlogloss")]
        self.assertEqual(losses, sorted(losses, reverse=True))
        self.assertLess(data.metrics["val/merror"], 0.1)
        self.assertEqual(data.params["eta"], "0.3")

    def test_eigen_perceptron(self):
        data, points = self.train("eigen_perceptron", "libraries")
        epochs = range(40)
        keys = ["train/loss.mean", "train/loss.max", "train/gradient", "val/accuracy", "epoch_seconds"]
        values = ["count", "min", "p5", "p25", "p50", "p75", "p95", "max", "mean"]
        drawn = {"hidden/weights." + value: [9, 19, 29, 39] for value in values}
        self.assert_metrics(data, points, {**{key: epochs for key in keys}, **drawn})
        self.assertGreaterEqual(data.metrics["val/accuracy"], 0.9)

    def test_model_of_eigen_perceptron(self):
        reader, start = self.program("eigen_perceptron")
        start()
        [run] = self.runs(reader, "libraries")
        model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/flowers")
        one_of_each = [[5.1, 3.5, 1.4, 0.2], [7.0, 3.2, 4.7, 1.4], [6.3, 3.3, 6.0, 2.5]]
        self.assertEqual(list(model.predict(numpy.array(one_of_each, numpy.float32))["species"]), [0, 1, 2])

    def test_dlib_trainer(self):
        reader, start = self.program("dlib_trainer")
        start("10")
        [run] = self.runs(reader, "libraries")
        start("20", run.info.run_id)
        [run] = self.runs(reader, "libraries")
        for key in ["train/loss", "train/learning_rate", "val/accuracy"]:
            history = reader.get_metric_history(run.info.run_id, key)
            self.assertEqual([m.step for m in history], list(range(20)), key)
        rates = [m.value for m in reader.get_metric_history(run.info.run_id, "train/learning_rate")]
        for before, after in zip(rates, rates[1:]):
            self.assertAlmostEqual(after, 0.95 * before, places=9)
        self.assertLess(run.data.metrics["train/loss"], 0.5)


if __name__ == "__main__":
    unittest.main()
