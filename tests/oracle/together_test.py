# SPDX-License-Identifier: MIT
"""Python and C++ on one run: each resumes the other's, and edits while the other has it open."""
import pathlib
import tempfile
import threading
import unittest

from driver import *


class Together(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name, "mlruns")
        self.reader = client(self.root)
        self.warnings = Warnings()

    def tearDown(self):
        self.assertEqual(self.warnings.texts, [])

    def steps(self, run_id, key):
        return [m.step for m in self.reader.get_metric_history(run_id, key)]

    def test_python_resumes_a_cpp_run(self):
        with Driver(self.root) as cpp:
            run = cpp.start("shared", "from C++")
            values = {"lr": 0.1, "flag": True, "none": None, "n": 3, "one": 1.0, "text": "a\nb", "line": "a\n",
                      "empty": "", "blanks": "  lead trail  ", "tab": "tab\there", "emoji": "😀"}
            for key, value in values.items():
                run.param(key, value)
            run.metric("loss", 0.5, 0)
            run.end(KILLED)
        mlflow.set_experiment("shared")
        with mlflow.start_run(run_id=run.id):
            mlflow.log_params(values)  # equal values are no change
            mlflow.log_metric("loss", 0.25, step=1)
            mlflow.set_tag("from", "python")
            mlflow.log_text("hello", "python.txt")
        with Driver(self.root) as cpp:
            again = cpp.resume(run.id)
            again.metric("loss", 0.125)
            again.log_text("hello", "cpp.txt")
            again.end()
        read = self.reader.get_run(run.id)
        self.assertEqual(read.info.status, "FINISHED")
        self.assertEqual(self.steps(run.id, "loss"), [0, 1, 2])
        self.assertEqual(read.data.tags["from"], "python")
        self.assertEqual(set(artifact_tree(self.reader, run.id)), {"python.txt", "cpp.txt"})

    def test_cpp_extends_a_python_run(self):
        mlflow.set_experiment("from python: ü")
        with mlflow.start_run(run_name="written by 'Python': ☃ " + "long " * 40) as python:
            mlflow.log_params({"lr": 0.1, "flag": True, "none": None, "n": 3})
            mlflow.log_metric("loss", 0.5, step=10)
        run_id = python.info.run_id
        before = self.reader.get_run(run_id).info
        with Driver(self.root) as cpp:
            run = cpp.resume(run_id)
            self.assertEqual(run.artifact_uri, before.artifact_uri)
            self.assertEqual(self.reader.get_run(run_id).info.status, "RUNNING")
            for key, value in {"lr": 0.1, "flag": True, "none": None, "n": 3}.items():
                run.param(key, value)
            with self.assertRaisesRegex(Refused, "stays so"):
                run.param("lr", 0.2)
            run.metric("loss", 0.25)
            run.log_text("hello", "cpp.txt")
            run.end()
            same = cpp.start("from python: ü", "second")
            self.assertEqual(same.experiment_id, before.experiment_id)
            same.end()
        after = self.reader.get_run(run_id)
        self.assertEqual(after.info.run_name, before.run_name)
        self.assertEqual(after.info.start_time, before.start_time)
        self.assertEqual(after.info.status, "FINISHED")
        self.assertEqual(self.steps(run_id, "loss"), [10, 11])
        self.assertEqual(artifact_tree(self.reader, run_id), ["cpp.txt"])
        self.assertEqual(len(all_experiments(self.reader)), 2)

    def test_keep_status(self):
        with Driver(self.root) as cpp:
            run = cpp.start("kept", "kept")
            run.end(FAILED)
            before = self.reader.get_run(run.id).info
            seen, stop = [], threading.Event()

            def watch():
                watcher = MlflowClient("file://" + str(self.root))
                while not stop.is_set():
                    info = watcher.get_run(run.id).info
                    seen.append((info.status, info.end_time))

            watching = threading.Thread(target=watch)
            watching.start()
            steps = 0
            while watching.is_alive() and (steps < 20 or len(seen) < 20):
                again = cpp.resume(run.id, keep_status=True)
                again.metric("late", 1.0)
                again.end()
                steps += 1
            stop.set()
            watching.join()
        self.assertEqual(set(seen), {("FAILED", before.end_time)})
        self.assertEqual(self.steps(run.id, "late"), list(range(steps)))

    def test_python_edits_an_open_run(self):
        with Driver(self.root) as cpp:
            run = cpp.start("edited", "first name")
            run.metric("loss", 1.0, 0)
            self.reader.update_run(run.id, name="renamed in ui")
            self.reader.set_tag(run.id, "note", "x")
            self.reader.delete_run(run.id)
            self.reader.restore_run(run.id)
            run.flush()
            self.reader.delete_experiment(run.experiment_id)
            run.metric("loss", 0.5, 1)
            run.param("lr", 0.1)
            run.flush()
            self.reader.restore_experiment(run.experiment_id)
            run.end()
        read = self.reader.get_run(run.id)
        self.assertEqual(read.info.run_name, "renamed in ui")
        self.assertEqual(read.data.tags["mlflow.runName"], "renamed in ui")
        self.assertEqual(read.data.tags["note"], "x")
        self.assertEqual(read.data.params, {"lr": "0.1"})
        self.assertEqual(read.info.status, "FINISHED")
        self.assertEqual(read.info.lifecycle_stage, "active")
        self.assertEqual(self.steps(run.id, "loss"), [0, 1])
        self.assertEqual([r.info.run_id for r in all_runs(self.reader, run.experiment_id)], [run.id])

    def test_a_deleted_experiment_is_refused(self):
        with Driver(self.root) as cpp:
            run = cpp.start("gone", "run")
            run.end()
            self.reader.delete_experiment(run.experiment_id)
            with self.assertRaisesRegex(Refused, 'experiment "gone" .*is deleted; restore it'):
                cpp.start("gone", "again")
            with self.assertRaisesRegex(Refused, "is deleted"):
                cpp.resume(run.id)


if __name__ == "__main__":
    unittest.main(verbosity=2)
