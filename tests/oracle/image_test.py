# SPDX-License-Identifier: MIT
"""Pictures that C++ logs have the pixels and the names that MLflow's log_image gives the same arrays."""
import os
import pathlib
import re
import struct
import subprocess
import tempfile
import unittest
import warnings

import numpy as np

from driver import *

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
STEPPED = re.compile(rf"images/([^+%]+)[+%]step[+%](\d+)[+%]timestamp[+%](\d+)[+%]({UUID})([+%]compressed)?\.(png|webp)")
TIME = 1700000000123


def arrays():
    random = np.random.default_rng(7)
    colours = random.integers(0, 256, (40, 30, 3), "u1")
    return {
        "grey": random.integers(0, 256, (28, 28), "u1"),
        "one": colours[:, :, :1],
        "rgb": colours,
        "rgba": random.integers(0, 256, (20, 300, 4), "u1"),
        "large": random.integers(0, 256, (512, 1024), "u1"),
        "mask": colours[:, :, 0] > 100,
        "counts": colours[:, :, 0].astype("i8"),
        "single": random.random((50, 60), "f4"),
        "double": random.random((50, 60, 3)),
        "wide single": random.normal(0, 3, (50, 60)).astype("f4"),
        "wide double": random.normal(0, 1e9, (50, 60, 4)),
        "flat": np.full((3, 3), 0.25),
    }


def png_size(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    return struct.unpack(">II", data[16:24])


class Images(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.root = pathlib.Path(scratch.name, "mlruns")
        cls.reader = client(cls.root)
        cls.reader.search_experiments()
        cls.arrays = arrays()
        files = []
        for name, array in cls.arrays.items():
            files.append(pathlib.Path(scratch.name, f"{array.dtype}-{name}.npy"))
            np.save(files[-1], array)
        done = subprocess.run([os.environ["MLSCRIBE_IMAGE_DRIVER"], cls.root, *files], check=True, capture_output=True, text=True)
        cls.run_id, cls.said = done.stdout.strip(), done.stderr
        cls.listed = artifact_tree(cls.reader, cls.run_id)

    def fetch(self, path):
        return pathlib.Path(mlflow.artifacts.download_artifacts(run_id=self.run_id, artifact_path=path))

    def stepped(self, key, run_id=None):
        """The picture and the thumbnail of each step, found as MLflow's UI finds them."""
        found = {}
        for entry in self.reader.list_artifacts(run_id or self.run_id, "images"):
            match = STEPPED.fullmatch(entry.path)
            self.assertTrue(match, entry.path)
            if match[1].replace("~", "/").replace("#", "/") == key:
                found.setdefault((int(match[2]), int(match[3]), match[4]), {})[bool(match[5])] = entry.path
        return {step: (files[False], files[True]) for (step, _, _), files in found.items()}

    def test_the_run_is_found_by_its_tag(self):
        experiment = self.reader.get_experiment_by_name("pictures").experiment_id
        runs = self.reader.search_runs([experiment], "tags.`mlflow.loggedImages` = 'True'")
        self.assertEqual([run.info.run_id for run in runs], [self.run_id])

    def test_all_are_listed(self):
        plain = {path for path in self.listed if path.startswith("plain/")}
        self.assertEqual(plain, {f"plain/{name}.png" for name in self.arrays})
        for name in self.arrays:
            self.assertEqual(list(self.stepped(f"all kinds/{name}")), [3])
        self.assertEqual(sorted(self.stepped("each epoch")), [0, 1, 2])
        self.assertEqual(len(self.listed), len(plain) + 2 * (len(self.arrays) + 3))

    def test_sizes(self):
        for name, array in self.arrays.items():
            picture, thumbnail = self.stepped(f"all kinds/{name}")[3]
            self.assertEqual(png_size(self.fetch(picture).read_bytes()), array.shape[1::-1])
            sides = png_size(self.fetch(thumbnail).read_bytes())
            self.assertTrue(128 < max(sides) <= 256, (name, sides))
            self.assertEqual(self.fetch(picture).read_bytes(), self.fetch(f"plain/{name}.png").read_bytes())

    def test_scaling_is_said(self):
        for name in self.arrays:
            self.assertEqual(f"kinds/{name}\": its values" in self.said, name.startswith("wide"), name)


if VERSION >= 3:  # the skinny MLflow 2 has no Pillow, by which log_image works
    import PIL.Image
    from mlflow.utils.uri import validate_path_is_safe

    class Beside(Images):
        @classmethod
        def setUpClass(cls):
            super().setUpClass()
            with mlflow.start_run() as theirs, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for name, array in cls.arrays.items():
                    mlflow.log_image(array, f"plain/{name}.png")
                    mlflow.log_image(array, key=f"all kinds/{name}", step=3, timestamp=TIME, synchronous=True)
            cls.theirs = theirs.info.run_id

        def test_pixels_are_those_of_mlflow(self):
            for name in self.arrays:
                ours = PIL.Image.open(self.fetch(f"plain/{name}.png"))
                theirs = mlflow.artifacts.load_image(f"runs:/{self.theirs}/plain/{name}.png")
                self.assertEqual(ours.mode, theirs.mode, name)
                np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs), name)

        def test_names_are_those_of_mlflow(self):
            def forms(run_id):
                return {re.sub(UUID, "<uuid>", entry.path).removesuffix(".webp").removesuffix(".png")
                        for entry in self.reader.list_artifacts(run_id, "images") if "each epoch" not in entry.path}
            self.assertEqual(forms(self.run_id), forms(self.theirs))
            for path in self.listed:
                validate_path_is_safe(path)

        def test_tags_are_those_of_mlflow(self):
            tags = [self.reader.get_run(run_id).data.tags["mlflow.loggedImages"] for run_id in (self.run_id, self.theirs)]
            self.assertEqual(tags[0], tags[1])

        def test_thumbnails(self):
            def thumbnail(name):
                return np.asarray(PIL.Image.open(self.fetch(self.stepped(f"all kinds/{name}")[3][1])))
            small = np.repeat(np.repeat(self.arrays["grey"], 9, 0), 9, 1)
            np.testing.assert_array_equal(thumbnail("grey"), small)
            large = PIL.Image.fromarray(self.arrays["large"]).resize((256, 128), PIL.Image.Resampling.BOX)
            np.testing.assert_allclose(thumbnail("large"), np.asarray(large, "i4"), atol=1)
            self.assertEqual(thumbnail("rgba").shape, (17, 256, 4))


if __name__ == "__main__":
    unittest.main()
