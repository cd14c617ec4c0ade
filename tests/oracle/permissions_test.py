# SPDX-License-Identifier: MIT
"""Another user, who may not write, reads the store with MLflow."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from driver import *

READER = """
import sys
from driver import *
reader = client(sys.argv[1])
for experiment in all_experiments(reader):
    for run in all_runs(reader, experiment.experiment_id):
        print(run.info.run_name, run.data.params, len(history(reader, run.info.run_id, "train/loss")),
              artifact_tree(reader, run.info.run_id))
"""


class Permissions(unittest.TestCase):
    def test_read_only_store_of_somebody_else(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        root = pathlib.Path(scratch.name, "mlruns")
        before = os.umask(0o022)
        try:
            with Driver(root) as cpp:
                run = cpp.start("shared", "run")
                run.param("lr", 0.1)
                run.metric("train/loss", 0.5)
                run.log_text("x", "notes/a.txt")
                run.end()
        finally:
            os.umask(before)
        self.assertTrue((root / ".trash").is_dir())
        reader = [sys.executable, "-c", READER, str(root)]
        paths = [root, *root.glob("**/*")]
        if os.geteuid() == 0:
            # What root may do as the superuser it gives up; the store is nobody's.
            for path in paths:
                os.chown(path, 65534, 65534)
            if not shutil.which("setpriv"):
                self.skipTest("no setpriv")
            reader = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] + reader
            denied = subprocess.run(reader[:3] + ["touch", str(root / "file")], capture_output=True, text=True)
            self.assertIn("Permission denied", denied.stderr)
        else:
            for path in paths:
                path.chmod(path.stat().st_mode & ~0o222)
            self.addCleanup(lambda: [path.chmod(path.stat().st_mode | 0o200) for path in paths])
        environment = dict(os.environ, PYTHONPATH=str(pathlib.Path(__file__).parent))
        seen = subprocess.run(reader, capture_output=True, text=True, env=environment)
        self.assertEqual(seen.stdout.strip(), "run {'lr': '0.1'} 1 ['notes/a.txt']", seen.stderr[-2000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
