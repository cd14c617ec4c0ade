# SPDX-License-Identifier: MIT
"""Who may push, over what: credentials, certificates, proxies, and servers that are none of MLflow's."""
import base64
import socket
import subprocess
import threading
import unittest

from sync_case import *

TOKEN, PASSWORD = "token-4711-secret", "pass:word-4711-secret"


def only_with(authorization, fault="denied"):
    return lambda request: None if request.headers.get("Authorization") == authorization else fault


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Access(Case):
    def setUp(self):
        super().setUp()
        tiny_runs(self.root, self.name)

    def refused(self, address, *told, code=2, **environment):
        said = self.push(self.root, address, code=code, **{"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"} | environment)
        for word in told:
            self.assertIn(word, said)
        for secret in (TOKEN, PASSWORD, "4711"):
            self.assertNotIn(secret, said)
        return said


class Credentials(Access):
    def test_token(self):
        proxy = self.proxy(only_with("Bearer " + TOKEN))
        self.push(self.root, proxy.address, MLFLOW_TRACKING_TOKEN=TOKEN)
        self.agree()

    def test_user_and_password(self):
        proxy = self.proxy(only_with(basic("ann", PASSWORD)))
        self.push(self.root, proxy.address, MLFLOW_TRACKING_USERNAME="ann", MLFLOW_TRACKING_PASSWORD=PASSWORD)
        self.agree()

    def test_in_the_address(self):
        proxy = self.proxy(only_with(basic("ann", PASSWORD)))
        address = proxy.address.replace("://", "://ann:pass%3Aword-4711-secret@")
        said = self.push(self.root, address)
        self.assertNotIn("4711", said)
        self.agree()

    def test_credentials_file(self):
        file = self.folder / ".mlflow" / "credentials"
        file.parent.mkdir()
        file.write_text(f"[mlflow]\nmlflow_tracking_username = ann\nmlflow_tracking_password = {PASSWORD}\n")
        file.chmod(0o600)
        proxy = self.proxy(only_with(basic("ann", PASSWORD)))
        self.push(self.root, proxy.address)
        self.agree()

    def test_wrong_token(self):
        proxy = self.proxy(only_with("Bearer right"))
        self.refused(proxy.address, "401", "MLFLOW_TRACKING_TOKEN", MLFLOW_TRACKING_TOKEN=TOKEN)
        self.assertLess(len(proxy.requests), 3)  # asking again does not help

    def test_wrong_password(self):
        proxy = self.proxy(only_with("Bearer right"))
        self.refused(proxy.address, "401", MLFLOW_TRACKING_USERNAME="ann", MLFLOW_TRACKING_PASSWORD=PASSWORD)

    def test_wrong_password_in_the_address(self):
        proxy = self.proxy(only_with("Bearer right"))
        self.refused(proxy.address.replace("://", "://ann:4711-secret@"), "401")

    def test_forbidden(self):
        proxy = self.proxy(only_with("Bearer right", "forbidden"))
        self.refused(proxy.address, "403", MLFLOW_TRACKING_TOKEN=TOKEN)

    def test_may_look_but_not_write(self):
        proxy = self.proxy(lambda request: "forbidden" if request.changes else None)
        self.refused(proxy.address, "403", code=None, MLFLOW_TRACKING_TOKEN=TOKEN)
        self.assertEqual(self.on_server(), {})

    def test_led_elsewhere(self):
        """What is meant for a server is not told to whom it sends us."""
        other = self.proxy()
        first = self.proxy(lambda request: "moved")
        first.elsewhere = other.address
        self.push(self.root, first.address, code=None, MLFLOW_TRACKING_TOKEN=TOKEN, MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")
        self.assertFalse([request for request in other.requests if TOKEN in str(request.headers)])


class Strangers(Access):
    def test_nobody_listens(self):
        with FaultProxy(SERVER) as proxy:
            address = proxy.address
        self.refused(address, address.removeprefix("http://"))

    def test_unknown_host(self):
        self.refused("http://no-such-host.invalid:5000", "no-such-host.invalid")

    def test_some_web_page(self):
        proxy = self.proxy(lambda request: "page")
        self.refused(proxy.address, "no MLflow server")

    def test_404_everywhere(self):
        proxy = self.proxy(lambda request: "missing")
        self.refused(proxy.address, "MLflow")

    def test_gateway_without_server(self):
        proxy = self.proxy(lambda request: "broken")
        self.refused(proxy.address, "500")

    def test_not_even_http(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def chatter():
                for _ in range(20):
                    try:
                        with listener.accept()[0] as connection:
                            connection.sendall(b"220 ready\r\n" * 3)
                    except OSError:
                        return

            thread = threading.Thread(target=chatter)
            thread.start()
            self.refused(f"http://127.0.0.1:{listener.getsockname()[1]}", "127.0.0.1")
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()

    def test_not_an_address_of_a_server(self):
        for uri in ("ftp://host/x", "http://", "databricks"):
            self.push(self.root, uri, code=2)


class Ways(Access):
    def certificate(self, name, signer=None):
        """A key and certificate in one file, by itself or by a signer of this test."""
        place = self.folder / f"{name}.pem"
        by = ["-CA", signer, "-CAkey", signer] if signer else []
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                        "-addext", "subjectAltName=IP:127.0.0.1", *by, "-keyout", self.folder / "key", "-out", self.folder / "crt"],
                       check=True, capture_output=True)
        place.write_bytes((self.folder / "key").read_bytes() + (self.folder / "crt").read_bytes())
        return place

    def test_https(self):
        authority = self.certificate("authority")
        proxy = self.proxy(certificate=authority)
        self.refused(proxy.address, "MLFLOW_TRACKING_SERVER_CERT_PATH")
        self.assertEqual(self.on_server(), {})
        stranger = self.certificate("stranger")
        self.refused(proxy.address, "certificate", MLFLOW_TRACKING_SERVER_CERT_PATH=str(stranger))
        self.assertEqual(proxy.requests, [])
        self.push(self.root, proxy.address, MLFLOW_TRACKING_SERVER_CERT_PATH=str(authority))
        self.agree()

    def test_https_unverified_only_if_asked_for(self):
        proxy = self.proxy(certificate=self.certificate("authority"))
        self.refused(proxy.address, "certificate", MLFLOW_TRACKING_INSECURE_TLS="false")
        self.push(self.root, proxy.address, MLFLOW_TRACKING_INSECURE_TLS="true")
        self.agree()

    def test_client_certificate(self):
        server, ours = self.certificate("server"), self.certificate("client")
        proxy = self.proxy(certificate=server, clients=ours)
        self.refused(proxy.address, MLFLOW_TRACKING_SERVER_CERT_PATH=str(server))
        self.push(self.root, proxy.address, MLFLOW_TRACKING_SERVER_CERT_PATH=str(server),
                  MLFLOW_TRACKING_CLIENT_CERT_PATH=str(ours))
        self.agree()

    def test_proxy_of_the_environment(self):
        proxy = self.proxy()
        self.push(self.root, "http://tracking.invalid", http_proxy=proxy.address)
        self.assertTrue(proxy.changes)
        self.agree()

    def test_address_below_a_prefix(self):
        proxy = self.proxy()
        proxy.prefix = "/team/mlflow"
        self.push(self.root, proxy.address + "/team/mlflow/")
        self.agree()


if __name__ == "__main__":
    unittest.main(verbosity=2)
