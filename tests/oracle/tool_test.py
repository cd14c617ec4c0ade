# SPDX-License-Identifier: MIT
"""MLflow sees what the command-line tool deletes and restores, and the tool sees what MLflow does."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from driver import *


class Tool(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name, "mlruns")
        self.reader = client(self.root)
        self.experiment = self.reader.create_experiment("trials")
        self.runs = [self.reader.create_run(self.experiment, run_name=name).info.run_id for name in ("first", "second")]

    def tool(self, *words):
        done = subprocess.run([os.environ["MLSCRIBE_TOOL"], *words, "-s", str(self.root), "--json"], check=True, capture_output=True)
        return json.loads(done.stdout)

    def seen(self, view):
        return {run.info.run_id for run in self.reader.search_runs([self.experiment], run_view_type=view)}

    def shown(self, view):
        done = subprocess.run([os.environ["MLSCRIBE_TOOL"], "ls", "-s", str(self.root), "--json", "--view", view], capture_output=True)
        return {run["info"]["run_id"] for run in json.loads(done.stdout)["runs"]}

    def test_rm_and_restore(self):
        first, second = self.runs
        self.tool("rm", "first")
        self.assertEqual((self.seen(ViewType.ACTIVE_ONLY), self.seen(ViewType.DELETED_ONLY)), ({second}, {first}))
        self.assertEqual(self.reader.get_run(first).info.lifecycle_stage, "deleted")
        self.tool("restore", "first")
        self.assertEqual((self.seen(ViewType.ACTIVE_ONLY), self.seen(ViewType.DELETED_ONLY)), ({first, second}, set()))

    def test_what_mlflow_deletes(self):
        first, second = self.runs
        self.reader.delete_run(second)
        self.assertEqual((self.shown("active"), self.shown("deleted")), ({first}, {second}))
        self.tool("restore", "second")
        self.reader.log_metric(second, "loss", 0.5)
        self.assertEqual(self.tool("show", "second")["data"]["metrics"], {"loss": 0.5})


if __name__ == "__main__":
    unittest.main()
