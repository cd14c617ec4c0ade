"""Damage in a store: MLflow fails on it, the library names it and mends it, MLflow reads it again."""
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time

import mlflow
from mlflow.entities import ViewType
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking import MlflowClient

V3 = mlflow.__version__.startswith("3")
EXPERIMENT, OTHER, RUN, NEIGHBOUR = "100000000000000001", "100000000000000002", "a" * 32, "b" * 32
T = 1700000000000
logging.disable(logging.CRITICAL)


class Driver:
    def __init__(self):
        self.process = subprocess.Popen([os.environ["MLSCRIBE_DOCTOR_DRIVER"]], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = []
        while (text := self.process.stdout.readline().rstrip("\n")) != ".":
            assert text, "the driver died"
            answer.append(json.loads(text))
            assert answer[-1].get("kind") != "failed", answer
        return answer


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def age(root, seconds=3600):
    """As a store looks to whoever comes later: what was written right now may be half done."""
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.utime(path, (time.time() - seconds,) * 2)
    os.utime(root, (time.time() - seconds,) * 2)


def make_run(root, experiment, run, status=3):
    place = f"{root}/{experiment}/{run}"
    for folder in "metrics", "params", "tags", "artifacts":
        os.makedirs(f"{place}/{folder}")
    end = T + 9000 if status != 1 else "null"
    write(f"{place}/meta.yaml",
          f"artifact_uri: file://{place}/artifacts\nend_time: {end}\nentry_point_name: ''\n"
          f"experiment_id: '{experiment}'\nlifecycle_stage: active\nrun_id: '{run}'\n"
          f"run_name: the name\nrun_uuid: '{run}'\nsource_name: ''\nsource_type: 4\n"
          f"source_version: ''\nstart_time: {T}\nstatus: {status}\ntags: []\nuser_id: me\n")
    write(f"{place}/metrics/loss", "".join(f"{T + i} {1 / (i + 1)!r} {i}\n" for i in range(4)))
    write(f"{place}/params/opt", "adam")
    write(f"{place}/tags/mlflow.runName", "the name")
    write(f"{place}/tags/mlflow.user", "me")
    write(f"{place}/artifacts/note.txt", "text")


def make_store(root):
    os.makedirs(f"{root}/.trash")
    os.makedirs(f"{root}/models")
    for experiment, name in (EXPERIMENT, "damaged"), (OTHER, "sound"):
        write(f"{root}/{experiment}/meta.yaml",
              f"artifact_location: file://{root}/{experiment}\ncreation_time: {T}\n"
              f"experiment_id: '{experiment}'\nlast_update_time: {T}\nlifecycle_stage: active\n"
              f"name: {name}\n")
    make_run(root, EXPERIMENT, RUN)
    make_run(root, EXPERIMENT, NEIGHBOUR)
    make_run(root, OTHER, "c" * 32)


def fingerprint(root):
    digest = hashlib.sha256()
    for folder, folders, files in sorted(os.walk(root)):
        folders.sort()
        digest.update(folder.encode(errors="surrogateescape"))
        for name in sorted(files):
            path = os.path.join(folder, name)
            digest.update(os.fsencode(path))
            digest.update(os.readlink(path).encode() if os.path.islink(path) else read(path))
            digest.update(str(os.lstat(path).st_mode).encode())
    return digest.hexdigest()


def look(root):
    """What MLflow reads of the store: whatever fails, what is seen, and what it says."""
    client = MlflowClient(root)
    seen = {"fails": set(), "runs": {}, "experiments": {}}
    try:
        found = client.search_experiments(view_type=ViewType.ALL)
    except Exception:
        seen["fails"].add("store")
        found = []
    seen["experiments"] = {each.experiment_id: each.name for each in found}
    for each in found:
        try:
            runs = client.search_runs([each.experiment_id], run_view_type=ViewType.ALL)
        except Exception:
            seen["fails"].add("search")
            continue
        for run in runs:
            seen["runs"][run.info.run_id] = run
            try:
                client.get_run(run.info.run_id)
                run.to_dictionary()
                for key in run.data.metrics:
                    client.get_metric_history(run.info.run_id, key)
                if not get_artifact_repository(run.info.artifact_uri).list_artifacts():
                    seen["fails"].add("artifacts")
            except Exception:
                seen["fails"].add("get")
    return seen


def migrate(root):
    """\\return whether it exits with 0, and how many runs arrive"""
    from click.testing import CliRunner
    from mlflow.cli import cli
    folder = tempfile.mkdtemp()
    arguments = ["migrate-filestore", "--source", root, "--target", f"sqlite:///{folder}/x.db",
                 "--no-progress"]
    result = CliRunner().invoke(cli, arguments)
    arrived = None
    if result.exit_code == 0:
        import sqlite3
        with sqlite3.connect(f"{folder}/x.db") as database:
            arrived = tuple(database.execute(f"select count(*) from {table}").fetchone()[0]
                            for table in ("runs", "experiments"))
    shutil.rmtree(folder)
    return arrived


CASES = []


def case(what, *fails, loss=None, only="", runs=3, keeps=None,
         line=None, params=None, status="FINISHED", without=""):
    """\\param fails      what MLflow fails on: store, search, get, artifacts, unseen, wrong
    \\param loss       the latest value and the number of rows of the metric once it is mended
    \\param keeps      bytes that must be in the quarantine"""
    def add(damage):
        CASES.append((damage.__name__, what, set(fails), loss, only, runs, keeps, line,
                      params, status, without, damage))
        return damage
    return add


def loss_file(root):
    return f"{root}/{EXPERIMENT}/{RUN}/metrics/loss"


def append(root, text):
    with open(loss_file(root), "ab") as file:
        file.write(text.encode() if isinstance(text, str) else text)


def metric_case(name, text, what, *fails, **more):
    def damage(root):
        append(root, text)
    damage.__name__ = name
    case(what, *fails, **more)(damage)


SOUND = (0.25, 4)
metric_case("torn: a field", f"{T + 9}", "torn-line", "search", loss=SOUND, keeps=b"1700000000009", line=5)
metric_case("torn: in the value", f"{T + 9} 2.", "torn-line", "wrong", loss=SOUND, line=5)
metric_case("torn: in the step", f"{T + 9} 0.125 1", "torn-line", loss=SOUND, line=5)
metric_case("glued behind a step", f"{T + 9} 0.5 1{T + 10} 0.125 8\n", "glued-line",
            *([] if V3 else ["search"]), loss=(0.125, 5), line=5)
metric_case("glued behind a value", f"{T + 9} 0.5{T + 10} 0.125 8\n", "glued-line", "search",
            loss=(0.125, 5), line=5, keeps=f"{T + 9} 0.5{T + 10} 0.125 8\n".encode())
metric_case("glued behind a time", f"17{T + 10} 0.125 8\n", "glued-line", loss=(0.125, 5))
metric_case("blank line", "\n", "blank-line", "search", loss=SOUND)
metric_case("blank lines between", f"\n  \n\t\n{T + 10} 0.125 8\n", "blank-line", "search", loss=(0.125, 5))
metric_case("NUL bytes at the end", b"\0" * 5000, "nul-bytes", "search", loss=SOUND)
metric_case("NUL bytes before a row", b"\0" * 5000 + f"{T + 10} 0.125 8\n".encode(), "nul-bytes",
            "search", loss=(0.125, 5))
metric_case("a hole of NUL bytes", b"\0" * (3 << 20) + f"\n{T + 10} 0.125 8\n".encode(), "nul-bytes",
            "search", loss=(0.125, 5))
metric_case("one field", "17\n", "wrong-fields", "search", loss=SOUND, line=5)
metric_case("four fields", f"{T + 9} 0.5 3 4\n", "wrong-fields", "search", loss=SOUND)
metric_case("two blanks", f"{T + 10}  0.125 8\n", "wrong-fields", "search", loss=(0.125, 5))
metric_case("three blanks", f"{T + 10} 0.125   8\n", "wrong-fields", *(["wrong"] if V3 else ["search"]),
            loss=(0.125, 5))
metric_case("tabs", f"{T + 10}\t0.125\t8\n", "wrong-fields", "search", loss=(0.125, 5))
metric_case("a comment", "# loss of the second try\n", "wrong-fields", "search", loss=SOUND)
metric_case("a dataset with blanks", f"{T + 10} 0.125 8 my train set 976f33e0\n", "wrong-fields",
            "search", loss=(0.125, 5))
metric_case("a byte order mark", b"\xef\xbb\xbf" + f"{T + 10} 0.125 8\n".encode(), "wrong-fields",
            "search", loss=(0.125, 5))
metric_case("nan(0x8)", f"{T + 10} -nan(0x8000) 3\n{T + 11} 0.125 8\n", "number-spelling", "search",
            loss=(0.125, 6))
metric_case("1.#INF", f"{T + 10} 1.#INF 3\n{T + 11} -1.#IND 3\n{T + 12} 0.125 8\n", "number-spelling",
            "search", loss=(0.125, 7))
metric_case("hexadecimal", f"{T + 10} 0x1p-3 8\n", "number-spelling", "search", loss=(0.125, 5))
metric_case("a float's f", f"{T + 10} 0.125f 8\n", "number-spelling", "search", loss=(0.125, 5))
metric_case("no number", f"{T + 10} good 8\n", "number-spelling", "search", loss=SOUND)
metric_case("decimal comma", f"{T + 10} 0,125 8\n", "decimal-comma", "search", loss=(0.125, 5), line=5)
metric_case("float step", f"{T + 10} 0.125 1e+06\n", "float-step", "search", loss=(0.125, 5))
metric_case("half a step", f"{T + 10} 0.125 1.5\n", "float-step", "search", loss=SOUND)
metric_case("float time", f"{T + 10}.0 0.125 8\n", "float-step", "search", loss=(0.125, 5))
metric_case("a step of 20 digits", f"{T + 10} 0.125 {10 ** 20}\n", "float-step", "wrong", loss=SOUND)
metric_case("bad UTF-8 in a metric", f"{T + 10} 0.1\xfc5 8\n".encode("latin-1"), "invalid-utf8", "search",
            loss=SOUND)
metric_case("a dataset's row", f"{T + 10} 0.125 8 train 976f33e0\n", "dataset-line",
            *(["wrong"] if V3 else ["search"]), loss=(0.125, 5), only="dataset-line")
metric_case("a dataset's row with a float step", f"{T + 10} 0.125 8.0 train 976f33e0\n", "dataset-line",
            *(["wrong"] if V3 else ["search"]), loss=(0.125, 5), only="dataset-line")
metric_case("a dataset without a name", f"{T + 10} 0.125 8  976f33e0\n", "dataset-line",
            *(["wrong"] if V3 else ["search"]), loss=(0.125, 5), only="dataset-line")
metric_case("repeated rows", f"{T + 1} 0.5 1\n{T + 3} 0.25 3\n", "duplicate-row", loss=SOUND, line=5)
metric_case("repeated NaN", f"{T + 9} nan 2\n{T + 9} NaN 2\n", "duplicate-row", loss=(0.25, 5))
metric_case("repeated zero", f"{T + 9} 0.0 2\n{T + 9} -0.0 2\n", "duplicate-row", loss=(0.25, 5))
metric_case("repeated infinity", f"{T + 9} inf 2\n{T + 9} 1.7976931348623157e+308 2\n", "duplicate-row",
            loss=(0.25, 5))


@case("empty-metric", "search")
def empty_metric(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/metrics/acc", "")


@case("illegal-key", "search")
def illegal_metric_key(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/metrics/recall@5", f"{T} 0.5 1\n")


@case("illegal-key", "search", params={"lr_x28_enc_x29_": "0.1"})
def illegal_param_key(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/params/lr(enc)", "0.1")


@case("illegal-key", "search")
def illegal_tag_key(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/tags/note@home", "x")


@case("illegal-key", "store")
def illegal_experiment_tag_key(root):
    write(f"{root}/{EXPERIMENT}/tags/note@home", "x")


@case("stray-file", "search", keeps=b"nothing")
def stray_in_metrics(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/metrics/.DS_Store", b"nothing")


@case("stray-file", "search", keeps=b"some notes")
def text_in_metrics(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/metrics/README", "some notes\n")


@case("stray-file", "wrong", params={})
def nfs_in_params(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/params/.nfs000000000001a2b3", "x")


@case("stray-file", "search")
def backup_in_params(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/params/opt~", "sgd")


@case("dangling-link", "search")
def dangling_link(root):
    os.symlink("/nowhere", f"{root}/{EXPERIMENT}/{RUN}/metrics/acc")


@case("invalid-utf8", "search", params={"path": "/home/J\ufffdrgen"}, keeps=b"/home/J\xfcrgen")
def bad_utf8_in_param(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/params/path", b"/home/J\xfcrgen")


@case("invalid-utf8", params={"path": "caf"}, keeps=b"caf\xc3")
def cut_character(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/params/path", b"caf\xc3")


@case("invalid-utf8", "search")
def bad_utf8_in_tag(root):
    write(f"{root}/{EXPERIMENT}/{RUN}/tags/who", b"J\xfcrgen")


def meta_case(name, change, *fails, what="broken-run", **more):
    def damage(root):
        path = f"{root}/{EXPERIMENT}/{RUN}/meta.yaml"
        write(path, change(read(path).decode()))
    damage.__name__ = name
    case(what, *fails, **more)(damage)


meta_case("empty meta.yaml", lambda text: "", "search", status="RUNNING")
meta_case("cut in a key", lambda text: text[:text.index("lifecycle") + 4], "search")
meta_case("cut in a value", lambda text: text[:text.index("start_time") + 20], "search")
meta_case("cut behind status", lambda text: text[:text.index("tags")], "search")
meta_case("garbage", lambda text: "\x01\x02{{{", "search", status="RUNNING")
meta_case("a tab", lambda text: text.replace("status: 3", "\tstatus: 3"), "search")
meta_case("bad UTF-8 in meta.yaml", lambda text: text.encode().replace(b"the name", b"J\xfcrgen"), "search")
meta_case("no end_time", lambda text: text.replace(f"end_time: {T + 9000}\n", ""), "search")
meta_case("no start_time", lambda text: text.replace(f"start_time: {T}\n", ""), "search")
meta_case("quoted start_time", lambda text: text.replace(f"start_time: {T}", f"start_time: '{T}'"), "search")
meta_case("float start_time", lambda text: text.replace(f"start_time: {T}", "start_time: 1.7e12"), "search")
meta_case("status as a word", lambda text: text.replace("status: 3", "status: FINISHED"), "search")
meta_case("status 9", lambda text: text.replace("status: 3", "status: 9"), "search")
meta_case("stage in capitals", lambda text: text.replace("stage: active", "stage: ACTIVE"), "search")
meta_case("no user", lambda text: text.replace("user_id: me\n", ""), "search")
meta_case("another run's id", lambda text: text.replace(RUN, "d" * 32), "search", what="foreign-run")
meta_case("another experiment's id", lambda text: text.replace(f"'{EXPERIMENT}'", f"'{OTHER}'"), "unseen",
          what="foreign-run")


@case("run-without-meta", "unseen", status="RUNNING")
def no_meta(root):
    os.remove(f"{root}/{EXPERIMENT}/{RUN}/meta.yaml")


@case("doubled-run", runs=4)
def run_copied_into_another_experiment(root):
    shutil.copytree(f"{root}/{EXPERIMENT}/{RUN}", f"{root}/{OTHER}/{RUN}")


@case("foreign-run", runs=4)
def run_copied_beside_itself(root):
    shutil.copytree(f"{root}/{EXPERIMENT}/{RUN}", f"{root}/{EXPERIMENT}/{'d' * 32}")


@case("doubled-run", runs=4)
def run_copied_under_a_name_of_no_run(root):
    shutil.copytree(f"{root}/{EXPERIMENT}/{RUN}", f"{root}/{EXPERIMENT}/{RUN}.bak")


@case("foreign-run")
def run_uuid_of_another_run(root):
    path = f"{root}/{EXPERIMENT}/{RUN}/meta.yaml"
    write(path, read(path).replace(f"run_uuid: '{RUN}'".encode(), f"run_uuid: '{NEIGHBOUR}'".encode()))


for part in "metrics", "params", "artifacts":
    def lacking(root, part=part):
        shutil.move(f"{root}/{EXPERIMENT}/{RUN}/{part}", f"{root}.away-{part}")
    lacking.__name__ = f"no folder {part}"
    case("missing-folder", *(["get"] if V3 else ["artifacts"] if part == "artifacts" else []),
         loss=None if part == "metrics" else SOUND, without="artifacts" if part == "artifacts" else "")(lacking)


@case("broken-input", "search")
def stray_in_inputs(root):
    write(f"{root}/{EXPERIMENT}/datasets/x/meta.yaml", "digest: a\nname: a\nsource: a\nsource_type: local\n")
    write(f"{root}/{EXPERIMENT}/{RUN}/inputs/.DS_Store", "x")


@case("broken-input", "search")
def input_without_tags(root):
    write(f"{root}/{EXPERIMENT}/datasets/x/meta.yaml", "digest: a\nname: a\nsource: a\nsource_type: local\n")
    write(f"{root}/{EXPERIMENT}/{RUN}/inputs/y/meta.yaml",
          "destination_id: x\ndestination_type: RUN\nsource_id: x\nsource_type: DATASET\n")


@case("broken-input", "search")
def broken_dataset(root):
    write(f"{root}/{EXPERIMENT}/datasets/x/meta.yaml", "digest: a\nname: a\n")
    write(f"{root}/{EXPERIMENT}/{RUN}/inputs/y/meta.yaml", "tags: {}\n"
          "destination_id: x\ndestination_type: RUN\nsource_id: x\nsource_type: DATASET\n")


if V3:
    @case("broken-input", "search")
    def stray_in_outputs(root):
        write(f"{root}/{EXPERIMENT}/{RUN}/outputs/x.tmp", "x")


@case("stale-run", status="KILLED")
def stale_run(root):
    shutil.rmtree(f"{root}/{EXPERIMENT}/{RUN}")
    make_run(root, EXPERIMENT, RUN, status=1)
    age(root, 3 * 24 * 3600)


@case("moved-store", "artifacts", only="moved-store")
def moved_store(root):
    for folder, _, files in os.walk(root):
        if "meta.yaml" in files:
            path = f"{folder}/meta.yaml"
            write(path, read(path).replace(root.encode(), b"/old/place/mlruns"))


def experiment_case(name, change, *fails, what="broken-experiment", **more):
    def damage(root):
        path = f"{root}/{EXPERIMENT}/meta.yaml"
        write(path, change(read(path).decode()))
    damage.__name__ = name
    case(what, *fails, **more)(damage)


experiment_case("empty experiment", lambda text: "", "unseen" if V3 else "store")
experiment_case("cut experiment", lambda text: text[:text.index("lifecycle") + 4], "store")
experiment_case("garbage experiment", lambda text: "{{{", "store")
experiment_case("no name", lambda text: text.replace("name: damaged\n", ""), "store")
experiment_case("no location", lambda text: text[text.index("creation"):], "store")
experiment_case("a renamed folder", lambda text: text.replace(f"'{EXPERIMENT}'", "'123'"), "unseen",
                what="foreign-experiment")
experiment_case("two of one name", lambda text: text.replace("name: damaged", "name: sound"),
                what="doubled-name")


@case("experiment-without-meta", "unseen")
def no_experiment_meta(root):
    os.remove(f"{root}/{EXPERIMENT}/meta.yaml")


@case("experiment-id")
def experiment_id(root):
    shutil.move(f"{root}/{EXPERIMENT}", f"{root}/my-runs")
    for folder, _, files in os.walk(f"{root}/my-runs"):
        if "meta.yaml" in files:
            path = f"{folder}/meta.yaml"
            write(path, read(path).replace(EXPERIMENT.encode(), b"my-runs"))


for name in ".snapshot", "lost+found", "a b", ".ipynb_checkpoints":
    def foreign(root, name=name):
        write(f"{root}/{name}/kept", "kept")
    foreign.__name__ = f"folder {name}"
    case("foreign-folder", "store", keeps=b"kept")(foreign)


@case("missing-trash")
def no_trash(root):
    os.rmdir(f"{root}/.trash")


def values_of(root, run):
    """The bytes of all metrics, params and tags."""
    values = {}
    for folder, _, files in os.walk(root):
        if f"/{run}/" in folder and not folder.endswith("/artifacts"):
            for name in files:
                path = os.path.join(folder, name)
                values[path[path.index(f"/{run}/"):]] = read(path)
    assert len(values) >= 4
    return values


def in_quarantine(root, needle):
    for folder, _, files in os.walk(f"{root}-quarantine"):
        if any(needle in read(os.path.join(folder, name)) for name in files if name != "MANIFEST.jsonl"):
            return True
    return False


def failures(root, sound):
    """What MLflow fails on, with a run that is not there and values that are not right."""
    seen = look(root)
    fails = seen["fails"]
    run = seen["runs"].get(RUN)
    if "store" not in fails and "search" not in fails and run is None:
        fails.add("unseen")
    if run is not None and not sound(run):
        fails.add("wrong")
    return fails, seen


def check(driver, entry):
    name, what, fails, loss, only, runs, keeps, line, params, status, without, damage = entry
    base = tempfile.mkdtemp()
    root = f"{base}/mlruns"
    make_store(root)
    damage(root)
    if what != "stale-run":
        age(root)

    def is_sound(run):
        value, rows = loss or (None, None)
        try:
            history = MlflowClient(root).get_metric_history(RUN, "loss")
        except Exception:
            return False
        good = loss is None or (run.data.metrics.get("loss") == value and len(history) == rows)
        good = good and run.info.status == status
        wanted = {"opt": "adam", **(params or {})}
        return good and (params is None or run.data.params == wanted)

    before = fingerprint(root)
    found = driver.ask(f"examine {root}")
    named = [each for each in found if each["what"] == what]
    assert named, (name, "is not named", found)
    assert line is None or named[0]["line"] == line, (name, named)
    planned = driver.ask(f"dry {root} {only}")
    assert [each for each in planned if each["kind"] == "changed" and each["what"] == what], (name, planned)
    effects = {each["kind"] for each in driver.ask(f"migration {root}")}
    predicted = "aborts" if "aborts" in effects else "skips" if effects else "none"
    assert fingerprint(root) == before, (name, "was changed by a look")

    sound = values_of(root, NEIGHBOUR), values_of(root, "c" * 32)
    # MLflow makes what is missing in a root when it opens it.
    shutil.copytree(root, f"{base}/kept", symlinks=True)
    seen_fails, _ = failures(root, is_sound)
    shutil.rmtree(root)
    shutil.move(f"{base}/kept", root)
    assert fails <= seen_fails, (name, "MLflow fails on", seen_fails, "and not", fails)
    if V3:
        arrived = migrate(root)
        effect = "aborts" if arrived is None else "skips" if arrived != (runs, 2) else "none"
        assert effect == predicted, (name, "a migration", effect, arrived, "and not", predicted)

    report = driver.ask(f"repair {root} {only}")
    assert [each for each in report if each["kind"] == "changed" and each["what"] == what], (name, report)
    after = fingerprint(root)
    assert keeps is None or in_quarantine(root, keeps), (name, "the quarantine has not", keeps)
    again = driver.ask(f"repair {root} {only}")
    assert not [each for each in again if each["kind"] == "changed"], (name, "again", again)
    assert fingerprint(root) == after, name
    left, seen = failures(root, is_sound)
    assert left <= {without}, (name, "is not mended", left, driver.ask(f"examine {root}"))
    assert len(seen["runs"]) == runs, (name, len(seen["runs"]))
    assert (values_of(root, NEIGHBOUR), values_of(root, "c" * 32)) == sound, (name, "what was sound")
    for run in (NEIGHBOUR, "c" * 32):
        assert seen["runs"][run].data.metrics == {"loss": 0.25}, (name, run)
    if V3:
        arrived = migrate(root)
        assert arrived == (runs, 2), (name, "does not migrate", arrived)
    shutil.rmtree(base)


def check_move(driver):
    base = tempfile.mkdtemp()
    make_store(f"{base}/mlruns")
    os.makedirs(f"{base}/x y")
    root = f"{base}/x y/mlruns2"
    os.rename(f"{base}/mlruns", root)
    client = MlflowClient(root)
    assert client.get_run(RUN).data.metrics == {"loss": 0.25}
    assert client.list_artifacts(RUN) == []
    changes = driver.ask("relocate " + root.replace(" ", "%20"))
    assert len(changes) == 5, changes
    uri = client.get_run(RUN).info.artifact_uri
    assert uri == "file://" + root.replace(" ", "%20") + f"/{EXPERIMENT}/{RUN}/artifacts", uri
    assert [each.path for each in get_artifact_repository(uri).list_artifacts()] == ["note.txt"]
    assert read(mlflow.artifacts.download_artifacts(artifact_uri=uri + "/note.txt")) == b"text"
    assert not os.path.exists(f"{base}/mlruns")
    if V3:
        assert migrate(root) == (3, 2)
    shutil.rmtree(base)


def check_killed(driver):
    base = tempfile.mkdtemp()
    root = f"{base}/mlruns"
    make_store(root)
    driver.ask(f"killed {root}")

    def killed():
        client = MlflowClient(root)
        run = client.search_runs([client.get_experiment_by_name("killed").experiment_id])[0]
        history = client.get_metric_history(run.info.run_id, "loss") if run.data.metrics else []
        return run.info.status, [each.step for each in history]

    status, steps = killed()
    assert status == "RUNNING" and len(steps) < 50, (status, steps)
    assert [each["what"] for each in driver.ask(f"examine {root}")] == ["undrained-journal"]
    assert killed() == (status, steps)
    assert [each["what"] for each in driver.ask(f"repair {root}")] == ["undrained-journal"]
    assert killed() == ("KILLED", list(range(50)))
    assert driver.ask(f"repair {root}") == []
    if V3:
        assert migrate(root) == (4, 3)
    shutil.rmtree(base)


READER = """
import sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        print(run.info.run_id, run.data.metrics["loss"])
"""


def check_modes(driver):
    """Where the superuser can give up what only he may do; else nobody is kept from reading."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        print("unreadable modes: not root, or no setpriv: skipped")
        return
    base = tempfile.mkdtemp()
    root = f"{base}/mlruns"
    os.chmod(base, 0o755)
    make_store(root)
    for folder, _, files in os.walk(root):
        for path in [folder] + [os.path.join(folder, name) for name in files]:
            os.chown(path, 65534, 65534)
            os.chmod(path, 0o755 if path == folder else 0o644)
    os.chmod(loss_file(root), 0o600)
    reader = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-c", READER, root]
    refused = subprocess.run(reader, capture_output=True, text=True)
    assert "Permission denied" in refused.stderr, refused
    found = driver.ask(f"examine {root}")
    assert [(each["what"], each["path"]) for each in found] == [
        ("unreadable-mode", f"{EXPERIMENT}/{RUN}/metrics/loss")], found
    assert [each["kind"] for each in driver.ask(f"repair {root}")] == ["left"]
    assert [each["kind"] for each in driver.ask(f"repair {root} unreadable-mode")] == ["changed"]
    seen = subprocess.run(reader, capture_output=True, text=True)
    assert len(seen.stdout.splitlines()) == 3, seen
    assert driver.ask(f"examine {root}") == []
    shutil.rmtree(base)


def make_tables_faster():
    """The tables that MLflow makes for each database take it seconds: makes them once and repeats the statements."""
    import sqlite3
    from mlflow.store.db import utils
    from sqlalchemy import create_engine
    folder = tempfile.mkdtemp()
    engine = create_engine(f"sqlite:///{folder}/x.db")
    utils._initialize_tables(engine)
    engine.dispose()
    with sqlite3.connect(f"{folder}/x.db") as database:
        statements = "\n".join(database.iterdump())
    shutil.rmtree(folder)

    def repeat(engine):
        connection = engine.raw_connection()
        connection.driver_connection.executescript(statements)
        connection.close()

    utils._initialize_tables = repeat


def main():
    driver = Driver()
    check_move(driver)
    check_killed(driver)
    check_modes(driver)
    if V3:
        make_tables_faster()
    selected = [entry for entry in CASES if len(sys.argv) < 2 or sys.argv[1] in entry[0]]
    wrong = 0
    for entry in selected:
        try:
            check(driver, entry)
        except AssertionError as failure:
            wrong += 1
            print("FAILED", failure)
    print(f"{len(selected)} damages, {wrong} not as they should be")
    sys.exit(wrong != 0 or not selected)


main()
