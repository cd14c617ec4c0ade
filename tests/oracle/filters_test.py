# SPDX-License-Identifier: MIT
"""A filter or an order leaves the same runs in the same order as MLflow's own search, or both refuse
it. Another MLSCRIBE_TEST_SEED makes others of them, MLSCRIBE_TEST_FILTERS asks for more than a quick look."""
import math
import os
import random
import re
import subprocess
import unittest
import warnings

from driver import bits, hexed

from mlflow.entities import (Dataset, DatasetInput, InputTag, Metric, Param, Run, RunData, RunInfo, RunInputs,
                             RunStatus, RunTag)
from mlflow.utils.search_utils import SearchUtils

SEED = int(os.environ.get("MLSCRIBE_TEST_SEED", 1))
COUNT = int(os.environ.get("MLSCRIBE_TEST_FILTERS", 1500))

NUMBERS = [0.0, -0.0, 1.0, 3.0, 0.5, 12.0, -1e5, 1e-5, 5e-324, 1e300, 0.1, math.nan, math.inf, -math.inf]
TEXTS = ["adam", "ADAM", "Adam", "sgd", "", "0.1", "it''s", "it\\'s", "it's", "a%b", "a_b", "a.b", "a*b", "a\nb",
         "a\n", "x y", "Straße", "STRASSE", "Über", "über", "ΣΊΣΥΦΟΣ", "σίσυφος", "ſ", "S", "K", "k", "İ", "i", "ı",
         "日本", "\U00010428", "\U00010400", "\U0001F600", "\uFFFD", "\uE000", "(a)", "a\\b", 'say "x"', "None"]
METRICS = ["loss", "acc", "val/acc top-1", "in", "count", "a.b", "1abc", "größe", "日本", "_x", "like", "nanm"]
PARAMS = ["opt", "lr", "in", "from", "order", "a b", "Größe", "and", "null", "1e", "not", "a.b.c", "x-y", "end"]
TAGS = ["team", "mlflow.runName", "order", "a.b c", "in", "group", "desc", "日本", "select", "is", "as"]
IDS = [f"{i:032x}" for i in (1, 2, 3, 10, 255)]
TIMES = [0, 1, 1600000000000, 1600000000001, 2**53, 2**53 + 1, 2**63 - 1, -5, -(2**63)]


def make_runs():
    """The same in every test, with ties in everything that can be ordered by."""
    dice = random.Random(7)
    runs = []
    for i in range(40):
        info = RunInfo(run_id=IDS[i] if i < len(IDS) else f"{dice.getrandbits(128):032x}", experiment_id="0",
                       user_id=dice.choice(["ann", "bob", ""]), status=RunStatus.to_string(dice.randint(1, 5)),
                       start_time=dice.choice(TIMES[:8] if i % 2 else TIMES[2:4]),
                       end_time=dice.choice([None] + TIMES), lifecycle_stage="active",
                       artifact_uri=dice.choice(["file:///b/1", "/b/2", "s3://B/3"]),
                       run_name=dice.choice(["run-a", "Run-A", "run b", "", "größe"]))
        some = lambda keys: dice.sample(keys, dice.randint(1, len(keys)))
        data = RunData([Metric(key, dice.choice(NUMBERS), 0, 0) for key in some(METRICS)],
                       [Param(key, dice.choice(TEXTS)) for key in some(PARAMS)],
                       [RunTag(key, dice.choice(TEXTS)) for key in some(TAGS)])
        inputs = []
        for name in dice.sample(["mnist", "Iris", "größe", "a%b"], dice.choice([0, 1, 1, 2])):
            tags = [InputTag("mlflow.data.context", context) for context in dice.sample(["train", "eval", ""], i % 3)]
            inputs.append(DatasetInput(Dataset(name, dice.choice(["abc1", "DEF2", "0"]), "local", "{}"),
                                       tags + [InputTag("other", "train")]))
        runs.append(Run(info, data, RunInputs(dataset_inputs=inputs)))
    return runs


RUNS = make_runs()


def described(run):
    info = run.info
    yield ["run", hexed(info.run_id), hexed(info.run_name), hexed(info.user_id), RunStatus.from_string(info.status),
           hexed(info.artifact_uri), info.start_time, "none" if info.end_time is None else info.end_time]
    for key, value in run.data.params.items():
        yield ["param", hexed(key), hexed(value)]
    for key, value in run.data.tags.items():
        yield ["tag", hexed(key), hexed(value)]
    for key, value in run.data.metrics.items():
        yield ["metric", hexed(key), bits(value)]
    for used in run.inputs.dataset_inputs if run.inputs else []:
        yield ["dataset", hexed(used.dataset.name), hexed(used.dataset.digest)] + [
            hexed(tag.value) for tag in used.tags if tag.key == "mlflow.data.context"]


def answers_of_ours(queries, runs=RUNS):
    """None for what is refused."""
    lines = [line for run in runs for line in described(run)]
    lines += [[kind] + [hexed(text) for text in texts] for kind, *texts in queries]
    asked = "".join(" ".join(map(str, line)) + "\n" for line in lines)
    told = subprocess.run([os.environ["MLSCRIBE_FILTER_DRIVER"]], input=asked, capture_output=True, text=True,
                          check=True).stdout.splitlines()
    assert len(told) == len(queries), (len(told), len(queries))
    answers = []
    for line, query in zip(told, queries):
        word, *numbers = line.split()
        if word == "refused":
            assert 0 <= int(numbers[0]) <= max(len(text.encode()) for text in query[1:]), query
        answers.append(None if word == "refused" else list(map(int, numbers)))
    return answers


def indices(runs):
    places = {id(run): i for i, run in enumerate(RUNS)}
    return [places[id(run)] for run in runs]


def answer_of_mlflow(kind, *texts):
    """MLflow refuses some comparators only for a run that comes so far: here every clause is asked."""
    try:
        if kind == "order":
            return indices(SearchUtils.sort(RUNS, list(texts)))
        for clause in SearchUtils.parse_search_filter(texts[0]):
            for run in RUNS:
                SearchUtils._does_run_match_clause(run, clause)
        return indices(SearchUtils.filter(RUNS, texts[0]))
    except Exception:
        return None


# What the language is said to be: each line with what both must make of it.
TAKEN = [
    "metrics.loss < 1", "metrics.loss < 1 and params.lr = '0.1'", 'metrics."val/acc top-1" > 0.5',
    "metrics.`val/acc top-1` > 0.5", "metric.acc > 0.5", "metrics.acc > -1e5", "metrics.loss<1", "params.lr = '0.1'",
    'params.lr = "0.1"', "params.opt LIKE 'ad%'", "params.opt ILIKE 'AD%'", "params.opt != 'sgd'",
    "param.opt = 'adam'", "parameters.opt = 'adam'", "parameter.opt = 'adam'", "params.opt IS NULL",
    "params.opt IS NOT NULL", "tags.team = 'hpc'", "tag.team = 'hpc'", "tags.team IS NULL", "tags.\"a.b c\" = 'x y'",
    "tags.mlflow.runName = 'adam'", "attributes.status = 'FINISHED'", "status = 'FINISHED'", "status = 'finished'",
    "attributes.run_name = 'run-a'", "run_name LIKE 'run%'", "attributes.`run name` = 'run b'",
    "attributes.\"Run Name\" = 'run b'", f"attributes.run_id = '{IDS[0]}'",
    f"attributes.run_id IN ('{IDS[0]}', '{IDS[4]}')", "run_id LIKE '000%'", "run_id NOT IN ('x')",
    "attributes.start_time > 1600000000000", "attributes.Created > 0", "created > 0",
    "attributes.artifact_uri LIKE '%b%'", "user_id = 'ann'", "datasets.name = 'mnist'", "dataset.digest LIKE 'abc%'",
    "datasets.context = 'train'", "datasets.name IN ('mnist', 'x')", "params.lr = 'it''s'", "params.lr = 'it\\'s'",
    "metrics.loss < 1 and", "and metrics.loss < 1", "AND", "and and", "", "metrics.loss < 1 metrics.acc > 0",
    "metrics.loss < 1 and and metrics.acc > 0", "attr.status = 'RUNNING'", "run.status = 'RUNNING'",
    "`status` = 'RUNNING'", '"status" = \'RUNNING\'', "`params`.opt = 'adam'", "params.'opt' = 'adam'",
    "params.\"opt\".x = 'adam'", "params.a.b.c = 'adam'", "metrics.count > 0", "metrics.1abc > 0",
    "params.1e = 'adam'", "params.order = 'adam'", "tags.desc = 'adam'", "tags.select = 'adam'",
    "params.end = 'adam'", "params.and = 'adam'", "params.null = 'adam'", "params.not = 'x'", "metrics.like = 1",
    "params.`in` = 'adam'", "metrics.\"in\" < 1", "metrics.größe < 1", "metrics.日本 < 1", "metrics._x < 1",
    "metrics.loss < 1\nAND\tmetrics.acc > 0\r\n", " metrics.loss < 1 ", "params.opt = \"a\".\"b\"",
    "params.\"\" IS NULL", "run_id IN ('a',)", "run_id IN ('a' 'b')", "run_id IN (\n'a'\t,\n\"b\")",
    f"run_id IN ('\\x30{IDS[0][1:]}')", "datasets.name IN ('gr\\u00f6\\U000000dfe')", "datasets.name IN ('\\141%b')",
    "datasets.name IN ('a\\%b', 'a\\\n%b')", "datasets.name NOT IN ('mnist')", "datasets.context NOT IN ('train')",
    "params.opt ILIKE 'strasse'", "params.opt ILIKE 'STRAßE'", "params.opt ILIKE 'σίσυφοσ'", "params.opt ILIKE 'ς%'",
    "params.opt ILIKE 's'", "params.opt ILIKE 'K'", "params.opt ILIKE 'I'", "params.opt LIKE '_'",
    "params.opt LIKE '%'", "params.opt LIKE 'a%b'", "params.opt LIKE 'a_b'", "params.opt LIKE 'a\n%'",
    "params.opt LIKE 'a'", "params.opt LIKE ''", "params.opt like 'a\\%b'", "params.opt LIKE '%%a%%b%%'",
    "params.opt LIKE '%.%'", "params.opt ILIKE '\U00010400'", "metrics.loss = 1e5AND params.opt = 'x'",
    "status='X'AND status!='Y'", "metrics.loss = 5.", "metrics.loss = .5", "metrics.loss = -0", "metrics.loss != -.5",
    "metrics.loss = 1E-5", "metrics.loss = 0012", "metrics.loss = 1.5e3", "metrics.loss < 1e999",
    "metrics.loss >= -1e999", "metrics.nanm != 5", "metrics.loss < " + "9" * 400, "start_time = 9007199254740993",
    "start_time = 9007199254740993.0", "end_time <= 9.3e18", "end_time < " + "9" * 30, "end_time > -" + "9" * 30,
    "end_time = 9223372036854775807", "end_time < 9223372036854775807.0", "end_time = -9223372036854775808",
    "end_time >= -9223372036854775808.0", "start_time > 1600000000000.5", "end_time != 0", "params.opt IS  NULL",
    "params.opt is\nnot null", "params.opt IS NULL params.lr = '0.1'", "run_id NOT  IN  ('x')",
    "run_id in ('a') status = 'FINISHED'", "params.opt='adam'AND params.lr LIKE'0%'", "params.opt = 'a AND b'",
    "params.opt = 'x -- y'", "params.opt = 'a;b'", 'params.opt = "it\'s"', "params.opt = 'say \"x\"'",
    "params.in_x IS NULL", "params.1\u0131 IS NULL", "params.`a\\` IS NULL AND tags.`b` IS NULL",
    "params.a\u00e9 IS NULL", "tags.\"日本\" LIKE '%'",
]
REFUSED = [
    " ", "\n", "metrics.acc = '0.9'", "metrics.acc > abc", "metrics.acc LIKE '0.9'", "metrics.acc IN (0.9)",
    "metrics.nanm = nan", "m.acc > 0.5", "params.lr = 0.1", "params.lr > '0'", "params.opt IN ('adam')",
    "params.opt NOT IN ('adam')", "tags.team IN ('hpc')", "attributes.start_time > '1600'", "end_time IS NULL",
    "attributes.experiment_id = '0'", "lifecycle_stage = 'active'", "metrics.a < 1 OR metrics.b < 1",
    "(metrics.a < 1)", "NOT metrics.a < 1", "metrics.a < 1, metrics.b < 1", "metrics.a BETWEEN 1 AND 2", "loss < 1",
    "foo.bar = 'x'", "params.in = 'x'", "params.from = 'x'", "params.as = 'x'", "params.case = 'x'",
    "params.values = 'x'", "params.using = 'x'", "metrics.a = 1e+5", "metrics.a = +1", "metrics.a = - 1",
    "metrics.a = 0x1f", "metrics.a = 1_0", "metrics.a = 12abc", "metrics.a = 1.e5", "metrics.a = 1.5x",
    "metrics.a = 1.5.5", "metrics.a = inf", "metrics.a == 1", "metrics.a <> 1", "metrics.a = 1;", ";metrics.a = 1",
    "metrics.a = 1; metrics.b = 2", "metrics.a = 1 -- x", "metrics.a = 1 # x", "metrics.a = 1 /* x */",
    "/* x */ metrics.a = 1", "-- x\nmetrics.a = 1", "params.a NOT LIKE 'x'", "params.a RLIKE 'x'",
    "params.a REGEXP 'x'", "params.a = 'x", "params.a = \"x", "params.`a = 'x'", "params.a = 'x' 'y'",
    "params.a = `x`", "params.a = x", "params.a = NULL", "params.a IS 'x'", "params.a IS NOT  NULL",
    "params.a IS NOT\tNULL", "params.a IS", "metrics.a IS NULL", "datasets.name IS NULL", "status IS NOT NULL",
    "run_id IN ()", "run_id IN ('a'", "run_id IN (1)", "run_id IN (a)", "run_id IN ('a' 1)", "run_id IN (,)",
    "run_id IN ('a',,)", "run_id IN 'a'", "run_id IN ('a', 1)", "status IN ('FINISHED')", "run_id IN ('\\x4')",
    "run_id IN ('\\uD8')", "run_id IN ('\\N')", "run_id IN (b'a')", "run_id IN ['a']", "run_id IN ('a\nb')",
    "datasets.size = '1'", "datasets.profile = 'x'", "datasets.name > 'x'", "run_id IN ('\\U00110000')", "metrics.a",
    "= 1", "metrics.a =", "metrics.a = metrics.b", "1 = metrics.a", "'x' = params.a", "metrics.a 1", "'status' = 'X'",
    "metrics.a = 1 status IS NULL", "params.layer.0.lr = 'x'", "params.0 = 'x'", "params.12abc = 'x'",
    "params.1e5 = 'x'", "params.0xab = 'x'", "params.a-b = 'x'", "params.a/b = 'x'", "params.a b = 'x'",
    "\"params\".a = 'x'", "\"params.a\" = 'x'", "metrics .a = 1", "params.a LIKE ('x')", "params.a LIKE 5",
    "params.a = 'x' AND (params.b = 'y')", "params.a = 'x' && status = 'y'", "AND.a = 'x'", "params.a = 'x' AND .5",
    "params.a = 'x'.'y'", "params.a = \"x\".y", "params.'a'.b = 'x'", "Params.a = 'x'", "STATUS = 'X'",
    "params.a = 'x' GO 2", "params.a = 'x' BEGIN", "status = ´x´", "start_time LIKE '1'", "start_time IN (1)", "\x00",
    "run_id IN ('\x00')", "params.a = '\x00' \x00",
]
# MLflow's tokenizer lets them through by chance (see filter_parser.hpp); a user meant another thing.
STRICTER = [
    "metrics. loss < 1", "tags.a .b = 'x'", "metrics. < 1", "metrics..a < 1", "metrics.a. < 1", "params.a::b = 'x'",
    "params.a->b = 'x'", "params.a[0] = 'x'", "params.[a b] = 'x'", "params.´a b´ = 'x'", "params.@abc = 'x'",
    "params.* = 'x'", "params.f('x') = 'x'", "params.a b IS NULL", "params.a AS b IS NULL", "params.a DESC = 'x'",
    "params.a -- x\nIS NULL", "run_id = ('a', 'b')", "run_id != ('a')", "run_id IN (('a', 'b'))", "run_id IN (r'a')",
    "run_id IN ('''a''')", "run_id IN ('\\N{DIGIT ONE}')", "run_id IN ('a' #x\n)", "metrics.a = \u0661",
    "params.a L\u0131KE 'x'", "params.a = 'x' params.b IS NULL", "params._a$b = 'x'", "run_id IN ('a', \\\n'b')",
]
ORDERS = [
    "metrics.loss", "metrics.loss ASC", "metrics.loss DESC", "metrics.loss desc", "metrics.loss dEsC",
    "metrics.loss\tASC", "metrics.loss\nDESC", "metrics.loss  DESC", 'metrics."val/acc top-1" DESC',
    "metrics.`val/acc top-1` DESC", 'metrics."val/acc top-1"', "metrics.`val/acc top-1`", "params.opt",
    "param.opt DESC", "parameters.lr", "parameter.lr desc", "tags.team", "tag.team DESC", "tags.mlflow.runName DESC",
    "tags.a.b c", 'tags."a.b c" desc', "metric.acc", "start_time", "start_time DESC", "end_time", "end_time DESC",
    "Created", "created DESC", "attributes.Created", "attributes.start_time ASC", "status", "status DESC", "run_id",
    "run_id DESC", "run_name", "run_name DESC", "user_id", "user_id DESC", "artifact_uri desc", "attr.status",
    "run.status desc", "attribute.end_time", "run name", "Run Name", '"Run Name"', "`run name`",
    "attributes.`run name`", "attributes.\"run_name\"", "attributes.`run_name` DESC", "`run_name` DESC",
    '"run_name" DESC', '"run_name"', "`run_name`", "'run_name'", "'run_name' DESC", "datasets.name",
    "dataset.digest desc", "lifecycle_stage", "duration", "experiment_id", "metrics.in", "metrics.in DESC",
    "metrics.\"in\" DESC", "metrics.count DESC", "tags.desc", "tags.desc DESC", "tags.order asc", "tags.select",
    "tags.as", "tags.is", "params.and", "params.from", "params.`from`", "params.1e", "metrics.1abc", "metrics.12abc",
    "metrics.größe", "metrics.日本 DESC", "metrics._x", "metrics.like desc", "metrics.nanm", "metrics.nanm DESC",
    "metrics.missing", "metrics.missing DESC", "", " ", "metrics.loss ", " metrics.loss", "\nmetrics.loss",
    "metrics.loss DESC ", "metrics.loss DESC\n", "metrics.loss,", "metrics.loss, metrics.acc",
    "metrics.loss ASC DESC", "metrics.loss DESC NULLS FIRST", "metrics.loss up", "metrics.loss 1",
    "metrics.loss \"desc\"", "metrics.loss `DESC`", "metrics.loss 'desc'", "metrics.loss AS desc", "loss",
    "loss DESC", "DESC", "ASC", "desc DESC", "metrics", "metrics DESC", "metrics.", "m.loss", "m.loss DESC",
    "timestamp", "timestamp DESC", "metrics.a.b", "metrics.a.b DESC", "params.a.b.c DESC", "metrics.a-b",
    "metrics.a/b DESC", "metrics.\"a\\\"b\" DESC", "metrics.\"a\\\"b\"", "metrics.\"a\\\\b\" DESC", "metrics.'a b'",
    "metrics.'a b' DESC", "metrics.'it\\'s' DESC", "metrics.`a\"b`", "metrics.`a\"b` DESC", "metrics.`it's`",
    "metrics.`it's` DESC", "metrics.\"it's\" DESC", '"metrics".loss', '"metrics".loss DESC', '"metrics.loss"',
    '"metrics.loss" DESC', "`metrics`.loss", "`metrics`.loss DESC", "metrics.loss;", "metrics.loss -- x",
    "metrics.loss DESC -- x", "metrics.loss # x", "metrics.loss /* x */ DESC", "metrics.loss = 1",
    "metrics.\"\" DESC", "metrics.\"\"", '""', '"" DESC', "metrics.loss()", "params.f(x)", "1", "1 DESC", "'x'",
    "metrics.\"loss", "metrics.loss descx", "metrics.lossDESC", "metrics.loss desc.", "metrics.loss desc.x",
    "metrics .loss", "metrics.loss DESC ASC", "metrics.\"a b\" \"c\"", "start_time DESCENDING", "metrics.loss\u00a0",
    "a b c", "metrics.\"loss\" 'DESC'", "tags.\"a.b c\"", "`tags`.`a.b c` asc", "`metrics.loss` DESC",
    "`metrics.loss`", "metrics.`a\" desc \"c`",
]


class Generator:
    def __init__(self, dice):
        self.dice = dice

    def pick(self, *values):
        return self.dice.choice(values)

    def key(self, keys):
        key = self.dice.choice(keys + ["lr", "loss"])
        return self.pick(key, key, '"%s"' % key, "`%s`" % key, "'%s'" % key)

    def cased(self, word):
        return self.pick(word, word.lower(), word.title())

    def text(self):
        text = self.dice.choice(TEXTS + ["FINISHED", "RUNNING", "ann", "mnist", "train", "run-a"] + IDS)
        if self.pick(0, 0, 1):
            text = "".join(self.pick("%", "_", "", c, c, c.upper(), c.lower(), "%" + c) for c in text)
        return self.pick("'%s'", "'%s'", '"%s"') % text

    def number(self):
        number = self.pick("0", "1", "-1", "0.5", ".5", "5.", "-.5", "12", "1e5", "-1E-5", "1.5e300", "007", "3",
                           "1e999", *map(str, TIMES), *(str(time + self.pick(0, 0.5)) for time in TIMES),
                           "1" * self.dice.randint(1, 30))
        changed = self.pick("-" + number, number + "x", number + self.pick("e", ".", "_", "0x", "e5"))
        return self.pick(number, changed)

    def blank(self):
        return self.pick(" ", " ", " ", "  ", "\n", "\t ", "\u00a0", "")

    def space(self):
        return self.pick(" ", " ", " ", " ", "  ", "\n", "\r\n", "\x0b")

    def listed(self):
        item = lambda: self.pick(self.text(), self.text(), repr(self.dice.choice(TEXTS + IDS)))
        items = [item() for _ in range(self.pick(0, 1, 1, 2, 3))]
        inside = ("%s,%s" % (self.blank(), self.blank())).join(items) + self.pick("", "", "", ",", " ", "\n")
        return "(" + inside + ")"

    def clause(self):
        kind = self.pick("metric", "metric", "param", "param", "tag", "attribute", "time", "id", "dataset", "odd")
        blank, space = self.blank, self.space
        compare = self.pick("=", "!=", "<", "<=", ">", ">=")
        like = self.pick("=", "!=") if self.pick(0, 1) else " %s " % self.pick("LIKE", "ILIKE", "like", "iLike")
        is_null = "%s%s%s" % (self.cased("IS"), space(), self.pick("NULL", "null", "NOT NULL", "not null"))
        in_list = self.pick("IN", "in", "NOT" + space() + "IN", "not in") + blank() + self.listed()
        if kind == "metric":
            return self.pick("metrics.", "metric.") + self.key(METRICS) + blank() + compare + blank() + self.number()
        if kind == "param" or kind == "tag":
            name = self.pick("params.", "param.") + self.key(PARAMS) if kind == "param" else "tags." + self.key(TAGS)
            return name + (space() + is_null if self.pick(0, 0, 0, 1) else blank() + like + blank() + self.text())
        attribute = self.pick("", "attributes.", "attr.", "run.")
        if kind == "attribute":
            name = self.pick("status", "run_name", "user_id", "artifact_uri", "`run name`", '"Run name"', "run_id")
            return attribute + name + blank() + like + blank() + self.text()
        if kind == "time":
            name = self.pick("start_time", "end_time", "created", "Created")
            return attribute + name + blank() + compare + blank() + self.number()
        if kind == "id":
            return attribute + "run_id" + space() + in_list
        if kind == "dataset":
            name = self.pick("datasets.", "dataset.") + self.pick("name", "digest", "context")
            return name + (space() + in_list if self.pick(0, 1) else blank() + like + blank() + self.text())
        name = self.pick("metrics.loss", "params.opt", "tags.team", "status", "end_time", "datasets.name", "run_id",
                         "loss", "x.y")
        value = self.pick(self.text(), self.number(), self.listed(), "NULL", "x")
        return name + space() + self.pick(compare, like, is_null, in_list, "BETWEEN", "==", "<>") + space() + value

    def broken(self, text):
        for _ in range(self.pick(0, 0, 0, 1, 1, 2)):
            at = self.dice.randint(0, len(text))
            junk = self.pick("'", '"', "`", "\\", ".", "(", ")", ",", "=", "<", "!", "-", " ", "1", "e", "x", "é", "_",
                             "%", ";", "\n", " AND ", " and", " NOT ", " IS ", " NULL", " IN ", " LIKE ", "''", "\\'",
                             "--", "#", "/*", "*", "?", "\u00a0")
            text = self.pick(text[:at] + junk + text[at:], text[:at] + text[at + 1:], text[:at] + junk + text[at + 1:])
        return text

    def filter(self):
        between = lambda: self.pick(" AND ", " and ", " And\n", " AND AND ", " ", "\tAND ", "AND", " AND")
        text = self.clause()
        for _ in range(self.pick(0, 0, 1, 1, 2)):
            text += between() + self.clause()
        return self.broken(self.pick("", "", "", "and ", " ") + text + self.pick("", "", "", " AND", " "))

    def order(self):
        name = self.pick("metrics." + self.key(METRICS), "params." + self.key(PARAMS), "tags." + self.key(TAGS),
                         self.pick("", "attributes.") + self.pick("status", "start_time", "end_time", "Created"),
                         self.pick("run_name", "user_id"), "`metrics`." + self.key(METRICS))
        direction = self.pick("", " ASC", " DESC", " desc", "\tasc", " 'DESC'", ' "asc"', "  DESC", " up")
        return self.broken(name + direction)


QUOTED = r"""`[^`]*`|"(?:""|\\"|[^"])*"|'(?:''|\\'|[^'])*'"""
ONE_NAME = re.compile(rf"""(\w+|{QUOTED})(\.(?!\d+(e\d+)?\s|as\s)(\w+|{QUOTED}))*(\s+["`]?\w+["`]?)?""", re.I)
ODD_LIST = re.compile(r"""'''|\"\"\"|\\N|#|\(\s*\(|\\\s|\(\s*\w""")


def by_chance(kind, text):
    """Whether MLflow takes `text` only in a way that filter_parser.hpp says to refuse."""
    if kind == "order":
        keys = [SearchUtils.parse_order_by_for_search_runs(text)[1]]
        if not ONE_NAME.fullmatch(text):
            return True
    else:
        clauses = SearchUtils.parse_search_filter(text)
        keys = [clause["key"] for clause in clauses]
        for clause in clauses:
            is_in = clause["comparator"].upper() in ("IN", "NOT IN")
            if isinstance(clause["value"], tuple) and (not is_in or ODD_LIST.search(text)):
                return True
    for key in keys:
        unwritable = re.search(r"[^\w/.\- :]|^$", key)
        quoted = sum(text.count(quote + key + quote) for quote in "'\"`")
        if unwritable or (quoted < keys.count(key) and re.search(r"\s|::|^\.|\.\.|\.$", key)):
            return True
    return False


class Filters(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore")  # Python's own, for escapes in lists that it does not know
        self.made = Generator(random.Random(SEED))

    def check_same(self, queries, but=by_chance):
        taken = 0
        for query, ours in zip(queries, answers_of_ours(queries)):
            theirs = answer_of_mlflow(*query)
            taken += theirs is not None
            if ours == theirs or (ours is None and len(query) == 2 and but(*query)):
                continue
            self.fail(f"seed {SEED}: {query}\nours   {ours}\nMLflow {theirs}")
        return taken

    def test_the_language(self):
        none = lambda *query: False
        self.assertEqual(self.check_same([("filter", text) for text in TAKEN], none), len(TAKEN))
        self.assertEqual(self.check_same([("filter", text) for text in REFUSED], none), 0)

    def test_what_the_tokenizer_lets_through(self):
        queries = [("filter", text) for text in STRICTER]
        for query, ours in zip(queries, answers_of_ours(queries)):
            with self.subTest(query=query):
                self.assertIsNone(ours)
                self.assertIsNotNone(answer_of_mlflow(*query))

    def test_orders(self):
        self.check_same([("order",)] + [("order", text) for text in ORDERS])
        entries = ["status", "user_id DESC", "end_time", "metrics.acc DESC", "params.opt", "run_name", "tags.team DESC",
                   "start_time"]
        several = [("order", *self.made.dice.sample(entries, 3)) for _ in range(30)]
        self.assertEqual(self.check_same(several), len(several))

    def test_letters_of_any_case(self):
        cased = {ord(c) for c in map(chr, range(0x110000)) if c.lower() != c or c.upper() != c}
        letters = [chr(c) for c in sorted({c + near for c in cased for near in (-1, 0, 1)}) if c >= 0x21]
        text = "".join(letters)
        info = RUNS[0].info
        runs = [Run(info, RunData([], [], [RunTag("c", letter)])) for letter in letters]
        same, seen = {}, set()
        for letter in letters:
            if letter not in seen and ord(letter) in cased:
                found = re.finditer(re.escape(letter), text, re.IGNORECASE)
                same[letter] = [match.start() for match in found]
                seen.update(letters[i] for i in same[letter])
        ours = answers_of_ours([("filter", f"tags.c ILIKE '{letter}'") for letter in same], runs)
        for (letter, theirs), found in zip(same.items(), ours):
            self.assertEqual(found, theirs, letter)

    def test_made_filters(self):
        taken = self.check_same([("filter", self.made.filter()) for _ in range(COUNT)])
        self.assertGreater(taken, COUNT // 4)

    def test_made_orders(self):
        taken = self.check_same([("order", self.made.order()) for _ in range(COUNT // 4)])
        self.assertGreater(taken, COUNT // 16)


if __name__ == "__main__":
    print("MLSCRIBE_TEST_SEED =", SEED, flush=True)
    unittest.main(verbosity=2)
