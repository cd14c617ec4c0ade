# SPDX-License-Identifier: MIT
"""`show`, `compare`, `plot`, `history`, `export`, and which run a word means."""
import csv
import io
import unittest

from desk import *


class Reading(Desk):
    def test_show(self):
        run = self.log("shown", params={"lr": "0.1"}, metrics={"loss": [4, 3, 2, 1], "odd": ["nan", 5]}, tags={"stage": "trial"},
                       artifacts={"notes.txt": "12345", "deep/er/plot.svg": "<svg/>"})
        answer = self.tool("show", "shown")
        self.assertIn(["loss", "1", "1", "4", "4", "█▆▃▁"], answer.rows())
        self.assertIn(["5 B", "notes.txt"], answer.rows())
        self.assertIn(["6 B", "deep/er/plot.svg"], answer.rows())
        self.assertIn(["experiment", "trials"], [row[:1] + [row[1].split(" (")[0]] for row in answer.rows() if len(row) > 1])
        shown = self.json("show", run)
        self.assertEqual(shown["info"]["run_id"], run)
        self.assertEqual(shown["info"]["experiment_name"], "trials")
        self.assertEqual(shown["data"]["params"], {"lr": "0.1"})
        self.assertEqual(shown["data"]["tags"]["stage"], "trial")
        self.assertEqual(shown["artifacts"], [{"path": "deep/er/plot.svg", "file_size": 6}, {"path": "notes.txt", "file_size": 5}])
        for columns in (80, 200):
            self.assertIn("█▆▃▁", self.on_terminal("show", run, columns=columns).out)

    def test_a_run_by_id_by_its_beginning_and_by_name(self):
        run = self.log("the name")
        for word in (run, run[:4], run[:12], "the name"):
            self.assertEqual(self.json("show", word)["info"]["run_id"], run)
        self.assertIn("at least 4", self.tool("show", run[:3], code=NOTHING).err)
        self.tool("show", "the", code=NOTHING)

    def test_names_that_are_hard_to_say(self):
        names = ["it's", 'say "so"', "both ' and \"", "back\\slash", "[a,b]", "日本語", "ls", "100%", "a_b", "-dash"]
        runs = {name: self.log(name) for name in names}
        for name, run in runs.items():
            dashes = ["--"] if name.startswith("-") else []
            shown = json.loads(self.tool("show", "--json", *dashes, name).out)
            self.assertEqual(shown["info"]["run_id"], run, name)

    def test_a_word_that_means_several_runs(self):
        runs = [self.log("twin"), self.log("twin")]
        answer = self.tool("show", "twin", code=USAGE)
        for run in runs:
            self.assertIn(run, answer.err)
        self.assertEqual(answer.out, "")
        # The beginning of one id is the name of another run.
        other = self.log(runs[0][:6])
        answer = self.tool("show", runs[0][:6], code=USAGE)
        self.assertIn(runs[0], answer.err)
        self.assertIn(other, answer.err)
        self.tool("rm", runs[0][:6], code=USAGE)

    def test_compare(self):
        first = self.log("a", params={"lr": "0.1", "same": "x"}, metrics={"loss": [0.5]})
        second = self.log("b", params={"lr": "0.2", "same": "x", "only": "y"}, metrics={"loss": ["nan"], "acc": [1]})
        rows = self.tool("compare", first, second).rows()
        self.assertEqual(rows[0], ["-", first, second])
        for row in (["name", "a", "b"], ["params.lr", "0.1", "0.2"], ["params.only", "-", "y"], ["metrics.loss", "0.5", "NaN"],
                    ["metrics.acc", "-", "1"]):
            self.assertIn(row, rows)
        self.assertFalse([row for row in rows if row[0] == "params.same"])
        both = self.json("compare", "a", "b")
        self.assertEqual(both["params"], {"lr": ["0.1", "0.2"], "only": [None, "y"]})
        self.assertEqual(both["metrics"], {"acc": [None, 1], "loss": [0.5, "NaN"]})
        self.assertEqual([run["run_id"] for run in both["runs"]], [first, second])
        self.tool("compare", "a", first, code=USAGE)
        self.on_terminal("compare", *[first, second], columns=40)

    def test_plot(self):
        self.log("falling", metrics={"loss": [2 ** -i for i in range(9)], "flat": [3, 3]})
        answer = self.tool("plot", "falling", "-m", "loss", "--width", "60", "--height", "8")
        self.assertEqual(len(answer.lines), 8 + 3)
        self.assertTrue(all(width(line) <= 60 for line in answer.lines))
        self.assertRegex(answer.lines[0], r"^ +1 ┤[⠀-⣿]")
        self.assertRegex(answer.lines[7], r"^ *0\.00390625 ┤")
        self.assertRegex(answer.lines[9], r"^ +0 +step +8$")
        # A straight line where the axis is logarithmic: every row has its dots.
        logarithmic = self.tool("plot", "falling", "-m", "loss", "--log", "--ascii", "--height", "9").lines
        self.assertTrue(all("*" in line for line in logarithmic[:9]))
        firsts = [line.index("*") for line in logarithmic[:9]]
        self.assertEqual(firsts, sorted(firsts))
        self.assertTrue("\n".join(logarithmic).isascii())
        self.assertTrue(self.tool("plot", "falling", "-m", "loss", LC_ALL="C").out.isascii())
        self.assertIn("┤", self.tool("plot", "falling", "-m", "flat").out)
        self.on_terminal("plot", "falling", "-m", "loss")
        self.assertIn("\x1b[36m", self.on_terminal("plot", "falling", "-m", "loss", "-m", "flat").out)
        self.assertIn("seconds", self.tool("plot", "falling", "-m", "loss", "--time").out)

    def test_plots_of_several_runs(self):
        self.log("up", metrics={"v": [0, 1]})
        self.log("down", metrics={"v": [1, 0]})
        self.log("without")
        answer = self.tool("plot", "up", "down", "without", "-m", "v", "--height", "5", "--width", "30")
        self.assertIn("*", answer.out)
        self.assertIn("+", answer.out)
        self.assertIn('no metric "v"', answer.err)
        self.assertEqual([(each["run_name"], [row["value"] for row in each["points"]])
                          for each in self.json("plot", "up", "down", "-m", "v")["series"]], [("up", [0, 1]), ("down", [1, 0])])
        self.tool("plot", "without", "-m", "v", code=NOTHING)

    def test_plots_of_odd_numbers(self):
        self.log("odd", metrics={"v": [1, "nan", 2, "inf", "-inf", 3], "none": ["nan"], "huge": [-1.7e308, 1.7e308], "one": [5]})
        self.assertIn("3 cannot be drawn", self.tool("plot", "odd", "-m", "v").out)
        self.tool("plot", "odd", "-m", "none", code=NOTHING)
        for key in ("huge", "one"):
            self.tool("plot", "odd", "-m", key)
        self.tool("show", "odd")

    def test_history(self):
        run = self.log("long", metrics={"loss": [0.1, "nan", "-inf"], "deep/key": [1]})
        self.assertEqual([row[0::2] for row in self.tool("history", run, "loss").rows()],
                         [["step", "value"], ["0", "0.1"], ["1", "NaN"], ["2", "-Infinity"]])
        rows = self.json_lines("history", run, "loss", "--json")
        self.assertEqual([(row["step"], row["value"]) for row in rows], [(0, 0.1), (1, "NaN"), (2, "-Infinity")])
        self.assertTrue(all(isinstance(row["timestamp"], int) for row in rows))
        self.assertEqual(len(self.tool("history", "long", "deep/key").lines), 2)
        answer = self.tool("history", run, "los", code=NOTHING)
        self.assertIn("deep/key, loss", answer.err)
        self.tool("history", run, "../params", code=USAGE)

    def test_export(self):
        text = 'a,b "c"\nd'
        first = self.log(text, params={"lr": "0.1"}, metrics={"loss": [3, 0.1]})
        second = self.log("日本", metrics={"loss": ["inf"], "acc": [1]}, tags={"note": text})
        rows = {row["run_id"]: row for row in csv.DictReader(io.StringIO(self.tool("export").out, newline=""))}
        self.assertEqual((rows[first]["run_name"], rows[first]["params.lr"], rows[first]["metrics.loss"]), (text, "0.1", "0.1"))
        self.assertEqual((rows[second]["metrics.loss"], rows[second]["tags.note"], rows[first]["tags.note"]), ("Infinity", text, ""))
        self.assertEqual(rows[second]["run_name"], "日本")
        lines = self.json_lines("export", "--format", "jsonl")
        self.assertEqual({line["info"]["run_id"]: line["data"]["metrics"] for line in lines},
                         {first: {"loss": 0.1}, second: {"loss": "Infinity", "acc": 1}})
        self.assertEqual(lines, self.json_lines("export", "--json"))
        points = list(csv.DictReader(io.StringIO(self.tool("export", "--histories").out, newline="")))
        self.assertEqual({(row["run_id"], row["key"], row["step"], row["value"]) for row in points},
                         {(first, "loss", "0", "3"), (first, "loss", "1", "0.1"), (second, "loss", "0", "Infinity"), (second, "acc", "0", "1")})
        points = self.json_lines("export", "--histories", "--format", "jsonl", "-m", "acc")
        self.assertEqual([(row["run_id"], row["key"], row["value"]) for row in points], [(second, "acc", 1)])
        self.assertEqual(len(self.json_lines("export", "--json", "-f", "metrics.acc = 1")), 1)
        self.tool("export", "-f", "metrics.acc = 2", code=NOTHING)


if __name__ == "__main__":
    unittest.main()
