# SPDX-License-Identifier: MIT
"""Tables of C++ are MLflow's own: the same bytes and tag, the frame that was logged, and each appends to the other's."""
import json
import math
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np
import pandas as pd

from driver import *

FRAME = {"id": [1, -7, 3, 4, 5, 6, 7], "score": [0.5, math.nan, math.inf, 1e-5, 1e300, 1e17, 0.1],
         "text": ["a/b \"q\" \\ \n\t\x7f</script>", "\u00fc \U0001F600 \u2028", "", "01", "x", "x", "x"],
         "ok": [True, False, True, False, True, True, True]}


def ask(*words):
    return subprocess.run([os.environ["MLSCRIBE_TABLE_DRIVER"], *map(str, words)], check=True, capture_output=True,
                          text=True).stdout


class Tables(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name, "mlruns")
        self.reader = client(self.root)
        self.reader.search_experiments()
        self.id = ask("make", self.root).strip()
        self.run = self.reader.get_run(self.id)
        self.folder = self.root / self.run.info.experiment_id / self.id

    def load(self, path, **choices):
        return self.reader.load_table(self.run.info.experiment_id, path, run_ids=[self.id], **choices)

    def text(self, path, run_id=None):
        return (self.folder.parent / (run_id or self.id) / "artifacts" / path).read_bytes()

    def tables(self, run_id=None):
        return self.reader.get_run(run_id or self.id).data.tags["mlflow.loggedArtifacts"]

    def test_bytes_and_tag_are_those_of_mlflow(self):
        theirs = self.reader.create_run(self.run.info.experiment_id).info.run_id
        self.reader.log_table(theirs, FRAME, "plain.json")
        self.reader.log_table(theirs, {"a": [1, 2], "b": [3, 4]}, "eval/numbers.json")
        for path in ["plain.json", "eval/numbers.json"]:
            self.assertEqual(self.text(path), self.text(path, theirs))
        named = [entry["path"] for entry in json.loads(self.tables())]
        self.assertEqual(named, ["plain.json", "eval/predictions.json", "eval/numbers.json", "histograms/layer/w.json"])
        for path in named[:1] + named[2:3]:
            self.assertIn(json.dumps({"path": path, "type": "table"}), self.tables())
        self.assertEqual(json.dumps(json.loads(self.tables())), self.tables())

    def test_mlflow_loads_the_frame_that_was_logged(self):
        loaded = self.load("plain.json", extra_columns=["run_id"])
        expected = pd.DataFrame(FRAME).replace(math.inf, math.nan)
        expected["run_id"] = self.id
        pd.testing.assert_frame_equal(loaded, expected, check_dtype=False)
        self.assertEqual([loaded[name].dtype.kind for name in ["id", "score", "ok"]], ["i", "f", "b"])
        nested = self.load("eval/predictions.json")
        self.assertEqual(list(nested), ["id", "score", "text", "found.left", "found.hit", "wanted", "weights"])
        self.assertEqual(nested["id"].tolist(), [2 ** 63 - 1, 1])
        # pandas reads numbers to the last digit but one.
        np.testing.assert_allclose(nested["score"], [0.1 + 0.2, 1 / 3], rtol=1e-15)
        self.assertEqual(json.loads(self.text("eval/predictions.json"))["data"][0][1], 0.1 + 0.2)
        self.assertEqual(nested["found.hit"].tolist(), [True, False])
        self.assertTrue(np.isnan(nested["wanted"][0]))
        self.assertEqual(nested["weights"].tolist(), [[0.5], []])
        files = {file.path: file.is_dir for file in self.reader.list_artifacts(self.id)}
        self.assertEqual(files, {"eval": True, "histograms": True, "plain.json": False})

    def test_each_appends_to_the_tables_of_the_other(self):
        self.reader.log_table(self.id, {"a": [1], "b": [2]}, "theirs.json")
        ask("append", self.root, self.id)
        self.reader.log_table(self.id, {"id": [10], "score": [1.5], "text": ["theirs"], "ok": [True]}, "plain.json")
        self.reader.log_table(self.id, {"a": [7], "b": [8]}, "theirs.json")
        plain = self.load("plain.json")
        self.assertEqual(plain["id"].tolist(), FRAME["id"] + [8, 9, 10])
        self.assertEqual(plain["text"].tolist()[-3:], ["ours", "ours", "theirs"])
        self.assertEqual(self.load("theirs.json").values.tolist(), [[1, 2], [5, 6], [7, 8]])
        ask("append", self.root, self.id)
        self.assertEqual(len(self.load("plain.json")), 12)
        paths = [entry["path"] for entry in json.loads(self.tables())]
        self.assertEqual((paths.count("plain.json"), paths.count("theirs.json"), len(paths)), (1, 1, 5))
        found = mlflow.search_runs([self.run.info.experiment_id], "tags.`mlflow.loggedArtifacts` LIKE '%theirs.json%'")
        self.assertEqual(found["run_id"].tolist(), [self.id])

    def test_histograms_are_those_of_numpy(self):
        values = np.sin(np.arange(1000))
        table = self.load("histograms/layer/w.json")
        counts, borders = np.histogram(values, bins=20)
        for step in [0, 1]:
            rows = table[table["step"] == step]
            self.assertEqual(rows["count"].tolist(), counts.tolist())
            np.testing.assert_allclose(rows["low"], borders[:-1], atol=1e-15)
            np.testing.assert_allclose(rows["high"], borders[1:], atol=1e-15)
        metrics = self.run.data.metrics
        for percent in [5, 25, 50, 75, 95]:
            self.assertEqual(metrics[f"layer/w.p{percent}"], np.percentile(values, percent, method="inverted_cdf"))
        self.assertEqual((metrics["layer/w.min"], metrics["layer/w.max"]), (values.min(), values.max()))
        self.assertAlmostEqual(metrics["layer/w.mean"], values.mean(), 15)
        self.assertEqual([point[2] for point in history(self.reader, self.id, "layer/w.p50")], [0, 1])

    def test_mlflow_reads_at_every_moment(self):
        ask("many", self.root, self.id, 1)
        work = [subprocess.Popen([os.environ["MLSCRIBE_TABLE_DRIVER"], "many", str(self.root), self.id, "150"]) for _ in range(2)]
        before, reads = 1, 0
        while any(each.poll() is None for each in work):
            rows = len(self.load("many.json"))
            self.assertGreaterEqual(rows, before)
            before, reads = rows, reads + 1
        self.assertEqual([each.wait() for each in work], [0, 0])
        self.assertEqual(sorted(self.load("many.json")["n"]), sorted([0] + 2 * list(range(150))))
        print(f"{reads} reads")


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
