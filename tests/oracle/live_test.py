# SPDX-License-Identifier: MIT
"""MLflow reads a run and logs to its metric while C++ writes it at full speed, on every file system that this machine
can mount."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import traceback
import unittest

from driver import *

BURSTS, BURST = 20, 5000
os.environ["MLSCRIBE_FLUSH_MS"] = "1"


class Live(unittest.TestCase):
    def mounted(self, kind):
        """A directory on a file system of that kind; skips the test where it cannot be had."""
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        if kind is None:
            return scratch.name
        place = pathlib.Path(scratch.name, "disk")
        image = pathlib.Path(scratch.name, "image")
        place.mkdir()
        if kind == "tmpfs":
            commands = [["mount", "-t", "tmpfs", "none", place]]
        else:
            with open(image, "wb") as file:
                file.truncate(320 << 20)
            path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
            make = shutil.which("mkfs." + kind, path=path) or "mkfs." + kind
            commands = [[make, image], ["mount", "-o", "loop", image, place]]
        for command in commands:
            try:
                subprocess.run(command, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as failure:
                self.skipTest(f"{kind}: {failure}")
        self.addCleanup(subprocess.run, ["umount", "-l", place], check=True)
        return str(place)

    def write_under_eyes(self, kind):
        root = pathlib.Path(self.mounted(kind), "mlruns")
        reader, warnings = client(root), Warnings()
        failures, polls, stop = [], [0], threading.Event()

        def guarded(action):
            try:
                action()
            except Exception:
                failures.append(traceback.format_exc())

        with Driver(root) as cpp:
            run = cpp.start("live", "live")
            run.metric("loss", -0.5)
            run.metric("quiet", 1.0)
            run.flush()

            def poll():
                while not stop.is_set() or not polls[0]:
                    metrics = reader.get_run(run.id).data.metrics
                    assert set(metrics) == {"loss", "quiet"}, metrics
                    polls[0] += 1

            def log():
                while not stop.is_set() or self.logged < 20:
                    reader.log_metric(run.id, "loss", -1.0 - self.logged, step=10**6 + self.logged)
                    self.logged += 1

            self.logged = 0
            threads = [threading.Thread(target=guarded, args=(action,)) for action in (poll, log)]
            for thread in threads:
                thread.start()
            for i in range(BURSTS):
                run.call("burst", hexed("loss"), i * BURST, (i + 1) * BURST)
            stop.set()
            for thread in threads:
                thread.join()
            run.end()
        self.assertEqual(failures, [])
        self.assertEqual(warnings.texts, [])
        values = [double(row[1]) for row in history(reader, run.id, "loss")]
        cpp_rows = [value for value in values if value >= 0]
        self.assertEqual(len(cpp_rows), BURSTS * BURST)
        self.assertTrue(all(value == i / 3 for i, value in enumerate(cpp_rows)))
        self.assertEqual([value for value in values if value <= -1], [-1.0 - i for i in range(self.logged)])
        self.assertEqual(reader.get_run(run.id).info.status, "FINISHED")
        print(f"{kind or 'temporary directory'}: {len(cpp_rows)} points of C++, {self.logged} of Python, {polls[0]} polls")

    def test_temporary_directory(self):
        self.write_under_eyes(None)

    def test_tmpfs(self):
        self.write_under_eyes("tmpfs")

    def test_ext4(self):
        self.write_under_eyes("ext4")

    def test_xfs(self):
        self.write_under_eyes("xfs")

    def test_btrfs(self):
        self.write_under_eyes("btrfs")


if __name__ == "__main__":
    unittest.main(verbosity=2)
