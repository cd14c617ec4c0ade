#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the tests of a build tree that counts lines, and says which lines of the headers they ran.

Prints a line for each folder and the total, writes the lines that no program ran to
<into>/uncovered.txt, and fails where a test fails, too few lines were run, or untested.md does not
name a header that has such lines, or that has no lines at all."""
import argparse
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys

# Of a folder what only programs run that are not counted here.
ELSEWHERE = {"flavor": "xgboost.hpp: oracle.flavors", "report": "the page's script: browser.pages",
             "sync": "MLflow's own server: oracle.sync", "run": "without logging: hygiene.switched_off"}


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headers", type=pathlib.Path, required=True)
    parser.add_argument("--untested", type=pathlib.Path, required=True, help="why lines are not run")
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


def name_of(chosen, file):
    return str(file.relative_to(chosen.headers).with_suffix(""))


def unexplained(chosen, uncovered, counted):
    """What untested.md should say and does not. A header that no program includes, and one of which
    none instantiates anything, have no lines to the compiler, as one has that only declares."""
    def names_in(text):
        return set(re.findall("`([a-z_]+(?:/[a-z0-9_]+)?)`", text))

    whole = chosen.untested.read_text()
    headers = {name_of(chosen, file): file for file in chosen.headers.rglob("*.hpp")}
    named = {name for name in names_in(whole) if "/" in name or name in headers}
    without = names_in(whole.partition("## Without lines\n")[2].partition("\n## ")[0]) & named
    # Beside what is included, defined and commented.
    has_code = {name for name, file in headers.items()
                if re.sub(r"(?m)^( *//.*| *#(.*\\\n)*.*|MLSCRIBE_NAMESPACE_(BEGIN|END)|\s*)$", "", file.read_text()).strip()}
    for name in sorted(named - set(headers)):
        yield f"{name}: there is no such header"
    for name in sorted(uncovered - named):
        yield f"{name}: no test runs some of its lines"
    for name in sorted((has_code - counted) - without):
        yield f"{name}: no program has lines of it, and it is not among those without lines"
    for name in sorted(without & counted):
        yield f"{name}: has lines, and is among those without"


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
    uncovered_headers = set()
    with open(chosen.into / "uncovered.txt", "w") as uncovered:
        for file in sorted(lines):
            name = file.relative_to(chosen.headers)
            folders[name.parent.name or "(facades)"].extend(lines[file].values())
            text = file.read_text().splitlines()
            for number, count in sorted(lines[file].items()):
                if count == 0:
                    uncovered_headers.add(name_of(chosen, file))
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
    counted = {name_of(chosen, file) for file in lines if lines[file]}
    missing = list(unexplained(chosen, uncovered_headers, counted))
    if missing:
        sys.exit("\n".join([f"{chosen.untested} does not explain:", *missing]))
    if percent < chosen.at_least:
        sys.exit(f"Below {chosen.at_least:.0f} % of all lines: tests are missing.")


if __name__ == "__main__":
    main()
