# SPDX-License-Identifier: MIT
"""A person's desk: a store, the tool, a terminal of any width, a pipe."""
import contextlib
import errno
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import tempfile
import termios
import unicodedata
import unittest

TOOL = os.environ["MLSCRIBE_TOOL"]
DRIVER = os.environ["MLSCRIBE_STORE_DRIVER"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NOTHING, USAGE, UNREADABLE, DAMAGED = 1, 2, 3, 4


def width(text):
    """The columns that a terminal gives to a text."""
    columns = 0
    for letter in text:
        if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            continue
        columns += 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
    return columns


def environment(**more):
    """Of whoever runs the tests, without what would change the tool's mind."""
    others = {"NO_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE", "MLFLOW_TRACKING_URI"}
    kept = {key: value for key, value in os.environ.items() if key not in others}
    changes = {"LANG": "C.UTF-8", "TERM": "xterm", **more}
    return {key: value for key, value in {**kept, **changes}.items() if value is not None}


class Answer:
    def __init__(self, out, err, code):
        self.out, self.err, self.code = out, err, code

    @property
    def lines(self):
        return self.out.splitlines()

    @property
    def plain(self):
        """The lines without their colours."""
        return [COLOUR.sub("", line) for line in self.out.splitlines()]

    def rows(self):
        """The cells of a table that went to a pipe."""
        return [re.split("  +", line.strip()) for line in self.lines]


class Writer:
    """A program that logs."""

    def __init__(self, store):
        self.process = subprocess.Popen([DRIVER, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=environment(), text=True)

    def __call__(self, *words):
        hexed = ("x" + str(word).encode("utf-8", "surrogateescape").hex() for word in words)
        self.process.stdin.write(" ".join(hexed) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer, "the writer has died"
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Desk(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.store = self.home / "mlruns"

    def writer(self):
        writer = Writer(str(self.store))
        self.addCleanup(writer.close)
        return writer

    def log(self, name, experiment="trials", params={}, metrics={}, tags={}, artifacts={}, end="end"):
        """Writes a run. \\return its id"""
        with contextlib.closing(Writer(str(self.store))) as write:
            run_id = write("start", experiment, name)
            for key, value in params.items():
                write("param", key, value)
            for key, values in metrics.items():
                for step, value in enumerate(values):
                    write("metric", key, value, step)
            for key, value in tags.items():
                write("tag", key, value)
            for path, content in artifacts.items():
                write("artifact", path, content)
            write(end)
        return run_id

    def run_folder(self, run_id):
        [found] = self.store.glob("*/" + run_id)
        return found

    def tool(self, *words, code=0, **more):
        """The tool in a pipe."""
        done = subprocess.run([TOOL, *map(str, words)], cwd=self.home, env=environment(**more), capture_output=True,
                              stdin=subprocess.DEVNULL)
        answer = Answer(done.stdout.decode("utf-8"), done.stderr.decode("utf-8"), done.returncode)
        self.assertEqual(answer.code, code, (words, answer.out[-2000:], answer.err[-2000:]))
        self.assertNotIn("\x1b", answer.out + answer.err)
        return answer

    def json(self, *words, code=0):
        return json.loads(self.tool(*words, "--json", code=code).out, parse_constant=self.fail)

    def json_lines(self, *words, code=0):
        out = self.tool(*words, code=code).lines
        return [json.loads(line, parse_constant=self.fail) for line in out]

    def raw_terminal(self, *words, columns=80, code=0, **more):
        """What the tool writes to a terminal, standard output and stderr together."""
        seen, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([TOOL, *map(str, words)], cwd=self.home, env=environment(**more), stdin=slave,
                                   stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        out = b""
        while True:
            try:
                some = os.read(seen, 65536)
            except OSError as failure:
                if failure.errno != errno.EIO:
                    raise
                some = b""
            if not some:
                break
            out += some
        os.close(seen)
        out = out.decode("utf-8").replace("\r\n", "\n")
        self.assertEqual(process.wait(), code, (words, out[-2000:]))
        return out

    def on_terminal(self, *words, columns=80, code=0, **more):
        """The tool on a terminal, standard output and stderr together. No line may be wider, and no control character
        but those of colours and line ends may reach it."""
        return self.neat(self.raw_terminal(*words, columns=columns, code=code, **more), columns, code)

    def neat(self, out, columns, code=0):
        answer = Answer(out, "", code)
        for line in answer.plain:
            for letter in line:
                self.assertFalse(unicodedata.category(letter) in ("Cc", "Cs") or 0x202a <= ord(letter) <= 0x202e, repr(line))
            if not line.startswith("mlscribe: "):
                self.assertLessEqual(width(line), columns, line)
        return answer
