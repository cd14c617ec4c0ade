# SPDX-License-Identifier: MIT
"""Runs of MPI jobs, as MLflow reads them: of every policy, of the example, and of a job that was killed."""
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from driver import *

DRIVER = os.environ["MLSCRIBE_MPI_DRIVER"]
LAUNCH = [os.environ["MLSCRIBE_MPIEXEC"], os.environ["MLSCRIBE_MPIEXEC_FLAG"], "4", DRIVER]
HERE = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}


class Jobs(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def reader(self):
        return client(self.folder / "mlruns")

    def only_run(self, experiment):
        [run] = all_runs(self.reader(), self.reader().get_experiment_by_name(experiment).experiment_id)
        return run

    def points(self, run, key):
        return [(m.step, m.value) for m in self.reader().get_metric_history(run.info.run_id, key)]

    def test_policies(self):
        subprocess.run([*LAUNCH, "policies", "blocking"], cwd=self.folder, env=HERE, check=True, timeout=120)
        warnings = Warnings()
        found = {each.name: all_runs(self.reader(), each.experiment_id) for each in all_experiments(self.reader())}
        self.assertEqual({name: len(runs) for name, runs in found.items() if runs},
                         {"first": 1, "every": 4, "children": 4, "one": 1, "node": 1})
        for policy, runs in found.items():
            sums = [(run, key) for run in runs for key in run.data.metrics if key.split("/")[-1] == "sum"]
            self.assertEqual(len(sums), 1 if runs else 0, policy)
            for run, key in sums:
                self.assertEqual(self.points(run, key), [(0, 6), (1, 6), (2, 6)], policy)
            self.assertEqual({run.info.status for run in runs} - {"FINISHED"}, set())
        [parent] = [run for run in found["children"] if "sum" in run.data.metrics]
        parents = [run.data.tags["mlflow.parentRunId"] for run in found["children"] if run is not parent]
        self.assertEqual(parents, [parent.info.run_id] * 3)
        [one] = found["one"]
        self.assertEqual({key: one.data.metrics[key] for key in one.data.metrics if key.endswith("own")},
                         {"own": 0, "rank_1/own": 1, "rank_2/own": 2, "rank_3/own": 3})
        self.assertEqual(warnings.texts, [])

    def test_example(self):
        if "MLSCRIBE_DATA_PARALLEL" not in os.environ:
            self.skipTest("the examples are not built")
        subprocess.run([os.environ["MLSCRIBE_DATA_PARALLEL"]], cwd=self.folder, env=HERE, check=True, timeout=120)
        run = self.only_run("loops")
        keys = ["loss.mean", "loss.max", "loss.max_rank", "loss.count", "epoch_seconds"]
        keys += ["seconds." + value for value in ["mean", "min", "max", "count", "slowest_rank"]]
        self.assertEqual(set(run.data.metrics), set(keys))
        for key in keys:
            self.assertEqual([step for step, _ in self.points(run, key)], list(range(10)), key)
        self.assertEqual({value for _, value in self.points(run, "loss.count")}, {62})
        self.assertEqual({value for _, value in self.points(run, "seconds.slowest_rank")}, {2})
        self.assertGreaterEqual(min(value for _, value in self.points(run, "seconds.max")), 0.02)

    def test_killed(self):
        job = subprocess.Popen([*LAUNCH, "endless", "blocking"], cwd=self.folder, env=HERE,
                               stderr=subprocess.DEVNULL)
        for _ in range(600):
            if (self.folder / "ready").exists():
                break
            time.sleep(0.1)
        os.kill(int((self.folder / "pid.0").read_text()), signal.SIGKILL)
        job.wait(60)
        self.assertEqual(self.only_run("ranks").info.status, "RUNNING")
        subprocess.run([DRIVER, "look", "RUNNING"], cwd=self.folder, env=HERE, check=True, timeout=60)
        run = self.only_run("ranks")
        self.assertEqual(run.info.status, "KILLED")
        points = self.points(run, "ones")
        self.assertGreater(len(points), 10)
        self.assertEqual(points, [(step, 4) for step in range(len(points))])


if __name__ == "__main__":
    unittest.main()
