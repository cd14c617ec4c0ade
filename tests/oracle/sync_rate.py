# SPDX-License-Identifier: MIT
"""How fast a push is beside MLflow's own client and beside what the server takes at all: points a second, in turns."""
import http.client
import json
import tempfile
import time

from mlflow.entities import Metric

from sync_case import SERVER
from sync_store import *
from sync_tree import Pusher

POINTS, ROUNDS, BATCH = 20000, 6, 1000


def values():
    return [(1700000000000 + i, i / 3, i) for i in range(POINTS)]


def new_run():
    reader = server_client(SERVER)
    experiment = reader.get_experiment_by_name("rate")
    return reader.create_run(experiment.experiment_id if experiment else reader.create_experiment("rate")).info.run_id


def batches(points):
    return [points[i:i + BATCH] for i in range(0, POINTS, BATCH)]


def by_client():
    reader, run = server_client(SERVER), new_run()
    began = time.perf_counter()
    for batch in batches(values()):
        reader.log_batch(run, [Metric("loss", value, timestamp, step) for timestamp, value, step in batch])
    return time.perf_counter() - began


def bare():
    run = new_run()
    bodies = [json.dumps({"run_id": run, "metrics": [
        {"key": "loss", "value": value, "timestamp": str(timestamp), "step": str(step)} for timestamp, value, step in batch]})
        for batch in batches(values())]
    connection = http.client.HTTPConnection(SERVER.partition("://")[2])
    began = time.perf_counter()
    for body in bodies:
        connection.request("POST", "/api/2.0/mlflow/runs/log-batch", body, {"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            assert answer.status == 200, answer.read()
            answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def pushed():
    with tempfile.TemporaryDirectory() as folder:
        with Driver(folder + "/mlruns") as cpp:
            run = cpp.start("rate", "pushed")
            run.call("burst", hexed("loss"), 0, POINTS)
            run.end()
        push = Pusher(folder)
        began = time.perf_counter()
        push(folder + "/mlruns", SERVER)
        return time.perf_counter() - began


if __name__ == "__main__":
    new_run()
    ways = {"mlscribe sync": pushed, "MLflow's client": by_client, "bare bodies": bare}
    seconds = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            seconds[name].append(way())
    # Other work on the machine only ever adds to a round.
    quickest = {name: min(taken) for name, taken in seconds.items()}
    for name, taken in seconds.items():
        print(f"{name:16} {POINTS / quickest[name]:8.0f} points/s   " + "  ".join(f"{s:.2f} s" for s in taken))
    for name, least in (("MLflow's client", 1), ("bare bodies", 0.8)):
        print(f"{quickest[name] / quickest['mlscribe sync']:.2f} x {name} (at least {least})")
