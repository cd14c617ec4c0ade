#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the tests of a build tree that counts lines, and says which lines of the headers they ran.

Prints a line for each folder and the total, writes the lines that no program ran to
<into>/uncovered.txt, and fails where a test fails or too few lines were run."""
import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys

# Of a folder what only programs run that are not counted here.
ELSEWHERE = {"flavor": "xgboost.hpp: oracle.flavors", "report": "the page's script: browser.pages",
             "sync": "MLflow's own server: oracle.sync", "run": "without logging: hygiene.switched_off"}


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headers", type=pathlib.Path, required=True)
    parser.add_argument("--into", type=pathlib.Path, required=True)
    parser.add_argument("--ctest", required=True)
    parser.add_argument("--leave-out", required=True, help="tests of other programs, by a regular expression")
    parser.add_argument("--profdata", required=True)
    parser.add_argument("--cov", required=True)
    parser.add_argument("--at-least", type=float, required=True, help="percent of all lines")
    parser.add_argument("programs", nargs="+")
    return parser.parse_args()


def run_tests(chosen, counts):
    """Whether all tests pass. Each program leaves a file in `counts`."""
    # %c: counters live in the file itself, so that of a process that is killed, too; %m: all processes
    # of a program, and the children they fork, count in one file.
    environment = {**os.environ, "LLVM_PROFILE_FILE": str(counts / "%m%c.profraw")}
    return subprocess.run([chosen.ctest, "--output-on-failure", "--parallel", "2", "--exclude-regex", chosen.leave_out],
                          env=environment).returncode == 0


def counted_lines(chosen, profile, program):
    """How often the program ran each line, by file. A line of several instantiations counts all of them."""
    # What another program runs and this one does not is "mismatched" to it.
    told = subprocess.run([chosen.cov, "export", "-format=lcov", "-instr-profile", profile, program, chosen.headers],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if told.returncode != 0:
        sys.exit(told.stderr)
    file = None
    for line in told.stdout.splitlines():
        if line.startswith("SF:"):
            file = pathlib.Path(line[3:])
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            yield file, int(number), int(count)


def main():
    chosen = options()
    counts = chosen.into / "counts"
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir(parents=True)
    passed = run_tests(chosen, counts)
    profile = chosen.into / "merged.profdata"
    subprocess.run([chosen.profdata, "merge", "-sparse", "-o", profile, *counts.iterdir()], check=True)

    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    for program in chosen.programs:
        for file, number, count in counted_lines(chosen, profile, program):
            lines[file][number] = max(lines[file][number], count)

    folders = collections.defaultdict(list)
    with open(chosen.into / "uncovered.txt", "w") as uncovered:
        for file in sorted(lines):
            name = file.relative_to(chosen.headers)
            folders[name.parent.name or "(facades)"].extend(lines[file].values())
            text = file.read_text().splitlines()
            for number, count in sorted(lines[file].items()):
                if count == 0:
                    uncovered.write(f"{name}:{number}: {text[number - 1].strip()}\n")

    def row(name, found):
        run = sum(count > 0 for count in found)
        print(f"{name:12} {len(found):7} {run:7} {100 * run / len(found):6.1f} %  {ELSEWHERE.get(name, '')}".rstrip())
        return 100 * run / len(found)

    print(f"{'folder':12} {'lines':>7} {'run':>7}            not counted here")
    for folder in sorted(folders):
        row(folder, folders[folder])
    percent = row("all", [count for found in folders.values() for count in found])
    print(f"The lines that no test runs: {chosen.into / 'uncovered.txt'}")
    if not passed:
        sys.exit("Tests fail.")
    if percent < chosen.at_least:
        sys.exit(f"Below {chosen.at_least:.0f} % of all lines: tests are missing.")


if __name__ == "__main__":
    main()
