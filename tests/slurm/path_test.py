# SPDX-License-Identifier: MIT
"""The commands of docs/server.md's section on the way from a job to a server and a database, as they stand there and in that order.
`path_test.py <directory of the cluster>`: cluster, laptop and server are folders, and `ssh` leads from one to another."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
from free_port import free_port

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HEADING = "## From a Slurm job to the team's server\n"
SKIPPED = 77
PATIENCE = 300  # seconds; nothing is that slow, and nothing passes by being fast
STATUSES = {"1": "RUNNING", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
# Loopback as well, but no name that MLflow knows for its own machine.
SERVER_ADDRESS = "127.0.0.2"

cluster = pathlib.Path(sys.argv[1]).resolve()


def section():
    return (ROOT / "docs/server.md").read_text().split(HEADING, 1)[1].split("\n## ", 1)[0]


def blocks():
    """What `<!-- path: … -->` says of each block of the section, and the block."""
    return re.findall(r"(?:<!-- path: ([^\n]+) -->\n)?```\w*\n(.*?)```\n", section(), re.DOTALL)


def wait_for(ready, what):
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.1)


class Mlflow:
    """An MLflow that answers at an address, asked as a browser does that has its page from there."""

    def __init__(self, address):
        self.address = address

    def get(self, route, **query):
        with urllib.request.urlopen(f"{self.address}{route}?{urllib.parse.urlencode(query)}", timeout=60) as answer:
            return answer.read()

    def post(self, path, **members):
        request = urllib.request.Request(self.address + path, json.dumps(members).encode(),
                                         {"Content-Type": "application/json", "Origin": self.address})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def answers(self):
        try:
            return self.get("/health") == b"OK"
        except OSError:
            return False

    def runs(self):
        """All of the experiment, as stored_runs tells them."""
        experiment = json.loads(self.get("/ajax-api/2.0/mlflow/experiments/get-by-name", experiment_name="slurm"))["experiment"]
        found = self.post("/ajax-api/2.0/mlflow/runs/search", experiment_ids=[experiment["experiment_id"]])["runs"]
        return sorted((self.told(run["info"], run["data"]) for run in found), key=start_time)

    def told(self, info, data):
        tags = {tag["key"]: tag["value"] for tag in data["tags"]}
        return {"id": tags.pop("mlscribe.local_run_id", info["run_id"]), "name": info["run_name"], "status": info["status"],
                "times": (info["start_time"], info.get("end_time")), "tags": tags,
                "metrics": {metric["key"]: self.history(info["run_id"], metric["key"]) for metric in data["metrics"]},
                "artifacts": {path: self.get("/get-artifact", run_uuid=info["run_id"], path=path)
                              for path in self.artifacts(info["run_id"])}}

    def history(self, run_id, key):
        found = json.loads(self.get("/ajax-api/2.0/mlflow/metrics/get-history", run_id=run_id, metric_key=key))["metrics"]
        return sorted((point["step"], point["timestamp"], point["value"]) for point in found)

    def artifacts(self, run_id, path=""):
        found = json.loads(self.get("/ajax-api/2.0/mlflow/artifacts/list", run_id=run_id, path=path)).get("files", [])
        for entry in found:
            if entry["is_dir"]:
                yield from self.artifacts(run_id, entry["path"])
            else:
                yield entry["path"]


def stored_run(folder):
    meta = dict(re.findall(r"^(\w+): '?(.*?)'?$", (folder / "meta.yaml").read_text(), re.MULTILINE))

    def files(kind):
        return {path.relative_to(folder / kind).as_posix(): path for path in (folder / kind).rglob("*") if path.is_file()}

    def points(path):
        rows = [line.split() for line in path.read_text().splitlines()]
        return sorted((int(step), int(time_stamp), float(value)) for time_stamp, value, step in rows)

    return {"id": folder.name, "name": meta["run_name"], "status": STATUSES[meta["status"]],
            "times": (int(meta["start_time"]), None if meta["end_time"] == "null" else int(meta["end_time"])),
            "tags": {key: path.read_text() for key, path in files("tags").items()},
            "metrics": {key: points(path) for key, path in files("metrics").items()},
            "artifacts": {key: path.read_bytes() for key, path in files("artifacts").items()}}


def stored_runs(store):
    return sorted((stored_run(meta.parent) for meta in store.glob("*/*/meta.yaml")), key=start_time)


def start_time(run):
    return run["times"][0]


class Path(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="mlscribe-path-")
        self.addCleanup(scratch.cleanup)
        # A blank, as folders of laptops have it.
        self.folders = {machine: pathlib.Path(scratch.name, machine + " of mine") for machine in ("cluster", "laptop", "server")}
        for folder in self.folders.values():
            folder.mkdir()
        for path in (ROOT / "examples/slurm/train.sbatch", os.environ["MLSCRIBE_SLURM_EXAMPLE"]):
            shutil.copy(path, self.folders["cluster"])
        self.store = self.folders["cluster"] / "scratch" / "mlruns"
        self.copied = self.folders["laptop"] / "cluster-runs"
        self.ports = {"laptop": free_port(range(11000, 20000)), "server": free_port(range(20000, 30000))}
        self.server = Mlflow(f"http://{SERVER_ADDRESS}:{self.ports['server']}")
        self.names = {"CLUSTER": "login", "STORE": str(self.store), "SERVER": self.server.address, "ADDRESS": SERVER_ADDRESS}
        self.programs = pathlib.Path(scratch.name, "programs")
        self.programs.mkdir()
        ssh = self.programs / "ssh"
        ssh.write_text('#!/bin/sh\n[ "$1" = login ] && shift && exec sh -c "$*"\n')
        ssh.chmod(0o755)

    def environment(self, machine):
        """That of somebody who has logged in there, with the programs that the section uses."""
        kept = {name: value for name, value in os.environ.items()
                if not re.match("(SLURM|SBATCH|MLFLOW|MLSCRIBE|XDG|RSYNC)_", name)}
        programs = [self.programs, pathlib.Path(os.environ["MLSCRIBE_TOOL"]).parent, pathlib.Path(os.environ["MLSCRIBE_PYTHON_V3"]).parent]
        return dict(kept, **self.names, HOME=str(self.folders[machine]), SLURM_CONF=str(cluster / "slurm.conf"),
                    PATH=":".join([*map(str, programs), kept["PATH"]]), MLFLOW_PORT=str(self.ports.get(machine, 0)),
                    # What starts faster and calls nobody.
                    MLFLOW_WORKERS="1", MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false", MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true")

    def start(self, machine, text, **options):
        return subprocess.Popen(["bash", "-euo", "pipefail", "-c", text], cwd=self.folders[machine], text=True,
                                env=self.environment(machine), stdin=subprocess.DEVNULL, **options)

    def run_block(self, machine, text):
        process = self.start(machine, text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = process.communicate()
        self.assertEqual(process.returncode, 0, f"{text}\n{output}")
        return output

    def keep_running(self, machine, text, mlflow):
        """A command that lasts until somebody ends it. \return what ends it"""
        log = open(self.folders[machine] / "mlflow.txt", "w+")
        process = self.start(machine, text, stdout=log, stderr=log, start_new_session=True)

        def end():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
            log.close()

        def is_there():
            if process.poll() is not None:
                log.seek(0)
                self.fail(f"{text}\n{log.read()}")
            return mlflow.answers()

        self.addCleanup(end)
        wait_for(is_there, text)
        return end

    def repeat(self, step):
        machine, text = self.blocks[step]
        return self.run_block(machine, text)

    def begin_job(self):
        """Submits one as the section does, and waits until it logs."""
        told = self.repeat("train")
        job, = re.findall(r"Submitted batch job (\d+)", told)
        self.assertRegex(told, rf"(?m)^ *{job} .* line ")
        wait_for(lambda: self.steps_of(job), f"points of job {job}")
        return job

    def steps_of(self, job):
        return [path for path in self.store.glob(f"*/*-{job}/metrics/train/loss") if path.stat().st_size > 0]

    def kill(self, job):
        """Ends the program of a job, as no command of Slurm does, without a warning. \return whether it was still there"""
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if f"SLURM_JOB_ID={job}".encode() in (process / "environ").read_bytes().split(b"\0") and \
                        (process / "exe").samefile(self.folders["cluster"] / "requeued_training"):
                    os.kill(int(process.name), signal.SIGKILL)
                    return True
            except OSError:
                pass
        return False

    def wait_for_end(self, job):
        def is_over():
            state = self.run_block("cluster", f"scontrol show job {job}")
            return re.search(r"JobState=(COMPLETED|FAILED|CANCELLED)", state)
        wait_for(is_over, f"the end of job {job}")

    # A function for each step of the section.

    def train(self, machine, text):
        jobs = [self.begin_job(), self.begin_job()]
        while not self.kill(jobs[-1]):  # on a machine that has much else to do
            jobs.append(self.begin_job())
        for job in jobs:
            self.wait_for_end(job)
        self.expected = dict.fromkeys(jobs, "FINISHED")
        self.killed = jobs[-1]
        self.expected[self.killed] = "RUNNING"
        self.check_store()

    def recover(self, machine, text):
        self.run_block(machine, text)
        self.expected[self.killed] = "KILLED"
        self.check_store()

    def check_store(self):
        runs = {run["id"].rpartition("-")[2]: run for run in stored_runs(self.store)}
        self.assertEqual({job: run["status"] for job, run in runs.items()}, self.expected)
        for job, run in runs.items():
            logged = [step for step, _, _ in run["metrics"]["train/loss"]]
            self.assertEqual(logged, list(range(200 if run["status"] == "FINISHED" else len(logged))))

    def copy(self, machine, text):
        told = self.run_block(machine, text)
        copied = stored_runs(self.copied)
        for run in copied:
            self.assertIn(run["id"], told)
        self.assertEqual(copied, stored_runs(self.store))

    def look(self, machine, text):
        address = Mlflow(f"http://127.0.0.1:{self.ports[machine]}")
        end = self.keep_running(machine, text, address)
        self.assertIn(b"<html", address.get("/"))
        # The laptop has no disk of the cluster: artifacts, too, come from the copy.
        elsewhere = self.store.with_name("elsewhere")
        self.store.rename(elsewhere)
        self.assertEqual(address.runs(), stored_runs(self.copied))
        elsewhere.rename(self.store)
        end()

    look_again = look

    def serve(self, machine, text):
        self.keep_running(machine, text, self.server)

    def push(self, machine, text):
        self.run_block(machine, text)
        self.assertEqual(self.server.runs(), stored_runs(self.copied))

    def follow(self, machine, text):
        job = self.begin_job()
        self.repeat("copy")
        self.assertEqual(list(self.copied.rglob(".mlscribe-*")), [])
        self.run_block(machine, text)
        self.wait_for_end(job)
        self.expected[job] = "FINISHED"
        self.check_store()
        runs = stored_runs(self.store)
        self.assertEqual(self.server.runs(), runs)
        # Nothing is doubled by another way, nor by another time.
        self.repeat("copy")
        self.repeat("push")
        self.repeat("follow")
        self.assertEqual(self.server.runs(), runs)

    def migrate(self, machine, text):
        self.assertIn("Migration completed", self.run_block(machine, text))

    def test_each_command(self):
        marked = dict(blocks())
        self.assertEqual(len(marked), len(blocks()), "a block without a mark, or two with the same")
        named = re.findall(r"^export (\w+)=\S+ +#", marked.pop("names"), re.MULTILINE)
        self.assertEqual(named, list(self.names))
        self.blocks = {mark.partition(", ")[2]: (mark.partition(", ")[0], text) for mark, text in marked.items()}
        for step, (machine, text) in self.blocks.items():
            began = time.monotonic()
            getattr(self, step.replace(" ", "_"))(machine, text)
            print(f"{step}: {time.monotonic() - began:.1f} s", flush=True)
        self.assertEqual(list(self.blocks), ["train", "recover", "copy", "look", "serve", "push", "follow", "migrate", "look again"])


if __name__ == "__main__":
    if not (cluster / "cluster.json").exists():
        print("skipped: there is no cluster; cluster.py says why")
        sys.exit(SKIPPED)
    if not shutil.which("rsync"):
        print("skipped: there is no rsync")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
