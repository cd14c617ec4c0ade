# SPDX-License-Identifier: MIT
"""`mlscribe doctor` and `mlscribe relocate`."""
import shutil
import unittest

from desk import *


class Mending(Desk):
    def damaged_store(self):
        """\\return the runs with a bad line, and with half a meta.yaml"""
        line, meta = (self.run_folder(self.log(name, metrics={"loss": [1, 2]})) for name in ("line", "meta"))
        with open(line / "metrics" / "loss", "a") as file:
            file.write("what \x1b[31mis all this\n")
        (meta / "meta.yaml").write_bytes((meta / "meta.yaml").read_bytes()[:40])
        return line.name, meta.name

    def files(self):
        return {path: path.read_bytes() for path in self.store.rglob("*") if path.is_file()}

    def test_a_healthy_store(self):
        self.log("healthy", metrics={"loss": [1, 2]})
        answer = self.tool("doctor")
        self.assertEqual(answer.out, "")
        self.assertIn("1 run, ", answer.err)
        self.assertIn("0 findings", answer.err)
        self.assertEqual(self.json("doctor")["findings"], [])
        self.assertIn("takes all", self.tool("doctor", "--migration").err)
        self.assertEqual(self.json("doctor", "--migration"), {"aborts": [], "skips": []})

    def test_damage_is_told(self):
        line, meta = self.damaged_store()
        before = self.files()
        head, *rows = self.tool("doctor", code=NOTHING).rows()
        self.assertEqual(head, ["harm", "damage", "place", "message", "remedy"])
        places = {row[1]: row[2] for row in rows}
        self.assertTrue(places["wrong-fields"].endswith(line + "/metrics/loss:3"), places)
        self.assertTrue(places["broken-run"].endswith(meta + "/meta.yaml"), places)
        found = self.json("doctor", code=NOTHING)
        self.assertEqual({each["run_id"] for each in found["findings"]}, {line, meta})
        self.assertEqual(found["runs"], 2)
        only = self.json("doctor", "--only", "broken-run", code=NOTHING)
        self.assertEqual([each["damage"] for each in only["findings"]], ["broken-run"])
        self.json("doctor", "--only", "torn-line")
        for columns in (80, 200, 30, 4):
            shown = self.on_terminal("doctor", columns=columns, code=NOTHING)
        self.assertIn("\x1b[31mhides", self.on_terminal("doctor", code=NOTHING).out)
        migration = self.json("doctor", "--migration", code=NOTHING)
        self.assertEqual([each["run_id"] for each in migration["aborts"]], [line])
        self.assertEqual([each["run_id"] for each in migration["skips"]], [meta])
        self.on_terminal("doctor", "--migration", columns=20, code=NOTHING)
        self.assertEqual(self.files(), before)

    def test_repair(self):
        line, meta = self.damaged_store()
        before = self.files()
        planned = self.json("doctor", "--repair", "--dry-run", code=NOTHING)
        self.assertEqual(self.files(), before)
        self.assertEqual((planned["dry_run"], len(planned["changes"]), planned["left"]), (True, 2, []))
        self.assertIn("would be mended", self.tool("doctor", "--dry-run", code=NOTHING).err)
        part = self.json("doctor", "--repair", "--only", "wrong-fields", "--quarantine", "kept")
        self.assertEqual([each["damage"] for each in part["changes"]], ["wrong-fields"])
        self.assertIn("what \x1b[31mis all this", pathlib.Path(self.home, part["changes"][0]["kept"]).read_text())
        self.assertEqual((self.home / part["quarantine"]).parent, self.home / "kept")
        self.assertIn("1 finding mended, 0 left", self.tool("doctor", "--repair").err)
        self.assertIn("0 findings", self.tool("doctor").err)
        self.assertEqual(len(self.tool("ls", "--no-header").lines), 2)

    def test_wrong_usage(self):
        self.log("healthy")
        self.assertIn("torn-line", self.tool("doctor", "--only", "bad-weather", code=USAGE).err)
        self.tool("doctor", "--migration", "--repair", code=USAGE)
        self.tool("doctor", "-s", "missing", code=UNREADABLE)
        self.tool("relocate", "-s", "missing", code=UNREADABLE)

    def test_relocate(self):
        run = self.log("moved", artifacts={"notes.txt": "text"})
        old = self.json("show", run)["info"]["artifact_uri"]
        self.store.rename(self.home / "elsewhere")
        self.store = self.home / "elsewhere"
        before = self.files()
        planned = self.json("relocate", "-s", "elsewhere", "--dry-run")
        self.assertEqual(self.files(), before)
        [change] = [each for each in planned["changes"] if run in each["path"]]
        self.assertEqual((change["key"], change["old_uri"], change["new_uri"]),
                         ("artifact_uri", old, old.replace("/mlruns/", "/elsewhere/")))
        self.on_terminal("relocate", "-s", "elsewhere", "--dry-run")
        self.assertIn("changed", self.tool("relocate", "-s", "elsewhere").err)
        self.assertEqual(self.json("show", "-s", "elsewhere", run)["info"]["artifact_uri"], change["new_uri"])
        self.assertEqual(self.json("relocate", "-s", "elsewhere")["changes"], [])

    def test_relocate_from_a_place_that_is_told(self):
        run = self.log("moved")
        shutil.copytree(self.store, self.home / "copy")
        self.tool("relocate", "-s", "copy", "--from", str(self.store))
        self.assertIn("/copy/", self.json("show", "-s", "copy", run)["info"]["artifact_uri"])


if __name__ == "__main__":
    unittest.main()
