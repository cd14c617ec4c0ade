#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""readme_table.py <scratch directory of matrix.sh> <README.md>: writes the table of compilers there, of
all rows that passed and whose results are in the directory."""
import collections
import pathlib
import re
import subprocess
import sys

MARKS = ("<!-- compilers -->\n", "<!-- end of compilers -->")
WAYS = {"static": "static", "lto": "`-O2 -flto`", "hidden": "hidden symbols", "single_header": "the single header"}


def version(compiler):
    """The compiler's name and version, as `g++ 12.2.0`."""
    said = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"(?:release|version|\) ?) ?(\d+\.\d+(?:\.\d+)?)", said)
    return f"{compiler.partition('-')[0]} {number[1]}"


def main():
    results, readme = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for file in results.glob("*.result"):
        name, said = file.read_text().split(maxsplit=1)
        if not said.startswith("passed"):
            continue
        compiler, standard, way, *more = name.split(",")
        standard = standard.replace("c++2b", "c++23").replace("c++", "")
        column = "unit tests" if more else way
        found[version(compiler)][column].append(f"{standard} with {way}" if more else standard)

    def key(compiler):
        kind, number = compiler.split()
        return kind != "g++", kind, [int(part) for part in number.split(".")]

    heads = ["compiler", "libstdc++", "libc++", "in C++17 also"]
    # Rows of the unit tests run only where somebody asked for them.
    if any(columns["unit tests"] for columns in found.values()):
        heads.append("unit tests")
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for compiler in sorted(found, key=key):
        columns = found[compiler]
        texts = [compiler]
        texts += ["C++" + ", ".join(sorted(columns[each])) if columns[each] else ""
                  for each in ("libstdc++", "libc++")]
        texts.append(", ".join(text for way, text in WAYS.items() if columns[way]))
        texts.append(", ".join("C++" + each for each in sorted(columns["unit tests"])))
        lines.append("| " + " | ".join(texts[:len(heads)]) + " |")
    before, mark, rest = readme.read_text().partition(MARKS[0])
    end = rest.find(MARKS[1])
    if not mark or end < 0 or not found:
        sys.exit(f"{readme} has no place for the table, or {results} no row that passed")
    readme.write_text(before + mark + "\n".join(lines) + "\n" + rest[end:])


main()
