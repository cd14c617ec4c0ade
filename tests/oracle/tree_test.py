# SPDX-License-Identifier: MIT
"""A rich tree written by C++ is read back whole by MLflow, and migrates without a lost row."""
import getpass
import os
import pathlib
import sqlite3
import sys
import tempfile
import unittest

from driver import *

DBL_MAX = sys.float_info.max
SPECIAL = [1.0, 1e16, 1e22, 1e-5, float("nan"), -float("nan"), float("inf"), float("-inf"), -0.0, 0.1, 5e-324, DBL_MAX,
           123456789.123456789, 1e15, 123456789012345680.0, 0.0001, 1 / 3, 100.0, 9999999999999998.0]
KEYS = ["loss", "train/loss", "a/b/c/d/e", "lr:encoder", "k with space", "größe", "損失", ".hidden", "-x", "x_1.5"]
PARAMS = {"lr": 0.1, "one": 1.0, "big": 1e16, "small": 1e-5, "layers": 3, "flag": True, "none": None,
          "multi": "a\nb\n", "empty": "", "crlf": "a\r\nb", "uni": "naïve ☃ 😀", "opt/name": "adam",
          "k with space": "v", "k:colon": "v", "nan": float("nan")}


class Tree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        scratch = pathlib.Path(cls.scratch.name)
        cls.root = scratch / "space ü" / "mlruns"
        cls.source = scratch / "source"
        (cls.source / "sub").mkdir(parents=True)
        (cls.source / "plain.txt").write_text("hello\n")
        (cls.source / "sub" / "deep.bin").write_bytes(bytes(range(256)))
        cls.runs, cls.points, cls.params, cls.tags, cls.parents = {}, {}, {}, {}, {}
        with Driver(cls.root) as cpp:
            cls.write(cpp)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def log(cls, run, key, value, step, timestamp=None):
        run.metric(key, value, step, timestamp)
        cls.points.setdefault((run.id, key), []).append((timestamp, value, step))

    @classmethod
    def log_param(cls, run, key, value):
        run.param(key, value)
        cls.params.setdefault(run.id, {})[key] = str(value)

    @classmethod
    def log_tag(cls, run, key, value):
        run.tag(key, value)
        cls.tags.setdefault(run.id, {})[key] = value

    @classmethod
    def write(cls, cpp):
        given = {"grp/nested": "x", "empty": ""}
        rich = cls.runs["rich"] = cpp.start("main: ü", "parent: run #1", description="a **note**", tags=given)
        cls.tags[rich.id] = {**given, "mlflow.note.content": "a **note**"}
        for key, value in PARAMS.items():
            cls.log_param(rich, key, value)
        cls.log_tag(rich, "日本 / ü: x", "a\r\nb 😀")
        cls.log_tag(rich, "long", "x" * 100000)
        cls.log_tag(rich, "replaced", "first")
        cls.log_tag(rich, "replaced", "last")
        for i, value in enumerate(SPECIAL):
            cls.log(rich, "special", value, i, 1700000000000 + i)
            cls.log(rich, "clocked", value, i)
        for key in KEYS[1:]:
            for step in (0, 7, 2**40):
                cls.log(rich, key, 1.5 * step, step)
        for step in range(3000):
            cls.log(rich, "long", 1 / (step + 3), step)
        for i in range(1000):  # the same step and value again and again: the rows must differ
            cls.log(rich, "repeated", 0.5, 7)
        for step, value in ((5, 2.0), (5, 3.0), (5, float("nan")), (4, 9.0)):
            cls.log(rich, "same step", value, step, 1700000000000)
        rich.artifact(str(cls.source / "plain.txt"))
        rich.artifact(str(cls.source / "plain.txt"), "dir one/ü")
        rich.artifacts(str(cls.source), "tree")
        rich.log_text("text ü\nsecond", "notes/t.txt")
        cls.runs["child"] = rich.child("child")
        cls.log(cls.runs["child"], "loss", 0.5, 1)
        cls.runs["child"].end()
        rich.end()
        for again in range(2):
            resumed = cpp.resume(rich.id)
            cls.log(resumed, "repeated", 0.5, 7)
            resumed.end()
        with Driver(cls.root) as other:
            cls.runs["foreign child"] = other.start("main: ü", "foreign child", parent=rich.id)
        cls.parents = {cls.runs["child"].id: rich.id, cls.runs["foreign child"].id: rich.id}
        lost = Driver(cls.root)
        running = cls.runs["running"] = lost.start("main: ü", "running")
        cls.log(running, "loss", 0.25, 3)
        cls.log_param(running, "p", 1)
        running.flush()
        lost.kill()
        cls.runs["own id"] = cpp.start("main: ü", "own id", run_id="job1234_0")
        cls.runs["own id"].end()
        cls.runs["failed"] = cpp.start("main: ü", "failed")
        cls.runs["failed"].fail()
        cls.runs["killed"] = cpp.start("main: ü", "killed")
        cls.runs["killed"].end(KILLED)
        for name in ("deleted", "restored"):
            run = cls.runs[name] = cpp.start("main: ü", name)
            cls.log_param(run, "p", 1)
            cls.log(run, "loss", 0.5, 0)
            run.end()
            cpp.client("delete_run", run.id)
        cpp.client("restore_run", cls.runs["restored"].id)
        cls.main = rich.experiment_id
        cpp.client("experiment_tag", cls.main, "team", "hpc")
        cpp.client("experiment_description", cls.main, "line1\nline2")
        cls.renamed = text(cpp.client("create_experiment", "before"))
        cpp.client("rename_experiment", cls.renamed, "after")
        cls.trashed = text(cpp.client("create_experiment", "trashed"))
        cls.runs["in trash"] = cpp.start("trashed", "in trash")
        cls.log_tag(cls.runs["in trash"], "kept", "yes")
        cls.log(cls.runs["in trash"], "loss", 0.5, 0)
        cls.runs["in trash"].end()
        cpp.client("delete_experiment", cls.trashed)
        back = text(cpp.client("create_experiment", "there and back"))
        cls.runs["back"] = cpp.start("there and back", "back")
        cls.runs["back"].end()
        cpp.client("delete_experiment", back)
        cpp.client("restore_experiment", back)
        cls.back = back

    def setUp(self):
        self.warnings = Warnings()
        self.reader = client(self.root)

    def tearDown(self):
        self.assertEqual(self.warnings.texts, [])

    def test_experiments(self):
        found = {e.experiment_id: e for e in all_experiments(self.reader)}
        self.assertEqual({e.name: e.lifecycle_stage for e in found.values()},
                         {"Default": "active", "main: ü": "active", "after": "active", "trashed": "deleted",
                          "there and back": "active"})
        main = self.reader.get_experiment_by_name("main: ü")
        self.assertEqual(main.experiment_id, self.main)
        self.assertEqual(main.tags, {"team": "hpc", "mlflow.note.content": "line1\nline2"})
        self.assertGreaterEqual(found[self.renamed].last_update_time, found[self.renamed].creation_time)

    def test_runs(self):
        runs = {r.info.run_id: r for e in all_experiments(self.reader) for r in all_runs(self.reader, e.experiment_id)}
        self.assertEqual(set(runs), {run.id for run in self.runs.values()})
        status = {"failed": "FAILED", "killed": "KILLED", "running": "RUNNING"}
        experiments = {"in trash": self.trashed, "back": self.back}
        for name, run in self.runs.items():
            info = runs[run.id].info
            self.assertEqual(info.run_name, "parent: run #1" if name == "rich" else name)
            self.assertEqual(info.status, status.get(name, "FINISHED"))
            self.assertEqual(info.lifecycle_stage, "deleted" if name in ("deleted", "in trash") else "active")
            self.assertEqual(info.artifact_uri, run.artifact_uri)
            self.assertEqual(info.experiment_id, experiments.get(name, self.main))
            self.assertEqual(info.user_id, getpass.getuser())
            if name == "running":
                self.assertIsNone(info.end_time)
            else:
                self.assertGreaterEqual(info.end_time, info.start_time)
            self.assertGreater(info.start_time, 1700000000000)
        if VERSION == 3:
            self.assertEqual(runs["job1234_0"].to_proto().info.run_id, "job1234_0")

    def test_params_and_tags(self):
        for name, run in self.runs.items():
            with self.subTest(run=name):
                read = self.reader.get_run(run.id)
                self.assertEqual(read.data.params, self.params.get(run.id, {}))
                self.assertEqual(set(read.data.metrics), {key for run_id, key in self.points if run_id == run.id})
                tags = {"mlflow.user": read.info.user_id, "mlflow.source.type": "LOCAL",
                        "mlflow.source.name": os.environ["MLSCRIBE_DRIVER"],
                        "mlflow.runName": read.info.run_name, **self.tags.get(run.id, {})}
                if run.id in self.parents:
                    tags["mlflow.parentRunId"] = self.parents[run.id]
                # Facts of the machine; the git ones only where the build tree lies in a repository.
                own = {key: value for key, value in read.data.tags.items()
                       if key.startswith(("mlflow.source.git.", "mlscribe.")) and key not in tags}
                self.assertEqual({key for key in own if "git" not in key}, {"mlscribe." + fact for fact in (
                    "compiler", "cxx_standard", "host", "version")})
                self.assertEqual(read.data.tags, {**tags, **own})

    def test_every_point(self):
        for (run_id, key), points in self.points.items():
            with self.subTest(key=key):
                read = history(self.reader, run_id, key)
                self.assertEqual([(b, s) for _, b, s in read], [(read_as(v), s) for _, v, s in points])
                for (given, _, _), (stamp, _, _) in zip(points, read):
                    self.assertEqual(stamp, stamp if given is None else given)
                stamps = [stamp for stamp, _, _ in read]
                self.assertEqual(stamps, sorted(stamps))
                self.assertEqual(len(read), len(set(read)))
                shown = self.reader.get_run(run_id).data.metrics[key]
                self.assertEqual(bits(shown), bits(latest([(t, double(b), s) for t, b, s in read])[1]))

    def test_artifacts(self):
        run = self.runs["rich"].id
        expected = {"plain.txt": b"hello\n", "dir one/ü/plain.txt": b"hello\n", "tree/plain.txt": b"hello\n",
                    "tree/sub/deep.bin": bytes(range(256)), "notes/t.txt": "text ü\nsecond".encode()}
        self.assertEqual(set(artifact_tree(self.reader, run)), set(expected))
        for path, content in expected.items():
            with tempfile.TemporaryDirectory() as here:
                local = self.reader.download_artifacts(run, path, here)
                self.assertEqual(pathlib.Path(local).read_bytes(), content)

    def test_no_file_of_our_own(self):
        for folder, _, files in os.walk(self.root):
            own = [f for f in files if f.startswith(".mlscribe")]
            # Whoever recovers the run of a killed process needs its journal.
            if os.path.basename(folder) == self.runs["running"].id:
                self.assertEqual([f.split("+")[0] for f in own], [".mlscribe-journal"])
            else:
                self.assertEqual(own, [], folder)

    if VERSION >= 3:  # MLflow 2 cannot migrate
        def test_migration(self):
            with tempfile.TemporaryDirectory() as here:
                database = os.path.join(here, "migrated.db")
                migrate(self.root, database)
                with sqlite3.connect(database) as rows:
                    count = lambda table: rows.execute("select count(*) from " + table).fetchone()[0]
                    files = lambda pattern: sum(p.is_file() for p in self.root.glob(pattern))
                    lines = sum(p.read_bytes().count(b"\n") for p in self.root.glob("**/metrics/**/*") if p.is_file())
                    self.assertEqual(count("experiments"), 5)
                    self.assertEqual(count("runs"), len(self.runs))
                    self.assertEqual(count("params"), files("**/params/**/*"))
                    self.assertEqual(count("tags"), files("*/*/tags/**/*") + files(".trash/*/*/tags/**/*"))
                    self.assertEqual(count("metrics"), lines)
                    self.assertEqual(lines, sum(map(len, self.points.values())))
                    self.assertEqual(count("experiment_tags"), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
