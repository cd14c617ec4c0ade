# SPDX-License-Identifier: MIT
"""What changes a store: `rm`, `restore`, `recover`; and `du`."""
import unittest

from desk import *


class Keeping(Desk):
    def names(self, *words, code=0):
        return set(self.tool("ls", "-c", "name", "--no-header", *words, code=code).lines)

    def test_rm_and_restore(self):
        runs = {name: self.log(name) for name in ("kept", "gone", "lost")}
        answer = self.tool("rm", "gone", runs["lost"][:8])
        self.assertEqual(answer.lines, [f"deleted {runs['gone']}  gone", f"deleted {runs['lost']}  lost"])
        self.assertEqual(self.names(), {"kept"})
        self.assertEqual(self.names("--view", "deleted"), {"gone", "lost"})
        self.assertEqual(self.names("--view", "all"), set(runs))
        self.assertIn("deleted", self.tool("show", "gone").out)
        self.assertIn("no active run", self.tool("rm", "gone", code=NOTHING).err)
        self.assertIn("no deleted run", self.tool("restore", "kept", code=NOTHING).err)
        self.assertEqual(self.json("restore", "gone"), {"restored": [runs["gone"]]})
        self.assertEqual(self.names(), {"kept", "gone"})
        self.assertEqual(self.json("rm", "gone"), {"deleted": [runs["gone"]]})

    def test_nothing_is_deleted_where_a_word_means_nothing(self):
        self.log("kept")
        self.tool("rm", "kept", "missing", code=NOTHING)
        self.assertEqual(self.names(), {"kept"})

    def test_a_switch_for_programs_does_not_count(self):
        run = self.log("gone")
        self.tool("rm", run, MLSCRIBE_MODE="disabled")
        self.assertEqual(self.names(code=NOTHING), set())

    def test_recover(self):
        self.assertIn("mlruns", self.tool("recover", code=UNREADABLE).err)
        write = self.writer()
        run = write("start", "trials", "killed")
        self.assertEqual(self.json("recover")["alive"], [run])
        self.assertIn("a process writes it", self.tool("recover").out)
        # Just before, so that the writer has not drained it by itself.
        write("metric", "loss", 0.5, 0)
        write.process.kill()
        write.process.wait()
        self.assertEqual(self.json("recover"), {"points": 1, "runs": [run], "alive": [], "unknown": [], "errors": []})
        self.assertEqual(self.json("show", run)["info"]["status"], "KILLED")
        self.assertEqual(self.tool("recover").out, "0 runs recovered, 0 points written\n")

    def test_disk_usage(self):
        self.log("a", artifacts={"model.bin": "x" * 300000})
        self.log("b", metrics={"loss": range(10)})
        self.log("c", experiment="others")
        used = self.json("du")
        self.assertEqual(used["total"], sum(row["total"] for row in used["usage"]))
        first = used["usage"][0]
        self.assertEqual((first["name"], first["runs"]), ("trials", 2))
        self.assertGreaterEqual(first["artifacts"], 300000)
        self.assertGreater(first["metrics"], 0)
        exact = self.json("du", "--apparent-size")
        self.assertEqual(exact["total"], sum(path.stat().st_size for path in self.store.rglob("*") if path.is_file()))
        head, *rows = self.tool("du", "--runs").rows()
        self.assertEqual(int(rows[-1][0]), sum(int(row[0]) for row in rows[:-1]))
        self.assertEqual(sum(len(row[head.index("run")]) == 32 for row in rows), 3)
        self.assertIn("KiB", self.on_terminal("du").out)

    def test_disk_usage_counts_links_once(self):
        folder = self.run_folder(self.log("a", artifacts={"model.bin": "x" * 300000}))
        before = self.json("du", "--apparent-size")["total"]
        os.link(folder / "artifacts" / "model.bin", folder / "artifacts" / "again.bin")
        self.assertEqual(self.json("du", "--apparent-size")["total"], before)


if __name__ == "__main__":
    unittest.main()
