# SPDX-License-Identifier: MIT
"""System metrics of C++ have the names and, near enough, the values of MLflow's own, taken on this machine meanwhile."""
import ctypes
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from driver import *

OWN = {"monitor_cpu_milliseconds", "process_cpu_utilization_percentage", "process_memory_usage_megabytes",
       "process_disk_read_megabytes", "process_disk_write_megabytes", "disk_read_megabytes", "disk_write_megabytes",
       "cgroup_memory_usage_megabytes", "cgroup_memory_limit_megabytes", "cgroup_memory_usage_percentage",
       "cgroup_cpu_limit_cores", "cgroup_cpu_throttled_percentage"}
GPU = {"gpu_0_memory_usage_percentage": 25, "gpu_0_memory_usage_megabytes": 2000, "gpu_0_utilization_percentage": 67,
       "gpu_0_power_usage_watts": 123.5, "gpu_0_power_usage_percentage": 49.4}
SAMPLES = 4


class Monitor(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name, "mlruns")
        self.library = pathlib.Path(scratch.name, "libnvidia-ml.so.1")
        self.library.symlink_to(os.environ["MLSCRIBE_NVML_STAND_IN"])
        self.reader = client(self.root)
        self.reader.search_experiments()

    def start(self, **variables):
        environment = dict(os.environ, MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL="0.25", **variables)
        environment.pop("CUDA_VISIBLE_DEVICES", None)
        driver = subprocess.Popen([os.environ["MLSCRIBE_MONITOR_DRIVER"], self.root, self.library], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(driver.stdout.close)
        return driver, driver.stdout.readline().strip()

    def wait(self, run_id, key):
        """MLflow cannot read a run while it makes a metric of it: only the file tells."""
        end = time.monotonic() + 120
        while sum(path.read_bytes().count(b"\n") for path in self.root.glob(f"*/{run_id}/metrics/{key}")) < SAMPLES:
            self.assertLess(time.monotonic(), end, f"{key} has no {SAMPLES} points")
            time.sleep(0.1)

    def end(self, driver):
        driver.stdin.close()
        self.assertEqual(driver.wait(60), 0)

    def latest(self, run_id):
        return self.reader.get_run(run_id).data.metrics

    def test_mlflow_reads_each_metric_step_by_step(self):
        driver, run_id = self.start()
        self.wait(run_id, "system/cpu_utilization_percentage")
        self.end(driver)
        metrics = self.latest(run_id)
        lengths = set()
        for key in metrics:
            points = self.reader.get_metric_history(run_id, key)
            lengths.add(len(points))
            first = points[0].step
            self.assertLessEqual(first, 1, key)  # processors have no idle time in an instant
            self.assertEqual([point.step for point in points], list(range(first, first + len(points))), key)
            self.assertEqual(sorted(point.timestamp for point in points), [point.timestamp for point in points], key)
        self.assertGreaterEqual(min(lengths), SAMPLES)
        for name in metrics:
            if name.endswith("_percentage") and not name.startswith("system/process_"):
                self.assertTrue(0 <= metrics[name] <= 100, (name, metrics[name]))
        self.assertTrue(1 < metrics["system/process_memory_usage_megabytes"] < 1000)
        self.assertTrue(0 < metrics["system/monitor_cpu_milliseconds"] < 1000)

    def test_a_node_has_a_folder_of_its_own(self):
        driver, run_id = self.start(MLFLOW_SYSTEM_METRICS_NODE_ID="node-3")
        self.wait(run_id, "system/node-3/cpu_utilization_percentage")
        self.end(driver)
        self.assertEqual([key for key in self.latest(run_id) if not key.startswith("system/node-3/")], [])

    def test_off(self):
        driver, run_id = self.start(MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING="false")
        time.sleep(0.5)
        self.end(driver)
        self.assertEqual(self.latest(run_id), {})

    @unittest.skipIf(VERSION < 3, "psutil is where the newer MLflow is; both have the same monitor")
    def test_names_and_values_beside_mlflow_itself(self):
        os.environ["MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL"] = "0.25"
        driver, ours = self.start()
        import pynvml
        pynvml.CDLL = lambda name: ctypes.CDLL(str(self.library))
        with mlflow.start_run(experiment_id=self.reader.get_run(ours).info.experiment_id, log_system_metrics=True) as run:
            theirs = run.info.run_id
            self.wait(theirs, "system/cpu_utilization_percentage")
        self.wait(ours, "system/cpu_utilization_percentage")
        self.end(driver)
        mine, other = self.latest(ours), self.latest(theirs)
        short = lambda metrics: {key.removeprefix("system/") for key in metrics}
        self.assertEqual(short(other) - short(mine), set())
        self.assertLessEqual(short(mine) - short(other), OWN)
        self.assertEqual({key: other["system/" + key] for key in GPU}, GPU)
        self.assertEqual({key: mine["system/" + key] for key in GPU}, GPU)
        for key in ("system_memory_usage_megabytes", "system_memory_usage_percentage", "disk_usage_percentage",
                    "disk_usage_megabytes", "disk_available_megabytes"):
            # Ours was measured before theirs, meanwhile and after; what else runs here takes and leaves memory.
            values = [point.value for point in self.reader.get_metric_history(ours, "system/" + key)]
            least, most, b = min(values), max(values), other["system/" + key]
            self.assertTrue(0.8 * least - 0.2 < b < 1.2 * most + 0.2, (key, least, most, b))


if __name__ == "__main__":
    unittest.main()
