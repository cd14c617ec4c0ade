# SPDX-License-Identifier: MIT
"""A store of 10 000 runs."""
import hashlib
import shutil
import unittest

from desk import *

COUNT = 10000


def hash_of(number):
    return hashlib.sha256(str(number).encode()).hexdigest()[:28]


class Many(Desk):
    def fill(self):
        """Copies what counts of one run: mlscribe synchronises each meta.yaml with the disk, which takes minutes on a
        busy one."""
        pattern = self.log("name_of_run", experiment="many", params={"index": "index_of_run"}, metrics={"loss": [0.125]})
        folder = self.run_folder(pattern)
        files = {name: (folder / name).read_text() for name in ("meta.yaml", "params/index", "metrics/loss")}
        for i in range(COUNT):
            run = f"{i:04}{hash_of(i)}"
            made = f"{folder.parent}/{run}"
            for each in (made, made + "/params", made + "/metrics"):
                os.mkdir(each)
            for path, text in files.items():
                text = text.replace(pattern, run).replace("name_of_run", f"run {i:04}")
                text = text.replace("index_of_run", str(i)).replace("0.125", str(1 / (1 + i)))
                with open(f"{made}/{path}", "w") as file:
                    file.write(text)
        shutil.rmtree(folder)

    def test_many_runs(self):
        self.fill()
        answer = self.tool("ls")
        self.assertEqual(len(answer.lines), 1001)
        self.assertIn("more than these 1000", answer.err)
        every = self.tool("ls", "--max", "0", "-c", "id,name", "--no-header").rows()
        self.assertEqual({name for _, name in every}, {f"run {i:04}" for i in range(COUNT)})
        best = self.tool("ls", "-f", "params.index = '9876'", "-c", "id,name", "--no-header").rows()
        self.assertEqual([name for _, name in best], ["run 9876"])
        [[run, _]] = best
        self.assertEqual(self.json("show", run[:12])["info"]["run_id"], run)
        ordered = self.tool("ls", "--order-by", "metrics.loss", "--max", "3", "-c", "name", "--no-header").lines
        self.assertEqual(ordered, ["run 9999", "run 9998", "run 9997"])
        self.assertEqual(self.json("du")["usage"][0]["runs"], COUNT)
        self.assertEqual(self.tool("candidates", "run 98").lines, [f"run 98{i:02}" for i in range(100)])
        self.assertEqual(len(self.tool("candidates", "002").lines), 10)
        self.assertLessEqual(len(self.tool("candidates", "").lines), 2000)

        # Who reads only the first line ends the tool without a word.
        piped = subprocess.run([os.environ["MLSCRIBE_BASH"], "-c", '"$MLSCRIBE_TOOL" ls --max 0 | head -n 1'], cwd=self.home,
                               env=environment(), capture_output=True, text=True)
        self.assertEqual((len(piped.stdout.splitlines()), piped.stderr), (1, ""))

        full = subprocess.run([os.environ["MLSCRIBE_BASH"], "-c", '"$MLSCRIBE_TOOL" ls >/dev/full'], cwd=self.home,
                              env=environment(), capture_output=True, text=True)
        self.assertEqual(full.returncode, UNREADABLE)
        self.assertIn("standard output", full.stderr)


if __name__ == "__main__":
    unittest.main()
