# SPDX-License-Identifier: MIT
"""`report` and `plot -o`: files for people, read here as a browser's parser reads them."""
import base64
import hashlib
import html.parser
import json
import os
import signal
import unittest
import xml.dom.minidom

from desk import *

VOID = {"meta", "br", "img"}


class Page(html.parser.HTMLParser):
    """Fails where an element is left open, or closed that is not, and collects what a page holds."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attributes, self.ids, self.scripts, self.texts = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.attributes += [(tag, name, value) for name, value in attributes.items()]
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.open.append((tag, attributes))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, (tag, self.open[-3:])
        self.open.pop()

    def handle_data(self, data):
        inside = self.open[-1][0] if self.open else ""
        if inside == "script":
            self.scripts.append((self.open[-1][1], data))
        elif inside not in ("style", ""):
            self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)

    def curves(self):
        return [json.loads(data) for attributes, data in self.scripts if attributes.get("type") == "application/json"]


class Report(Desk):
    def page(self, path):
        """The page, which needs nothing from outside and runs one script that its own policy names."""
        text = (self.home / path).read_text("utf-8")
        page = Page(text)
        self.assertEqual(len(page.ids), len(set(page.ids)))
        for tag, name, value in page.attributes:
            self.assertFalse(name.startswith("on"), (tag, name))
            if name in ("src", "href", "action", "data", "srcset", "xlink:href", "poster"):
                self.assertRegex(value, "^(data:image/|#)", (tag, name))
            if name == "style":
                self.assertNotIn("url(", value)
        style = re.search("<style>(.*?)</style>", text, re.S).group(1)
        self.assertNotRegex(style, r"@import|url\(|expression")
        [script] = [data for attributes, data in page.scripts if not attributes]
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        self.assertIn(f"script-src 'sha256-{digest}'", text)
        self.assertNotRegex(script, r"innerHTML|eval|fetch|XMLHttpRequest|import|http")
        return page

    def test_a_report_of_one_run(self):
        run = self.log("first", params={"lr": "0.1"}, metrics={"loss": [4, 3, 2.5, "nan"]}, tags={"stage": "trial"},
                       artifacts={"notes.txt": "hello", "t.json": '{"columns":["a"],"data":[[1],["x"]]}'})
        answer = self.tool("report", "first")
        self.assertRegex(answer.out, r"^report\.html  [\d.]+ KiB\n$")
        page = self.page("report.html")
        for text in ("first", run, "FINISHED", "trials", "lr", "0.1", "stage", "trial", "hello", "2.5", "step\xa02"):
            self.assertIn(text, page.text)
        self.assertEqual(page.curves(), [[{"mark": "run run0 dash0", "name": "first", "x": [0, 1, 2, 3], "y": [4, 3, 2.5, None]}]])
        for part in ("facts", "params", "metrics", "curves", "artifacts", "tags"):
            self.assertIn(part, page.ids)
        self.assertIn(("html", "lang", "en"), page.attributes)

    def test_a_report_of_several_runs(self):
        self.log("a", params={"lr": "1", "same": "x"}, metrics={"loss": [1, 2], "only": [1]})
        self.log("b", params={"lr": "2", "same": "x"}, metrics={"loss": [3, 4]})
        answer = self.json("report", "a", "b", "-o", "both.html", "--title", "A & B", "-m", "loss")
        self.assertEqual(answer, {"file": "both.html", "file_size": (self.home / "both.html").stat().st_size})
        page = self.page("both.html")
        self.assertIn("A & B", page.text)
        params = (self.home / "both.html").read_text("utf-8").split('<section id="params"')[1].split("</section>")[0]
        self.assertEqual(re.findall(r'<tr class="differs"><th scope="row">(.*?)</th>', params), ["lr"])
        self.assertEqual([[curve["name"] for curve in chart] for chart in page.curves()], [["a", "b"]])
        self.assertIn("no metric", self.tool("report", "a", "-m", "los", "-o", "none.html", code=NOTHING).err)
        self.assertFalse((self.home / "none.html").exists())

    def test_names_that_are_hard_to_show(self):
        nasty = "\"'><script>alert(1)</script><!-- \u2028\u202e]]>"
        self.log(nasty, params={"p": nasty}, metrics={"m": [1, 2]}, tags={"t": nasty, "mlflow.note.content": nasty},
                 artifacts={"<b>'\".txt": nasty + "\x1b[31m", "s.svg": "<svg onload='alert(1)'/>", "no.png": "", "&.json": "[" * 2000})
        self.log(nasty, metrics={"m": [1, 2]})
        ids = [run["info"]["run_id"] for run in self.json_lines("export", "--json")]
        self.tool("report", *ids, "--title", nasty)
        page = self.page("report.html")
        self.assertEqual(page.curves()[0][0]["name"], nasty[:60])
        self.tool("plot", *ids, "-m", "m", "-o", "m.svg")
        xml.dom.minidom.parse(str(self.home / "m.svg"))
        self.assertNotIn("<script", (self.home / "m.svg").read_text("utf-8"))

    def test_a_run_that_was_killed(self):
        write = self.writer()
        run = write("start", "trials", "killed")
        for step in range(50):
            write("metric", "loss", 50 - step, step)
        self.tool("report", run, "-o", "live.html")
        self.assertNotIn("is gone", self.page("live.html").text)
        os.kill(write.process.pid, signal.SIGKILL)
        write.process.wait()
        self.tool("report", run, "-o", "dead.html")
        page = self.page("dead.html")
        self.assertIn("its process is gone", page.text)
        self.assertEqual(page.curves()[0][0]["x"], list(range(50)))

    def test_files_are_replaced_only_by_force(self):
        self.log("run", metrics={"loss": [1, 2]})
        for words in (("report", "run", "-o", "f"), ("plot", "run", "-m", "loss", "-o", "f")):
            (self.home / "f").write_text("mine")
            self.assertIn("--force", self.tool(*words, code=USAGE).err)
            self.assertEqual((self.home / "f").read_text(), "mine")
            self.tool(*words, "--force")
            self.assertNotEqual((self.home / "f").read_text(), "mine")
            self.tool(*words[:-1], "no/f", code=UNREADABLE)
            (self.home / "d").mkdir(exist_ok=True)
            self.assertIn("Is a directory", self.tool(*words[:-1], "d", "--force", code=UNREADABLE).err)
            (self.home / "f.part").write_text("mine")
            self.tool(*words, "--force")
            self.assertEqual((self.home / "f.part").read_text(), "mine")
            (self.home / "f.part").unlink()
            self.tool(*words[:-1], "/dev/null")
            self.assertTrue(self.tool(*words[:-1], "/dev/fd/1").out.startswith("<"))
            self.assertTrue(self.tool(*words[:-1], "-").out.rstrip().endswith(("</html>", "</svg>")))
        self.assertEqual([path.name for path in self.home.iterdir() if path.name.endswith(".part")], [])

    def test_what_cannot_be_reported(self):
        run = self.log("run", metrics={"loss": [1, 2]})
        self.tool("report", "nobody", code=NOTHING)
        self.tool("report", code=USAGE)
        self.tool("report", "run", "--max-bytes", "10", code=USAGE)
        self.log("run")
        self.tool("report", "run", code=USAGE)
        self.assertFalse((self.home / "report.html").exists())
        (self.run_folder(run) / "metrics/torn").write_text("1 2 3\nwhat\n")
        self.assertIn("torn", self.tool("report", run, code=DAMAGED).err)
        self.assertIn("what", self.page("report.html").text)
        self.tool("report", run, "-m", "loss", "-o", "loss.html")
        self.assertEqual(self.page("loss.html").curves()[0][0]["y"], [1, 2])

    def test_plots_as_pictures(self):
        first = self.log("a", metrics={"loss": [1, 10, 100, "nan"], "none": ["nan"], "below": [-1]})
        self.log("b", metrics={"loss": [2, 20]})
        for words in (("a",), ("a", "b"), ("a", "b", "--log"), ("a", "--time"), ("a", "-m", "below")):
            self.tool("plot", *words, "-m", "loss", "-o", "loss.svg", "--force")
            picture = xml.dom.minidom.parse(str(self.home / "loss.svg")).documentElement
            self.assertEqual(picture.tagName, "svg")
            texts = [text.firstChild.data for text in picture.getElementsByTagName("text") if text.firstChild]
            self.assertIn("seconds" if "--time" in words else "step", texts)
            self.assertEqual("b" in texts, "b" in words)
        self.tool("plot", first, "-m", "none", "-o", "none.svg", code=NOTHING)
        self.tool("plot", first, "-m", "below", "--log", "-o", "none.svg", code=NOTHING)
        self.tool("plot", first, "-m", "loss", "--ascii", "-o", "none.svg", code=USAGE)
        self.assertFalse((self.home / "none.svg").exists())


if __name__ == "__main__":
    unittest.main()
