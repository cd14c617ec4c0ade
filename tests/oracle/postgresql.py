# SPDX-License-Identifier: MIT
"""A PostgreSQL of the distribution on 127.0.0.1, with a folder of its own; root lends it to the user postgres. It is named in a
directory of the test's, as sync_server.py has it."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import sync_server
from free_port import free_port


class Cluster:
    def __init__(self, named):
        self.named = named
        sync_server.stop(named)  # what an interrupted test left
        programs = pathlib.Path(os.environ["MLSCRIBE_POSTGRESQL"])
        # Where that user reaches it, whoever owns the folders above the tests'.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mlscribe-postgresql-", dir="/tmp"))
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        data, port = self.folder / "data", free_port()
        subprocess.run([programs / "initdb", "-D", data, "-U", "mlflow", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, user=self.user, cwd=self.folder)
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), "-k", self.folder, "-c", "listen_addresses=127.0.0.1", "-F"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, user=self.user, cwd=self.folder, start_new_session=True)
        # A signal that has it end without waiting for clients.
        sync_server.remember(named, self.process, signal=signal.SIGINT, folder=str(self.folder))
        self.wait(programs, port)
        self.database = f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres"

    def wait(self, programs, port):
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        while subprocess.run(ready).returncode != 0:
            if self.process.poll() is not None:
                raise SystemExit("postgres ended:\n" + (self.folder / "log").read_text(errors="replace")[-3000:])
            time.sleep(0.1)

    def stop(self):
        sync_server.stop(self.named)
        self.process.wait(60)
        self.log.close()
