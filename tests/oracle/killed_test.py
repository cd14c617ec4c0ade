# SPDX-License-Identifier: MIT
"""Processes that log are killed at random instants while MLflow reads the store all the time."""
import os
import pathlib
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
import traceback
import unittest

from driver import *
from seed import seed

CHILDREN = 20
KEYS = ["loss", "group/accuracy", "group/deep/learning rate"]


class Poller(threading.Thread):
    """Asks for all runs and all histories, as the UI does; keeps what fails."""

    def __init__(self, reader):
        super().__init__()
        self.reader, self.stopped, self.failures, self.rounds, self.points = reader, False, [], 0, 0

    def run(self):
        longest = {}
        while not self.stopped:
            try:
                for experiment in all_experiments(self.reader):
                    for run in all_runs(self.reader, experiment.experiment_id):
                        for key in run.data.metrics:
                            rows = history(self.reader, run.info.run_id, key)
                            if len(rows) < longest.get((run.info.run_id, key), 0):
                                self.failures.append(f"{run.info.run_id} {key}: points went away")
                            longest[run.info.run_id, key] = len(rows)
                            self.points += len(rows)
                self.rounds += 1
            except Exception:
                self.failures.append(traceback.format_exc())


class Killed(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name, "mlruns")
        self.reader = client(self.root)

    def log_until_killed(self, name, seconds, flush=1, meanwhile=None):
        """Sends calls without waiting for their answers. Returns the run, and how many calls of each key were
        answered: these points are logged, and perhaps the next one."""
        environment = dict(os.environ, MLSCRIBE_FLUSH_MS=str(flush))
        process = subprocess.Popen([os.environ["MLSCRIBE_DRIVER"], str(self.root)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True, env=environment)
        process.stdin.write("start " + " ".join(map(hexed, ("killed", name, "", "", ""))) + "\n")
        process.stdin.flush()
        run_id = text(process.stdout.readline().split()[1])
        calls = [f"metric {hexed(run_id)} {hexed(key)} {bits(i / 3)}\n" for i in range(3000) for key in KEYS]

        def send():
            try:
                for call in calls:
                    process.stdin.write(call)
                    process.stdin.flush()
            except OSError:
                pass

        sender = threading.Thread(target=send)
        killer = threading.Timer(seconds, process.kill)
        sender.start()
        killer.start()
        if meanwhile:
            meanwhile(run_id)
        answered = 0
        for line in process.stdout:
            if not line.endswith("\n"):
                break  # the answer was cut; its call has returned
            self.assertTrue(line.startswith("ok"), line)
            answered += 1
            if answered == len(calls):
                process.kill()
        killer.cancel()
        process.wait()
        sender.join()
        process.stdout.close()
        try:
            process.stdin.close()
        except OSError:
            pass
        return run_id, [(answered + len(KEYS) - 1 - k) // len(KEYS) for k in range(len(KEYS))]

    def same(self, rows, expected):
        """As assertEqual, whose report on long lists takes minutes."""
        wrong = [(i, row, wanted) for i, (row, wanted) in enumerate(zip(rows, expected)) if row != wanted]
        self.assertEqual(wrong[:3], [])
        self.assertEqual(len(rows), len(expected))

    def check(self, run_id, logged):
        metrics = self.reader.get_run(run_id).data.metrics
        for key, count in zip(KEYS, logged):
            rows = history(self.reader, run_id, key) if key in metrics else []
            self.assertIn(len(rows), (count, count + 1), key)
            self.same([row[1:] for row in rows], [(bits(i / 3), i) for i in range(len(rows))])

    def test_killed_while_mlflow_reads(self):
        draw = random.Random(seed(5))
        warnings = Warnings()
        with Driver(self.root) as cpp:
            cpp.client("create_experiment", "killed")
        poller = Poller(client(self.root))
        poller.start()
        logged = {}
        try:
            for i in range(CHILDREN):
                run_id, counts = self.log_until_killed(f"child {i}", draw.uniform(0, 0.25), draw.choice((1, 10, 100, 1000)))
                logged[run_id] = counts
                seen = poller.rounds
                while i % 3 == 2 and poller.rounds == seen and not poller.failures:  # MLflow has read what is left
                    time.sleep(0.01)
                if i % 4 == 3:  # a crash does not keep the run from going on
                    with Driver(self.root) as cpp:
                        cpp.resume(run_id).end()
                    self.check(run_id, counts)
            with Driver(self.root) as cpp:
                recovered = int(cpp.call("recover")[0])
                self.assertEqual(cpp.call("recover"), ["0"])
        finally:
            poller.stopped = True
            poller.join()
        self.assertEqual(poller.failures, [])
        self.assertEqual(warnings.texts, [])
        points = sum(map(sum, logged.values()))
        print(f"{points} points logged, {recovered} of them recovered; {poller.rounds} rounds of MLflow saw {poller.points}")
        self.assertGreater(poller.rounds, 5)
        self.assertEqual(len(logged), CHILDREN)
        for i, (run_id, counts) in enumerate(logged.items()):
            self.check(run_id, counts)
            info = self.reader.get_run(run_id).info
            self.assertEqual(info.status, "FINISHED" if i % 4 == 3 else "KILLED")
            if i % 4 != 3 and sum(counts):
                last = max(row[0] for key in self.reader.get_run(run_id).data.metrics
                           for row in history(self.reader, run_id, key))
                self.assertEqual(info.end_time, last)
        self.assertEqual(list(self.root.glob("*/*/.mlscribe-*")), [])
        if VERSION >= 3:  # MLflow 2 cannot migrate
            self.migrate(points)

    def test_python_logs_the_same_key(self):
        draw = random.Random(1)

        def log(run_id):
            for i in range(100):
                self.reader.log_metric(run_id, "loss", -1.0 - i, step=i)

        for i in range(4):
            run_id, logged = self.log_until_killed(f"shared {i}", draw.uniform(0.02, 0.2), 1, log)
            with Driver(self.root) as cpp:
                cpp.call("recover")
            rows = [row[1:] for row in history(self.reader, run_id, "loss")]
            python = [(bits(-1.0 - n), n) for n in range(100)]
            self.same([row for row in rows if double(row[0]) < 0], python)
            others = [row for row in rows if double(row[0]) >= 0]
            self.assertIn(len(others), (logged[0], logged[0] + 1))
            first = others[0][1] if others else 0  # Python's first points may have been there
            self.same(others, [(bits(n / 3), first + n) for n in range(len(others))])
            self.assertEqual(self.reader.get_run(run_id).info.status, "KILLED")

    def migrate(self, points):
        with tempfile.TemporaryDirectory() as here:
            database = os.path.join(here, "migrated.db")
            migrate(self.root, database)
            connection = sqlite3.connect(database)
            rows, = connection.execute("SELECT count(*) FROM metrics").fetchone()
            runs, = connection.execute("SELECT count(*) FROM runs").fetchone()
            connection.close()
        self.assertEqual(runs, CHILDREN)
        # A point that was in flight when its process was killed may be there.
        self.assertIn(rows - points, range(CHILDREN + 1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
