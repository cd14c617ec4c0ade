# SPDX-License-Identifier: MIT
"""The loops of examples/loops leave what a person expects of them, as MLflow reads it."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from driver import *

PROGRAMS = {pathlib.Path(program).name: program for program in os.environ["MLSCRIBE_LOOPS"].split(":")}
SECONDS = ["epoch_seconds", "step_seconds"]


class Loops(unittest.TestCase):
    def train(self, name, experiment_name="loops"):
        """The run that a program leaves: its data, and the (step, value) pairs of a metric."""
        if name not in PROGRAMS:
            self.skipTest(name + " is not built: no OpenMP")
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        here = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
        subprocess.run([PROGRAMS[name]], cwd=scratch.name, env=here, check=True)
        reader = client(pathlib.Path(scratch.name, "mlruns"))
        experiment = reader.get_experiment_by_name(experiment_name)
        [run] = reader.search_runs([experiment.experiment_id])
        self.assertEqual(run.info.status, "FINISHED")

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


if __name__ == "__main__":
    unittest.main()
