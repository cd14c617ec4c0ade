# SPDX-License-Identifier: MIT
"""The distribution's chromium without a window, and what a page may not do in it."""
import base64
import json
import os
import pathlib
import shutil
import tempfile
import time

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PATIENCE = 120  # seconds until something that has to appear counts as missing
SHOTS = pathlib.Path(os.environ["MLSCRIBE_SHOTS"])


def program(name):
    found = shutil.which(name)
    if not found:
        raise SystemExit(f"{name} is missing: apt-get install chromium chromium-driver, or configure with -DMLSCRIBE_BROWSER_TESTS=OFF")
    return found


class Browser:
    """One chromium; `allowed` are pieces of the complaints that pages may make, `watched` has it keep their requests."""

    def __init__(self, allowed=(), watched=False):
        self.folder = tempfile.TemporaryDirectory()
        self.downloads = pathlib.Path(self.folder.name, "downloads")
        self.allowed = allowed
        options = webdriver.ChromeOptions()
        options.binary_location = program("chromium")
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                         f"--user-data-dir={self.folder.name}/profile", f"--window-size=1600,1100"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"download.default_directory": str(self.downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"} | ({"performance": "ALL"} if watched else {}))
        self.driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)

    def close(self):
        self.driver.quit()
        self.folder.cleanup()

    def command(self, name, **parameters):
        """One of the DevTools' protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get(address)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def text(self):
        return self.run("return document.body ? document.body.innerText.replaceAll('\\t', ' ') : ''")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def labelled(self, text, tag="*"):
        """The elements with just this text."""
        return self.driver.find_elements(By.XPATH, f"//{tag}[normalize-space(text())={json.dumps(text)}]")

    def until(self, condition, what):
        """What the condition gives, once it is true; pages replace elements while they are looked at."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = condition()
            except StaleElementReferenceException:
                found = None
            if found:
                return found
            if time.monotonic() > end:
                self.shot("missing")
                raise AssertionError(f"{what} did not appear; the page says:\n{self.text()}")
            time.sleep(0.1)

    def shows(self, *texts):
        for text in texts:
            self.until(lambda: text in self.text(), repr(text))

    def click(self, find, what):
        """Clicks on what `find` gives, as soon as it is there and nothing covers it."""
        def clicked():
            element = find()
            element = element[0] if isinstance(element, list) and element else element
            if not element:
                return False
            try:
                self.run("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
            except WebDriverException:
                return False
            return True
        self.until(clicked, what)

    def shot(self, name, whole=False):
        """A picture of the window, or of the whole page."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        picture = self.command("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        (SHOTS / f"{name}.png").write_bytes(base64.b64decode(picture))

    def complaints(self):
        """What the console was told since the last call, but for what is allowed."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and not any(piece in entry["message"] for piece in self.allowed)]

    def requests(self):
        """The addresses that were asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"]
