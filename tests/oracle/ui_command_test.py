# SPDX-License-Identifier: MIT
"""README's command that opens the demo's store, as it stands there: the UI answers and lists the run."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from free_port import free_port

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
IRIS = os.environ["MLSCRIBE_IRIS"]


def answer(address, content=None):
    request = urllib.request.Request(address, content and json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as got:
        return got.read()


def wait_for(process, address):
    end = time.monotonic() + 300
    while True:
        assert process.poll() is None, "mlflow ui ended"
        try:
            return answer(address + "/health")
        except OSError:
            assert time.monotonic() < end, "mlflow ui does not answer"
            time.sleep(0.2)


command, = [line for line in README.read_text().splitlines() if "mlflow-venv/bin/mlflow ui" in line]
with tempfile.TemporaryDirectory() as scratch:
    os.symlink(sys.prefix, os.path.join(scratch, "mlflow-venv"))
    subprocess.run([IRIS], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "MLFLOW_ALLOW_FILE_STORE"}
    with open(os.path.join(scratch, "log"), "w+") as log:
        process = subprocess.Popen(["bash", "-c", f"exec env {command} --host 127.0.0.1 --port {port}"], cwd=scratch, stdout=log,
                                   stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(process, address)
            assert b"<title>MLflow</title>" in answer(address + "/"), "no page"
            api = address + "/api/2.0/mlflow"
            found = json.loads(answer(api + "/experiments/get-by-name?experiment_name=iris"))["experiment"]
            runs = json.loads(answer(api + "/runs/search", {"experiment_ids": [found["experiment_id"]]}))["runs"]
            assert [run["info"]["status"] for run in runs] == ["FINISHED"], runs
        except BaseException:
            log.seek(0)
            print(log.read())
            raise
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
