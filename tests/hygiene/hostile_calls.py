# SPDX-License-Identifier: MIT
"""hostile_calls.py <root of the sources>: each public call, option and variable that takes a text is given
hostile ones by tests/scenario/hostile_names.cpp, or stands below with the reason why not."""
import pathlib
import re
import sys

CLASSES = {  # with the names that the test has for them
    "run/run.hpp": "run", "run/run_artifacts.hpp": "run", "store/active_client.hpp": "client",
    "registry/active_registry.hpp": "registry", "query/store.hpp": "store"}
OPTIONS = {
    "run/run_options.hpp": ("run_options", "resume_options"), "query/search_query.hpp": ("search_query",),
    "doctor/finding.hpp": ("repair_options",), "doctor/relocate.hpp": ("relocate_options",),
    "model/model_options.hpp": ("model_options", "load_options"), "report/report_options.hpp": ("report_options",)}
# In the folders whose calls are a user's; those of the others are pure text, or of sync (tests/sync).
FOLDERS = ("artifact", "dataset", "doctor", "hpc", "model", "monitor", "query", "registry", "report", "run", "store")
ELSEWHERE = {
    # options of a call, under that call's name
    "model_options.source_files": "run.log_model source_files",
    "model_options.source_directory": "run.log_model source_directory",
    "model_options.registered_name": "run.log_model registered_name",
    "report_options.title": "report_options", "report_options.metrics": "report_options",
    # what a model's own functions hand on
    "save_value": "model_saver", "load_value": "model_files",
    "array_run_id": "job_run_id", "compare": "store.compare"}
TEXTLESS = {"run", "run.end", "run.steps", "run.epochs", "run.capture_output", "store.experiments",
            "read_registered_model", "read_model_version"}
# tests/image has it, which needs libpng.
TESTED = {"run.log_image"}
# Of words and numbers, and of what a scheduler tells, which tests/hpc reads from records.
VARIABLES = {"MLSCRIBE_MODE", "MLSCRIBE_DRAIN", "MLSCRIBE_FLUSH_MS", "MLSCRIBE_SIGNALS", "MLSCRIBE_PROGRESS",
             "MLSCRIBE_JOIN_SECONDS", "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
             "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING",
             "MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD"}  # tests/sync/secrets_test.cpp


def public_part(text):
    """The declarations of a class's public part, one line each."""
    lines, is_public = [], False
    for line in text.splitlines():
        if line.startswith(("class ", "  private:", "  protected:")):
            is_public = False
        elif line == "  public:":
            is_public = True
        elif is_public and re.match(r"    [^ }/#]", line):
            lines.append(line.strip())
        elif is_public and re.match(r"     +[^ /]", line) and lines and lines[-1].count("(") > lines[-1].count(")"):
            lines[-1] += " " + line.strip()
    return lines


def calls_of(lines):
    for line in lines:
        found = re.match(r"(?!explicit|template|using|friend|return|static_assert)[^(=]*?(\w+)\(([^)]+)\)", line)
        if found and not re.search(r"operator|other\)", line):
            yield found[1], found[2]


def free_functions(text):
    text = re.sub(r"^namespace detail \{.*?^\}  // namespace detail", "", text, flags=re.M | re.S)
    for found in re.finditer(r"^(?:inline |\[\[nodiscard\]\] )*[\w:<>]+ (\w+)\(([^)]*)\)?", text, flags=re.M):
        if "string" in found[2] or "options" in found[2]:
            yield found[1]


def main(root):
    include = root / "include" / "mlscribe"
    whole = (root / "tests/scenario/hostile_names.cpp").read_text()
    tested = set(re.findall(r'[{(]"([A-Za-z_.]+)[^"\n]*",', whole))
    wanted = set()
    for header, name in CLASSES.items():
        for call, _ in calls_of(public_part((include / header).read_text())):
            wanted.add(name if call == name else f"{name}.{call}")
    for header, names in OPTIONS.items():
        text = (include / header).read_text()
        for name in names:
            body = re.search(rf"^struct {name} \{{(.*?)^\}};", text, flags=re.M | re.S)[1]
            for member in re.findall(r"^    std::(?:string|vector<std::string>|vector<std::pair<std::string[^;=]*) (\w+) ?=",
                                     body, flags=re.M):
                wanted.add(f"{name}.{member}")
    for folder in FOLDERS:
        for header in (include / folder).glob("*.hpp"):
            wanted.update(free_functions(header.read_text()))
    for header in include.rglob("*.hpp"):
        if header.parent.name != "sync":
            wanted.update(re.findall(r'"((?:MLFLOW|MLSCRIBE)_[A-Z_]+)"', header.read_text()))
    wanted -= TEXTLESS | TESTED | VARIABLES
    missing = sorted(name for name in wanted
                     if name not in tested and f'"{ELSEWHERE.get(name, "?")}"' not in whole)
    for name in missing:
        print(f"{name}: tests/scenario/hostile_names.cpp does not call it; add it there")
    if len(wanted) < 90:
        sys.exit(f"only {len(wanted)} calls were found: the headers are not read right")
    sys.exit(bool(missing))


main(pathlib.Path(sys.argv[1]))
