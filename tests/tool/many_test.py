# SPDX-License-Identifier: MIT
"""A store of 10 000 runs."""
import contextlib
import unittest

from desk import *

COUNT = 10000


class Many(Desk):
    def test_many_runs(self):
        with contextlib.closing(Writer(str(self.store))) as write:
            write("many", COUNT)
        answer = self.tool("ls")
        self.assertEqual(len(answer.lines), 1001)
        self.assertIn("more than these 1000", answer.err)
        every = self.tool("ls", "--max", "0", "-c", "id,name", "--no-header").rows()
        self.assertEqual({name for _, name in every}, {f"{i:04}" for i in range(COUNT)})
        best = self.tool("ls", "-f", "params.index = '9876'", "-c", "id,name", "--no-header").rows()
        self.assertEqual([name for _, name in best], ["9876"])
        [[run, _]] = best
        self.assertEqual(self.json("show", run[:12])["info"]["run_id"], run)
        ordered = self.tool("ls", "--order-by", "metrics.loss", "--max", "3", "-c", "name", "--no-header").lines
        self.assertEqual(ordered, ["9999", "9998", "9997"])
        self.assertEqual(self.json("du")["usage"][0]["runs"], COUNT)
        self.assertEqual(len(self.tool("candidates", "00").lines), 100 + sum(run_id.startswith("00") for run_id, _ in every))

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
