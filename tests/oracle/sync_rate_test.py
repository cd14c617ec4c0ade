# SPDX-License-Identifier: MIT
"""How fast a push is beside MLflow's own client and beside what the server takes at all, in turns. The best round of each
counts: the one that was disturbed least."""
import http.client
import json
import os
import resource
import time
import unittest

from mlflow.entities import Metric

from sync_case import *

IS_LONG = "MLSCRIBE_SYNC_LONG" in os.environ
# The share of what is demanded: alone, even the same way taken twice differs by some percent. Beside other tests, the time
# is only told.
POINTS, ROUNDS, SHARE = (40000, 3, 0.95) if IS_LONG else (5000, 2, 0)
BATCH = 1000


def batches():
    points = [(1700000000000 + i, i / 3, i) for i in range(POINTS)]
    return [points[i:i + BATCH] for i in range(0, POINTS, BATCH)]


def processor_time():
    """Seconds of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class Rate(Case):
    def setUp(self):
        super().setUp()
        self.reader = server_client(SERVER)
        self.experiment = self.reader.create_experiment(self.name)

    def new_run(self):
        return self.reader.create_run(self.experiment).info.run_id

    def by_client(self):
        for batch in batches():
            self.reader.log_batch(self.other, [Metric("loss", value, timestamp, step) for timestamp, value, step in batch])

    def bare(self):
        for body in self.bodies:
            self.connection.request("POST", "/api/2.0/mlflow/runs/log-batch", body, {"Content-Type": "application/json"})
            with self.connection.getresponse() as answer:
                self.assertEqual((answer.status, answer.read()), (200, b"{}"))

    def pushed(self):
        self.push(self.root, SERVER)

    def prepare(self):
        """A run for each way, outside of what is measured."""
        with Driver(self.root) as cpp:
            run = cpp.start(self.name, "pushed")
            run.call("burst", hexed("loss"), 0, POINTS)
            run.end()
        self.other, bare = self.new_run(), self.new_run()
        self.bodies = [json.dumps({"run_id": bare, "metrics": [
            {"key": "loss", "value": value, "timestamp": str(timestamp), "step": str(step)} for timestamp, value, step in batch]})
            for batch in batches()]
        self.connection = http.client.HTTPConnection(SERVER.partition("://")[2])

    def test_beside_others(self):
        ways = {"mlscribe sync": self.pushed, "MLflow's client": self.by_client, "bare bodies": self.bare}
        seconds, work = ({name: [] for name in ways} for _ in range(2))
        for _ in range(ROUNDS):
            self.prepare()
            for name, way in ways.items():
                began, used = time.perf_counter(), processor_time()
                way()
                seconds[name].append(time.perf_counter() - began)
                work[name].append(processor_time() - used)
            self.connection.close()
        for name, taken in seconds.items():
            print(f"{name:16} {POINTS / min(taken):8.0f} points/s, {min(work[name]) / POINTS * 1e6:5.1f} µs of processor time a point")
        for name, least in (("MLflow's client", 1), ("bare bodies", 0.8)):
            ratio = min(seconds[name]) / min(seconds["mlscribe sync"])
            print(f"{ratio:.2f} x {name} (at least {least * SHARE})")
            self.assertGreaterEqual(ratio, least * SHARE)
        # Whatever the machine does meanwhile.
        self.assertLess(min(work["mlscribe sync"]), min(work["MLflow's client"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
