#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compile_time.py <include directory>: what the headers cost a compiler, as ratios.

CPU seconds (user + system), the least of several interleaved runs at -O0. A ratio above 1 costs
more than what it is compared with. Exits with 1 when a goal is missed.
"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

RUNS = int(os.environ.get("MLSCRIBE_COMPILE_RUNS", "7"))
STRUCTS = 8
MEMBERS = [f"member_{i}" for i in range(12)]
TYPES = ["int", "double", "std::string", "bool"]

LIGHT = ["string", "vector", "atomic"]
RUN = LIGHT + ["memory", "optional", "charconv"]
HEAVY = ["boost/filesystem.hpp", "fmt/format.h", "thread"]
# what, with what it is compared, goal
ROWS = [
    ("mlscribe/metric/metric_handle.hpp", LIGHT, 1.2),
    ("mlscribe/run/run.hpp", RUN, 1.2),
    ("mlscribe/mlscribe.hpp", HEAVY, 1.2),
    ("mlscribe/mlscribe.hpp", ["spdlog/spdlog.h"], 0.5),
]


def including(headers):
    return "".join(f"#include <{header}>\n" for header in headers) + "int main() {}\n"


def reflecting(count, standard):
    """A program that logs the members of `count` structs of 12 fields each."""
    text = "#include <mlscribe/run/run.hpp>\n#include <string>\n"
    for i in range(count):
        members = "".join(f"    {TYPES[k % 4]} {name}{{}};\n" for k, name in enumerate(MEMBERS))
        text += f"struct options_{i} {{\n{members}}};\n"
        if standard == 17:
            text += f"MLSCRIBE_DESCRIBE(options_{i}, {', '.join(MEMBERS)})\n"
        text += (f"void log_{i}(mlscribe::run& run, const options_{i}& options);\n"
                 f"void log_{i}(mlscribe::run& run, const options_{i}& options)"
                 " { run.log_params(options); }\n")
    return text


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(compiler, standard, include, programs):
    """The least CPU seconds of each program; in turn, so that a busy moment hits all of them."""
    best = [float("inf")] * len(programs)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, program in enumerate(programs):
            paths.append(f"{folder}/{i}.cpp")
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(program)
        for _ in range(RUNS):
            for i, path in enumerate(paths):
                best[i] = min(best[i], cpu_seconds(
                    [compiler, f"-std=c++{standard}", "-O0", f"-I{include}", "-c", path,
                     "-o", f"{folder}/out.o"]))
    return best


def main():
    include = sys.argv[1]
    missed = 0

    def row(compiler, standard, what, ours, theirs, value, goal):
        nonlocal missed
        missed += value > goal
        print(f"{compiler:8} {standard:3} {what:76} {ours:8.3f} {theirs:8.3f} {value:11.2f}"
              f" {goal:5g}{'' if value <= goal else '  MISSED'}", flush=True)

    print(f"{'compiler':8} {'C++':3} {'what / against':76} {'s':>8} {'s':>8} {'ratio or ms':>11}"
          f" {'goal':>5}")
    for compiler in ("g++", "clang++"):
        if shutil.which(compiler) is None:
            print(f"{compiler} is not installed")
            continue
        for standard in (17, 20):
            rows = [r for r in ROWS if exists(compiler, r[1])]
            programs = [including(h) for r in rows for h in ([r[0]], r[1])]
            programs += [reflecting(STRUCTS, standard), reflecting(2 * STRUCTS, standard)]
            seconds = measure(compiler, standard, include, programs)
            for i, (header, others, goal) in enumerate(rows):
                ours, theirs = seconds[2 * i:2 * i + 2]
                row(compiler, standard, f"{header} / {'+'.join(others)}", ours, theirs,
                    ours / theirs, goal)
            once, twice = seconds[-2:]
            each = (twice - once) / STRUCTS * 1000
            row(compiler, standard, f"one more struct of {len(MEMBERS)} members, "
                f"{'macro' if standard == 17 else 'no macro'}", twice, once, each,
                5 if standard == 17 else 40)
            for header in {h for r in ROWS if r not in rows for h in r[1]}:
                print(f"{compiler:8} {standard:3} <{header}> is not installed")
    return 1 if missed else 0


def exists(compiler, headers):
    return subprocess.run([compiler, "-std=c++17", "-E", "-x", "c++", "-o", "/dev/null", "-"],
                          input=including(headers), text=True, capture_output=True,
                          check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
