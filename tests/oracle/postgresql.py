# SPDX-License-Identifier: MIT
"""A PostgreSQL of the distribution on 127.0.0.1, with a folder of its own; root lends it to the user postgres."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from free_port import free_port


class Cluster:
    def __init__(self):
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
        self.wait(programs, port)
        self.database = f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres"

    def wait(self, programs, port):
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        while subprocess.run(ready).returncode != 0:
            if self.process.poll() is not None:
                raise SystemExit("postgres ended:\n" + (self.folder / "log").read_text(errors="replace")[-3000:])
            time.sleep(0.1)

    def stop(self):
        self.process.send_signal(signal.SIGINT)  # without waiting for clients
        self.process.wait(60)
        self.log.close()
        shutil.rmtree(self.folder)
