# SPDX-License-Identifier: MIT
"""MLflow's tracking server on 127.0.0.1: `sync_server.py start <directory>`, `sync_server.py stop <directory>...`, and
`sync_server.py run <directory> <command>...` for as long as a command takes.

`<directory>/server.json` has its address and its process, by which alone it is ended. Other servers of tests are named in such
a file as well, so that `stop` ends what an interrupted test left."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from free_port import free_port

PATIENCE = 300  # seconds: the first start makes the database


def start_time(pid):
    """A process id alone may be another process's by now; None: there is no such process, or it is dead."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def remember(directory, process, **more):
    """Told at once: whoever cleans up ends what is named here, also where no server comes of it."""
    directory.mkdir(parents=True, exist_ok=True)
    state = dict(more, pid=process.pid, began=start_time(process.pid))
    (directory / "server.json").write_text(json.dumps(state))


def answers(address):
    try:
        with urllib.request.urlopen(address + "/health", timeout=60) as answer:
            return answer.read() == b"OK"
    except OSError:
        return False


class Server:
    """One on a database, SQLite where none is named. Starts again at the address where it was stopped."""

    def __init__(self, folder, database=None):
        self.folder = pathlib.Path(folder)
        self.database = database or f"sqlite:///{self.folder}/mlflow.db"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def launch(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        mlflow = os.path.join(os.path.dirname(sys.executable), "mlflow")
        environment = dict(os.environ, MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true",
                           MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [mlflow, "server", "--backend-store-uri", self.database, "--artifacts-destination", self.folder / "artifacts",
                 "--serve-artifacts", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)
        remember(self.folder, self.process, address=self.address)

    def wait(self):
        end = time.monotonic() + PATIENCE
        while not answers(self.address):
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("mlflow server does not answer:\n" + self.log.read_text(errors="replace")[-3000:])
            time.sleep(0.1)
        return self

    def start(self):
        self.launch()
        return self.wait()

    @property
    def log(self):
        return self.folder / "server.log"

    def stop(self):
        """As the system does when the machine goes down."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)
        while answers(self.address):  # by the process that mlflow server had started
            time.sleep(0.1)


def running(directory):
    return json.loads((directory / "server.json").read_text())


def start(directory):
    stop(directory)  # what an interrupted test left
    shutil.rmtree(directory, ignore_errors=True)
    server = Server(directory)
    server.start()
    print(server.address)


def stop(*directories):
    for directory in map(pathlib.Path, directories):
        try:
            state = running(directory)
        except OSError:
            continue
        if start_time(state["pid"]) == state["began"]:
            os.killpg(state["pid"], state.get("signal", signal.SIGTERM))
        end = time.monotonic() + 60
        while start_time(state["pid"]) == state["began"]:
            if time.monotonic() > end:
                raise SystemExit(f"process {state['pid']} does not end")
            time.sleep(0.1)
        if "folder" in state:
            shutil.rmtree(state["folder"], ignore_errors=True)
        shutil.rmtree(directory)


def run(directory, *command):
    start(directory)
    try:
        return subprocess.run(command, env=dict(os.environ, MLSCRIBE_SYNC_SERVER=str(directory))).returncode
    finally:
        stop(directory)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("start", "stop", "run"):
        sys.exit(__doc__)
    sys.exit({"start": start, "stop": stop, "run": run}[sys.argv[1]](pathlib.Path(sys.argv[2]).resolve(), *sys.argv[3:]))
