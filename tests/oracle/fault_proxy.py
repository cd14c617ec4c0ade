# SPDX-License-Identifier: MIT
"""An HTTP proxy before a tracking server that keeps all requests, and does to them what goes wrong on networks."""
import http.client
import http.server
import json
import socket
import ssl
import struct
import sys
import threading
import urllib.parse

ONE_HOP = {"host", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "transfer-encoding", "expect", "content-length"}


class Request:
    def __init__(self, method, path, headers):
        self.method, self.path, self.headers, self.body = method, path, headers, b""
        self.call = path.partition("?")[0].rpartition("/api/2.0/")[2].removeprefix("mlflow/")

    @property
    def changes(self):
        """Whether the server may be another one after it."""
        return self.method != "GET" and not self.call.endswith("search")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.method} {self.call}"


class Handler(http.server.BaseHTTPRequestHandler):
    """The names of the faults are those of the methods behind them."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    upstream = None

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # who asked has gone
        finally:
            if self.upstream:
                self.upstream.close()

    def relay(self):
        length = int(self.headers.get("Content-Length", 0))
        path = self.path
        if path.startswith("http://"):  # as one asks a proxy
            path = urllib.parse.urlunsplit(("", "", *urllib.parse.urlsplit(path)[2:]))
        path = path.removeprefix(self.server.prefix)
        request = Request(self.command, path, {n: v for n, v in self.headers.items() if n.lower() not in ONE_HOP})
        with self.server.lock:
            self.server.requests.append(request)
            fault = self.server.fault(request)
        if fault == "cut":
            self.rfile.read(length // 2)
            return self.drop(request)
        if fault != "drop":
            request.body = self.rfile.read(length)
            if request.call == "runs/log-batch":
                with self.server.lock:
                    self.server.points += request.body.count(b'"step"')
        return getattr(self, fault or "forward")(request)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = relay

    def answer_of_server(self, request):
        if self.upstream is None:
            self.upstream = http.client.HTTPConnection(self.server.upstream, timeout=300)
        try:
            self.upstream.request(request.method, request.path, request.body, request.headers)
            answer = self.upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, http.client.HTTPException):
            self.upstream.close()
            self.upstream = None
            return None

    def write(self, status, headers, body, sent=None):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:sent])
        self.wfile.flush()

    def say(self, status, *headers):
        self.write(status, [("Content-Type", "application/json"), *headers],
                   json.dumps({"error_code": "INTERNAL_ERROR", "message": f"the proxy says {status}"}).encode())

    def drop(self, _=None):
        """The other side sees its connection reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def forward(self, request):
        answer = self.answer_of_server(request)
        if answer is None:
            return self.drop()
        self.write(*answer)
        self.server.answered(request)

    def lost(self, request):
        """Done by the server, which nobody hears of."""
        self.answer_of_server(request)
        self.drop()

    def truncated(self, request):
        status, headers, body = self.answer_of_server(request)
        self.write(status, headers, body, len(body) // 2)
        self.close_connection = True

    def silent(self, request):
        """Done by the server; the answer does not come until nobody waits for it any more."""
        self.answer_of_server(request)
        self.connection.settimeout(120)
        self.connection.recv(1)
        self.close_connection = True

    def busy(self, _):
        self.say(429, ("Retry-After", self.server.retry_after))

    def broken(self, _):
        self.say(500)

    def broken_gateway(self, request):
        self.answer_of_server(request)
        self.say(504)

    def denied(self, _):
        self.say(401, ("WWW-Authenticate", 'Basic realm="mlflow"'))

    def forbidden(self, _):
        self.say(403)

    def moved(self, request):
        self.say(307, ("Location", self.server.elsewhere + request.path))

    def missing(self, _):
        self.say(404)

    def page(self, _):
        self.write(200, [("Content-Type", "text/html")], b"<!doctype html><title>Welcome</title>")

    def swallowed(self, request):
        """What a server says that keeps nothing; nor does the proxy."""
        request.body = b""
        self.write(200, [("Content-Type", "application/json")], b"{}")


class FaultProxy(http.server.ThreadingHTTPServer):
    """`fault(request)` says what happens to each request: a method's name, or None. `certificate`: a file with a key and a
    certificate to speak TLS with; `clients`: a file with who may ask."""
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, fault=lambda request: None, certificate=None, clients=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream, self.fault, self.requests, self.retry_after = address.partition("://")[2], fault, [], "0"
        self.points, self.prefix, self.elsewhere = 0, "", None  # what went wrong is counted, too
        self.lock = threading.Lock()
        self.scheme = "https" if certificate else "http"
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
            if clients:
                self.context.load_verify_locations(clients)
                self.context.verify_mode = ssl.CERT_REQUIRED

    @property
    def address(self):
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    @property
    def changes(self):
        """The requests so far that may change what the server holds."""
        return [request for request in self.requests if request.changes]

    def answered(self, request):
        """Called when the answer is on its way."""

    def finish_request(self, request, client_address):
        if not self.context:
            return super().finish_request(request, client_address)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), OSError):  # of a client that was killed, or did not want this certificate
            super().handle_error(request, client_address)

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()
