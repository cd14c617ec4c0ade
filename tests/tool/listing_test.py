# SPDX-License-Identifier: MIT
"""`mlscribe ls`, and what holds for every table: widths, colours, wide letters, harmless names."""
import unittest

from desk import *

WIDE = {"wide": "日本語の実験", "emoji": "🚀🔥 launch", "combining": "e\u0301te\u0301 a\u0308o\u0308", "plain": "plain"}
NASTY = "\x1b[31mred\x1b]0;title\x07 \u202eback \x9b31m\ttab\nline"


class Listing(Desk):
    def test_an_empty_store_has_nothing(self):
        self.store.mkdir()
        answer = self.tool("ls", code=NOTHING)
        self.assertEqual((answer.out, answer.err), ("", "mlscribe: no runs\n"))
        self.assertEqual(self.json("ls", code=NOTHING), {"runs": [], "damaged": []})
        self.on_terminal("ls", code=NOTHING)

    def test_a_store_that_is_not_there(self):
        answer = self.tool("ls", code=UNREADABLE)
        self.assertIn("mlruns", answer.err)
        self.assertFalse(self.store.exists())
        self.assertIn("elsewhere", self.tool("-s", "elsewhere", "ls", code=UNREADABLE).err)
        self.tool("ls", code=UNREADABLE, MLFLOW_TRACKING_URI="http://localhost:5000")

    def test_which_store_is_meant(self):
        run = self.log("only")
        self.store.rename(self.home / "moved")
        for words in (["ls", "--store", "moved"], ["-s", "moved", "ls"], ["ls", "-s", f"file://{self.home}/moved"]):
            self.assertIn(run, self.tool(*words).out)
        self.assertIn(run, self.tool("ls", MLFLOW_TRACKING_URI="moved").out)

    def test_rows_for_other_programs(self):
        first = self.log("two  blanks", params={"lr": "0.1"}, metrics={"loss": [3, 0.1234567890123]})
        second = self.log(" rim ", params={"lr": "0.2"}, end="fail")
        head, *rows = self.tool("ls").rows()
        self.assertEqual(head, ["id", "name", "experiment", "status", "start", "duration", "metrics.loss", "params.lr"])
        self.assertEqual({row[0] for row in rows}, {first, second})
        by_id = {row[0]: dict(zip(head, row)) for row in rows}
        self.assertEqual(by_id[first]["metrics.loss"], "0.1234567890123")
        self.assertEqual(by_id[first]["name"], "two \\x20blanks")
        self.assertEqual((by_id[second]["name"], by_id[second]["metrics.loss"]), ("\\x20rim\\x20", "-"))
        self.assertEqual((by_id[first]["status"], by_id[second]["status"]), ("FINISHED", "FAILED"))
        self.assertNotIn("\t", self.tool("ls").out)

    def test_filter_order_columns_and_most(self):
        ids = [self.log(f"run {i}", params={"lr": str(i)}, metrics={"loss": [1 - i / 10], "acc": [i]}) for i in range(5)]
        self.log("other", experiment="others")
        names = self.tool("ls", "-f", "metrics.loss < 0.85 AND params.lr != '4'", "--order-by", "metrics.loss",
                          "--columns", "name", "--no-header").lines
        self.assertEqual(names, ["run 3", "run 2"])
        answer = self.tool("ls", "-e", "trials", "--max", "2", "--order-by", "metrics.acc DESC", "--columns", "id,params.lr,metrics.*")
        self.assertEqual(answer.rows(), [["id", "params.lr", "metrics.acc", "metrics.loss"],
                                         [ids[4], "4", "4", "0.6"], [ids[3], "3", "3", "0.7"]])
        self.assertIn("--max 0", answer.err)
        self.assertEqual(self.tool("ls", "-e", "others", "-c", "name,experiment", "--no-header").rows(), [["other", "others"]])
        self.assertIn("no experiment", self.tool("ls", "-e", "missing", code=NOTHING).err)

    def test_wrong_usage(self):
        self.log("only")
        for words in (["ls", "--view", "some"], ["ls", "--max", "many"], ["ls", "--max", "-1"], ["bogus"], [], ["ls", "--bogus"], ["show"],
                      ["ls", "-f", "loss <"], ["ls", "--order-by", "loss UP"], ["ls", "-c", "colour"],
                      ["show", "-s"], ["plot", "only"], ["compare", "only"]):
            answer = self.tool(*words, code=USAGE)
            self.assertEqual(answer.out, "")
            self.assertTrue(answer.err.startswith("mlscribe: "), answer.err)
        self.assertIn('"bogus"', self.tool("bogus", code=USAGE).err)
        self.tool("--color", "\x1b[31m", code=USAGE)

    def test_help_of_all(self):
        whole = self.tool("--help").out
        self.assertIn("Exit status: 0 done; 1 nothing", whole)
        self.assertTrue(self.tool("--version").out.startswith("mlscribe 0."))
        listed = whole[whole.index("Subcommands:"):whole.index("\n\n", whole.index("Subcommands:"))].splitlines()[1:]
        for line in listed:
            self.assertIn("Example", self.tool(line.split()[0], "--help").out, line)
        self.assertGreaterEqual(len(listed), 12)

    def test_numbers_that_json_lacks(self):
        self.log("odd", metrics={"nan": ["nan"], "high": ["inf"], "low": ["-inf"], "usual": [0.1]})
        [run] = self.json("ls")["runs"]
        self.assertEqual(run["data"]["metrics"], {"nan": "NaN", "high": "Infinity", "low": "-Infinity", "usual": 0.1})
        row = self.tool("ls", "-c", "metrics.*", "--no-header").rows()
        self.assertEqual(row, [["Infinity", "-Infinity", "NaN", "0.1"]])

    def test_terminals_of_all_widths(self):
        for i in range(3):
            self.log(f"a run whose name is rather long, number {i}", params={f"param_{k}": f"value {i} " * 9 for k in range(6)},
                     metrics={f"metric_{k}": [i / 7] for k in range(6)})
        for columns in (80, 200, 40, 12, 3):
            answer = self.on_terminal("ls", columns=columns)
            self.assertEqual(len(answer.lines), 4)
        self.assertIn("…", self.on_terminal("ls").out)
        self.assertIn("metric_0", self.on_terminal("ls").plain[0])
        self.assertNotIn("experiment", self.on_terminal("ls").plain[0])
        self.assertIn("experiment", self.on_terminal("ls", columns=200).plain[0])
        self.assertGreater(max(map(width, self.on_terminal("ls", columns=200).plain)), 150)
        every = "id,name,experiment,status,start,duration,end,user,stage,metrics.*,params.*,tags.*"
        for columns in (80, 200, 20):
            self.on_terminal("ls", "-c", every, columns=columns)

    def test_colours_only_where_they_are_wanted(self):
        self.log("good")
        self.log("bad", end="fail")
        coloured = self.on_terminal("ls")
        self.assertIn("\x1b[32mFINISHED\x1b[0m", coloured.out)
        self.assertIn("\x1b[31mFAILED\x1b[0m", coloured.out)
        for setting in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            answer = self.on_terminal("ls", **setting)
            self.assertNotIn("\x1b", answer.out)
            self.assertEqual(answer.lines, coloured.plain)
        self.assertNotIn("\x1b", self.on_terminal("ls", "--color", "never").out)
        forced = subprocess.run([TOOL, "ls", "--color", "always"], cwd=self.home, env=environment(), capture_output=True)
        self.assertIn(b"\x1b[32mFINISHED", forced.stdout)

    def test_wide_letters_align(self):
        for key, name in WIDE.items():
            self.log(name, experiment="幅", params={"key": key})
        for answer in (self.on_terminal("ls", "-c", "name,params.key", columns=80), self.tool("ls", "-c", "name,params.key")):
            lines = [line for line in answer.plain if not line.startswith("name")]
            self.assertEqual(len(lines), 4)
            starts = {width(line[:line.rindex(key)]) for line in lines for key in WIDE if line.endswith("  " + key)}
            self.assertEqual(starts, {2 + max(map(width, WIDE.values()))})
        for columns in range(3, 30):
            self.on_terminal("ls", "-c", "name,experiment,params.key", columns=columns)
        cut = [line.rstrip() for line in self.on_terminal("ls", "-c", "name", columns=6).plain]
        self.assertIn("日本…", cut)

    def test_nothing_commands_the_terminal(self):
        run = self.log(NASTY, experiment="exp\x1b[2J", params={"text": NASTY}, tags={"text": NASTY}, metrics={"loss": [1, 2]},
                       artifacts={"n\x1b[1mame.txt": "text"})
        self.log(NASTY)
        for words in (["ls", "-c", "name,experiment,params.*,tags.*"], ["show", run], ["compare", *self.ids()],
                      ["plot", run, "-m", "loss"], ["export"], ["export", "--histories"], ["du", "--runs"],
                      ["tail", run], ["history", run, "loss"], ["ls", "--json"], ["show", run, "--json"]):
            answer = self.on_terminal(*words, columns=4000)
            self.assertNotRegex(answer.out, "\x1b[^[]|\x1b\\[[0-9;]*[^m0-9;]", words)
            if words[0] != "export":
                self.tool(*words)
        self.on_terminal("show", NASTY, code=USAGE, columns=4000)
        self.on_terminal("show", "no\x1b[31m", code=NOTHING, columns=4000)
        self.assertIn("\\x1b[31mred", self.on_terminal("show", run, columns=4000).out)

    def test_a_terminal_without_utf8(self):
        self.log("日本語", metrics={"loss": [1, 2, 3]})
        for words in (["ls"], ["show", "日本語"], ["plot", "日本語", "-m", "loss"]):
            answer = self.on_terminal(*words, LANG="C", LC_ALL="C")
            self.assertTrue(answer.out.isascii(), answer.out)
        self.assertIn("日本語", self.tool("ls", LC_ALL="C").out)

    def test_damaged_runs_are_told_of(self):
        good = self.log("good", metrics={"loss": [1, 2]})
        for damage in ("line", "meta", "meta"):
            folder = self.run_folder(self.log(damage, metrics={"loss": [1, 2]}))
            if damage == "line":
                with open(folder / "metrics" / "loss", "a") as file:
                    file.write("what is this\n")
            else:
                (folder / "meta.yaml").write_bytes((folder / "meta.yaml").read_bytes()[:40])
        answer = self.tool("ls", "-c", "id", "--no-header")
        self.assertEqual((answer.lines, answer.err), ([good], "mlscribe: 3 runs are damaged: mlscribe doctor\n"))
        self.assertEqual(len(self.json("ls")["damaged"]), 3)
        self.assertIn("3 runs are damaged", self.on_terminal("ls").out)
        self.assertIn("3 runs are damaged", self.tool("export").err)
        self.assertIn("meta.yaml", self.tool("show", folder.name, code=DAMAGED).err)
        self.assertIn("meta.yaml", self.tool("show", folder.name[:8], code=DAMAGED).err)

    def ids(self):
        return self.tool("ls", "-c", "id", "--no-header").lines


if __name__ == "__main__":
    unittest.main()
