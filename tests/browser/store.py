# SPDX-License-Identifier: MIT
"""The C++ program behind MLSCRIBE_BROWSER_STORE, which wrote a store and has one run open in it."""
import os
import pathlib
import subprocess


class Store:
    """The program and what it tells; `pages` are the files beside the store."""

    def __init__(self, root):
        pages = pathlib.Path(root).with_name("pages")
        pages.mkdir()
        self.pages = pages
        self.process = subprocess.Popen([os.environ["MLSCRIBE_BROWSER_STORE"], root, pages], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.ids = {}
        for line in iter(self.process.stdout.readline, "ready\n"):
            assert line, "browser_store ended"
            what, self.ids[what] = line.split()[0], line.split()[1]

    def log_more(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "logged\n"

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(60) == 0
        self.process.stdout.close()
