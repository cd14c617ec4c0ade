"""Searches of stores made by MLflow and by the library: the same runs in the same order."""
import math
import os
import random
import subprocess
import sys
import tempfile

from mlflow.entities import Dataset, DatasetInput, InputTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from mlflow.utils.search_utils import SearchUtils

DRIVER = os.environ["MLSCRIBE_SEARCH_DRIVER"]


def hexadecimal(text):
    return text.encode().hex()


class Driver:
    def __init__(self, root):
        self.process = subprocess.Popen([DRIVER, root], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def search(self, text, order_by=(), view="active", most=1000):
        orders = "".join(f" x{hexadecimal(order)}" for order in order_by)
        self.ask(f"search {view} {most} x{hexadecimal(text)}{orders}")
        answer = self.process.stdout.readline().strip()
        return "refused" if answer.startswith("refused") else answer.split()

    def lines(self, question):
        self.ask(question)
        answer = []
        while (line := self.process.stdout.readline().rstrip("\n")) != ".":
            assert line, "the driver died"
            answer.append(line)
        return answer

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


def make_by_mlflow(root):
    client = MlflowClient(root)
    experiments = [client.create_experiment("searched"), client.create_experiment("other")]
    now = 1700000000000
    for i in range(48):
        run = client.create_run(experiments[i % 2], start_time=now + i // 3,
                                run_name=None if i % 11 == 0 else f"run {i % 7}")
        run_id = run.info.run_id
        client.log_param(run_id, "opt", ["adam", "SGD", "sgd", "it's", 'q"q', "Ärger\n"][i % 6])
        if i % 4:
            client.log_param(run_id, "lr", str(10.0 ** -(i % 3)))
        client.set_tag(run_id, "team", ["hpc", "h_c", "HPC", "a%b"][i % 4])
        if i % 5 == 0:
            client.set_tag(run_id, "a.b c", "x")
        values = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e-300, 5.0]
        if i % 3:
            client.log_metric(run_id, "loss", values[i % 7], timestamp=now, step=0)
        client.log_metric(run_id, "acc", i % 8 * 0.125, timestamp=now, step=0)
        # Ties: the higher step, then the later time, then the larger value; NaN among them.
        ties = [(1, now, 2.0), (1, now, 3.0), (1, now - 5, 9.0), (0, now + 9, 11.0)]
        if i % 2:
            ties.insert(i % 5, (1, now, math.nan))
        if i % 7 == 0:
            ties = [(1, now, math.nan), (1, now, 1.0), (1, now, math.nan)]
        for step, timestamp, value in ties:
            client.log_metric(run_id, "val/acc top-1", value, timestamp=timestamp, step=step)
        if i % 6 == 0:
            dataset = Dataset(f"set{i % 4}", f"d{i % 3}", "local", "{}")
            tags = [InputTag("mlflow.data.context", ["train", "eval"][i % 2])] if i % 12 else []
            client.log_inputs(run_id, [DatasetInput(dataset, tags)])
        if i % 8 == 0:
            client.set_terminated(run_id, ["FINISHED", "FAILED", "KILLED"][i % 3],
                                  end_time=now + 1000 * i)
        if i % 13 == 12:
            client.delete_run(run_id)


VALUES = {
    "metrics": (["loss", "acc", '"val/acc top-1"', "`val/acc top-1`", "missing"],
                ["=", "!=", "<", "<=", ">", ">="],
                ["0", "-0.0", "5", "0.5", "1e-300", "-1e5", ".25", "3.", "12abc", "nan", "'0'"]),
    "params": (["opt", "lr", '"model/depth"', "in", "missing"],
               ["=", "!=", "LIKE", "ILIKE", "like", ">", "IN"],
               ["'adam'", '"SGD"', "'s%'", "'S_D'", "'%r%'", "'0.1'", "0.1", "'it''s'", "''"]),
    "tags": (["team", '"a.b c"', "mlflow.runName", "missing"],
             ["=", "!=", "LIKE", "ILIKE"],
             ["'hpc'", "'h_c'", "'H%'", "'run 3'", "'a%b'", "x"]),
    "attributes": (["status", "run_name", "user_id", "artifact_uri", "`run name`", "lifecycle_stage"],
                   ["=", "!=", "LIKE", "ILIKE"],
                   ["'FINISHED'", "'finished'", "'run 3'", "'run%'", "'%/artifacts'", "'root'"]),
    "run": (["start_time", "end_time", "Created", "created"], ["=", "!=", "<", ">", "<=", ">="],
            ["1700000000005", "1700000000005.5", "0", "-1", "99999999999999999999999", "'1'"]),
    "datasets": (["name", "digest", "context", "source"], ["=", "!=", "LIKE", "IN", "NOT IN"],
                 ["'set0'", "'d1'", "'train'", "'%'"]),
}


def draw_clause(draw):
    entity = draw.choice(list(VALUES))
    keys, comparators, values = VALUES[entity]
    key = f"{entity}.{draw.choice(keys)}"
    if entity in ("params", "tags") and draw.random() < 0.15:
        return f"{key} {draw.choice(['IS NULL', 'is not null', 'IS  NOT NULL'])}"
    gap = draw.choice(["", " ", "  "])
    comparator = draw.choice(comparators)
    if comparator.endswith("IN"):
        values = ["('set0', 'd0', 'eval',)", "('adam')", "()", "(1, 2)", "'set0'"]
    gap = gap if comparator in "=!=<=>=" else " "
    return f"{key}{gap}{comparator}{gap}{draw.choice(values)}"


def draw_filter(draw):
    joint = draw.choice([" and ", " AND ", " and ", " or ", ", "] + [" AND "] * 10)
    return joint.join(draw_clause(draw) for _ in range(draw.randint(1, 3)))


def draw_order(draw):
    key = draw.choice(["metrics.loss", "metrics.acc", 'metrics."val/acc top-1"', "params.opt",
                       "params.lr", "tags.team", "start_time", "end_time", "status", "run_name",
                       "attributes.run_id", "attributes.artifact_uri", "metrics.missing", "Created",
                       "lifecycle_stage", "datasets.name", "`run name`"])
    return key + draw.choice(["", " ASC", " DESC", " desc", " DESC NULLS LAST", " down"])


def ids(runs):
    return [run.info.run_id for run in runs]


class Reference:
    """What MLflow says, which would read the whole store again for every question."""

    def __init__(self, root):
        self.client = MlflowClient(root)
        self.experiments = [e.experiment_id for e in
                            self.client.search_experiments(view_type=ViewType.ALL)]
        self.runs = list(self.client.search_runs(self.experiments, max_results=50000))

    def search(self, text, order_by=()):
        try:
            return ids(SearchUtils.sort(SearchUtils.filter(self.runs, text), list(order_by)))
        except (MlflowException, TypeError, ValueError):
            return "refused"

    def search_again(self, text="", view=ViewType.ACTIVE_ONLY, most=1000):
        return ids(self.client.search_runs(self.experiments, text, view, most))


def check_searches(root, draw, count):
    driver, reference = Driver(root), Reference(root)
    answers = {}
    i = 0
    # At least so many, and until they had answers of several kinds.
    while i < count or (len(answers) <= 5 and i < 20 * count):
        i += 1
        text = draw_filter(draw) if i % 4 else ""
        clauses = text.replace(" AND ", " and ").split(" and ")
        order_by = [draw_order(draw) for _ in range(draw.randint(0, 2))]
        expected = reference.search(text, order_by)
        # MLflow looks at a comparison only when a run comes so far.
        if any(reference.search(clause) == "refused" for clause in clauses):
            expected = "refused"
        if any(reference.search("", [order]) == "refused" for order in order_by):
            expected = "refused"
        found = driver.search(text, order_by)
        assert found == expected, (text, order_by, found, expected)
        answers[str(len(expected)) if expected != "refused" else expected] = 1
    assert len(answers) > 5, answers
    for view, kind in (("all", ViewType.ALL), ("deleted", ViewType.DELETED_ONLY)):
        for text in ("", "metrics.acc > 0.3"):
            assert driver.search(text, view=view) == reference.search_again(text, kind)
    assert driver.search("", most=5) == reference.search_again(most=5)
    check_records(driver, reference)
    driver.close()


def check_records(driver, reference):
    def plain(value):
        return "nan" if math.isnan(value) else float(value).hex()

    for run_id in reference.search_again(view=ViewType.ALL):
        run = reference.client.get_run(run_id)
        info = run.info
        expected = [f"i {hexadecimal(info.run_name)} {info.status} {info.start_time} "
                    f"{info.end_time} {hexadecimal(info.user_id)} {hexadecimal(info.artifact_uri)} "
                    f"{info.lifecycle_stage}"]
        expected += [f"p {hexadecimal(k)} {hexadecimal(v)}" for k, v in run.data.params.items()]
        expected += [f"t {hexadecimal(k)} {hexadecimal(v)}" for k, v in run.data.tags.items()]
        found = driver.lines(f"run {run_id}")
        metrics = {line.split()[1]: float.fromhex(line.split()[2])
                   for line in found if line.startswith("m ")}
        found = [line for line in found if not line.startswith("m ")]
        assert sorted(found) == sorted(expected), (found, expected)
        wanted = {hexadecimal(k): v for k, v in run.data.metrics.items()}
        assert {k: plain(v) for k, v in metrics.items()} == \
            {k: plain(v) for k, v in wanted.items()}, run_id
        for key in run.data.metrics:
            history = [(point.timestamp, plain(point.value), point.step)
                       for point in reference.client.get_metric_history(run_id, key)]
            lines = [line.split() for line in
                     driver.lines(f"history {run_id} {hexadecimal(key)}")]
            assert [(int(t), plain(float.fromhex(v)), int(s)) for t, v, s in lines] == history


def main():
    seed = int(os.environ.get("MLSCRIBE_TEST_SEED", 1))
    print(f"seed {seed}", flush=True)
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as scratch:
        by_mlflow, by_mlscribe = os.path.join(scratch, "python"), os.path.join(scratch, "cpp")
        make_by_mlflow(by_mlflow)
        subprocess.run([DRIVER, "make", by_mlscribe], check=True)
        for root in (by_mlflow, by_mlscribe):
            check_searches(root, draw, 250)
    print("ok")


if __name__ == "__main__":
    sys.exit(main())
