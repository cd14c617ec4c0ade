# SPDX-License-Identifier: MIT
"""`mlscribe sync` on a terminal and in a pipe, to what stands in for a tracking server."""
import base64
import http.server
import threading
import time
import unittest
import urllib.parse

from desk import *


class Refused(Exception):
    pass


class StandIn(http.server.ThreadingHTTPServer):
    """As much of MLflow's tracking server as a push without models asks of it."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.experiments, self.runs, self.artifacts, self.pause = {}, {}, {}, 0
        self.refused_steps = set()
        self.lock = threading.Lock()

    def answer(self, call, asked):
        """What MLflow answers, or None where it has no such thing."""
        run = self.runs.get(asked.get("run_id"))
        if call == "experiments/get-by-name":
            found = self.experiments.get(asked["experiment_name"])
            return found and {"experiment": found}
        if call == "experiments/get":
            [found] = [each for each in self.experiments.values() if each["experiment_id"] == asked["experiment_id"]]
            return {"experiment": found}
        if call == "experiments/create":
            made = {"experiment_id": str(len(self.experiments) + 1), "name": asked["name"], "lifecycle_stage": "active",
                    "creation_time": "1700000000000", "tags": []}
            self.experiments[asked["name"]] = made
            return {"experiment_id": made["experiment_id"]}
        if call == "runs/search":
            return {"runs": []}
        if call == "runs/create":
            run_id = f"{len(self.runs):032x}"
            self.runs[run_id] = run = {"status": "RUNNING", "points": [], "tags": asked["tags"], "info": {
                "run_id": run_id, "run_name": asked["run_name"], "experiment_id": asked["experiment_id"], "status": "RUNNING",
                "start_time": asked["start_time"], "lifecycle_stage": "active",
                "artifact_uri": f"mlflow-artifacts:/{asked['experiment_id']}/{run_id}/artifacts"}}
        if call in ("runs/create", "runs/get"):
            return {"run": {"info": run["info"], "data": {}}}
        if call == "runs/log-batch":
            time.sleep(self.pause)
            if self.refused_steps & {point["step"] for point in asked.get("metrics", [])}:
                raise Refused("no such step")
            if run["info"]["lifecycle_stage"] == "deleted":
                raise Refused("must be in the 'active' state")
            run["points"] += asked.get("metrics", [])
        if call == "runs/update":
            run["status"] = asked["status"]
        return {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, answer):
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def relay(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        place = urllib.parse.urlsplit(self.path)
        call = place.path.rpartition("/api/2.0/")[2].removeprefix("mlflow/")
        with self.server.lock:
            if self.command == "PUT":
                self.server.artifacts[urllib.parse.unquote(call)] = body
                return self.say(200, {})
            asked = json.loads(body) if body else dict(urllib.parse.parse_qsl(place.query))
            if place.path == "/version":
                return self.say(200, b"2.22.5")
            try:
                answer = self.server.answer(call, asked)
            except Refused as why:
                return self.say(400, {"error_code": "INVALID_PARAMETER_VALUE", "message": str(why)})
        if answer is None:
            return self.say(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such thing"})
        self.say(200, answer)

    do_GET = do_POST = do_PUT = relay


class Pushing(Desk):
    def setUp(self):
        super().setUp()
        self.server = StandIn()
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def push(self, *words, **options):
        return self.tool("sync", *words, self.server.address, XDG_STATE_HOME=str(self.home / "state"), **options)

    def follow(self):
        process = subprocess.Popen([TOOL, "sync", "mlruns", self.server.address, "--follow", "--interval", "0.02"],
                                   cwd=self.home, env=environment(XDG_STATE_HOME=str(self.home / "state")),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # Nothing here waits for ever.
        timer = threading.Timer(120, process.kill)
        timer.start()
        self.addCleanup(timer.cancel)
        return process

    def test_what_is_new(self):
        run = self.log("first ü", metrics={"loss": range(2500)}, params={"lr": 0.1}, artifacts={"a/b.txt": "text"})
        answer = self.push("mlruns")
        [row] = answer.rows()
        self.assertEqual(row[:4], ["pushed", run, "first ü", "FINISHED"])
        self.assertIn("2500 points", row[4])
        self.assertIn("1 run pushed, 0 unchanged", answer.err)
        [there] = self.server.runs.values()
        self.assertEqual((there["status"], len(there["points"])), ("FINISHED", 2500))
        self.assertIn({"key": "mlscribe.local_run_id", "value": run}, there["tags"])
        self.assertEqual([content for path, content in self.server.artifacts.items() if path.endswith("a/b.txt")], [b"text"])
        answer = self.push("mlruns")
        self.assertEqual(answer.out, "")
        self.assertIn("0 runs pushed, 1 unchanged", answer.err)
        self.assertEqual(len(there["points"]), 2500)

    def test_runs_by_name(self):
        self.log("one")
        two = self.log("two")
        self.assertEqual([row[1] for row in self.push("two").rows()], [two])
        self.push("three", code=NOTHING)
        self.assertEqual(len(self.server.runs), 1)
        self.assertEqual(len(self.push("-e", "trials").rows()), 1)
        self.assertEqual(len(self.server.runs), 2)

    def test_dry(self):
        self.log("first", metrics={"loss": range(7)})
        answer = self.push("mlruns", "--dry-run")
        self.assertIn("would push", answer.out)
        self.assertIn("7 points", answer.out)
        self.assertIn("1 run would be pushed", answer.err)
        self.assertEqual(self.server.runs, {})
        self.assertFalse((self.home / "state").exists())

    def test_json(self):
        run = self.log("first", metrics={"loss": range(7)})
        done = json.loads(self.push("mlruns", "--json").out)
        self.assertEqual([(each["run_id"], each["points"], each["failures"]) for each in done["runs"]], [(run, 7, [])])
        self.assertIsNone(done["stopped"])

    def test_on_a_terminal(self):
        self.server.pause = 0.3  # a line comes after half a second
        for columns in (100, 40):
            self.log("first " + "x" * 100, metrics={"loss": range(3000)}, artifacts={"a.txt": "text"})
            out = self.raw_terminal("sync", "mlruns", self.server.address, columns=columns,
                                    XDG_STATE_HOME=str(self.home / "state"))
            drawn = re.findall(r"\r([^\r\n]*)\x1b\[K", out)
            self.assertTrue([line for line in drawn if re.match(r"\d of \d runs?  \[#+\.*\]", line)], out)
            self.assertLess(max(map(len, drawn)), columns)
            if columns == 100:
                self.assertTrue([line for line in drawn if re.search(r"\d points, \d+/s .*ETA \d", line)], out)
            self.assertIn("pushed", self.neat(re.sub(r"\r[^\r\n]*\x1b\[K", "", out), max(columns, 100)).out)

    def test_what_fails(self):
        run = self.log("damaged", metrics={"loss": range(3), "other": range(2)})
        (self.run_folder(run) / "metrics" / "loss").write_text("this is none\n")
        answer = self.push("mlruns", code=NOTHING)
        self.assertEqual(answer.rows()[0][0], "failed")
        self.assertIn(f"run {run}: metric file", answer.err)
        self.assertEqual([len(there["points"]) for there in self.server.runs.values()], [2])
        self.assertIn("1 failed", answer.err)

    def test_refused_points_are_told_of_again_and_not_sent_again(self):
        run = self.log("first", metrics={"loss": range(5)})
        self.server.refused_steps = {"3"}
        for _ in range(3):
            answer = self.push("mlruns", code=NOTHING)
            self.assertIn(f'run {run}: metric "loss", some points: ', answer.err)
            self.assertIn("no such step", answer.err)
            [there] = self.server.runs.values()
            self.assertEqual([point["step"] for point in there["points"]], ["0", "1", "2", "4"])

    def test_points_of_a_run_that_is_deleted_there_meanwhile(self):
        write = self.writer()
        write("start", "trials", "live")
        write("metric", "loss", 0.5, 0)
        process = self.follow()
        self.assertIn("RUNNING", process.stdout.readline())
        with self.server.lock:
            [there] = self.server.runs.values()
            there["info"]["lifecycle_stage"] = "deleted"
        write("metric", "loss", 0.25, 1)
        self.assertIn("it is deleted on the server", process.stderr.readline())
        with self.server.lock:
            there["info"]["lifecycle_stage"] = "active"
        write("metric", "loss", 0.125, 2)
        write("end")
        said, complained = process.communicate()
        self.assertEqual(process.returncode, 0, said + complained)
        self.assertEqual({point["step"] for point in there["points"]}, {"0", "1", "2"})

    def test_an_experiment_that_is_renamed_there_is_the_same(self):
        self.log("first")
        self.push("mlruns")
        there = self.server.experiments.pop("trials")
        self.server.experiments["tidy"] = {**there, "name": "tidy"}
        self.log("second")
        self.push("mlruns")
        self.assertNotIn("trials", self.server.experiments)
        self.assertEqual({run["info"]["experiment_id"] for run in self.server.runs.values()}, {there["experiment_id"]})
        self.assertEqual(len(self.server.runs), 2)

    def test_a_copy_of_a_live_run_is_not_followed_for_ever(self):
        run = self.log("copied", metrics={"loss": range(3)})
        meta = self.run_folder(run) / "meta.yaml"
        meta.write_text(re.sub(r"(?m)^status: .*$", "status: 1", re.sub(r"(?m)^end_time: .*$", "end_time: null", meta.read_text())))
        (self.run_folder(run) / "tags" / "mlscribe.journal").write_text("/no/such/place")
        with open(self.run_folder(run) / "metrics" / "loss", "a") as loss:
            loss.write("1700000000000 0.5 1")  # of 17: the copy was made meanwhile
        for moment in (10**9, 4 * 10**9):
            for path in self.run_folder(run).rglob("*"):
                os.utime(path, (moment, moment))
            self.push("mlruns", "--follow")
        [there] = self.server.runs.values()
        self.assertEqual((there["status"], len(there["points"])), ("RUNNING", 3))

    def test_a_server_that_is_none(self):
        self.log("first")
        self.server.RequestHandlerClass = http.server.SimpleHTTPRequestHandler
        self.server.RequestHandlerClass.log_message = lambda *_: None
        complained = self.push("mlruns", code=USAGE).err
        self.assertIn(f"cannot list experiments on tracking server {self.server.address}: a web page answers (501)", complained)
        self.assertIn("no MLflow server", complained)

    def test_a_store_that_is_not_there_is_named(self):
        for word in ("/nope", "./nope", "nope"):
            self.assertIn(word.removeprefix("."), self.push(word, code=UNREADABLE).err)
        self.log("first")
        self.assertIn("/nope", self.push("/nope", code=UNREADABLE).err)
        self.push("nope", code=NOTHING)
        self.assertIn("[STORE|RUN...] URI", self.tool("sync", "--help").lines[1])

    def test_wrong_words(self):
        self.log("first")
        for words in ((), ("mlruns",), ("mlruns", "/tmp"), ("mlruns", "ftp://host/")):
            self.tool("sync", *words, code=USAGE)
        self.assertIn("http", self.tool("sync", "mlruns", "host:5000", code=USAGE).err)
        for interval in ("nan", "0", "1e9"):
            self.tool("sync", "mlruns", self.server.address, "--interval", interval, code=USAGE)
        self.push("nowhere", code=NOTHING)
        self.tool("sync", "-s", "nowhere", self.server.address, code=UNREADABLE)

    def test_nobody_answers(self):
        self.log("first")
        with http.server.HTTPServer(("127.0.0.1", 0), Handler) as other:
            address = f"http://127.0.0.1:{other.server_port}"
        answer = self.tool("sync", "mlruns", address, code=USAGE, XDG_STATE_HOME=str(self.home / "state"))
        self.assertIn(address, answer.err)

    def test_the_variable_may_name_the_server(self):
        self.log("first")
        answer = self.push(MLFLOW_TRACKING_URI=self.server.address)
        self.assertEqual(len(answer.rows()), 1)

    def test_a_live_run_is_followed(self):
        write = self.writer()
        run = write("start", "trials", "live")
        write("metric", "loss", 0.5, 0)
        process = self.follow()
        self.assertIn("RUNNING", process.stdout.readline())
        write("metric", "loss", 0.25, 1)
        self.assertIn("1 point", process.stdout.readline())
        write("end")
        said, complained = process.communicate()
        self.assertEqual(process.returncode, 0, said + complained)
        [there] = self.server.runs.values()
        self.assertEqual({point["step"] for point in there["points"]}, {"0", "1"})
        self.assertEqual(there["status"], "FINISHED")
        self.assertIn(run, said)

    def test_secrets_are_told_nowhere(self):
        self.log("first", metrics={"loss": [0.5]}, artifacts={"a.txt": "text"})
        host = self.server.address.removeprefix("http://")
        with http.server.HTTPServer(("127.0.0.1", 0), Handler) as other:
            closed = f"127.0.0.1:{other.server_port}"
        asked = []

        def echo(status):
            def answer(handler):
                handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
                scheme, _, word = handler.headers["Authorization"].partition(" ")
                known = base64.b64decode(word).decode().replace(":", " ") if scheme == "Basic" else word
                asked.append(known)
                handler.say(status, {"error_code": "X", "message": f"{handler.headers} {known} {word}"})
            return answer

        def send_on(handler):
            handler.send_response(302)
            handler.send_header("Location", f"http://us3r:p4ss@{closed}/?token=T0kEn")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        answers = [Handler.relay, send_on, *map(echo, (400, 401, 403, 500))]
        variables = ({"MLFLOW_TRACKING_TOKEN": "T0kEn", "MLFLOW_TRACKING_USERNAME": "", "MLFLOW_TRACKING_PASSWORD": ""},
                     {"MLFLOW_TRACKING_USERNAME": "us3r", "MLFLOW_TRACKING_PASSWORD": "p4ss"})
        environment_of_all = {"XDG_STATE_HOME": str(self.home / "state"), "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
        for known in variables:
            for answer in answers:
                handler = type("Echo", (Handler,), {"do_GET": answer, "do_POST": answer, "do_PUT": answer})
                self.server.RequestHandlerClass = handler
                for uri in (f"http://{host}", f"http://us3r:p4ss@{host}/", f"http://{closed}",
                            f"https://us3r:p4ss@{closed}", f"ftp://us3r:p4ss@{host}", f"http://us3r:p4ss@{host}/?token=T0kEn"):
                    wrong = (("sync", uri, uri), ("show", uri)) if answer is answers[0] else ()
                    for words in (("sync", "mlruns", uri), *wrong):
                        done = subprocess.run([TOOL, *words], cwd=self.home, capture_output=True, text=True,
                                              env=environment(**environment_of_all, **known), stdin=subprocess.DEVNULL)
                        for secret in ("T0kEn", "us3r", "p4ss", "dXMzcjpwNHNz"):
                            self.assertNotIn(secret, done.stdout + done.stderr, (words, answer))
        self.assertEqual(set(asked), {"T0kEn", "us3r p4ss"})
        for path in self.home.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            for secret in ("T0kEn", "us3r", "p4ss", "dXMzcjpwNHNz"):
                self.assertNotIn(secret, str(path))
                self.assertNotIn(secret.encode(), content, path)


if __name__ == "__main__":
    unittest.main()
