# SPDX-License-Identifier: MIT
"""MLflow reads the runs of one program with two versions of the library, in the store MLSCRIBE_STORE; `package.single_header` asks."""
import math
import os
import unittest

from driver import *

VALUES = {"a falling curve": [math.exp(-0.1 * epoch) for epoch in range(50)],
          "another version": [float(i) for i in range(20)]}


class TwoVersions(unittest.TestCase):
    def test_the_runs_of_both(self):
        warnings = Warnings()
        reader = client(os.environ["MLSCRIBE_STORE"])
        experiment = reader.get_experiment_by_name("quick start")
        runs = {run.info.run_name: run for run in all_runs(reader, experiment.experiment_id)}
        self.assertEqual(set(runs), set(VALUES))
        versions = {name: run.data.tags["mlscribe.version"] for name, run in runs.items()}
        self.assertRegex(versions["another version"], r"^999\.")
        self.assertNotRegex(versions["a falling curve"], r"^999\.")
        for name, values in VALUES.items():
            with self.subTest(run=name):
                self.assertEqual(runs[name].info.status, "FINISHED")
                points = history(reader, runs[name].info.run_id, "train/loss")
                self.assertEqual([value for _, value, _ in points], [bits(value) for value in values])
                self.assertEqual(runs[name].data.metrics["train/loss"], values[-1])
        self.assertEqual(runs["a falling curve"].data.params, {"learning_rate": "0.05", "optimizer": "sgd"})
        self.assertEqual(warnings.texts, [])


if __name__ == "__main__":
    unittest.main()
