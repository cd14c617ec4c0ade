# SPDX-License-Identifier: MIT
"""`mlscribe tail`: a live run, and one that has ended."""
import threading
import unittest

from desk import *


class Following(Desk):
    def follow(self, *words):
        process = subprocess.Popen([TOOL, "tail", "--interval", "0.02", *words], cwd=self.home, env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # Nothing here waits for ever.
        timer = threading.Timer(120, process.kill)
        timer.start()
        self.addCleanup(timer.cancel)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def test_a_live_run_is_followed_to_its_end(self):
        write = self.writer()
        run = write("start", "trials", "live")
        write("metric", "loss", 0.5, 0)
        process = self.follow(run)
        seen = process.stdout.readline().split("  ")
        self.assertEqual(seen[1:], ["loss", "0", "0.5\n"])
        for step in range(1, 20):
            write("metric", "loss", 0.5 / step, step)
            self.assertEqual(process.stdout.readline().split("  ")[1:3], ["loss", str(step)])
        write("metric", "late/comer", "nan", 7)
        self.assertEqual(process.stdout.readline().split("  ")[1:], ["late/comer", "7", "NaN\n"])
        write("metric", "loss", 9, 99)
        write("end")
        self.assertEqual(process.stdout.read().split("  ")[1:], ["loss", "99", "9\n"])
        self.assertEqual(process.stderr.read(), "mlscribe: the run has ended: FINISHED\n")
        self.assertEqual(process.wait(), 0)

    def test_it_ends_when_nobody_reads(self):
        write = self.writer()
        run = write("start", "trials", "live")
        write("metric", "loss", 0.5, 0)
        process = self.follow(run)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual((process.wait(), process.stderr.read()), (0, ""))
        write("end")

    def test_last_lines(self):
        run = self.log("ended", metrics={"a": range(20), "b": range(20, 40)})
        self.assertEqual(len(self.tool("tail", run).lines), 10)
        answer = self.tool("tail", run, "-n", "3", "-m", "a")
        self.assertEqual([line.split("  ")[1:] for line in answer.lines], [["a", str(i), str(i)] for i in (17, 18, 19)])
        self.assertIn("FINISHED", answer.err)
        self.assertEqual(self.tool("tail", run, "-n", "0").out, "")
        lines = self.json_lines("tail", run, "-n", "1", "-m", "b", "--json")
        self.assertEqual([(line["key"], line["step"], line["value"]) for line in lines], [("b", 19, 39)])
        self.on_terminal("tail", run)

    def test_once(self):
        write = self.writer()
        run = write("start", "trials", "live")
        write("metric", "loss", 0.5, 0)
        answer = self.tool("tail", run, "--once")
        self.assertEqual((len(answer.lines), answer.err), (1, ""))
        self.tool("tail", run, "--once", "--interval", "nan", code=USAGE)
        write("end")


if __name__ == "__main__":
    unittest.main()
