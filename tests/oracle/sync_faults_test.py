# SPDX-License-Identifier: MIT
"""Pushes over a network that fails, by processes that are killed: everything arrives once."""
import collections
import os
import random
import time
import unittest

from seed import seed
from sync_case import *

KILLS = int(os.environ.get("MLSCRIBE_SYNC_KILLS", "30"))


class EveryOther:
    """The same fault for each second request of a kind: what was asked for is asked for again, by whatever way."""

    def __init__(self, fault):
        self.fault, self.counts = fault, collections.Counter()

    def __call__(self, request):
        kind = request.method, request.path
        self.counts[kind] += 1
        return self.fault if self.counts[kind] % 2 else None


class AnyFault:
    """A random one for a third of the requests, but not for four on end."""

    def __init__(self, random):
        self.random, self.row = random, 0

    def __call__(self, request):
        if self.row == 3 or self.random.random() > 1 / 3:
            self.row = 0
            return None
        self.row += 1
        return self.random.choice(("drop", "cut", "lost", "truncated", "busy", "broken", "broken_gateway"))


class Faults(Case):
    def push_through(self, fault, *words, **environment):
        ids = tiny_runs(self.root, self.name)
        proxy = self.proxy(fault)
        self.push(self.root, proxy.address, "--jobs", "1", *words, **environment)
        self.agree()
        return proxy, ids

    def test_connections_drop(self):
        self.push_through(EveryOther("drop"))

    def test_requests_are_cut(self):
        self.push_through(EveryOther("cut"))

    def test_answers_get_lost(self):
        self.push_through(EveryOther("lost"))

    def test_answers_are_truncated(self):
        self.push_through(EveryOther("truncated"))

    def test_gateway_gives_up(self):
        self.push_through(EveryOther("broken_gateway"))

    def test_server_is_broken(self):
        self.push_through(EveryOther("broken"))

    def test_silence(self):
        """Waited for longer than any answer takes that does come: a run that is being made cannot be looked up yet."""
        silences = iter(["silent", None, None, "silent"])
        self.push_through(lambda request: next(silences, None) if request.changes else None, MLFLOW_HTTP_REQUEST_TIMEOUT="5")

    def test_busy_server_says_when(self):
        asked = []

        def fault(request):
            if request.call == "runs/create":
                asked.append(time.monotonic())
                return "busy" if len(asked) == 1 else None

        tiny_runs(self.root, self.name)
        proxy = self.proxy(fault)
        proxy.retry_after = "2"
        self.push(self.root, proxy.address, "--jobs", "1")
        self.assertGreaterEqual(asked[1] - asked[0], 1.9)
        self.agree()

    def test_any_of_them(self):
        names = [f"{self.name} {i}" for i in range(4)]
        for name in names:
            tiny_runs(self.root, name)
        proxy = self.proxy(AnyFault(random.Random(seed(7))))
        self.push(self.root, proxy.address, "--jobs", "4", MLFLOW_HTTP_REQUEST_MAX_RETRIES="9")
        self.agree(*names)

    def test_gives_up_and_goes_on_later(self):
        ids = tiny_runs(self.root, self.name)
        proxy = self.proxy(lambda request: "broken" if request.call == "runs/log-batch" else None)
        said = self.push(self.root, proxy.address, code=1, MLFLOW_HTTP_REQUEST_MAX_RETRIES="1")
        for run in ids:
            self.assertIn(run, said)
        self.push(self.root, SERVER)
        self.agree()


class KillingProxy(FaultProxy):
    """Kills the pusher at its `left`-th request: before the server sees it, while the server does it, or when the pusher has
    its answer."""
    left, moment, process, pause = 0, None, None, 0

    def __init__(self):
        super().__init__(SERVER, self.next_fault)

    def next_fault(self, _):
        self.left -= 1
        if self.left == 0 and self.moment in ("drop", "lost"):
            self.process.kill()
            return self.moment

    def answered(self, _):
        if self.left == 0 and self.moment == "answered":
            time.sleep(self.pause)
            self.process.kill()


class Killed(Case):
    def test_killed_at_any_moment(self):
        dice = random.Random(seed(11))
        names, moments = [], []
        kinds = (tiny_runs, from_mlflow)
        with KillingProxy() as proxy:
            lengths = []
            for i, store in enumerate(kinds):  # undisturbed
                names.append(f"{self.name} {i}")
                store(self.root, names[-1])
                self.push(self.root, proxy.address)
                lengths.append(len(proxy.requests) - sum(lengths))
            for i in range(KILLS):
                names.append(f"{self.name} killed {i}")
                kind = i % 6 == 0
                kinds[kind](self.root, names[-1])
                proxy.moment, proxy.pause = dice.choice(("drop", "lost", "answered")), dice.random() / 200
                proxy.left = dice.randint(1, lengths[kind])
                moments.append((proxy.left, proxy.moment))
                arguments = (self.root, proxy.address, "--experiment", names[-1], "--jobs", dice.randint(1, 3))
                with self.push.start(*arguments) as proxy.process:
                    proxy.process.communicate(timeout=PATIENCE)
                moments[-1] += (proxy.process.returncode,)
                self.push(*arguments)
        print(moments)
        self.assertGreater([code for _, _, code in moments].count(-9), KILLS // 2)
        self.agree(*names)


if __name__ == "__main__":
    unittest.main(verbosity=2)
