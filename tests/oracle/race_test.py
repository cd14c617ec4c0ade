# SPDX-License-Identifier: MIT
"""Many processes start at once, and some are killed while they do; MLflow reads the store at every instant."""
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import unittest

import yaml

from driver import *
from seed import seed

PROCESSES, ROUNDS, KILLED_STARTS = 32, 10, 200
EXPERIMENT_KEYS = {"artifact_location", "creation_time", "experiment_id", "last_update_time", "lifecycle_stage", "name"}
RUN_KEYS = {"artifact_uri", "end_time", "entry_point_name", "experiment_id", "lifecycle_stage", "run_id", "run_name",
            "run_uuid", "source_name", "source_type", "source_version", "start_time", "status", "tags", "user_id"}


def start(experiment, name, parent=""):
    return "start " + " ".join(map(hexed, (experiment, name, "", parent, ""))) + "\n"


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
                process.stdin.write(start(f"sweep {i}", "run"))
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

    def test_children_of_one_parent(self):
        with Driver(self.root) as cpp:
            parent = cpp.start("nested", "parent")
            meta = self.root / parent.experiment_id / parent.id / "meta.yaml"
            for while_open in (True, False):
                before = meta.read_bytes()
                processes = [self.spawn() for _ in range(8)]
                for process in processes:
                    process.stdin.write(start("nested", "child", parent.id))
                for process in processes:
                    process.stdin.close()
                for process in processes:
                    self.assertTrue(process.stdout.read().startswith("ok "))
                    self.assertEqual(process.wait(60), 0)
                    process.stdout.close()
                self.assertEqual(meta.read_bytes(), before)
                if while_open:
                    parent.end()
        reader = client(self.root)
        children = reader.search_runs([parent.experiment_id], f"tags.mlflow.parentRunId = '{parent.id}'")
        self.assertEqual([r.info.run_name for r in children], ["child"] * 16)

    def test_killed_creators_block_nobody(self):
        draw = random.Random(seed(3))
        with Driver(self.root) as cpp:
            cpp.start("warm", "up")
            began = time.monotonic()
            for i in range(5):
                cpp.start("warm", "up")
            a_start = (time.monotonic() - began) / 5
        reader = client(self.root)
        half_made, complete = set(), 0
        for i in range(KILLED_STARTS):
            before = set(self.root.glob("*/*/"))
            process = self.spawn()
            process.stdin.write("experiments\n")
            process.stdin.flush()
            process.stdout.readline()  # the process is up: what is killed is the start of a run
            process.stdin.write(start(f"killed {i % 7}", "run"))
            process.stdin.flush()
            time.sleep(draw.uniform(0, 1.5 * a_start))
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdin.close()
            process.stdout.close()
            complete += sum(made.name not in ("tags", "datasets") for made in set(self.root.glob("*/*/")) - before)
            half_made.update(self.root.glob("*/datasets/.mlscribe-starting/*/"))
            if i % 10 == 0:
                for experiment in all_experiments(reader):
                    all_runs(reader, experiment.experiment_id)
                    # What the UI asks for; it fails on a directory without meta.yaml.
                    reader._tracking_client.store._search_datasets([experiment.experiment_id])
        print(f"{len(half_made)} half-made, {complete} complete, a start takes {1000 * a_start:.1f} ms")
        self.assertTrue(half_made)
        for meta in self.root.glob("*/*/meta.yaml"):
            self.assertEqual(set(yaml.safe_load(meta.read_text())), RUN_KEYS)
        for meta in self.root.glob("*/meta.yaml"):
            self.assertEqual(set(yaml.safe_load(meta.read_text())), EXPERIMENT_KEYS)
        with Driver(self.root) as cpp:
            for i in range(7):
                cpp.start(f"killed {i}", "after").end()
        warnings = Warnings()
        for i in range(7):
            experiment = reader.get_experiment_by_name(f"killed {i}")
            runs = all_runs(reader, experiment.experiment_id)
            self.assertEqual([r.info.status for r in runs if r.info.run_name == "after"], ["FINISHED"])
            self.assertEqual({r.info.status for r in runs if r.info.run_name == "run"} - {"RUNNING"}, set())
            folders = self.root.glob(experiment.experiment_id + "/*/meta.yaml")
            self.assertEqual({r.info.run_id for r in runs}, {meta.parent.name for meta in folders})
        names = [e.name for e in all_experiments(reader)]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(warnings.texts, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
