# SPDX-License-Identifier: MIT
"""Many processes start at once, and some are killed while they do; MLflow reads the store at every instant."""
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import unittest

from driver import *

PROCESSES, ROUNDS, KILLED_STARTS = 32, 5, 200


class Race(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name, "mlruns")

    def spawn(self):
        return subprocess.Popen([os.environ["MLSCRIBE_DRIVER"], str(self.root)], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)

    def test_one_experiment_for_all(self):
        for i in range(ROUNDS):
            processes = [self.spawn() for _ in range(PROCESSES)]
            for process in processes:
                process.stdin.write("start " + " ".join(map(hexed, (f"sweep {i}", "run", "", "", ""))) + "\n")
            for process in processes:  # all are waiting for the line
                process.stdin.close()
            answers = [process.stdout.read().split() for process in processes]
            for process in processes:
                self.assertEqual(process.wait(60), 0)
                process.stdout.close()
            self.assertEqual({a[0] for a in answers}, {"ok"})
            self.assertEqual(len({a[2] for a in answers}), 1)
        reader = client(self.root)
        names = [e.name for e in all_experiments(reader)]
        self.assertEqual(sorted(names), sorted(["Default"] + [f"sweep {i}" for i in range(ROUNDS)]))
        for experiment in all_experiments(reader):
            found = all_runs(reader, experiment.experiment_id)
            self.assertEqual(len(found), 0 if experiment.name == "Default" else PROCESSES)

    def test_killed_creators_block_nobody(self):
        seed = time.time_ns() % 1000000
        print("seed", seed)
        draw = random.Random(seed)
        reader = client(self.root)
        for i in range(KILLED_STARTS):
            process = self.spawn()
            process.stdin.write("start " + " ".join(map(hexed, (f"killed {i % 7}", "run", "", "", ""))) + "\n")
            process.stdin.flush()
            time.sleep(draw.uniform(0, 0.008))
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdin.close()
            process.stdout.close()
            if self.root.exists() and i % 10 == 0:
                for experiment in all_experiments(reader):
                    all_runs(reader, experiment.experiment_id)
        for meta in self.root.glob("*/*/meta.yaml"):
            self.assertIn("user_id: ", meta.read_text())
        with Driver(self.root) as cpp:
            for i in range(7):
                cpp.start(f"killed {i}", "after").end()
        for i in range(7):
            experiment = reader.get_experiment_by_name(f"killed {i}")
            runs = all_runs(reader, experiment.experiment_id)
            self.assertEqual([r.info.status for r in runs if r.info.run_name == "after"], ["FINISHED"])
            self.assertEqual({r.info.status for r in runs if r.info.run_name == "run"} - {"RUNNING"}, set())
        names = [e.name for e in all_experiments(reader)]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
