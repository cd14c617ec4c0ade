#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""single_header.py <source tree> <output>: writes one header that stands in for include/.

It has the umbrella and the headers beside it that need no further library. Include guards stay, so
that a header of include/ can stand beside it. The same tree gives the same bytes."""

import pathlib
import re
import sys

# What logs. Not what brings in a library of its own: image, mpi, sync and the flavors.
WRITERS = ["mlscribe", "figure", "hpc", "monitor", "registry", "report/log_report"]
# What reads: switched off, the header needs no library at all.
READERS = ["model", "query"]

INCLUDE = re.compile(r"\s*#\s*include\s*<([^>]+)>")
OPENS = re.compile(r"\s*#\s*if\w*\s*(.*)")
TURNS = re.compile(r"\s*#\s*(?:else|elif\s+(.*))")
CLOSES = re.compile(r"\s*#\s*endif\b")
# The library's own switches: what one of them let in once, it lets in everywhere.
SWITCH = re.compile(r"!?MLSCRIBE_[A-Z_]+")


class Branches:
    """An open #if: what stands above it, and what all its branches so far end with."""

    def __init__(self, condition, known):
        self.condition = condition
        self.before = set(known)
        self.common = None

    def end(self, known):
        self.common = set(known) if self.common is None else self.common & known


class Header:
    def __init__(self, root):
        self.root = root
        self.lines = []
        self.open = []
        self.known = set()  # what stands above this line whatever the configuration
        self.known_under = {}
        self.gap = False  # an include was left out below the last line

    def enter(self):
        self.known |= self.known_under.get(tuple(each.condition for each in self.open), set())

    def leave(self):
        conditions = tuple(each.condition for each in self.open)
        if all(SWITCH.fullmatch(each) for each in conditions):
            self.known_under.setdefault(conditions, set()).update(self.known)
        self.open[-1].end(self.known)

    def begin(self, condition):
        self.lines.append(f"#if {condition}")
        self.open.append(Branches(condition, self.known))
        self.enter()

    def turn(self, condition):
        self.leave()
        innermost = self.open[-1]
        innermost.condition = condition or "!" + innermost.condition
        self.known = set(innermost.before)
        self.enter()

    def add(self, line):
        if line == "" and self.gap and self.lines and self.lines[-1] == "":
            return
        self.gap = False
        self.lines.append(line)

    def put(self, name):
        if name in self.known:
            return
        self.known.add(name)
        guard = name.upper().replace("/", "_").replace(".", "_")
        outside = len(self.open)
        ends_with_else = []
        for line in (self.root / name).read_text(encoding="utf-8").splitlines():
            if included := INCLUDE.match(line):
                if included[1].startswith("mlscribe/"):
                    self.put(included[1])
                if included[1].startswith("mlscribe/") or included[1] in self.known:
                    self.gap = True
                    continue
                self.known.add(included[1])
            elif opened := OPENS.match(line):
                if opened[1] != guard:
                    self.open.append(Branches(opened[1], self.known))
                    ends_with_else.append(False)
                    self.enter()
            elif turned := TURNS.match(line):
                self.turn(turned[1])
                ends_with_else[-1] = turned[1] is None
            elif CLOSES.match(line) and len(self.open) > outside:
                self.leave()
                closed = self.open.pop()
                self.known = closed.common if ends_with_else.pop() else closed.before
            if not line.startswith("// SPDX-"):
                self.add(line)


def main():
    source, output = map(pathlib.Path, sys.argv[1:])
    header = Header(source / "include")
    for root in WRITERS:
        header.put(f"mlscribe/{root}.hpp")
    header.begin("MLSCRIBE_ENABLED")
    for root in READERS:
        header.put(f"mlscribe/{root}.hpp")
    header.lines.append("#endif")
    numbers = [re.search(rf"^#define MLSCRIBE_VERSION_{part} (\d+)$", "\n".join(header.lines), re.M)[1]
               for part in ("MAJOR", "MINOR", "PATCH")]
    licence = (source / "LICENSE").read_text(encoding="utf-8").splitlines()
    top = ["// SPDX-License-Identifier: MIT",
           f"// mlscribe {'.'.join(numbers)} in one header, generated: mend include/ instead."]
    top += ["//"] + [f"// {line}".rstrip() for line in licence] + ["", "#pragma once", ""]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(top + header.lines) + "\n", encoding="utf-8")


main()
