# SPDX-License-Identifier: MIT
"""Stores of both, pushed to MLflow's tracking server, are what its client reads there."""
import os
import pathlib
import re
import shutil
import subprocess
import time
import unittest

from sync_case import *

IS_LONG = "MLSCRIBE_SYNC_LONG" in os.environ


class Everything(Case):
    def test_all_kinds(self):
        names = everything(self.root, self.name)
        proxy = self.proxy()
        said = self.push(self.root, proxy.address, "--jobs", "3", code=1)
        for told in ("too long for a server", "long tag", "hash#.txt", "percent%20.txt"):
            self.assertIn(told, said)
        sent = len(proxy.changes)
        # What the server refuses is not tried again either.
        self.push(self.root, proxy.address, "--jobs", "1", code=1)
        self.assertEqual(proxy.changes[sent:], [])
        # Without what was remembered, and by another address.
        shutil.rmtree(self.push.state)
        self.push(self.root, SERVER, code=1)
        self.agree(*names)

    def test_nothing_new_is_nothing_sent(self):
        two_runs(self.root, self.name)
        proxy = self.proxy()
        self.push(self.root, proxy.address)
        first = len(proxy.requests)
        changed = len(proxy.changes)
        self.push(self.root, proxy.address)
        self.assertEqual(proxy.changes[changed:], [])
        print(f"{first} requests, then {len(proxy.requests) - first}")
        self.assertLess(len(proxy.requests) - first, 4)
        self.agree()

    def test_only_what_is_new_is_sent(self):
        with Driver(self.root) as cpp:
            run = cpp.start(self.name, "grows")
            for step in range(3000):
                run.metric("loss", 1 / (1 + step), step)
            run.param("lr", 0.1)
            run.tag("stage", "first")
            run.log_text("a" * 1000, "notes/a.txt")
            run.end()
            proxy = self.proxy()
            self.push(self.root, proxy.address)
            before = len(proxy.requests)
            run = cpp.resume(run.id)
            for step in range(3000, 3007):
                run.metric("loss", 1 / (1 + step), step)
            run.param("momentum", 0.9)
            run.tag("stage", "second")
            run.log_text("b", "notes/b.txt")
            run.end(FAILED)
        self.push(self.root, proxy.address)
        batches = [request.json for request in proxy.requests[before:] if request.call == "runs/log-batch"]
        self.assertEqual(sum(len(batch.get("metrics", [])) for batch in batches), 7)
        self.assertEqual([param["key"] for batch in batches for param in batch.get("params", [])], ["momentum"])
        self.assertEqual([request.path.rpartition("/")[2] for request in proxy.requests[before:] if request.method == "PUT"], ["b.txt"])
        self.agree()

    def test_lost_state(self):
        run = two_runs(self.root, self.name)[0]
        self.push(self.root, SERVER)
        shutil.rmtree(self.push.state)
        with Driver(self.root) as cpp:
            run = cpp.resume(run)
            run.metric("loss", 0.125, 77)
            run.end()
        self.push(self.root, SERVER)
        self.agree()
        # One that is damaged is as good as lost.
        for state in self.push.state.rglob("*.json"):
            state.write_bytes(state.read_bytes()[:100])
        self.push(self.root, SERVER)
        self.agree()

    def test_state_of_another_server(self):
        """A database that begins anew at the same address gets everything again."""
        two_runs(self.root, self.name)
        proxy = self.proxy()
        self.push(self.root, proxy.address)
        reader = server_client(SERVER)
        experiment = reader.get_experiment_by_name(self.name)
        for run in all_runs(reader, experiment.experiment_id):
            reader.set_tag(run.info.run_id, PUSHED_RUN, "somebody else's")
        reader.rename_experiment(experiment.experiment_id, self.name + " before")
        for state in self.push.state.rglob("*.json"):
            state.write_text(re.sub(r'("experiment":"\d+@)\d+"', r'\g<1>1"', state.read_text()))
        self.push(self.root, proxy.address)
        self.agree()

    def test_moved_store(self):
        """Rsynced to another machine, where the old paths lead nowhere."""
        two_runs(self.root, self.name)
        expected = self.here()
        moved = self.folder / "elsewhere" / "runs"
        moved.parent.mkdir()
        subprocess.run(["rsync", "-a", f"{self.root}/", moved], check=True)
        shutil.rmtree(self.root)
        proxy = self.proxy()
        self.push(moved, proxy.address)
        self.assertEqual(self.on_server(), expected)
        sent = len(proxy.changes)
        subprocess.run([os.environ["MLSCRIBE_TOOL"], "relocate", "-s", moved], check=True, capture_output=True)
        self.push(moved, proxy.address)
        self.assertEqual(proxy.changes[sent:], [])
        # From here to there and back again.
        shutil.copytree(moved, self.root, symlinks=True)
        self.push(self.root, proxy.address)
        self.assertEqual(self.on_server(), expected)

    def test_artifacts_elsewhere(self):
        reader = client(self.root)
        experiment = reader.create_experiment(self.name, artifact_location=f"file://{self.folder}/far")
        run = reader.create_run(experiment, run_name="remote files").info.run_id
        reader.log_text(run, "text", "a.txt")
        reader.log_metric(run, "loss", 0.5)
        reader.set_terminated(run)
        said = self.push(self.root, SERVER)
        self.assertIn("remote files", said)
        self.assertIn(f"{self.folder}/far", said)
        self.assertEqual(self.on_server(with_files=False), self.here(with_files=False))

    def test_deleted_and_restored(self):
        first, second = two_runs(self.root, self.name)
        reader = client(self.root)
        self.push(self.root, SERVER)
        reader.delete_run(first)
        self.push(self.root, SERVER)
        self.agree()
        reader.restore_run(first)
        reader.log_metric(first, "loss", 4.0, step=9)
        self.push(self.root, SERVER)
        self.agree()

    def test_killed_run_is_recovered_first(self):
        with Driver(self.root) as cpp:
            run = cpp.start(self.name, "killed")
            for step in range(100):
                run.metric("loss", 1.0 + step, step)
            cpp.kill()
            cpp.process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.push(self.root, SERVER)
        there = self.agree()
        self.assertEqual(len(there[self.name]["runs"][run.id]["metrics"]["loss"]), 100)

    def test_symbolic_links_out_of_the_store(self):
        run = two_runs(self.root, self.name)[0]
        secret = self.folder / "secret"
        secret.write_text("nobody's business")
        artifacts = next(self.root.glob(f"*/{run}/artifacts"))
        (artifacts / "link.txt").symlink_to(secret)
        (artifacts / "folder").symlink_to(self.folder)
        self.push(self.root, SERVER, code=None)
        there = self.on_server()[self.name]["runs"][run]["files"]
        self.assertFalse([path for path in there if "link" in path or "folder" in path])


class Choices(Case):
    def test_one_run_and_its_parent(self):
        with Driver(self.root) as cpp:
            parent = cpp.start(self.name, "parent")
            child, other = parent.child("child"), parent.child("other")
            for run in (child, other, parent):
                run.metric("loss", 0.5, 1)
                run.end()
        self.push("-s", self.root, child.id, SERVER)
        self.assertEqual(self.on_server()[self.name]["runs"].keys(), {parent.id, child.id})
        self.push(self.root, SERVER)
        self.agree()

    def test_one_experiment(self):
        names = [self.name, self.name + " other"]
        for name in names:
            two_runs(self.root, name)
        self.push(self.root, SERVER, "--experiment", names[1])
        self.assertEqual(self.on_server(*names).keys(), {names[1]})
        self.agree(names[1])

    def test_dry_run(self):
        two_runs(self.root, self.name)
        proxy = self.proxy()
        before = sorted((path, path.stat().st_mtime_ns) for path in self.folder.rglob("*"))
        said = self.push(self.root, proxy.address, "--dry-run")
        self.assertEqual(proxy.changes, [])
        self.assertEqual(sorted((path, path.stat().st_mtime_ns) for path in self.folder.rglob("*")), before)
        self.assertIn("first", said)
        self.assertIn("second", said)
        self.assertEqual(self.on_server(), {})

    def test_thinned(self):
        with Driver(self.root) as cpp:
            run = cpp.start(self.name, "long")
            run.call("burst", hexed("loss"), 0, 1000)
            run.end()
        self.push(self.root, SERVER, "--every", "10")
        there = self.on_server()[self.name]["runs"][run.id]["metrics"]["loss"]
        here = self.here()[self.name]["runs"][run.id]["metrics"]["loss"]
        self.assertLessEqual(set(there), set(here))
        self.assertIn(len(there), (100, 101))
        self.assertIn(max(here, key=lambda row: row[1]), there)
        # All of them after all.
        self.push(self.root, SERVER)
        self.agree()

    def test_some_failed(self):
        first, second = two_runs(self.root, self.name)
        next(self.root.glob(f"*/{first}/metrics/loss")).write_text("this is no metric\n")
        said = self.push(self.root, SERVER, code=1)
        self.assertIn(first, said)
        self.assertIn("loss", said)
        there = self.on_server()[self.name]["runs"]
        self.assertEqual(len(there[second]["metrics"]["loss"]), 20)
        self.assertEqual(there[first]["params"], {"lr": "0.1"})  # and all else of it


class Live(Case):
    def until(self, condition, process):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertIsNone(process.poll(), "the tool ended before its run")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)

    def test_followed_to_its_end(self):
        reader = server_client(SERVER)

        def there(run):
            runs = self.on_server(with_files=False).get(self.name, {}).get("runs", {})
            return runs.get(run.id, {"metrics": {}, "params": {}})

        with Driver(self.root) as cpp:
            run = cpp.start(self.name, "live")
            run.metric("loss", 0.5, 0)
            with self.push.start(self.root, SERVER, "--follow") as process:
                self.until(lambda: "loss" in there(run)["metrics"], process)
                for step in range(1, 3001):
                    run.metric("loss", 1 / (1 + step), step)
                run.param("late", "yes")
                run.log_text("text", "late/a.txt")
                # Also what is only in the journal.
                self.until(lambda: len(there(run)["metrics"]["loss"]) == 3001, process)
                child = run.child("child")
                child.metric("loss", 2.0, 3)
                self.until(lambda: there(child)["metrics"], process)
                child.end()
                run.metric("last", 1.0, 1)
                run.end(FAILED)
                said, complained = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, said + complained)
        self.agree()


class Memory(Case):
    def peak(self, points):
        """The tool's largest resident set, in KiB, while it pushes a run of so many points."""
        root, seen = self.folder / str(points), {}
        with Driver(root) as cpp:
            run = cpp.start(self.name, "long")
            run.call("burst", hexed("loss"), 0, points)
            run.end()

        def fault(request):
            if request.call != "runs/log-batch":
                return None
            # What a process tells when it has ended is at least what its parent had.
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
            seen["peak"] = int(re.search(r"VmHWM:\s*(\d+) kB", status)[1])
            return None if IS_LONG else "swallowed"

        proxy = self.proxy(fault)
        with self.push.start(root, proxy.address, output=subprocess.DEVNULL) as self.process:
            self.process.wait(PATIENCE * 10)
        self.assertEqual(self.process.returncode, 0)
        self.assertEqual(proxy.points, points)
        # As few requests as the server allows, and one for what is no point.
        self.assertLessEqual([request.call for request in proxy.requests].count("runs/log-batch"), points // 1000 + 1)
        return seen["peak"]

    def test_flat(self):
        """Whatever the length of a history. In the long form the server takes its points, which needs minutes, not the proxy."""
        few, many = self.peak(10**5), self.peak(10**6)
        print(f"100 000 points: {few} KiB, 1 000 000: {many} KiB")
        self.assertLess(many, few + 4096)


if __name__ == "__main__":
    unittest.main(verbosity=2)
