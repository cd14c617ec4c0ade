# SPDX-License-Identifier: MIT
"""Every artifact call is listed and downloaded by MLflow with the same bytes, and log_dict writes
the bytes that MLflow's own log_dict writes."""
import json
import os
import pathlib
import random
import tempfile
import time
import unittest
from xml.etree import ElementTree

from driver import *

NASTY = json.loads(pathlib.Path(os.environ["MLSCRIBE_TEST_DATA"], "nasty_strings.json").read_text())
FLOATS = [0.0, -0.0, 1.0, 0.1, 1e16, 1e17, 1e-5, 1.5e300, 5e-324, -1e22, 123456789.125, math.inf, -math.inf, math.nan]
INTEGERS = [0, -1, 7, 10 ** 18, 2 ** 63 - 1, -2 ** 63]
LONG = ["word " * 40, "x" * 300, "two  blanks " * 20, " leading " * 20, "it's quoted: " * 15, "ü and 損 " * 30,
        "line\n" * 5, "a\nb\n\nc", "\n", "\n\n", " \n", "\n ", "a \nb", "a\n b", "a\n\n'b'\n", "tab\there" * 20,
        "- " * 60, "a" * 79 + " b c", "a" * 80 + " b c", "a" * 81 + " b c", "\U0001F600" * 30, "\x00\x07\x1b\x7f\x85\xa0",
        "# " + "comment " * 20, "'", "''", "'a' b " * 20, "\\" * 100, '" ' * 60, "e\u0301 \u2028 \u2029 \ufeff", "k" * 122,
        "k" * 123, "k" * 127, "k" * 128, "k k " * 31]
NAMES = ["plain.txt", "100%.txt", "p%41.txt", "h#h.txt", "ü.txt", "損", "q?x", "new\nline", "a b", "c+d", "a&b;c=d", "~",
         "'quoted'", '"double"', ".hidden", "back\\slash", "a:b", "-dash", "*", "[x]"]


def random_value(chance, depth):
    kind = chance.randrange(8 if depth else 6)
    if kind == 0:
        return chance.choice(FLOATS)
    if kind == 1:
        return chance.choice(INTEGERS + [None, True, False])
    if kind == 6:
        return [random_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 7:
        return {random_text(chance): random_value(chance, depth - 1) for _ in range(chance.randrange(4))}
    return random_text(chance)


def random_text(chance):
    if chance.random() < 0.4:
        return chance.choice(NASTY + LONG)
    letters = chance.choice(["ab c", "ab '\n", "a:#-? ,", "x\u00fc\u6ff1\U0001F600 ", "\"\\ \t\x85b", "01.e+-_", "wo rd "])
    return "".join(chance.choice(letters) for _ in range(chance.choice([1, 3, 10, 90, 130, 250])))


class Artifacts(unittest.TestCase):
    def setUp(self):
        self.maxDiff = None
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.root = self.scratch / "mlruns"
        self.reader = client(self.root)
        self.cpp = self.enterContext(Driver(self.root))
        self.run = self.cpp.start("artifacts")
        self.theirs = self.reader.create_run(self.run.experiment_id).info.run_id

    def bytes_of(self, run_id, path):
        return pathlib.Path(self.reader.download_artifacts(run_id, path)).read_bytes()

    def same_dict(self, value, path):
        self.run.log_dict(value, path)
        self.reader.log_dict(self.theirs, value, path)
        ours, theirs = (self.bytes_of(run_id, path) for run_id in (self.run.id, self.theirs))
        self.assertEqual(ours, theirs, value)

    def both_dicts(self, value):
        self.same_dict(value, "d.json")
        self.same_dict(value, "d.yaml")

    def test_dict_values(self):
        self.both_dicts({})
        self.both_dicts([])
        self.both_dicts({"list": [], "map": {}, "nested": {"list": [[], {}, [1, [2, {"a": [3]}]], {"b": {"c": {}}}]}})
        self.both_dicts({"floats": FLOATS, "integers": INTEGERS, "others": [None, True, False], "": "", "a": ""})
        self.both_dicts({3: 1, -20: 2, 10: 3, -3: 4})
        self.both_dicts({2.5: 1, 10.0: 2, -1e300: 3})
        self.both_dicts({True: 1, False: [2]})
        for scalar in ["plain", "a b: c", "", None, 3, 0.5, True, "wor d " * 40]:
            self.both_dicts(scalar)

    def test_dict_texts(self):
        texts = NASTY + LONG
        self.both_dicts({"texts": texts})
        self.both_dicts({text: i for i, text in enumerate(texts)})
        self.both_dicts({text: [text, {text: text}] for text in texts})
        self.both_dicts({"a": {"b": {"c": {"d": texts}}}})

    def test_random_dicts(self):
        chance = random.Random(20)
        for _ in range(60):
            self.both_dicts({"all": [random_value(chance, 4) for _ in range(8)],
                             "map": {random_text(chance): random_value(chance, 3) for _ in range(8)}})

    def test_dict_endings(self):
        for path in ("a.json", "a.yaml", "a.yml", "a.YAML", "a", ".yaml", "a.b/c", "a.yml.txt", "d/.e.yml", "..yaml", "a.yaml."):
            self.same_dict({"b": [1, {"c": "ü"}], "a": 2}, "endings/" + path)

    def test_every_call(self):
        source = self.scratch / "source"
        (source / "sub" / "empty").mkdir(parents=True)
        (source / "sub" / "b.bin").write_bytes(bytes(range(256)) * 1000)
        (source / "a.txt").write_text("a")
        expected = {}
        for mode in ("copy", "hard_link", "move"):
            self.run.artifacts(str(source), mode, mode)
            single = self.scratch / (mode + ".txt")
            single.write_text(mode)
            self.run.artifact(str(single), mode + "/one", mode)
            self.assertEqual(single.exists(), mode != "move")
            expected.update({mode + "/a.txt": b"a", mode + "/sub/b.bin": bytes(range(256)) * 1000,
                             f"{mode}/one/{mode}.txt": mode.encode()})
        self.assertEqual(list(source.iterdir()), [])
        self.run.stream("stream/log.csv", "a,b\n", "ü\n" * 100000, "")
        self.run.stream("stream/empty")
        self.run.log_text("text", "text.txt")
        self.run.log_dict({"a": 1}, "dict.json")
        expected.update({"stream/log.csv": ("a,b\n" + "ü\n" * 100000).encode(), "stream/empty": b"", "text.txt": b"text",
                         "dict.json": b'{\n  "a": 1\n}'})
        self.assertEqual(set(artifact_tree(self.reader, self.run.id)), set(expected))
        self.assertIn("copy/sub/empty", [entry.path for entry in self.reader.list_artifacts(self.run.id, "copy/sub")])
        for path, content in expected.items():
            self.assertEqual(self.bytes_of(self.run.id, path), content, path)
            self.assertEqual({entry.path: entry.file_size for entry in self.reader.list_artifacts(
                self.run.id, os.path.dirname(path))}[path], len(content))

    def test_captured_output(self):
        self.run.print("epoch 1: ü\n")
        log = self.root / self.run.experiment_id / self.run.id / "artifacts" / "logs" / "stderr.log"
        while not log.read_bytes():
            time.sleep(0.01)
        self.assertEqual(self.bytes_of(self.run.id, "logs/stderr.log"), "epoch 1: ü\n".encode())  # it runs yet
        self.run.print("epoch 2\n")
        self.run.end()
        self.assertEqual(artifact_tree(self.reader, self.run.id), ["logs/stderr.log", "logs/stdout.log"])
        self.assertEqual(self.bytes_of(self.run.id, "logs/stderr.log"), "epoch 1: ü\nepoch 2\n".encode())
        # What the program answers to this test.
        self.assertTrue(self.bytes_of(self.run.id, "logs/stdout.log").endswith(b"\n"))

    def test_figure_and_report(self):
        self.run.look("<script>alert('ü')</script>")
        self.assertEqual(artifact_tree(self.reader, self.run.id), ["plots/loss.svg", "report.html"])
        picture = ElementTree.fromstring(self.bytes_of(self.run.id, "plots/loss.svg"))
        self.assertIn("<script>alert('ü')</script>", "".join(picture.itertext()))
        self.assertFalse([part.tag for part in picture.iter() if part.tag.endswith("script")])
        page = self.bytes_of(self.run.id, "report.html").decode()
        self.assertIn(self.run.id, page)
        self.assertIn('data-path="plots/loss.svg"', page)
        self.assertNotIn("<script>alert", page)

    def test_names(self):
        """What MLflow can list and download of its own artifacts, it can of ours."""
        source = self.scratch / "names"
        source.mkdir()
        for name in NAMES:
            (source / name).write_text(name)
        self.run.artifacts(str(source), "ü #%41")
        self.reader.log_artifacts(self.theirs, str(source), "ü #%41")
        ours, theirs = (self.reader.list_artifacts(run_id, "ü #%41") for run_id in (self.run.id, self.theirs))
        self.assertEqual(sorted(e.path for e in ours), sorted(e.path for e in theirs))
        for place in ("", "dir"):
            for name in NAMES:
                for log in (self.run.artifact, lambda *words: self.reader.log_artifact(self.theirs, *words)):
                    log(str(source / name), place)
                path = os.path.join(place, name)
                self.assertEqual(self.downloaded(self.run.id, path), self.downloaded(self.theirs, path), name)
        self.assertEqual(self.downloaded(self.run.id, "100%.txt"), b"100%.txt")
        self.assertEqual(self.downloaded(self.run.id, "dir/ü.txt"), "ü.txt".encode())

    def downloaded(self, run_id, path):
        try:
            return self.bytes_of(run_id, path)
        except Exception as refused:
            return type(refused).__name__

    def test_roots(self):
        for name in ("100%", "p%41", "h#h", "ü 損", "q?x", "c+d&e"):
            root = self.scratch / name / "mlruns"
            with Driver(root) as cpp:
                run = cpp.start("x")
                run.stream("a/b ü.txt", name)
                run.end()
                mlflow.set_tracking_uri(str(root))
                self.assertEqual(artifact_tree(MlflowClient(str(root)), run.id), ["a/b ü.txt"])
                path = MlflowClient(str(root)).download_artifacts(run.id, "a/b ü.txt")
                self.assertEqual(pathlib.Path(path).read_text(), name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
