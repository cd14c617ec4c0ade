# SPDX-License-Identifier: MIT
"""Every text that YAML, Unicode or MLflow might stumble over comes back as it was logged."""
import json
import os
import pathlib
import tempfile
import unittest

from driver import *

STRINGS = json.loads(pathlib.Path(os.environ["MLSCRIBE_TEST_DATA"], "nasty_strings.json").read_text())
STRINGS += ["a \u2028 b", "a \x85 b"]  # breaks to YAML, which would eat the blanks around them


class Nasty(unittest.TestCase):
    def test_round_trip(self):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch, "mlruns")
            runs = {}
            os.environ["LOGNAME"] = "1001"  # who logs may look like a number, too
            with Driver(root) as cpp:
                for i, value in enumerate(STRINGS):
                    run = cpp.start("nasty", value, tags={"given": value}, description=value)
                    run.param("param", value)
                    run.tag("tag", value)
                    runs[run.id] = value
                    cpp.client("experiment_tag", run.experiment_id, f"text {i}", value)
                    run.end()
            reader = client(root)
            experiment = reader.get_experiment_by_name("nasty")
            found = {r.info.run_id: r for r in all_runs(reader, experiment.experiment_id)}
            self.assertEqual(set(found), set(runs))
            for run_id, value in runs.items():
                with self.subTest(value=value):
                    name = found[run_id].info.run_name
                    tags = found[run_id].data.tags
                    if value:
                        self.assertEqual(name, value)
                        self.assertEqual(tags["mlflow.note.content"], value)
                    else:
                        self.assertRegex(name, r"^[a-z]+-[a-z]+-\d+$")
                    self.assertEqual(tags["mlflow.runName"], name)
                    self.assertEqual(found[run_id].info.user_id, "1001")
                    found[run_id].to_proto()  # as the server sends it; refuses what is no text
                    self.assertEqual(tags["given"], value)
                    self.assertEqual(tags["tag"], value)
                    self.assertEqual(found[run_id].data.params["param"], value)
                    # MLflow rewrites meta.yaml in its own spelling; ours reads that as well.
                    reader.set_terminated(run_id, "KILLED")
            for i, value in enumerate(STRINGS):
                self.assertEqual(experiment.tags[f"text {i}"], value)
            with Driver(root) as cpp:
                for run_id, value in runs.items():
                    answer = cpp.call("run", hexed(run_id))
                    if value:
                        self.assertEqual(text(answer[0]), value)
                    self.assertEqual(text(answer[3]), "KILLED")


if __name__ == "__main__":
    unittest.main(verbosity=2)
