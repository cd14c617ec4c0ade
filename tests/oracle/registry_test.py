# SPDX-License-Identifier: MIT
"""One model registry, written by C++ and by MLflow in turn and at once; both list and load everything."""
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import yaml
from mlflow.exceptions import MlflowException

from driver import *

RACERS, EACH, KILLED = 4, 10, 12


class Models(Driver):
    """A C++ process on the registry; texts and numbers in, what json says out."""

    def ask(self, name, *words):
        return json.loads(text(self.call(name, *(hexed(str(word)) for word in words))[0]))


def as_dict(entity):
    """What C++ tells of a version."""
    return {"name": entity.name, "version": int(entity.version), "description": entity.description or "",
            "creation_timestamp": entity.creation_timestamp, "last_updated_timestamp": entity.last_updated_timestamp,
            "current_stage": entity.current_stage, "source": entity.source, "run_id": entity.run_id or "",
            "status": entity.status, "aliases": sorted(entity.aliases), "tags": entity.tags}


def versions(reader, name):
    found = reader.search_model_versions(f"name='{name}'")
    return sorted((as_dict(v) for v in found), key=lambda v: v["version"])


def predicted(uri):
    return mlflow.pyfunc.load_model(uri).predict([[1.0]])


class Registry(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.here = pathlib.Path(scratch.name)
        self.root = self.here / "mlruns"
        self.net = self.model("net", 42)
        # MLflow makes Default only in a store that it makes itself.
        self.reader = client(self.root)
        self.cpp = self.enterContext(Models(self.root))
        self.warnings = Warnings()

    def model(self, name, answer):
        """A model that Python can load, in the least number of files."""
        folder = self.here / name
        (folder / "code").mkdir(parents=True)
        (folder / "MLmodel").write_text(
            f"flavors:\n  python_function:\n    code: code\n    loader_module: loader_{name}\n    python_version: "
            f"{sys.version.split()[0]}\n")
        (folder / "code" / f"loader_{name}.py").write_text(
            f"class Model:\n    def predict(self, data, params=None):\n        return {answer}\n\n\n"
            "def _load_pyfunc(path, model_config=None):\n    return Model()\n")
        return folder

    def test_mlflow_reads_what_cpp_wrote(self):
        cpp, reader = self.cpp, self.reader
        run = cpp.ask("run", self.net, "nets/best")
        other = self.model("other", 7)
        first = cpp.ask("register", f"runs:/{run}/nets/best", "iris flowers")
        cpp.ask("register", other, "iris flowers")
        cpp.ask("register", f"file://{other}", "iris flowers")
        cpp.ask("register", "models:/iris flowers/1", "Kopie ü")
        cpp.ask("create", "empty", "nothing: *yet*\n\"quoted\"")
        cpp.ask("set_alias", "iris flowers", "champion", 1)
        cpp.ask("set_alias", "iris flowers", "next-one", 2)
        cpp.ask("set_alias", "iris flowers", "champion", 2)
        cpp.ask("set_tag", "iris flowers", "team/name", "hpc ü\n")
        cpp.ask("set_tag", "iris flowers", "gone", "x")
        cpp.ask("delete_tag", "iris flowers", "gone")
        cpp.ask("set_version_tag", "iris flowers", 1, "checked", "yes")
        cpp.ask("describe", "iris flowers", "three species")
        cpp.ask("describe_version", "iris flowers", 1, "the first: good")
        cpp.ask("delete_version", "iris flowers", 3)

        self.assertEqual([m.name for m in reader.search_registered_models()], ["Kopie ü", "empty", "iris flowers"])
        self.assertEqual(reader.get_registered_model("empty").description, "nothing: *yet*\n\"quoted\"")
        iris = reader.get_registered_model("iris flowers")
        self.assertEqual((iris.description, iris.tags, iris.aliases),
                         ("three species", {"team/name": "hpc ü\n"}, {"champion": "2", "next-one": "2"}))
        self.assertEqual([v.version for v in iris.latest_versions], [2])
        self.assertEqual([m.name for m in reader.search_registered_models("name LIKE 'iris%'")], ["iris flowers"])
        self.assertEqual(versions(reader, "iris flowers"), cpp.ask("versions", "iris flowers"))
        self.assertEqual([v.version for v in reader.search_model_versions(f"run_id='{run}' and name='iris flowers'")],
                         [1])
        one = reader.get_model_version("iris flowers", "1")
        self.assertEqual((one.run_id, one.description, one.tags, one.status, one.current_stage),
                         (run, "the first: good", {"checked": "yes"}, "READY", "None"))
        self.assertEqual(one.source, first["source"])
        self.assertEqual(reader.get_model_version_by_alias("iris flowers", "champion").version, 2)
        self.assertEqual(reader.get_model_version("Kopie ü", "1").source, "models:/iris flowers/1")
        for uri, answer in [("models:/iris flowers/1", 42), ("models:/iris flowers@champion", 7),
                            ("models:/iris flowers/latest", 7), ("models:/Kopie ü/1", 42),
                            (f"runs:/{run}/nets/best", 42)]:
            self.assertEqual(predicted(uri), answer, uri)
        with self.assertRaises(MlflowException):
            reader.get_model_version("iris flowers", "3")
        # Goes on behind the deleted one.
        self.assertEqual(reader.create_model_version("iris flowers", str(other)).version, 4)
        reader.set_registered_model_alias("iris flowers", "python", "4")
        self.assertEqual(cpp.ask("register", other, "iris flowers")["version"], 5)
        self.assertEqual(cpp.ask("resolve", "models:/iris flowers@python")["version"], 4)
        cpp.ask("rename", "iris flowers", "renamed")
        self.assertEqual(predicted("models:/renamed@champion"), 7)
        self.assertEqual(reader.get_registered_model("renamed").tags, {"team/name": "hpc ü\n"})
        self.assertEqual([m.name for m in reader.search_registered_models()], ["Kopie ü", "empty", "renamed"])
        cpp.ask("delete", "renamed")
        self.assertEqual([m.name for m in reader.search_registered_models()], ["Kopie ü", "empty"])
        self.assertEqual(self.warnings.texts, [])

    def test_cpp_reads_what_mlflow_wrote(self):
        cpp, reader = self.cpp, self.reader
        mlflow.set_experiment("python")
        with mlflow.start_run() as active:
            mlflow.log_artifacts(str(self.net), "net")
        run = active.info.run_id
        for _ in range(4):
            mlflow.register_model(f"runs:/{run}/net", "iris")
        reader.set_registered_model_alias("iris", "champion", "2")
        reader.set_registered_model_tag("iris", "team", "hpc")
        reader.set_model_version_tag("iris", "2", "checked/by", "me\n")
        reader.update_registered_model("iris", "long " * 40)
        reader.update_model_version("iris", "2", "it's: 'quoted'\nü")
        reader.transition_model_version_stage("iris", "1", "Production")
        reader.transition_model_version_stage("iris", "2", "Staging")
        reader.delete_model_version("iris", "4")
        reader.create_registered_model("only?python", description=None)

        self.assertEqual(cpp.ask("versions", "iris"), versions(reader, "iris"))
        self.assertEqual([v["version"] for v in cpp.ask("versions", "iris")], [1, 2, 3])
        for model in cpp.ask("models"):
            seen = reader.get_registered_model(model["name"])
            self.assertEqual((model["description"], model["tags"], model["creation_timestamp"]),
                             (seen.description or "", seen.tags, seen.creation_timestamp))
            self.assertEqual({k: str(v) for k, v in model["aliases"].items()}, seen.aliases)
        place = f"{self.root}/{active.info.experiment_id}/{run}/artifacts/net"
        for choice in ("/1", "/2", "@champion", "/latest", "/production", "/Staging", "/none"):
            self.assertEqual(cpp.ask("resolve", "models:/iris" + choice)["path"], place)
        self.assertEqual(cpp.ask("resolve", "models:/iris@champion"), {"path": place, "version": 2, "run_id": run})
        self.assertEqual([v["version"] for v in cpp.ask("latest", "iris", "Production")], [1])
        self.assertEqual(cpp.ask("resolve", "models:/iris/None")["version"], 3)
        with self.assertRaisesRegex(Refused, "no version 4"):
            cpp.ask("resolve", "models:/iris/4")
        self.assertEqual(cpp.ask("register", f"runs:/{run}/net", "iris")["version"], 5)
        # Stages stay as they are, whatever C++ changes.
        cpp.ask("describe_version", "iris", 1, "old")
        self.assertEqual(reader.get_model_version("iris", "1").current_stage, "Production")
        self.assertEqual(versions(reader, "iris"), cpp.ask("versions", "iris"))

    def test_the_same_calls_leave_the_same_files(self):
        cpp, reader = self.cpp, self.reader
        source = "file://" + str(self.net)
        reader.create_registered_model("python", description="it's: *one*")
        reader.create_model_version("python", source, description="a\nb")
        reader.set_registered_model_alias("python", "champion", "1")
        reader.set_registered_model_tag("python", "team/name", "hpc")
        reader.set_model_version_tag("python", "1", "checked", "")
        reader.update_model_version("python", "1", "- x")
        cpp.ask("create", "cpp", "it's: *one*")
        cpp.ask("version", "cpp", source, "", "a\nb")
        cpp.ask("set_alias", "cpp", "champion", 1)
        cpp.ask("set_tag", "cpp", "team/name", "hpc")
        cpp.ask("set_version_tag", "cpp", 1, "checked", "")
        cpp.ask("describe_version", "cpp", 1, "- x")

        def files(name):
            folder = self.root / "models" / name
            return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

        python, ours = files("python"), files("cpp")
        self.assertEqual(set(python), set(ours))
        for path in python:
            if not path.endswith("meta.yaml"):
                self.assertEqual(ours[path], python[path], path)
                continue
            told, written = (yaml.safe_load(each[path]) for each in (python, ours))
            if VERSION == 2:
                masked = ours[path].decode()
                for key in ("creation_timestamp", "last_updated_timestamp"):
                    masked = masked.replace(f"{key}: {written[key]}", f"{key}: {told[key]}")
                self.assertEqual(masked.replace("name: cpp", "name: python"), python[path].decode())
            for key in set(told) & set(written) - {"name", "creation_timestamp", "last_updated_timestamp"}:
                self.assertEqual(written[key], told[key], key)
                self.assertEqual(type(written[key]), type(told[key]), key)

    def test_a_moved_store(self):
        cpp = self.cpp
        run = cpp.ask("run", self.net, "net")
        cpp.ask("register", f"runs:/{run}/net", "iris")
        moved = self.here / "elsewhere" / "store"
        moved.parent.mkdir()
        shutil.copytree(self.root, moved)
        with Models(moved) as there:
            self.assertEqual(there.ask("resolve", "models:/iris/1")["path"][:len(str(moved))], str(moved))
            shutil.move(self.root, self.here / "gone")
            self.assertTrue(os.path.exists(there.ask("resolve", "models:/iris/1")["path"] + "/MLmodel"))
            # A new version says where the model is now, so that MLflow loads it.
            self.assertEqual(there.ask("register", f"runs:/{run}/net", "iris")["version"], 2)
        client(moved)
        self.assertEqual(predicted("models:/iris/2"), 42)

    def test_both_register_at_once(self):
        call = "register " + hexed(str(self.net)) + " " + hexed("iris") + "\n"
        self.cpp.ask("create", "iris", "")
        racers = [subprocess.Popen([os.environ["MLSCRIBE_DRIVER"], self.root], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True) for _ in range(RACERS)]
        for racer in racers:
            racer.stdin.write(call * EACH)
            racer.stdin.close()
        mine, outpaced = [], 0
        while len(mine) < EACH:
            try:
                mine.append(self.reader.create_model_version("iris", str(self.net)).version)
            except MlflowException as failure:
                # It gives up where others took the number three times in a row; nothing is left of it.
                self.assertIn("Giving up", str(failure))
                outpaced += 1
            found = self.reader.search_model_versions("name='iris'", max_results=1000)
            self.assertTrue(all(v.source.endswith(str(self.net)) for v in found))
            self.assertEqual(len(self.reader.search_registered_models()), 1)
        theirs = []
        for racer in racers:
            answers = racer.stdout.read().split()
            racer.stdout.close()
            self.assertEqual(racer.wait(60), 0)
            self.assertEqual(answers[::2], ["ok"] * EACH)
            theirs += [json.loads(text(word))["version"] for word in answers[1::2]]
        self.assertEqual(sorted(mine + theirs), list(range(1, (RACERS + 1) * EACH + 1)))
        found = versions(self.reader, "iris")
        self.assertEqual([v["version"] for v in found], sorted(mine + theirs))
        self.assertEqual({v["version"] for v in found if v["source"] == str(self.net)}, set(mine))
        print(f"MLflow was outpaced {outpaced} times")

    def test_killed_at_any_moment(self):
        self.assertEqual({e.name for e in all_experiments(self.reader)}, {"Default"})
        # So few that MLflow, which reads all of them each time, is not outrun.
        registers = "".join(f"register {hexed(str(self.net))} {hexed(name)}\n" for name in ("iris", "net") * 20)
        calls = self.here / "calls"
        calls.write_text(f"create {hexed('made')} x\n" + registers)
        random.seed(7)
        versions_made = lambda: sum(1 for _ in self.root.glob("models/*/version-*/meta.yaml"))
        for i in range(KILLED):
            wanted = versions_made() + random.randrange(20)
            with calls.open() as asked:
                process = subprocess.Popen([os.environ["MLSCRIBE_DRIVER"], self.root], stdin=asked,
                                           stdout=subprocess.DEVNULL)
            while process.poll() is None and versions_made() < wanted:
                # Every other one is read meanwhile.
                if i % 2:
                    self.reader.search_registered_models()
                    self.reader.search_model_versions()
            process.kill()
            process.wait()
            self.assertEqual({e.name for e in all_experiments(self.reader)}, {"Default"})
            models = self.reader.search_registered_models()
            for model in models:
                found = [v["version"] for v in versions(self.reader, model.name)]
                self.assertEqual(found, list(range(1, len(found) + 1)))
        self.assertIn("net", [model.name for model in models])
        self.assertGreater(self.cpp.ask("register", self.net, "iris")["version"], 1)
        self.cpp.ask("register", self.net, "net")
        self.assertEqual([path for path in self.root.rglob(".mlscribe*")], [])
        self.assertEqual(self.warnings.texts, [])

    def test_refused_by_both(self):
        cpp, reader = self.cpp, self.reader
        cpp.ask("register", self.net, "iris")
        for name in ("a/b", "", "a%b", ".") + (("  ", "a:b", "..a") if VERSION >= 3 else ()):
            with self.assertRaises(Exception):
                reader.create_registered_model(name)
            with self.assertRaisesRegex(Refused, "registered model"):
                cpp.ask("create", name, "")
        for alias in ("v1", "V12", "latest", "Latest", "a b", "a.b", ""):
            with self.assertRaises(MlflowException):
                reader.set_registered_model_alias("iris", alias, "1")
            with self.assertRaisesRegex(Refused, "alias"):
                cpp.ask("set_alias", "iris", alias, 1)
        with self.assertRaisesRegex(Refused, "no MLmodel|no file MLmodel"):
            cpp.ask("register", self.here, "iris")

    if VERSION >= 3:  # MLflow 2 has neither
        def test_logged_models(self):
            cpp, reader = self.cpp, self.reader
            mlflow.set_experiment("python")
            with mlflow.start_run() as active:
                run = active.info.run_id
            logged = reader.create_logged_model(active.info.experiment_id, name="outside", source_run_id=run)
            reader.log_model_artifacts(logged.model_id, str(self.net))
            reader.finalize_logged_model(logged.model_id, "READY")
            mlflow.register_model(f"models:/{logged.model_id}", "iris")
            place = f"{self.root}/{active.info.experiment_id}/models/{logged.model_id}/artifacts"
            for uri in (f"models:/{logged.model_id}", "models:/iris/1", f"runs:/{run}/outside"):
                self.assertEqual(cpp.ask("resolve", uri)["path"], place, uri)
                self.assertEqual(cpp.ask("resolve", uri)["run_id"], run, uri)
            cpp.ask("register", f"models:/{logged.model_id}", "iris")
            cpp.ask("register", f"runs:/{run}/outside", "iris")
            first, *others = (reader.get_model_version("iris", str(n)) for n in (1, 2, 3))
            for version in others:
                self.assertEqual((version.source, version.run_id, version.model_id),
                                 (first.source, first.run_id, first.model_id))
                self.assertEqual(predicted(f"models:/iris/{version.version}"), 42)

        def test_migration(self):
            cpp = self.cpp
            run = cpp.ask("run", self.net, "net")
            for _ in range(3):
                cpp.ask("register", f"runs:/{run}/net", "iris ü")
            cpp.ask("create", "empty", "")
            cpp.ask("set_alias", "iris ü", "champion", 2)
            cpp.ask("set_tag", "iris ü", "a/b", "x")
            cpp.ask("set_version_tag", "iris ü", 1, "c", "y")
            cpp.ask("delete_version", "iris ü", 3)
            database = self.here / "x.db"
            migrate(self.root, database)
            with sqlite3.connect(database) as rows:
                def all_of(what):
                    return rows.execute("select " + what).fetchall()

                self.assertEqual(all_of("name, description from registered_models order by name"),
                                 [("empty", None), ("iris ü", None)])
                self.assertEqual(all_of("name, version, current_stage, run_id, status from model_versions order by "
                                        "version"),
                                 [("iris ü", n, stage, run, "READY") for n, stage in
                                  [(1, "None"), (2, "None"), (3, "Deleted_Internal")]])
                self.assertEqual(all_of("name, alias, version from registered_model_aliases"),
                                 [("iris ü", "champion", 2)])
                self.assertEqual(all_of("name, key, value from registered_model_tags"), [("iris ü", "a/b", "x")])
                self.assertEqual(all_of("name, version, key, value from model_version_tags"),
                                 [("iris ü", 1, "c", "y")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
