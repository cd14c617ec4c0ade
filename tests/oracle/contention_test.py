# SPDX-License-Identifier: MIT
"""64 processes log 20 runs each at once into a store that none has made yet; MLflow reads every one."""
import collections
import pathlib
import subprocess
import tempfile
import unittest

from driver import *

PROCESSES, RUNS = 64, 20


class Contention(unittest.TestCase):
    def test_every_run_is_there_once(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        root = pathlib.Path(scratch.name, "mlruns")
        subprocess.run([os.environ["MLSCRIBE_CONTENTION"], str(PROCESSES), str(RUNS), "into", str(root)], check=True)
        reader = client(root)
        experiments = all_experiments(reader)
        names = [e.name for e in experiments]
        self.assertEqual(sorted(names), ["Default", "of all"] + [f"sweep {i}" for i in range(5)])
        ids = collections.Counter()
        run_names = collections.Counter()
        for experiment in experiments:
            self.assertEqual(reader.get_experiment_by_name(experiment.name).experiment_id, experiment.experiment_id)
            for run in all_runs(reader, experiment.experiment_id):
                ids[run.info.run_id] += 1
                run_names[run.info.run_name] += 1
                self.assertEqual(run.info.status, "FINISHED")
                self.assertEqual(run.data.params, {"name": run.info.run_name})
                self.assertEqual(run.data.metrics, {"loss": 1.0})
                self.assertEqual(run.data.tags["done"], run.info.run_name)
        self.assertEqual(set(ids.values()), {1})
        self.assertEqual(set(run_names), {f"{i}.{k}" for i in range(PROCESSES) for k in range(RUNS)})
        self.assertEqual(len(ids), PROCESSES * RUNS)
        self.assertEqual(sum(run_names.values()), PROCESSES * RUNS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
