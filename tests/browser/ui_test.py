# SPDX-License-Identifier: MIT
"""People look at a store in MLflow's own UI: a real server, a real browser."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
from browser import *
from free_port import free_port
from store import Store
from sync_server import remember, stop

FIRST_VISIT = {  # a new profile gets a panel over half of the window and another set of pages
    "mlflow.assistant.panelOpen_v1": "false",
    "mlflow.assistant.fab.autoOpenedOnFirstLoad_v1": "true",
    "mlflow.workflowType_v1": '"machine_learning"',
}
ALLOWED = (
    "/favicon.ico", "/users/current", "/presigned-download-url",  # what a server of a file store has not
    "ResizeObserver loop completed",  # chromium's note that a layout took two frames
)
BANNERS = ("Something went wrong", "Page Not Found", "Internal Server Error", "Failed to", "Couldn't", "Unable to", "error occurred")
SCRIPT, ONERROR = "<script>window.scripted = 1; alert(1)</script>", '<img src=/health onerror="window.scripted = 1">'


class Server:
    """`mlflow server` on a free port of this machine."""
    named = SHOTS / "server"  # as sync_server.py has it

    def __init__(self, root, log):
        stop(self.named)  # what an interrupted test left
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        command = [os.environ["MLSCRIBE_MLFLOW"], "server", "--backend-store-uri", f"file://{root}", "--host", "127.0.0.1",
                   "--port", str(port), "--workers", "1"]
        environment = dict(os.environ, MLFLOW_ALLOW_FILE_STORE="true", MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true",
                           MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
        self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        remember(self.named, self.process)
        end = time.monotonic() + 300
        while not self.healthy():
            assert self.process.poll() is None, "mlflow server ended"
            assert time.monotonic() < end, "mlflow server does not answer"
            time.sleep(0.2)

    def healthy(self):
        try:
            return self.get("/health") == b"OK"
        except OSError:
            return False

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return answer.read()

    def close(self):
        stop(self.named)
        self.process.wait(60)


class Ui(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(allowed=ALLOWED)
        cls.addClassCleanup(cls.browser.close)
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.root = pathlib.Path(scratch.name, "mlruns")
        cls.store = Store(cls.root)
        cls.addClassCleanup(cls.store.close)
        cls.ids = cls.store.ids
        SHOTS.mkdir(parents=True, exist_ok=True)
        log = cls.enterClassContext(open(SHOTS / "server.log", "w"))
        cls.server = Server(cls.root, log)
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        """As if nobody had looked before: the UI remembers columns and opened rows."""
        self.maxDiff = None
        self.browser.open(self.server.address + "/health")
        self.browser.run("localStorage.clear(); sessionStorage.clear(); Object.assign(localStorage, arguments[0])", FIRST_VISIT)

    def tearDown(self):
        """Every page was whole: no banner, no complaint on the console, no script of a string ran."""
        self.browser.shot(self._testMethodName.removeprefix("test_"))
        text = self.browser.text()
        self.assertEqual([banner for banner in BANNERS if banner in text], [], text)
        self.assertEqual([alert.text for alert in self.browser.all("[role=alert], [class*=notification-notice]")], [])
        self.assertIsNone(self.browser.run("return window.scripted ?? null"))
        self.assertEqual(self.browser.complaints(), [])

    def page(self, path):
        self.browser.open(f"{self.server.address}/#/{path}")

    def runs_page(self, experiment="digits", more=""):
        self.page(f"experiments/{self.ids[experiment]}/runs{more}")

    def run_page(self, run, tab="", experiment="digits"):
        self.page(f"experiments/{self.ids[experiment]}/runs/{self.ids[run]}{tab}")

    def rows(self):
        """The names of the runs in the list."""
        return sorted(link.text for link in self.browser.all("[role=gridcell] a[href*='/runs/'] span"))

    def cells(self, run):
        return {cell.get_attribute("col-id"): cell.text for cell in self.browser.all(f"[row-id='{self.ids[run]}'] [role=gridcell]")}

    def test_runs_list_with_columns(self):
        self.runs_page()
        self.browser.shows("grid-0", "Show more columns")
        self.assertEqual(self.rows(), sorted(["live", "showcase", "sweep", "killed", "failed"] + [f"grid-{i}" for i in range(6)]))
        self.browser.click(lambda: self.browser.labelled("Columns"), "the button Columns")
        for title in ("Dataset", "Source", "Models", "Metrics (5)", "Parameters (3)"):
            self.browser.click(lambda: self.browser.all(f".du-bois-light-tree span[title='{title}']"), title)
        self.browser.click(lambda: self.browser.labelled("Runs", "h2"), "the page's title")
        self.browser.until(lambda: self.columns() >= {"accuracy", "train/loss", "val_loss", "batch_size", "lr", "optimizer"}, "columns")
        cells = self.cells("grid-3")
        self.assertEqual((cells["params.`lr`"], cells["params.`optimizer`"]), ("0.1", "sgd"))
        self.assertAlmostEqual(float(cells["metrics.`val_loss`"]), 0.33)

    def columns(self):
        return {header.text for header in self.browser.all("[role=columnheader]")}

    def test_search(self):
        self.runs_page()
        self.browser.shows("grid-5")
        box = self.browser.all("[data-testid=search-box]")[0]
        box.send_keys("metrics.val_loss < 0.3 and params.lr = '0.1'", Keys.ENTER)
        self.browser.until(lambda: self.rows() == ["grid-0", "showcase"], "the two runs that the filter names")
        self.browser.shows("2 matching runs")

    def test_nested_runs(self):
        self.runs_page()
        self.browser.shows("sweep")
        self.browser.click(lambda: self.browser.all(f"[row-id='{self.ids['sweep']}'] button"), "the plus sign of a run with children")
        self.browser.until(lambda: {"sweep-left", "sweep-right"} <= set(self.rows()), "the children")

    def test_overview(self):
        self.run_page("showcase")
        self.browser.shows("What this run shows", "A bold word, code and a list:", "Parameters (3)", "optimizer\nadam", "val_loss\n0.12",
                           "System metrics (2)", "Status\nFinished", "flowers (", "stage\n: trial", "team\n: vision")
        self.assertEqual(self.browser.labelled("bold")[0].tag_name, "strong")

    def test_status(self):
        for run, status in (("failed", "Failed"), ("killed", "Killed"), ("live", "Running"), ("grid-0", "Finished")):
            self.run_page(run)
            self.browser.shows(f"Status\n{status}")
            self.browser.shot(f"status_{run}")

    def test_live_run(self):
        self.run_page("live")
        self.browser.shows("Status\nRunning", "val_loss\n0.1")
        self.store.log_more()
        self.run_page("live")
        self.browser.shows("Status\nRunning", "val_loss\n0.05")

    def chart(self, title, key=None):
        """The card of the chart with this title, by the search box above: those out of sight are not drawn."""
        box = self.browser.until(lambda: self.browser.all("input[placeholder='Search metric charts']"), "the search box of charts")[0]
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(key or title)
        cards = lambda: self.browser.all("[data-testid=experiment-view-compare-runs-card]")
        return self.browser.until(lambda: [card for card in cards() if card.text.split("\n")[0] == title], f"the chart {title}")[0]

    def drawn(self, card, css=".scatterlayer .trace path.js-line"):
        return self.browser.until(lambda: card.find_elements(By.CSS_SELECTOR, css), f"{css} of {card.text}")

    def test_charts_of_a_run(self):
        self.run_page("showcase", "/model-metrics")
        for title in ("loss", "accuracy", "val_loss"):
            self.assertGreater(len(self.drawn(self.chart(title))[0].get_attribute("d")), 200)

    def test_charts_of_an_experiment(self):
        self.runs_page(more="?compareRunsMode=CHART")
        card = self.chart("val_loss")
        self.browser.until(lambda: len(self.drawn(card)) >= 8, "a line for each run")

    def test_system_metrics(self):
        self.run_page("showcase", "/system-metrics")
        for title in ("cpu_utilization_percentage", "system_memory_usage_megabytes"):
            self.drawn(self.chart(title))

    def test_monitored_machine(self):
        self.run_page("monitored", experiment="machine")
        self.browser.shows("System metrics (", "system/cpu_utilization_percentage", "system/node-1/disk_usage_percentage")
        self.run_page("monitored", "/system-metrics", "machine")
        for title in ("cpu_utilization_percentage", "system_memory_usage_percentage", "disk_available_megabytes",
                      "network_receive_megabytes", "process_memory_usage_megabytes"):
            self.assertIn("L", self.drawn(self.chart(title))[0].get_attribute("d"))
        self.assertIn("L", self.drawn(self.chart("cpu_utilization_percentage", "node-1/cpu_utilization"))[0].get_attribute("d"))
        self.browser.shows("system/node-1")

    def whole(self, image):
        return self.browser.run("return arguments[0].complete && arguments[0].naturalWidth", image)

    def test_image_grid(self):
        self.run_page("showcase", "/model-metrics")
        card = self.chart("samples/ring")
        image = self.drawn(card, "img.rc-image-img")[0]
        self.browser.until(lambda: self.whole(image), "the image")
        slider = self.drawn(card, "[role=slider]")[0]
        self.assertEqual((slider.get_attribute("aria-valuemin"), slider.get_attribute("aria-valuemax")), ("0", "4"))
        first = image.get_attribute("src")
        slider.send_keys(Keys.RIGHT, Keys.RIGHT, Keys.RIGHT, Keys.RIGHT)
        def last():
            shown = self.drawn(card, "img.rc-image-img")[0]
            return "step%2B4%2B" in shown.get_attribute("src") and self.whole(shown) and shown
        image = self.browser.until(last, f"the image of step 4 after {first}")
        self.browser.shot("image_step")
        self.browser.click(lambda: image, "the image")
        self.browser.until(lambda: [i for i in self.browser.all("img.rc-image-preview-img") if self.whole(i)], "the image in full size")
        self.browser.shot("image_preview")

    def test_picture_of_the_readme(self):
        """Runs, pictures and curves, as the target readme_picture takes them: small, and without the toolbar over the curves."""
        self.browser.command("Emulation.setDeviceMetricsOverride", width=1440, height=1160, deviceScaleFactor=0.8, mobile=False)
        self.addCleanup(self.browser.command, "Emulation.clearDeviceMetricsOverride")
        self.runs_page(more="?compareRunsMode=CHART")
        shown = "samples|train/loss|val_loss"
        self.drawn(self.chart("train/loss", shown))
        for title in ("samples/blur", "samples/ring"):
            self.browser.until(lambda: self.whole(self.drawn(self.chart(title, shown), "img.rc-image-img")[0]), title)
        self.browser.run("for (const bar of document.querySelectorAll('.modebar-container')) bar.remove()")

    def preview(self, path, *texts):
        """The page of an artifact; the button gives the very bytes that lie in the store."""
        self.run_page("showcase", "/artifacts/" + urllib.parse.quote(path))
        self.browser.shows(f"/artifacts/{path}", *texts)
        self.browser.shot("artifact_" + path.replace("/", "_"))
        self.browser.click(lambda: self.browser.all("button[data-component-id$='artifactview.tsx_337']"), "the download button")
        stored = self.root / self.ids["digits"] / self.ids["showcase"] / "artifacts" / path
        loaded = self.browser.downloads / stored.name
        self.browser.until(lambda: loaded.exists() and loaded.read_bytes() == stored.read_bytes(), f"a copy of {path}")
        loaded.unlink()

    def picture(self, path):
        self.preview(path)
        self.browser.until(lambda: [i for i in self.browser.all("img") if i.get_attribute("src").startswith("blob:") and self.whole(i)], path)

    def test_artifacts_as_text(self):
        self.preview("notes.txt", "one line", "another line")
        self.preview("config.json", '"optimizer": "adam"')
        self.preview("config.yaml", "optimizer: adam")
        self.preview("logs/stdout.log", "epoch 2")

    def test_artifacts_as_pictures(self):
        self.picture("loss.svg")
        self.picture("ring.png")

    def test_report_as_artifact(self):
        self.preview("report.html")
        frame = self.browser.until(lambda: self.browser.all("iframe"), "the report's frame")[0]
        self.browser.driver.switch_to.frame(frame)
        self.browser.shows("showcase", "optimizer", "val_loss")
        self.browser.until(lambda: self.browser.all("figure.metric svg.live path.run"), "the report's curves")
        self.browser.driver.switch_to.default_content()

    def test_model_artifact(self):
        self.run_page("showcase", "/artifacts/line")
        self.browser.shows("Model schema", "Load the model")

    def test_table_as_artifact(self):
        self.preview("predictions.json")
        cells = lambda: [cell.text for cell in self.browser.all("[role=columnheader], [role=cell]")]
        self.browser.until(lambda: cells() == ["question", "answer", "score", "a", SCRIPT, "1.5", "b <b>x</b>", "2", "2.5"], "a table")

    def test_table_of_an_experiment(self):
        self.runs_page(more="?compareRunsMode=ARTIFACT")
        self.browser.shows("Table:", "predictions.json", "Compare:", SCRIPT, "b <b>x</b>")

    def test_histograms(self):
        self.run_page("weights", "/artifacts/histograms/dense/weights.json", "layers")
        self.browser.shows("step", "low", "high", "count")

    def test_compare(self):
        runs = ",".join(f'"{self.ids[run]}"' for run in ("showcase", "grid-4"))
        self.page(f'compare-runs?runs=[{runs}]&experiments=["{self.ids["digits"]}"]')
        self.browser.shows("Comparing 2 Runs from 1 Experiment", "showcase", "grid-4", "Parameters", "Metrics", "optimizer adam sgd", "loss.svg")
        self.browser.until(lambda: self.browser.all(".js-plotly-plot canvas"), "parallel coordinates")
        self.browser.click(lambda: self.browser.labelled("Scatter Plot"), "Scatter Plot")
        titles = lambda: [axis.text for axis in self.browser.all(".plot-container .xtitle, .plot-container .ytitle")]
        self.browser.until(lambda: titles() == ["batch_size", "accuracy"], "the axes")

    def test_strings_are_text(self):
        self.runs_page("nasty_experiment")
        self.browser.shows(SCRIPT + ONERROR)
        self.run_page("nasty", experiment="nasty_experiment")
        self.browser.shows(SCRIPT, ONERROR, "\U0001F600\U0001F469\u200D\U0001F52C", "漢字かな", "שלום abc",
                           "\"double\" 'single' `back` \\ & &amp; %41")
        self.assertEqual([link for link in self.browser.labelled("link") if "script" in (link.get_attribute("href") or "")], [])
        self.browser.shot("strings")
        self.run_page("nasty", "/artifacts/script.txt", "nasty_experiment")
        self.browser.shows(SCRIPT)
        self.run_page("nasty", "/artifacts/page.html", "nasty_experiment")
        self.browser.until(lambda: self.browser.all("iframe"), "the page's frame")


if __name__ == "__main__":
    unittest.main()
