#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ratios.py <directory of the benchmark programs>: what logging and reading back cost, as ratios.

CPU time of several repetitions. Works in a folder of its own below the
working directory. Exits with 1 when a goal is missed and --strict is given, or when --readme has not
all that its table needs.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import date

# Counters in the programs' JSON.
COUNTERS = ("ns", "us", "wall_us", "bytes", "percent", "drain_percent")

PYTHON = r"""
import json, os, sys, time
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow
from mlflow.entities import Metric
mlflow.set_tracking_uri("file://" + os.path.abspath("python_mlruns"))
mlflow.set_experiment("benchmark")
clocks = (time.process_time, time.perf_counter)

def least(times, calls, action):
    best = [float("inf")] * 2
    for _ in range(times):
        before = [clock() for clock in clocks]
        for i in range(calls):
            action(i)
        best = [min(b, (clock() - a) / calls) for b, a, clock in zip(best, before, clocks)]
    return best

def start_and_end(_):
    mlflow.start_run()
    mlflow.end_run()

start_and_end(0)
start = least(10, 10, start_and_end)
with mlflow.start_run() as run:
    one = least(10, 100, lambda i: mlflow.log_metric("loss", 0.1 * i, step=i))
    client = mlflow.MlflowClient()
    now = int(time.time() * 1000)
    batch = [Metric("batch", 0.1 * i, now, i) for i in range(1000)]
    many = least(10, 1, lambda i: client.log_batch(run.info.run_id, metrics=batch))
print(json.dumps({
    "python.log_metric.ns": one[0] * 1e9, "python.log_batch.ns": many[0] * 1e6,
    "python.start_and_end.us": start[0] * 1e6, "python.start_and_end.wall_us": start[1] * 1e6}))
"""

# Of the stores that way_back made; fails where MLflow finds something else than way_back did.
PYTHON_READS = r"""
import json, os, sys, time
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow

found = {"python.mlflow": mlflow.__version__}

def measure(name, times, action):
    best = float("inf")
    for _ in range(times):
        before = time.process_time()
        result = action()
        best = min(best, time.process_time() - before)
    found[f"python.{name}.us"] = best * 1e6
    return result

def client_of(store):
    client = mlflow.MlflowClient("file://" + os.path.abspath(store))
    return client, [client.get_experiment_by_name("benchmark").experiment_id]

def noted(name):
    with open(name + ".txt") as file:
        return file.read().splitlines()

def compare(name, lines):
    if lines != noted(name):
        sys.exit(f"MLflow and mlscribe do not find the same: {name}, {len(lines)} lines")

def compare_runs(name, runs):
    compare(name, [run.info.run_id for run in runs])

for runs, times in (1000, 3), (10000, 1):
    client, ids = client_of(f"searched_{runs}")
    text = "metrics.metric_3 < 0.5 AND params.param_2 = '6'"
    compare_runs(f"search_{runs}",
                 measure(f"search/{runs}", times, lambda: client.search_runs(ids, text)))
client, ids = client_of("searched_1000")
order = ["metrics.metric_3 DESC"]
best = measure("search_in_order/1000", 2,
               lambda: client.search_runs(ids, "", order_by=order, max_results=100))
compare_runs("search_in_order_1000", best)
compare_runs("search_all_1000", measure("search_all/1000", 2, lambda: client.search_runs(ids)))
run = measure("get_run", 20, lambda: client.get_run(best[0].info.run_id))
texts = [f"{key} {value}" for key, value in sorted(run.data.params.items())]
numbers = [f"{key} {value:.17g}" for key, value in sorted(run.data.metrics.items())]
compare("get_run", [run.info.run_id, *texts, *numbers])
client, ids = client_of("history_1000000")
id = client.search_runs(ids)[0].info.run_id
points = measure("history/1000000", 1, lambda: client.get_metric_history(id, "loss"))
compare("history_1000000", [f"{each.timestamp} {each.value:.17g} {each.step}" for each in points])
print(json.dumps(found))
"""

# id, what is measured, what it is compared with (or none), how (ratio, difference, value), goal
# (or none).
ROWS = [
    ("clock", "coarse_clock.ns", "floor_of_stores.ns", "ratio", None),
    ("handle", "handle_log.ns", "floor_of_stores.ns", "ratio", 1.3),
    ("handle_step", "handle_log_step.ns", "floor_of_stores.ns", "ratio", 1.3),
    ("handle_spdlog_sync", "handle_log.ns", "spdlog_sync_log.ns", "ratio", None),
    ("handle_spdlog_async", "handle_log.ns", "spdlog_async_log.ns", "ratio", None),
    ("handle_quill", "handle_log.ns", "quill_log.ns", "ratio", 0.5),
    ("handle_write", "handle_log.ns", "write_a_line.ns", "ratio", None),
    ("handle_python", "handle_log.ns", "python.log_metric.ns", "ratio", 1e-4),
    ("handle_python_batch", "handle_log.ns", "python.log_batch.ns", "ratio", None),
    ("epochs", "ten_handles_in_epochs.ns", None, "value", 3),
    ("name", "log_by_name.ns", "handle_log.ns", "ratio", 6),
    ("range_pass", "range_pass.ns", "bare_loop.ns", "difference", None),
    ("range_pass_with_mean", "range_pass_with_mean.ns", "range_pass.ns", "difference", None),
    ("observed", "observed_handle.ns", "plain_handle.ns", "difference", None),
    ("timer", "scoped_timer.ns", "two_clock_reads.ns", "difference", None),
    ("drain", "drain.ns", "drain_floor.ns", "ratio", 1.3),
    ("drain_spdlog_sync", "drain.ns", "spdlog_sync_drain.ns", "ratio", 0.5),
    ("drain_spdlog_async", "drain.ns", "spdlog_async_drain.ns", "ratio", 0.5),
    ("drain_quill", "drain.ns", "quill_drain.ns", "ratio", 0.5),
]
REDUCERS = ("last", "mean", "sum", "min", "max", "count", "standard_deviation", "moving_average",
            "quantiles", "every_nth", "mean_min_max")
ROWS += [(each, f"{each}_add.ns", f"{each}_arithmetic.ns", "difference", 2) for each in REDUCERS]
ROWS += [(f"keys_{n}", f"keys/{n}.ns", "keys/1.ns", "ratio", 2) for n in (10, 100, 1000, 10000)]
ROWS += [(f"threads_{n}", f"threads/{n}.ns", "threads/1.ns", "ratio", 2) for n in (4, 16, 64)]
ROWS += [(f"points_1e{n}", f"points/{10**n}.ns", "points/1000.ns", "ratio", 2)
         for n in (4, 5, 6, 7, 8)]
ROWS += [
    ("resident_1000_keys", "resident/1000/100.bytes", None, "value", 16 << 20),
    ("resident_10000_keys", "resident/10000/100.bytes", None, "value", 64 << 20),
    ("resident_1000_keys_full", "resident/1000/2000.bytes", None, "value", None),
    ("start_and_end", "start_and_end.us", "python.start_and_end.us", "ratio", 0.05),
    ("start_and_end_wall", "start_and_end.wall_us", "python.start_and_end.wall_us", "ratio", 0.05),
    ("loop_of_10us_steps", "loop_of_10us_steps.percent", None, "value", 1),
    ("loop_of_10us_steps_drain", "loop_of_10us_steps.drain_percent", None, "value", None),
]
READS = [
    ("search_1000", "search/1000/manual_time.us", "python.search/1000.us", "ratio", 0.02),
    ("search_10000", "search/10000/manual_time.us", "python.search/10000.us", "ratio", 0.02),
    ("search_in_order", "search_in_order/1000/manual_time.us", "python.search_in_order/1000.us",
     "ratio", 0.02),
    ("search_all", "search_all/1000/manual_time.us", "python.search_all/1000.us", "ratio", None),
    ("search_two_threads", "shared_search/1000/manual_time.us",
     "search/1000/manual_time.us", "ratio", None),
    ("get_run", "get_run/manual_time.us", "python.get_run.us", "ratio", None),
    ("history", "history/1000000/manual_time.us", "python.history/1000000.us", "ratio", 1 / 30),
    ("history_streamed", "streamed_history/1000000/manual_time.us", "python.history/1000000.us",
     "ratio", 1 / 30),
    ("resident_search", "resident_search/10000.bytes", None, "value", 200 << 20),
    ("resident_search_all", "resident_search_all/10000.bytes", None, "value", 200 << 20),
    ("resident_stream", "resident_stream/10000000.bytes", "resident_stream/1000000.bytes",
     "ratio", 1.1),
]
ROWS += READS
# The table between its marks in README.md: what, the row, what it is compared with. Without MLflow there
# is no table; other loggers are in it where they are found.
README_MARKS = "<!-- numbers -->\n", "<!-- end of numbers -->\n"
README_ROWS = [
    ("a point of a loop, to a handle", "handle_python", "MLflow's `log_metric`"),
    ("the same", "handle_spdlog_async", "a line to spdlog's thread"),
    ("the same", "handle_quill", "a line to quill's thread"),
    ("a point, from the journal to its file", "drain_spdlog_sync", "a line by spdlog"),
    ("start and end of a run", "start_and_end", "MLflow"),
    ("search of 1000 runs by a metric and a param", "search_1000", "MLflow"),
    ("search of 10 000 runs by the same", "search_10000", "MLflow"),
    ("the best 100 of 1000 runs by a metric", "search_in_order", "MLflow"),
    ("1000 runs with all they have", "search_all", "MLflow"),
    ("`get_run`", "get_run", "MLflow"),
    ("history of 10⁶ points", "history", "MLflow"),
    ("memory for the search of 10 000 runs", "resident_search", ""),
    ("memory for all of 10 000 runs at once", "resident_search_all", ""),
    ("memory for a history of 10⁷ points by `for_each_point`", "resident_stream", ""),
]
UNITS = {"ns": "ns", "us": "us", "wall_us": "us", "bytes": "B", "percent": "%",
         "drain_percent": "%"}


def run(program, folder, options, values):
    """Runs one program, which prints its own table. Of a time the least counts, as other programs
    only add to it; of a share the middle one, as it errs both ways."""
    out = os.path.join(folder, "out.json")
    subprocess.run([program, f"--benchmark_out={out}", "--benchmark_out_format=json",
                    "--benchmark_format=console", "--benchmark_counters_tabular=true", *options],
                   cwd=folder, check=True)
    found = {}
    with open(out, encoding="utf-8") as file:
        for entry in json.load(file)["benchmarks"]:
            if entry.get("run_type") == "aggregate" or entry.get("error_occurred"):
                continue
            name = entry["name"].split("/iterations:")[0]
            for counter in COUNTERS:
                if counter in entry:
                    found.setdefault(f"{name}.{counter}", []).append(entry[counter])
    for key, numbers in found.items():
        values[key] = statistics.median(numbers) if key.endswith("percent") else min(numbers)


def run_python(arguments, script, folder, values):
    if not arguments.python:
        return
    done = subprocess.run([arguments.python, "-c", script], cwd=folder, text=True,
                          stdout=subprocess.PIPE, check=True)
    values.update(json.loads(done.stdout.splitlines()[-1]))


def measure_reads(arguments, programs, folder, values):
    program = f"{programs}/way_back"
    subprocess.run([program, "--make-stores"], cwd=folder, check=True)
    run(program, folder, ["--benchmark_filter=-^resident"], values)
    for each in ("search/", "search_all/", "stream/1000000/", "stream/10000000/"):
        run(program, folder, [f"--benchmark_filter=^resident_{each}"], values)
    run_python(arguments, PYTHON_READS, folder, values)


def measure(arguments):
    values = {}
    in_order = [f"--benchmark_repetitions={arguments.repetitions}",
                "--benchmark_display_aggregates_only=true"]
    repeated = [*in_order, "--benchmark_enable_random_interleaving=true"]
    programs = os.path.abspath(arguments.programs)
    with tempfile.TemporaryDirectory(dir=os.getcwd(), prefix="ratios_") as folder:
        if arguments.reads:
            measure_reads(arguments, programs, folder, values)
            return values
        # First, as those that remove many files slow an ext4 without a journal down for minutes.
        run(f"{programs}/training_overhead", folder, in_order, values)
        run_python(arguments, PYTHON, folder, values)
        measure_reads(arguments, programs, folder, values)
        run(f"{programs}/step_latency", folder, repeated, values)
        run(f"{programs}/step_tools", folder, repeated, values)
        run(f"{programs}/drain_rate", folder,
            [*repeated, "--benchmark_filter=-^(resident|points/100000000)"], values)
        if arguments.large:
            run(f"{programs}/drain_rate", folder,
                ["--large", "--benchmark_filter=^points/100000000"], values)
        for each in ("1000/100", "10000/100", "1000/2000"):
            run(f"{programs}/drain_rate", folder,
                [f"--benchmark_filter=^resident/{each}/"], values)
    return values


def table(values, wanted):
    rows = []
    for name, what, against, how, goal in wanted:
        value, other = values.get(what), values.get(against)
        result = value
        if value is not None and against is not None:
            if other is None:
                result = None
            else:
                result = value / other if how == "ratio" else value - other
        rows.append({
            "id": name, "what": what, "value": value, "unit": UNITS[what.rsplit(".", 1)[1]],
            "against": against, "against_value": other, "how": how, "result": result,
            "goal": goal,
            "reached": None if result is None or goal is None else result <= goal})
    return rows


def show(rows):
    def text(number):
        return "-" if number is None else f"{number:.4g}" if abs(number) < 1e5 else f"{number:.0f}"

    print(f"\n{'what':40} {'value':>10} {'unit':4} {'against':40} {'value':>10} {'how':10}"
          f" {'result':>10} {'goal':>9}")
    for row in rows:
        end = {None: "", True: "  reached", False: "  MISSED"}[row["reached"]]
        if row["result"] is None:
            end = "  not measured"
        print(f"{row['what']:40} {text(row['value']):>10} {row['unit']:4}"
              f" {row['against'] or '-':40} {text(row['against_value']):>10} {row['how']:10}"
              f" {text(row['result']):>10} {text(row['goal']):>9}{end}")


def amount(number, unit):
    """Two digits of a time or a size, with the unit that suits it."""
    names = ("B", "kB", "MB", "GB") if unit == "B" else ("ns", "us", "ms", "s")
    at = names.index(unit)
    while at + 1 < len(names) and number >= 199.5:
        number, at = number / 1000, at + 1
    digits = 0 if number >= 9.95 else 1 if number >= 0.995 else 2
    return f"{number:.{digits}f} {names[at].replace('us', 'µs')}"


def proportion(ratio):
    """With two digits, as the figures that it is of."""
    if ratio >= 0.1:
        return f"{ratio:.2g}"
    return "1/" + f"{float(f'{1 / ratio:.2g}'):,.0f}".replace(",", " ")


def readme_table(rows, versions):
    """What stands between the marks; None, and a word why, where MLflow was not measured."""
    found = {row["id"]: row for row in rows}
    lines = ["| what | mlscribe | compared with | ratio |", "|---|---|---|---|"]
    missing = []
    for text, name, other in README_ROWS:
        row = found[name]
        if row["value"] is None or (other and row["against_value"] is None):
            if "MLflow" in other or not other:
                missing.append(name)
            continue
        cost = f"{other}: {amount(row['against_value'], row['unit'])}" if other else ""
        lines.append(f"| {text} | {amount(row['value'], row['unit'])} | {cost} |"
                     f" {proportion(row['result']) if other else ''} |")
    if missing:
        print("README.md stays as it is, for these were not measured: " + ", ".join(missing) +
              "; name a Python that has mlflow by -DMLSCRIBE_PYTHON, and leave --reads out")
        return None
    return "\n".join([*lines, "", f"Measured with {', '.join(versions)}.", ""])


def write_readme(path, table_text):
    with open(path, encoding="utf-8") as file:
        before, mark, rest = file.read().partition(README_MARKS[0])
    end = rest.find(README_MARKS[1])
    if not mark or end < 0:
        sys.exit(f"{path} has no {README_MARKS[0].strip()} and {README_MARKS[1].strip()} to write between")
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + mark + table_text + rest[end:])


def machine(compiler, values):
    with open("/etc/os-release", encoding="utf-8") as file:
        system = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        processors = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return [f"{os.cpu_count()} cores of {processors[0] if processors else platform.machine()}",
            system["PRETTY_NAME"].strip('"'), compiler, f"MLflow {values.get('python.mlflow', '')}, in {date.today():%B %Y}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", help="directory of the benchmark programs")
    parser.add_argument("--json", metavar="FILE", help="writes the table there too")
    parser.add_argument("--readme", metavar="FILE", help="writes README.md's table of numbers there")
    parser.add_argument("--compiler", default="", help="what the programs were compiled by")
    parser.add_argument("--python", default=os.environ.get("MLSCRIBE_PYTHON", ""),
                        help="an interpreter that has mlflow")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="1e8 points: 4 GB of disk")
    parser.add_argument("--reads", action="store_true", help="only what reading back costs")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    arguments = parser.parse_args()
    values = measure(arguments)
    rows = table(values, READS if arguments.reads else ROWS)
    show(rows)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"version": 1, "rows": rows}, file, indent=2)
            file.write("\n")
    if arguments.readme:
        text = readme_table(table(values, ROWS), machine(arguments.compiler, values))
        if text is None:
            return 1
        write_readme(arguments.readme, text)
    return 1 if arguments.strict and any(row["reached"] is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
