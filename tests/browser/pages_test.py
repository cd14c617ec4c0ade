# SPDX-License-Identifier: MIT
"""Figures and reports in a browser without a server: on wide and narrow screens, light and dark, with and without scripts."""
import html
import pathlib
import tempfile
import unittest

from selenium.webdriver.common.action_chains import ActionChains

from browser import *
from store import Store

WIDTHS, SCHEMES = (1280, 400), ("light", "dark")
LAYOUT = pathlib.Path(__file__).with_name("layout.js").read_text()
REPORTS = ("report", "comparison", "strings")


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(watched=True)
        cls.addClassCleanup(cls.browser.close)
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.store = Store(pathlib.Path(scratch.name, "mlruns"))
        cls.addClassCleanup(cls.store.close)
        cls.pages = cls.store.pages
        cls.figures = sorted(file.stem for file in cls.pages.glob("*.svg"))

    def setUp(self):
        self.maxDiff = None
        self.browser.open("about:blank")
        self.browser.complaints()
        self.browser.requests()

    def tearDown(self):
        """Nothing was asked for over a network, nothing failed, no script of a string ran."""
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual([url for url in self.browser.requests() if not url.startswith(("file:", "data:", "blob:", "about:"))], [])
        self.assertIsNone(self.browser.run("return window.scripted ?? null"))

    def show(self, name, width, scheme="light"):
        self.browser.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.browser.open((self.pages / name).as_uri())

    def check_layout(self, name):
        layout = self.browser.run(LAYOUT)
        self.assertEqual(layout["found"], [], name)
        self.assertGreater(layout["texts"], 0, name)

    def test_figures_alone(self):
        for figure in self.figures:
            for width in WIDTHS:
                with self.subTest(figure=figure, width=width):
                    self.show(figure + ".svg", width)
                    self.check_layout(figure)

    def test_gallery(self):
        images = "".join(f"<img src='{html.escape(figure)}.svg'>" for figure in self.figures)
        page = "<!DOCTYPE html><meta name=color-scheme content='light dark'><style>img{max-width:100%}</style>"
        (self.pages / "gallery.html").write_text(page + images)
        for width in WIDTHS:
            for scheme in SCHEMES:
                self.show("gallery.html", width, scheme)
                self.browser.shot(f"gallery_{width}_{scheme}", whole=True)
                broken = self.browser.run("return [...document.images].filter((i) => !(i.complete && i.naturalWidth)).map((i) => i.src)")
                self.assertEqual(broken, [])

    def test_reports(self):
        for report in REPORTS:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    with self.subTest(report=report, width=width, scheme=scheme):
                        self.show(report + ".html", width, scheme)
                        self.browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
                        self.browser.shot(f"{report}_{width}_{scheme}", whole=True)
                        self.check_layout(report)

    def chart(self, key):
        return self.browser.until(lambda: self.browser.all(f"figure.metric[data-key='{key}']"), key)[0]

    def ticks(self, chart):
        return [text.text for text in chart.find_elements(By.CSS_SELECTOR, "svg.live text")]

    def test_hover_tells_the_value(self):
        for report, lines in (("report", 1), ("comparison", 5)):
            self.show(report + ".html", 1280)
            chart = self.chart("val_loss")
            picture = chart.find_element(By.CSS_SELECTOR, "svg.live")
            self.browser.run("arguments[0].scrollIntoView({block: 'center'})", picture)
            ActionChains(self.browser.driver).move_to_element(picture).perform()
            told = self.browser.until(lambda: chart.find_element(By.CSS_SELECTOR, ".tip").text, "the value under the pointer").split()
            points = json.loads(chart.find_element(By.CSS_SELECTOR, "script.points").get_attribute("textContent"))
            self.assertEqual(len(points), lines)
            step = int(told[1])
            value = points[0]["y"][points[0]["x"].index(step)]
            self.assertIn(str(value), told)
            self.browser.shot(f"hover_{report}")

    def test_zoom(self):
        self.show("comparison.html", 1280)
        chart = self.chart("val_loss")
        picture = chart.find_element(By.CSS_SELECTOR, "svg.live")
        self.browser.run("arguments[0].scrollIntoView({block: 'center'})", picture)
        before = self.ticks(chart)
        width = picture.rect["width"]
        ActionChains(self.browser.driver).move_to_element_with_offset(picture, -width / 4, 0).click_and_hold() \
            .move_by_offset(int(width / 4), 5).release().perform()
        self.browser.until(lambda: self.ticks(chart) != before, "other ticks")
        self.browser.shot("zoomed")
        whole, log = (chart.find_element(By.CSS_SELECTOR, "button." + name) for name in ("reset", "log"))
        whole.click()
        self.browser.until(lambda: self.ticks(chart) == before, "the ticks of the whole range")
        log.click()
        self.browser.until(lambda: self.ticks(chart) != before, "ticks of a logarithmic axis")
        self.browser.shot("logarithmic")

    def test_ticks_of_numbers_that_differ_late(self):
        self.show("strings.html", 1280)
        for key, axes in (("nanoseconds", 1), ("late", 2)):
            ticks = [tick for tick in self.ticks(self.chart(key)) if tick != "step"]
            self.assertEqual(len(ticks), len(set(ticks)), ticks)
            self.assertGreaterEqual(len(ticks), 3 * axes, ticks)
        self.assertIn("1234560", ticks)
        self.assertIn("100000.015", ticks)
        self.browser.shot("late")

    def test_without_scripts(self):
        self.browser.command("Emulation.setScriptExecutionDisabled", value=True)
        self.addCleanup(self.browser.command, "Emulation.setScriptExecutionDisabled", value=False)
        for report in ("report", "comparison"):
            for width in WIDTHS:
                self.show(report + ".html", width)
                self.browser.shot(f"{report}_{width}_without_scripts", whole=True)
                self.assertEqual(self.browser.all("svg.live"), [])
                self.check_layout(report)
                for key in ("val_loss", "accuracy", "train/loss"):
                    paths = self.chart(key).find_elements(By.CSS_SELECTOR, ".plot svg path")
                    self.assertTrue([path for path in paths if len(path.get_attribute("d")) > 200], key)
                for text in ("showcase", "optimizer", "adam", "val_loss", "0.12"):
                    self.assertIn(text, self.browser.text())

    def test_strings_are_text(self):
        self.show("strings.html", 1280)
        self.browser.shows("<script>window.scripted = 1; alert(1)</script>", '<img src=/health onerror="window.scripted = 1">',
                           "\U0001F600\U0001F469\u200D\U0001F52C", "漢字かな", "שלום abc", "\"double\" 'single' `back` \\ & &amp; %41")


if __name__ == "__main__":
    unittest.main()
