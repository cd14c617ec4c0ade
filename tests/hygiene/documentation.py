#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What README.md, CONTRIBUTING.md, SECURITY.md and docs/ promise.

documentation.py compile <root> <unit> <compiler> <flag>...: all C++ blocks of the pages compile, as
one translation unit, which is left at <unit>. A block marked `<!-- not compiled: why -->` is left out.
documentation.py commands <root>: each block of commands is marked with who runs it, which is there.
documentation.py links <root>: each link of the pages leads to a file, and to a heading in it; so do
what headers, tests and examples cite of docs/: the page, and the headings in quotes behind it.
"""
import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

COMMANDS = ("sh", "cmake", "meson")
# What beside the library a header needs; blocks with it are left out where that is missing.
NEEDS = {"mlscribe/image.hpp": ["png.h"], "mlscribe/mpi.hpp": ["mpi.h"],
         "mlscribe/sync.hpp": ["curl/curl.h", "nlohmann/json.hpp"],
         "mlscribe/flavor/xgboost.hpp": ["xgboost/c_api.h"]}
# What stands at namespace scope; all else is statements.
DECLARATION = re.compile(r"(struct|class|enum|template|using [\w]+ =|MLSCRIBE_\w+\(|void (save|load)_model|int main)")


CITATION = re.compile(r'\bdocs/([\w-]+\.md)((?:,? (?:and )?"[^"\n]+")*)')
CITING = (".hpp", ".cpp", ".cu", ".py", ".sh", ".cmake", ".txt", ".md")


class Block(NamedTuple):
    page: pathlib.Path
    line: int  # the first within the fence, from 1
    language: str
    mark: str  # what a comment in the line above the fence says
    lines: list


def pages(root):
    return [root / "README.md", root / "CONTRIBUTING.md", root / "SECURITY.md", *sorted((root / "docs").glob("*.md"))]


def blocks(page):
    """The fenced blocks of a page."""
    lines = page.read_text().splitlines()
    opened = None
    for number, text in enumerate(lines):
        if not text.startswith("```"):
            continue
        if opened is None:
            opened = number
            continue
        mark = re.fullmatch(r"<!-- (.*) -->", lines[opened - 1]) if opened else None
        yield Block(page, opened + 2, lines[opened][3:], mark[1] if mark else "", lines[opened + 1:number])
        opened = None
    if opened is not None:
        raise SystemExit(f"{page}:{opened + 1}: a block without an end")


def chunks(lines):
    """Declarations and statements of a block, each as its first line's index and its lines."""
    begun, depth = 0, 0
    for number, text in enumerate(lines):
        code = re.sub(r'"(\\.|[^"\\])*"', '""', text)
        code = re.sub(r"//.*", "", code).strip()
        depth += sum(map(code.count, "({[")) - sum(map(code.count, ")}]"))
        if depth == 0 and (not code or code[-1] in ";}" or code.startswith(("#", "MLSCRIBE_"))):
            yield begun, lines[begun:number + 1]
            begun = number + 1
    if begun < len(lines):
        yield begun, lines[begun:]


def compiled_block(name, block):
    """The block as a function in a namespace of its own, and what it includes."""
    includes, outside, inside = [], [], []
    for at, part in chunks(block.lines):
        first = part[0].strip()
        placed = [f'#line {block.line + at} "{block.page}"', *part]
        if first.startswith("#include"):
            includes.append(first.split("//")[0].strip())
        elif DECLARATION.match(first):
            outside += placed
        else:
            inside += placed
    needed = [each for line in includes for header, needs in NEEDS.items() if f"<{header}>" in line for each in needs]
    condition = " && ".join(f"__has_include(<{each}>)" for each in needed) or "1"
    return [f"#if {condition}", *includes, f"namespace {name} {{", *outside, "void statements() {", *inside, "}", "}", "#endif"]


def compile_snippets(root, unit, compiler, *flags):
    text = ['#include "documented_names.hpp"']
    count = 0
    for page in pages(root):
        for block in blocks(page):
            if block.language == "cpp" and not block.mark.startswith("not compiled: "):
                count += 1
                text += compiled_block(f"block_{count}", block)
    pathlib.Path(unit).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(unit).write_text("\n".join(text) + "\n")
    here = pathlib.Path(__file__).resolve().parent
    if subprocess.run([compiler, "-fsyntax-only", f"-I{here}", *flags, unit], check=False).returncode:
        raise SystemExit(f"{unit}: a block does not compile")
    print(f"{count} blocks compile")
    return count > 0


def uncommented(program):
    return re.sub(r"^\s*(#|//).*$", "", program.read_text(), flags=re.MULTILINE)


def who_runs(root, block):
    """What is wrong with the mark of a block of commands; empty if nothing is."""
    if block.language == "console":
        test = root / "tests/tool/documented_test.py"
        return "" if test.is_file() and block.page.name == "reading.md" else f"{test.name} does not read this page"
    if block.language in ("cpp", "text"):
        return ""
    if block.language not in COMMANDS:
        return "say what it is: cpp, text, console, " + ", ".join(COMMANDS)
    kind, _, what = block.mark.partition(": ")
    if kind == "ci":
        return "" if "for name in demo test; do" in (root / ".ci/run").read_text() and what in ("demo", "test") else \
            ".ci/run does not run it"
    if kind == "path":
        step = what.rpartition(", ")[2].replace(" ", "_")
        return "" if re.search(rf"\b{step}\b", (root / "tests/slurm/path_test.py").read_text()) else \
            f"tests/slurm/path_test.py has no step {step}"
    if kind == "package":
        page = "" if block.page.name == "README.md" else f" docs/{block.page.name}"
        return "" if re.search(rf"(documented|by_hand) {what}\b{page}", uncommented(root / "tests/package/ways.sh")) else \
            f"tests/package/ways.sh does nothing with {what}"
    if kind == "part of":
        rest = (root / what).read_text() if (root / what).is_file() else ""
        for text in filter(None, (re.sub(r"\s+# .*", "", line) for line in block.lines)):
            _, found, rest = rest.partition(text)
            if not found:
                return f"{what} has no '{text.strip()}' there"
        return ""
    if kind == "run by":
        for each in what.split("; "):
            file, _, word = each.partition(" as ")
            if not (root / file).is_file() or file.endswith(".md"):
                return f"there is no {file} that could run it"
            if word and word not in uncommented(root / file):
                return f"{file} does not say '{word}'"
        return ""
    return "" if kind == "not run" and what else \
        "say who runs it: <!-- run by: FILE as WORD -->, <!-- part of: FILE -->, or why nobody does: <!-- not run: why -->"


def check_commands(root):
    wrong = [f"{block.page}:{block.line}: {why}" for page in pages(root) for block in blocks(page)
             if (why := who_runs(root, block))]
    print("\n".join(wrong))
    return not wrong


def headings(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)


def anchors(page):
    """What GitHub makes of the headings of a page."""
    for heading in headings(page):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def wrong_citations(root):
    """What the sources cite of docs/ that is not there; a citation may go on in the next line of a comment."""
    for source in sorted(each for folder in ("include", "tests", "examples") for each in (root / folder).rglob("*")):
        if source.suffix not in CITING or not source.is_file():
            continue
        text = re.sub(r"\n[ \t]*(///?|#) *", " ", source.read_text())
        for name, cited in CITATION.findall(text):
            page = root / "docs" / name
            if not page.is_file():
                yield f"{source}: there is no docs/{name}"
                continue
            for heading in re.findall(r'"([^"]+)"', cited):
                if heading not in headings(page):
                    yield f'{source}: docs/{name} has no heading "{heading}"'


def check_links(root):
    wrong = list(wrong_citations(root))
    for page in [*pages(root), root / "CHANGELOG.md"]:
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
            file, _, anchor = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            if "://" in link or (target.exists() and (not anchor or anchor in anchors(target))):
                continue
            wrong.append(f"{page}: {link} leads nowhere")
    print("\n".join(wrong))
    return not wrong


if __name__ == "__main__":
    done = {"compile": compile_snippets, "commands": check_commands, "links": check_links}
    sys.exit(not done[sys.argv[1]](pathlib.Path(sys.argv[2]), *sys.argv[3:]))
