# SPDX-License-Identifier: MIT
"""Completion in a real bash."""
import unittest

from desk import *

COMPLETE = r"""
source <("$MLSCRIBE_TOOL" completion bash)
PATH=${MLSCRIBE_TOOL%/*}:$PATH
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_mlscribe
printf '%s\n' "${COMPREPLY[@]}"
"""


class Completing(Desk):
    def offers(self, *words):
        done = subprocess.run([os.environ["MLSCRIBE_BASH"], "-c", COMPLETE, "bash", "mlscribe", *words], cwd=self.home,
                              env=environment(), capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.splitlines()) - {""}

    def test_subcommands_and_options(self):
        self.assertEqual(self.offers("re"), {"recover", "report", "restore", *(each for each in ["relocate"] if "relocate" in self.tool("--help").out)})
        self.assertIn("ls", self.offers(""))
        self.assertNotIn("candidates", self.offers(""))
        self.assertEqual(self.offers("ls", "--f"), {"--filter"})
        self.assertEqual(self.offers("plot", "x", "--as"), {"--ascii"})
        self.assertEqual(self.offers("ls", "--view", ""), {"active", "deleted", "all"})
        self.assertEqual(self.offers("export", "--format", "j"), {"jsonl"})
        self.assertEqual(self.offers("completion", ""), {"bash"})
        if "sync" in self.offers("s"):  # where it is built
            self.assertEqual(self.offers("sync", "mlruns", "--f"), {"--follow"})

    def test_runs(self):
        first = self.log("alpha one")
        second = self.log("beta")
        self.assertEqual(self.offers("show", "al"), {"alpha\\ one"})
        self.assertEqual(self.offers("show", "alpha\\ o"), {"alpha\\ one"})
        self.assertEqual(self.offers("show", second[:6]), {second})
        self.assertLessEqual({first, second, "alpha\\ one", "beta"}, self.offers("compare", "beta", ""))
        self.store.rename(self.home / "moved")
        self.assertEqual(self.offers("-s", "moved", "show", "bet"), {"beta"})
        self.assertEqual(self.offers("show", "bet"), set())

    def test_only_what_can_be_deleted_or_restored(self):
        self.log("kept")
        self.log("gone")
        self.tool("rm", "gone")
        self.assertEqual(self.offers("rm", "k") | self.offers("rm", "g"), {"kept"})
        self.assertEqual(self.offers("restore", "k") | self.offers("restore", "g"), {"gone"})

    def test_names_are_no_commands(self):
        self.log("$(touch pwned)")
        self.log("`touch pwned`")
        self.log("esc\x1b[31m")
        offers = self.offers("show", "")
        self.assertIn("\\$\\(touch\\ pwned\\)", offers)
        self.assertFalse((self.home / "pwned").exists())
        self.assertFalse([each for each in offers if "\x1b" in each])

    def test_the_script_is_bash(self):
        script = self.tool("completion", "bash").out
        done = subprocess.run([os.environ["MLSCRIBE_BASH"], "-n"], input=script, text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.tool("completion", "fish", code=USAGE)


if __name__ == "__main__":
    unittest.main()
