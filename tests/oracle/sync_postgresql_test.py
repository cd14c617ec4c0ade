# SPDX-License-Identifier: MIT
"""The push of everything to a tracking server on PostgreSQL, which is restarted in the middle."""
import os
import pathlib
import tempfile
import threading
import unittest

from fault_proxy import FaultProxy
from postgresql import Cluster
from sync_server import Server, stop
from sync_store import *
from sync_tree import *


class PostgreSql(unittest.TestCase):
    maxDiff = None

    def test_everything(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        folder = pathlib.Path(scratch.name)
        named = pathlib.Path(os.environ["MLSCRIBE_POSTGRESQL_SERVERS"])
        stop(named / "mlflow")  # what an interrupted test left
        self.addCleanup(stop, named / "mlflow")
        cluster = Cluster(named / "postgresql")
        self.addCleanup(cluster.stop)
        server = Server(named / "mlflow", cluster.database)
        server.launch()
        self.addCleanup(server.stop)
        root, push = folder / "mlruns", Pusher(folder)
        names = everything(root, "everything")
        server.wait()
        batches = []

        def restart(request):
            if request.call == "runs/log-batch":
                batches.append(request)
                if len(batches) == 4:
                    server.stop()
                    starting.start()

        starting = threading.Thread(target=server.start)
        with FaultProxy(server.address, restart) as proxy:
            push(root, proxy.address, code=1, MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR="1", MLFLOW_HTTP_REQUEST_MAX_RETRIES="8")
            starting.join()
            self.agree(server, root, names)
            before = len(proxy.changes)
            push(root, proxy.address, code=1)
            self.assertEqual(proxy.changes[before:], [])

    def agree(self, server, root, names):
        here, there = as_server_keeps(seen(client(root), *names)), seen(server_client(server.address), *names)
        self.assertEqual(here.keys(), set(names))
        self.assertEqual(differences(there, here), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
