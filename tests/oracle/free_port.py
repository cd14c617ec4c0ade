# SPDX-License-Identifier: MIT
"""A port of 127.0.0.1 for a server that a test starts."""
import random
import socket


def free_port(among=range(11000, 30000)):
    """`among` are below those that the system gives to whoever asks for any, or it could be taken before the server has it, and
    while the server is stopped. Chromium opens no page on some ports below."""
    for port in random.sample(among, 1000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit("no free port")
