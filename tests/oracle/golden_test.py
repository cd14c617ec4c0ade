# SPDX-License-Identifier: MIT
"""Trees that MLflow 2 and 3 wrote are read by the library's readers without loss."""
import os
import pathlib
import shutil
import tempfile
import unittest

from driver import *

GOLDEN = pathlib.Path(os.environ["MLSCRIBE_GOLDEN"])
# MLflow 2 cannot read the metrics with a dataset that MLflow 3 writes.
TREES = ["golden_v2/mlruns", "golden_v3/portable_mlruns"] + (["golden_v3/mlruns"] if VERSION >= 3 else [])


class Golden(unittest.TestCase):
    def test_trees(self):
        for tree in TREES:
            with self.subTest(tree=tree), tempfile.TemporaryDirectory() as scratch:
                root = pathlib.Path(scratch, "mlruns")
                shutil.copytree(GOLDEN / tree, root)
                with Driver(root) as cpp:
                    self.compare(client(root), cpp)

    def compare(self, reader, cpp):
        words = cpp.call("experiments")
        self.assertEqual(words[-1], "0")
        rows = [words[i:i + 6] for i in range(0, len(words) - 2, 6)]
        ours = {text(r[0]): (*map(text, r[1:4]), int(r[4]), int(r[5])) for r in rows}
        theirs = {e.experiment_id: (e.name, e.artifact_location, e.lifecycle_stage, e.creation_time,
                                    e.last_update_time) for e in all_experiments(reader)}
        self.assertEqual(ours, theirs)
        points = 0
        for experiment in theirs:
            for run in all_runs(reader, experiment):
                points += self.compare_run(reader, run, cpp.call("run", hexed(run.info.run_id)))
        self.assertGreater(points, 20)

    def compare_run(self, reader, run, words):
        info = run.info
        self.assertEqual([text(w) for w in words[:4]], [info.run_name, info.experiment_id, info.user_id, info.status])
        self.assertEqual(int(words[4]), info.start_time)
        self.assertEqual(int(words[5]), -1 if info.end_time is None else info.end_time)
        self.assertEqual([text(w) for w in words[6:8]], [info.lifecycle_stage, info.artifact_uri])
        metrics, key = {}, None
        rest = words[8:]
        while rest:
            if rest[0] == "m":
                key, rest = text(rest[1]), rest[2:]
                metrics[key] = []
            else:
                metrics[key].append((int(rest[0]), rest[1], int(rest[2])))
                rest = rest[3:]
        nan = bits(float("nan"))
        theirs = {k: [(t, nan if double(b) != double(b) else b, s) for t, b, s in history(reader, info.run_id, k)]
                  for k in run.data.metrics}
        self.assertEqual(metrics, theirs)
        return sum(map(len, theirs.values()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
