# SPDX-License-Identifier: MIT
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout


class Mlscribe(ConanFile):
    name = "mlscribe"
    description = "Writes MLflow's mlruns layout from C++ training loops"
    license = "MIT"
    topics = ("mlflow", "experiment-tracking", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"std_filesystem": [True, False]}
    default_options = {"std_filesystem": False}
    exports_sources = "include/*", "LICENSE"
    no_copy_source = True
    test_package_folder = "packaging/test_package"

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "include/mlscribe/version.hpp"))
        self.version = ".".join(re.findall(r"#define MLSCRIBE_VERSION_\w+ (\d+)", text))

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("fmt/[>=9]", transitive_headers=True, transitive_libs=True)
        if not self.options.std_filesystem:
            self.requires("boost/[>=1.74]", transitive_headers=True, transitive_libs=True)

    def package_id(self):
        # The option says what the user of the package links, and changes no file.
        self.info.clear()

    def validate(self):
        if self.settings.os == "Windows":
            raise ConanInvalidConfiguration("mlscribe writes through POSIX; Windows is not supported (use WSL)")
        check_min_cppstd(self, 17)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"),
             os.path.join(self.package_folder, "include"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.system_libs = ["pthread"]
        self.cpp_info.requires = ["fmt::fmt"]
        if self.options.std_filesystem:
            self.cpp_info.defines = ["MLSCRIBE_STD_FILESYSTEM=1"]
        else:
            self.cpp_info.requires.append("boost::filesystem")
