# SPDX-License-Identifier: MIT
"""A test that pushes a store of its own to the server of the fixture."""
import os
import pathlib
import tempfile
import unittest
import uuid

from fault_proxy import FaultProxy
from sync_server import running
from sync_store import *
from sync_tree import *

SERVER = running(pathlib.Path(os.environ["MLSCRIBE_SYNC_SERVER"]))["address"]


class Case(unittest.TestCase):
    """A store and a pusher; experiments have names of their own, since all tests share one server."""
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.root = self.folder / "mlruns"
        self.push = Pusher(self.folder)
        self.name = f"{self.id().rpartition('.')[2]} {uuid.uuid4().hex[:8]}"

    def proxy(self, *arguments, **options):
        return self.enterContext(FaultProxy(SERVER, *arguments, **options))

    def on_server(self, *names, **options):
        return seen(server_client(SERVER), *(names or [self.name]), **options)

    def here(self, *names, **options):
        return as_server_keeps(seen(client(self.root), *(names or [self.name]), **options))

    def agree(self, *names, **options):
        here, there = self.here(*names, **options), self.on_server(*names, **options)
        self.assertEqual(here.keys(), set(names or [self.name]))
        self.assertEqual(differences(there, here), [])
        return there
