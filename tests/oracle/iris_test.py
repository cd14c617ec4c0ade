# SPDX-License-Identifier: MIT
"""MLflow predicts with the model of examples/iris.cpp as that did; a scikit-learn run stands beside it."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from driver import *

import numpy
from sklearn.linear_model import LogisticRegression


class Iris(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        here = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
        subprocess.run([os.environ["MLSCRIBE_IRIS"]], cwd=scratch.name, env=here, check=True)
        root = pathlib.Path(scratch.name, "mlruns")
        self.reader = client(root)
        mlflow.set_tracking_uri(str(root))
        self.experiment = self.reader.get_experiment_by_name("iris").experiment_id
        [self.made] = self.reader.search_runs([self.experiment])
        held_out = pathlib.Path(root, self.experiment, self.made.info.run_id, "artifacts", "validation")
        self.measures = numpy.load(held_out / "measures.npy")
        self.species = numpy.load(held_out / "species.npy")

    def accuracy(self, predicted):
        return float(numpy.mean(predicted == self.species))

    def test_python_reproduces_the_accuracy(self):
        loaded = mlflow.pyfunc.load_model(f"runs:/{self.made.info.run_id}/iris_model")
        [probabilities] = loaded.predict(self.measures).values()
        self.assertEqual(self.measures.shape, (30, 4))
        self.assertEqual(self.accuracy(probabilities.argmax(axis=1)), self.made.data.metrics["val/accuracy"])
        [used] = self.made.inputs.dataset_inputs
        self.assertEqual((used.dataset.name, used.tags[0].value), ("iris", "training"))

    def test_a_scikit_learn_run_stands_beside_it(self):
        rows = [line.split(",") for line in pathlib.Path(os.environ["MLSCRIBE_IRIS_CSV"]).read_text().split()[1:]]
        names = ["setosa", "versicolor", "virginica"]
        x = numpy.array([row[:4] for row in rows], dtype=float)
        y = numpy.array([names.index(row[4]) for row in rows])
        # What C++ held out stays out; some flowers have a twin, which counts as often as it is there.
        left = [tuple(row) for row in self.measures]
        train = [i for i in range(len(x)) if tuple(x[i]) not in left or left.remove(tuple(x[i]))]
        self.assertEqual((len(x), len(train), left), (150, 120, []))
        with mlflow.start_run(experiment_id=self.experiment, run_name="scikit-learn") as run:
            classifier = LogisticRegression(C=0.1, max_iter=200).fit(x[train], y[train])
            mlflow.log_params({"C": 0.1, "solver": "lbfgs"})
            mlflow.log_metric("val/accuracy", self.accuracy(classifier.predict(self.measures)))
        found = self.reader.search_runs([self.experiment], "metrics.`val/accuracy` > 0.8 and params.C = '0.1'",
                                        order_by=["attributes.start_time"])
        self.assertEqual([r.info.run_id for r in found], [self.made.info.run_id, run.info.run_id])
        self.assertEqual({"C", "solver"} & set(found[0].data.params), {"C", "solver"} & set(found[1].data.params))


if __name__ == "__main__":
    unittest.main()
