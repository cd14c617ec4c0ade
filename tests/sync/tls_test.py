# SPDX-License-Identifier: MIT
"""Whom a push trusts: a server with a certificate of its own authority, behind TLS and behind a proxy."""
import http.server
import os
import pathlib
import ssl
import subprocess
import tempfile
import threading
import unittest

CERTIFICATES = pathlib.Path(os.environ["MLSCRIBE_TEST_DATA"]) / "tls"


class Answers(http.server.BaseHTTPRequestHandler):
    """A tracking server with nothing in it, and a proxy that wants a name."""
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, *headers):
        self.server.seen.append((self.path, dict(self.headers)))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b"{}")

    def do_GET(self):
        self.answer(200, b"3.9.9")

    def do_CONNECT(self):
        self.answer(407, b"", ("Proxy-Authenticate", "Basic"))

    def log_message(self, *_):
        pass


class Tls(unittest.TestCase):
    def serve(self, certificate=None):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        server.seen = []
        # Who is not trusted hangs up.
        server.handle_error = lambda *_: None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(lambda: (server.shutdown(), thread.join(), server.server_close()))
        return server

    def ask(self, uri, **environment):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        clean = {"HOME": home.name, "PATH": os.environ["PATH"]}
        for name in ("ASAN_OPTIONS", "LLVM_PROFILE_FILE"):
            if name in os.environ:
                clean[name] = os.environ[name]
        done = subprocess.run([os.environ["MLSCRIBE_ASK_SERVER"], uri], env=clean | environment, text=True, stdout=subprocess.PIPE)
        return done.returncode, done.stdout.strip()

    def refused(self, uri, *parts, **environment):
        code, told = self.ask(uri, **environment)
        self.assertEqual(code, 1, told)
        for part in parts:
            self.assertIn(part, told)
        self.assertNotIn("secret", told)

    def test_only_a_certificate_of_a_known_authority_is_trusted(self):
        server = self.serve(CERTIFICATES / "server.pem")
        uri = f"https://localhost:{server.server_port}"
        authority = str(CERTIFICATES / "authority.pem")
        for variable in ("MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            self.assertEqual(self.ask(uri, **{variable: authority}), (0, "3.9.9"))
        asked = len(server.seen)
        told = "MLFLOW_TRACKING_SERVER_CERT_PATH"
        self.refused(uri, told, MLFLOW_TRACKING_TOKEN="secret")
        self.refused(uri, told, MLFLOW_TRACKING_TOKEN="secret", MLFLOW_TRACKING_SERVER_CERT_PATH="/etc/ssl/certs")
        self.refused(uri, told, MLFLOW_TRACKING_TOKEN="secret", MLFLOW_TRACKING_SERVER_CERT_PATH="/no/file.pem")
        # Of another name.
        self.refused(uri.replace("localhost", "127.0.0.1"), told, MLFLOW_TRACKING_TOKEN="secret",
                     MLFLOW_TRACKING_SERVER_CERT_PATH=authority)
        # Who is not trusted learns nothing.
        self.assertEqual(len(server.seen), asked)

    def test_mlflows_switch_trusts_everybody(self):
        uri = f"https://127.0.0.1:{self.serve(CERTIFICATES / 'server.pem').server_port}"
        self.refused(uri, MLFLOW_TRACKING_INSECURE_TLS="false")
        self.assertEqual(self.ask(uri, MLFLOW_TRACKING_INSECURE_TLS="true"), (0, "3.9.9"))

    def test_ones_own_certificate_must_be_there(self):
        uri = f"https://localhost:{self.serve(CERTIFICATES / 'server.pem').server_port}"
        environment = {"MLFLOW_TRACKING_SERVER_CERT_PATH": str(CERTIFICATES / "authority.pem")}
        self.refused(uri, "/no/me.pem", MLFLOW_TRACKING_CLIENT_CERT_PATH="/no/me.pem", **environment)
        own = str(CERTIFICATES / "server.pem")
        self.assertEqual(self.ask(uri, MLFLOW_TRACKING_CLIENT_CERT_PATH=own, **environment), (0, "3.9.9"))

    def test_a_proxy_of_the_environment_is_used(self):
        proxy = self.serve()
        address = f"http://me:secret@127.0.0.1:{proxy.server_port}"
        self.assertEqual(self.ask("http://tracking.invalid/x", http_proxy=address), (0, "3.9.9"))
        self.assertEqual(proxy.seen[0][0], "http://tracking.invalid/x/api/2.0/mlflow/experiments/search")
        self.assertIn("Proxy-Authorization", proxy.seen[0][1])
        self.refused("https://tracking.invalid", "proxy", https_proxy=address, MLFLOW_TRACKING_TOKEN="secret")
        self.assertEqual(proxy.seen[-1][0], "tracking.invalid:443")
        self.assertNotIn("Authorization", proxy.seen[-1][1])
        server = self.serve()
        self.assertEqual(self.ask(f"http://127.0.0.1:{server.server_port}", http_proxy=address, no_proxy="127.0.0.1"), (0, "3.9.9"))


if __name__ == "__main__":
    unittest.main()
