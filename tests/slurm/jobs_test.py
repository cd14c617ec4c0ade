# SPDX-License-Identifier: MIT
"""Jobs of a real Slurm (cluster.py) log into one store. They sleep most of the time, so all scenarios run at once;
afterwards both versions of MLflow read the store. `jobs_test.py <directory of the cluster> [<scenario>...]`."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples" / "slurm"
SKIPPED = 77
PATIENCE = 300  # seconds; nothing is that slow, and nothing passes by being fast
ENDED = ("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "NODE_FAIL", "OUT_OF_MEMORY")
FINISHED, FAILED, KILLED = 3, 4, 5
STATUS_NAMES = {1: "RUNNING", FINISHED: "FINISHED", FAILED: "FAILED", KILLED: "KILLED"}

directory = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
store = directory / "mlruns" if directory else None


def call(*command):
    # Slurm takes its options from such variables, too.
    environment = {name: value for name, value in os.environ.items() if not re.match("(SLURM|SBATCH|SRUN)_", name)}
    environment.update(SLURM_CONF=str(directory / "slurm.conf"), MLFLOW_TRACKING_URI=str(store))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def wait_for(ready, what):
    end = time.monotonic() + PATIENCE
    while True:
        answer = ready()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what() if callable(what) else what}")
        time.sleep(0.3)


class Job:
    """A batch job; its output is what its program says that it did."""

    def __init__(self, name, *options, script=None, arguments=()):
        self.name = name
        folder = directory / "output"
        folder.mkdir(parents=True, exist_ok=True)
        self.id = call("sbatch", "--parsable", f"--job-name={name}", f"--chdir={folder}", "--open-mode=append",
                       f"--output={name}-%A_%a.txt" if any("--array" in each for each in options) else f"--output={name}.txt",
                       *options, str(script or HERE / "job.sh"), *arguments).strip()
        self.output = folder / f"{name}.txt"

    def text(self):
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def end_of_text(self):
        return self.text()[-500:]

    def said(self, pattern):
        return re.findall(f"^{pattern}$", self.text(), re.MULTILINE)

    def wait_until_said(self, pattern):
        def is_said():
            ended = self.facts()["JobState"] in ENDED
            if not self.said(pattern) and ended:
                raise AssertionError(f"ended without {pattern}: {self.end_of_text()}")
            return self.said(pattern)
        return wait_for(is_said, lambda: f"{pattern} in {self.end_of_text()}")

    def facts(self, task=""):
        """What `scontrol show job` says; of an array all its tasks."""
        return dict(re.findall(r"(\w[\w/:]*)=(\S*)", call("scontrol", "show", "job", self.id + task)))

    def wait_until(self, state, task=""):
        def is_there():
            facts = self.facts(task)
            if facts["JobState"] == state:
                return True
            if facts["JobState"] in ENDED:
                raise AssertionError(f"{facts['JobState']} instead of {state}: {facts}\n{self.end_of_text()}")
            return False
        wait_for(is_there, lambda: f"{state}: {self.facts(task)}\n{self.end_of_text()}")

    def start_time(self, task=""):
        return time.mktime(time.strptime(self.facts(task)["StartTime"], "%Y-%m-%dT%H:%M:%S"))

    def update(self, change):
        call("scontrol", "update", f"JobId={self.id}", change)

    def wait_until_started_again(self, pattern):
        """A requeued job waits two minutes; not here. Slurm refuses a start in the second of the end before."""
        def is_running():
            if self.facts()["JobState"] == "PENDING" and not eligible:
                self.update("StartTime=now+3")
                eligible.append(True)
            return self.said(pattern)
        eligible = []
        return wait_for(is_running, lambda: f"{pattern}: {self.facts()}\n{self.end_of_text()}")


class Run:
    """A run as it lies in the store."""

    def __init__(self, folder):
        self.folder = folder
        meta = (folder / "meta.yaml").read_text()
        self.id = folder.name
        self.status = int(re.search(r"^status: (\d)", meta, re.MULTILINE)[1])
        self.name = re.search(r"^run_name: '?(.*?)'?$", meta, re.MULTILINE)[1]
        self.tags = {path.relative_to(folder / "tags").as_posix(): path.read_text()
                     for path in (folder / "tags").rglob("*") if path.is_file()}
        self.metrics = {}
        for path in (folder / "metrics").rglob("*"):
            if path.is_file():
                rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
                self.metrics[path.relative_to(folder / "metrics").as_posix()] = [(int(row[2]), float(row[1])) for row in rows]

    def steps(self, key="loss"):
        return [step for step, _ in self.metrics[key]]


def all_runs():
    return [Run(meta.parent) for meta in store.glob("*/*/meta.yaml") if (meta.parent / "metrics").exists()]


def find_runs(job_name):
    return [run for run in all_runs() if run.tags.get("scenario") == job_name]


def run_of(job_name):
    run, = find_runs(job_name)
    return run


class Scenarios(unittest.TestCase):
    def assert_each_step_once(self, run, count, key="loss"):
        self.assertEqual(run.steps(key), list(range(count)))
        self.assertEqual([value for _, value in run.metrics[key]], [1 / (step + 1) for step in range(count)])

    def training(self, name, *options, **chosen):
        """A job of training_job; srun starts it in as many ranks as the job has tasks where `launcher` says so."""
        return Job(name, *options, arguments=[f"name={name}", *(f"{key}={value}" for key, value in chosen.items())])

    def reach_limit(self, job, seconds=3):
        """Most of what is left of the time limit goes by at once. Slurm looks every 30 seconds."""
        job.update(f"EndTime=now+{seconds}")

    def test_time_limit(self):
        job = self.training("time_limit", "--time=1", steps=1000000, pause=20)
        job.wait_until_said("step 30")
        self.reach_limit(job)
        job.wait_until("TIMEOUT")
        logged = len(job.said(r"step \d+"))
        run = run_of("time_limit")
        self.assertEqual(run.status, KILLED)
        self.assertEqual(run.tags["mlscribe.ended_by"], "SIGTERM")
        # The last one was logged, but may not have been told.
        self.assertIn(len(run.steps()), (logged, logged + 1))
        self.assert_each_step_once(run, len(run.steps()))
        self.assertEqual(job.said("done"), [])

    def test_time_limit_of_a_whole_minute(self):
        job = self.training("whole_minute", "--time=1", "--signal=B:USR1@30", steps=1000000, signals="stop")
        job.wait_until("COMPLETED")
        run = run_of("whole_minute")
        self.assertEqual((run.status, run.tags["mlscribe.ended_by"]), (KILLED, "SIGUSR1"))
        self.assertEqual(len(job.said("stopped")), 1)
        self.assert_each_step_once(run, len(job.said(r"step \d+")))

    def test_leaves_before_the_deadline(self):
        job = self.training("deadline", "--time=2", steps=1000000, leave=105)
        job.wait_until("COMPLETED")
        run = run_of("deadline")
        self.assertEqual(run.status, FINISHED)
        self.assertNotIn("mlscribe.ended_by", run.tags)
        self.assertEqual(len(job.said("left")), 1)
        self.assert_each_step_once(run, len(job.said(r"step \d+")))

    def test_deadline_is_what_slurm_says(self):
        go = [directory / name for name in ("go_before", "go_after")]
        before = self.training("deadline_before", "--time=7", after=go[0], deadline=1, steps=1)
        after = self.training("deadline_after", "--time=7", after=go[1], deadline=1, steps=1)
        for job in (before, after):
            job.wait_until("RUNNING")
        after.update("TimeLimit=13")
        for path in go:
            path.touch()
        for job, minutes in ((before, 7), (after, 13)):
            told, = job.wait_until_said(r"deadline (\d+)")
            job.wait_until("COMPLETED")
            self.assertEqual(int(told), job.start_time() + minutes * 60)

    def requeue(self, job):
        call("scontrol", "requeue", job.id)
        job.wait_until_started_again("restart 1")
        job.wait_until("COMPLETED")

    def check_resumed(self, job, run, steps, resumed_at):
        self.assertEqual(len(job.said("restart 0")), 1)
        self.assertEqual(len(job.said("restart 1")), 1)
        ids = job.said(r"run (\S+) 1")
        self.assertEqual(ids, [run.id] * 2)
        self.assertIn(job.id, run.id)
        told = [int(step) for step in job.said(r"step (\d+)")]
        again = told.index(resumed_at, told.index(resumed_at) + 1) if resumed_at in told[:-1] and told.count(resumed_at) > 1 \
            else told.index(resumed_at)
        self.assertEqual(told[again:], list(range(resumed_at, steps)))
        self.assertEqual(run.status, FINISHED)
        self.assertNotIn("mlscribe.ended_by", run.tags)
        self.assertEqual(run.tags["mlscribe.job.restarts"], "1")
        self.assert_each_step_once(run, steps)

    def test_requeued_job_goes_on(self):
        job = self.training("requeued", "--requeue", steps=40, checkpoint=5, hold=17, pause=20)
        job.wait_until_said("step 17")
        self.requeue(job)
        self.check_resumed(job, run_of("requeued"), 40, 15)

    def test_requeued_after_sigkill(self):
        job = self.training("sigkill", "--requeue", steps=40, checkpoint=5, hold=23, pause=20, term="ignored")
        job.wait_until_said("step 23")
        self.requeue(job)
        self.check_resumed(job, run_of("sigkill"), 40, 20)

    def test_requeued_before_its_first_checkpoint(self):
        job = self.training("no_checkpoint", "--requeue", steps=12, checkpoint=10, hold=4, pause=20)
        job.wait_until_said("step 4")
        self.requeue(job)
        self.check_resumed(job, run_of("no_checkpoint"), 12, 0)

    def test_requeued_ranks_go_on_in_one_run(self):
        meet = directory / "output" / "requeued_ranks"
        meet.mkdir(parents=True)
        job = self.training("requeued_ranks", "--requeue", "--ntasks=4", launcher="srun", ranks="one", steps=30, checkpoint=5,
                            hold=17, pause=20, meet=meet)
        wait_for(lambda: len(job.said("step 17")) == 4, job.end_of_text)
        self.requeue(job)
        self.assertEqual(len(job.said("done")), 4)
        run = run_of("requeued_ranks")
        self.assertEqual((run.status, run.tags["mlscribe.job.restarts"]), (FINISHED, "1"))
        for rank in range(4):
            self.assert_each_step_once(run, 30, f"rank_{rank}/loss" if rank else "loss")

    def test_cancelled(self):
        job = self.training("cancelled", steps=1000000, pause=20)
        job.wait_until_said("step 20")
        call("scancel", job.id)
        job.wait_until("CANCELLED")
        run = run_of("cancelled")
        self.assertEqual((run.status, run.tags["mlscribe.ended_by"]), (KILLED, "SIGTERM"))
        self.assertIn(len(run.steps()) - len(job.said(r"step \d+")), (0, 1))
        self.assert_each_step_once(run, len(run.steps()))

    def test_array_is_children_of_one_parent(self):
        job = self.training("array", "--array=2-5", "--time=6", steps=5, pause=400, fail_index=4, deadline=1)
        for task in range(2, 6):
            job.wait_until("FAILED" if task == 4 else "COMPLETED", f"_{task}")
        tasks = {run.tags["mlscribe.job.array_index"]: run for run in find_runs("array")}
        self.assertEqual(sorted(tasks), ["2", "3", "4", "5"])
        parents = {run.tags["mlflow.parentRunId"] for run in tasks.values()}
        self.assertEqual(len(parents), 1)
        parent, = [run for run in all_runs() if run.id in parents]
        self.assertEqual(parent.status, FINISHED)
        self.assertNotIn("mlflow.parentRunId", parent.tags)
        self.assertEqual(parent.tags["mlscribe.job.array_id"], job.id)
        self.assertEqual(parent.id, f"slurm-mlscribe-{job.id}")
        self.assertEqual({index: run.id for index, run in tasks.items()}, {index: f"{parent.id}_{index}" for index in tasks})
        for index, run in tasks.items():
            self.assertEqual(run.status, FAILED if index == "4" else FINISHED)
            self.assertEqual(run.tags["mlscribe.job.array_id"], job.id)
            self.assertEqual(run.tags["mlscribe.job.time_limit_seconds"], "360")
            self.assert_each_step_once(run, 5)
            # One of them has the id of the whole array.
            told, = re.findall(r"deadline (\d+)", (job.output.parent / f"array-{job.id}_{index}.txt").read_text())
            self.assertEqual(int(told), job.start_time(f"_{index}") + 6 * 60)

    def ranks(self, policy):
        name = f"ranks_{policy}"
        job = self.training(name, "--ntasks=4", launcher="srun", ranks=policy, steps=6, pause=20)
        job.wait_until("COMPLETED")
        self.assertEqual(len(job.said("done")), 4)
        self.assertEqual(sorted(job.said(r"step (\d+)")), sorted(str(step) for step in range(6) for _ in range(4)))
        runs = {run.tags.get("mlscribe.job.rank", "0"): run for run in find_runs(name)}
        for run in runs.values():
            self.assertEqual((run.status, run.tags["mlscribe.job.ranks"], run.tags["mlscribe.job.launcher"]),
                             (FINISHED, "4", "slurm"))
            self.assertIn(job.id, run.id)
            self.assert_each_step_once(run, 6)
        return job, runs

    def test_first_rank_logs_for_all(self):
        job, runs = self.ranks("first")
        self.assertEqual(list(runs), ["0"])
        self.assertEqual(len(job.said(r"run \S+ 1")), 1)
        self.assertEqual(sorted(runs["0"].metrics), ["epoch_seconds", "loss"])

    def test_ranks_are_children(self):
        _, runs = self.ranks("children")
        self.assertEqual(sorted(runs), ["0", "1", "2", "3"])
        self.assertEqual({run.tags.get("mlflow.parentRunId") for rank, run in runs.items() if rank != "0"}, {runs["0"].id})
        self.assertNotIn("mlflow.parentRunId", runs["0"].tags)

    def test_ranks_share_one_run(self):
        _, runs = self.ranks("one")
        self.assertEqual(list(runs), ["0"])
        for rank in range(1, 4):
            self.assert_each_step_once(runs["0"], 6, f"rank_{rank}/loss")

    def example(self, *options, epochs=1000000):
        program = os.environ.get("MLSCRIBE_SLURM_EXAMPLE")
        if not program:
            self.skipTest("the examples are not built")
        name = self.id().rpartition(".")[2]
        job = Job(name, *options, script=EXAMPLES / "train.sbatch", arguments=[program, str(epochs)])
        run_id, = job.wait_until_said("run (.*): begins")
        return job, run_id

    def test_example_goes_on_after_its_limit_and_after_a_requeue(self):
        epochs = 2500
        job, run_id = self.example(epochs=epochs)
        self.reach_limit(job, 100)
        left, = job.wait_until_said(r"leaves at epoch (\d+)")
        job.wait_until_started_again(f"run {run_id}: goes on at epoch-{left}")
        call("scontrol", "requeue", job.id)
        again = wait_for(lambda: job.said(r"leaves at epoch (\d+)")[1:], job.end_of_text)[0]
        job.wait_until_started_again(f"run {run_id}: goes on at epoch-{again}")
        job.wait_until("COMPLETED")
        self.assertEqual(job.said("y = .*"), ["y = 3.00 x -2.00"])
        run, = [run for run in all_runs() if run.id == run_id]
        # On a busy machine the rest may take longer than the time limit once more.
        starts = len(job.said(f"run {run_id}: goes on at epoch-\\d+"))
        self.assertGreaterEqual(starts, 2)
        self.assertEqual((run.status, run.name, run.tags["mlscribe.job.restarts"]), (FINISHED, "line", str(starts)))
        self.assertEqual(run.steps("train/loss"), list(range(epochs)))
        losses = [value for _, value in run.metrics["train/loss"]]
        # A start without the model of the checkpoint would begin with a loss of 7.
        self.assertLess(max(later - earlier for earlier, later in zip(losses, losses[1:])), 1e-9)

    def test_example_goes_on_after_a_limit_that_it_was_not_warned_of(self):
        job, run_id = self.example("--signal=CONT@1")
        self.reach_limit(job)
        left, = job.wait_until_said(r"leaves at epoch (\d+)")
        job.wait_until_started_again(f"run {run_id}: goes on at epoch-{left}")
        call("scancel", job.id)

    def test_example_that_is_cancelled_stays_so(self):
        job, run_id = self.example()
        call("scancel", job.id)
        job.wait_until_said(r"leaves at epoch \d+")
        job.wait_until("CANCELLED")
        run, = [run for run in all_runs() if run.id == run_id]
        self.assertEqual((run.status, run.tags["mlscribe.ended_by"]), (KILLED, "SIGTERM"))

    def test_tags_tell_of_the_job(self):
        job = self.training("tags", "--time=9", steps=1)
        job.wait_until("COMPLETED")
        facts, tags = job.facts(), run_of("tags").tags
        self.assertEqual({name.rpartition(".")[2]: value for name, value in tags.items() if name.startswith("mlscribe.job.")}, {
            "scheduler": "slurm", "id": job.id, "cluster": "mlscribe", "partition": facts["Partition"],
            "nodes": facts["NodeList"], "node_count": facts["NumNodes"], "restarts": "0", "start": job.id + " 0",
            "launcher": "slurm", "ranks": "1", "time_limit_seconds": "540"})


def tried(case):
    """One scenario; what it says is printed whole."""
    began, result = time.monotonic(), unittest.TestResult()
    case.run(result)
    wrong = [text for _, text in result.failures + result.errors]
    outcome = "FAILED" if wrong else "skipped" if result.skipped else "ok"
    lines = [f"{case.id().rpartition('.')[2]}: {outcome} after {time.monotonic() - began:.0f} s", *wrong]
    lines += [why for _, why in result.skipped]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return not wrong


def read_by_mlflow(python, runs):
    """Whether MLflow finds in each run what the tests found."""
    done = subprocess.run([python, str(HERE / "read_store.py"), str(store)], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{python}: FAILED", done.stdout, done.stderr, sep="\n")
        return False
    answer = json.loads(done.stdout.splitlines()[-1])
    expected = {run.id: {"status": STATUS_NAMES[run.status], "tags": run.tags,
                         "metrics": {key: sorted(map(list, rows)) for key, rows in run.metrics.items()}} for run in runs}
    for run in answer["runs"].values():
        for rows in run["metrics"].values():
            rows.sort()
    different = [run for run in expected.keys() | answer["runs"].keys() if expected.get(run) != answer["runs"].get(run)]
    for run in different:
        print(run, "was written as", expected.get(run), "and read as", answer["runs"].get(run), sep="\n")
    passed = not different and not answer["warnings"] and len(expected) > 0
    print(f"{python}: {len(expected)} runs {'ok' if passed else 'FAILED'}", *answer["warnings"], sep="\n")
    return passed


def main():
    if not (directory / "cluster.json").exists():
        print("skipped: there is no cluster; cluster.py says why")
        return SKIPPED
    for left in (store, directory / "output"):
        shutil.rmtree(left, ignore_errors=True)
    for left in directory.glob("go_*"):
        left.unlink()
    names = sys.argv[2:] or unittest.defaultTestLoader.getTestCaseNames(Scenarios)
    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        passed = list(pool.map(tried, map(Scenarios, names)))
    for version in ("V2", "V3"):
        python = os.environ.get(f"MLSCRIBE_PYTHON_{version}")
        if python:
            passed.append(read_by_mlflow(python, all_runs()))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
