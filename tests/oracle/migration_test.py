# SPDX-License-Identifier: MIT
"""Stores of all kinds of trouble, copied together, migrate into a database without a lost row."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from driver import *


# Of each case. How many of the killed starts came far enough to be seen is the machine's matter.
RUNS = {"killed_starts": range(1, 42), "killed_runs": [7], "torn_lines": [4], "keys": [2], "params": [1], "names": [11], "values": [1],
        "repeats": [1], "rolled_back": [1], "thinned": [1], "ends": [3], "processes": [9], "threads": [1]}


class Migration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        here = pathlib.Path(scratch.name)
        cases = subprocess.run([os.environ["MLSCRIBE_CASE_STORES"], here / "cases"], check=True, capture_output=True,
                               text=True).stdout.split()
        assert cases == list(RUNS), cases
        cls.root = here / "mlruns"
        client(cls.root).search_experiments()  # MLflow makes the store
        for case in cases:
            for experiment in (here / "cases" / case / "mlruns").glob("[1-9]*"):
                assert len(experiment.name) == 18
                shutil.copytree(experiment, cls.root / experiment.name, symlinks=True)
        cls.cases = set(cases)

    def test_mlflow_reads_it(self):
        warnings, reader = Warnings(), client(self.root)
        self.assertEqual({e.name for e in all_experiments(reader)}, self.cases | {"Default"})
        folders = {meta.parent.name for meta in self.root.glob("*/*/meta.yaml")}
        found = {e.name: all_runs(reader, e.experiment_id) for e in all_experiments(reader)}
        for case, counts in RUNS.items():
            self.assertIn(len(found[case]), counts, case)
        runs = [run for of_one in found.values() for run in of_one]
        self.assertEqual({run.info.run_id for run in runs}, folders)
        for run in runs:
            for key in run.data.metrics:
                self.assertTrue(history(reader, run.info.run_id, key), key)
        self.assertEqual(warnings.texts, [])

    if VERSION >= 3:  # MLflow 2 cannot migrate
        def test_migration(self):
            with tempfile.TemporaryDirectory() as here:
                database = os.path.join(here, "x.db")
                migrate(self.root, database)
                with sqlite3.connect(database) as rows:
                    def count(table):
                        return rows.execute("select count(*) from " + table).fetchone()[0]

                    runs = [meta.parent for meta in self.root.glob("*/*/meta.yaml")]

                    def files(kind):
                        return [path for run in runs for path in (run / kind).glob("**/*") if path.is_file()]

                    self.assertEqual(count("experiments"), len(self.cases) + 1)
                    self.assertEqual(count("runs"), len(runs))
                    self.assertEqual(count("datasets"), 0)
                    self.assertEqual(count("params"), len(files("params")))
                    self.assertEqual(count("tags"), len(files("tags")))
                    points = sum(len(path.read_text().splitlines()) for path in files("metrics"))
                    self.assertEqual(count("metrics"), points)
                    print(f"{len(runs)} runs, {points} points")


if __name__ == "__main__":
    unittest.main(verbosity=2)
