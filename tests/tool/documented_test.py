# SPDX-License-Identifier: MIT
"""What docs/reading.md shows of a terminal is what comes, with two runs of the example iris."""
import shlex

from desk import *

PAGE = pathlib.Path(os.environ["MLSCRIBE_READING_PAGE"])
IRIS = os.environ["MLSCRIBE_IRIS"]


def shown_commands():
    """Each command of the page's terminals and the lines that it prints."""
    for block in re.findall(r"^```console\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            yield shlex.split(command), lines


def without_chance(lines):
    """But for ids, times and durations."""
    text = re.sub(r"\b[0-9a-f]{8}\b", "1d1d1d1d", "\n".join(lines))
    text = re.sub(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b", "2026-01-01 00:00", text)
    return re.sub(r" +\d+(\.\d+)?m?s\b", "  1s", re.sub(r"start +duration", "start duration", text))


class Documented(Desk):
    def test_the_page(self):
        for _ in range(2):
            subprocess.run([IRIS], cwd=self.home, env=environment(), stdout=subprocess.DEVNULL, check=True)
        ids = self.tool("ls", "--columns", "id", "--no-header").lines
        commands = list(shown_commands())
        self.assertGreater(len(commands), 3)
        for (program, *words), lines in commands:
            self.assertEqual(program, "mlscribe")
            known = {}
            for at, word in enumerate(words):
                if re.fullmatch("[0-9a-f]{4}", word):
                    words[at] = known.setdefault(word, ids[len(known) % 2])
            answer = self.on_terminal(*words, columns=88)
            if lines:
                self.assertEqual(without_chance(answer.plain), without_chance(lines))


if __name__ == "__main__":
    unittest.main()
