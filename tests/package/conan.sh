#!/usr/bin/env bash
# conan.sh <conan> <source tree> <scratch directory>
# `conan create` of the recipe without a remote: recipes of the system's fmt and Boost stand in for those
# that a remote has.
set -euo pipefail
conan=$1 source=$2 scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
export CONAN_HOME=$scratch/home
"$conan" profile detect >/dev/null 2>&1

# system_recipe <name> <version> <component> <library>
system_recipe() {
    mkdir "$scratch/$1"
    cat >"$scratch/$1/conanfile.py" <<PY
from conan import ConanFile


class System(ConanFile):
    name = "$1"
    version = "$2"

    def package_info(self):
        self.cpp_info.includedirs = self.cpp_info.libdirs = self.cpp_info.bindirs = []
        self.cpp_info.components["$3"].set_property("cmake_target_name", "$1::$3")
        self.cpp_info.components["$3"].includedirs = []
        self.cpp_info.components["$3"].libdirs = []
        self.cpp_info.components["$3"].system_libs = ["$4"]
PY
    "$conan" export "$scratch/$1" >/dev/null 2>&1
}
system_recipe fmt 9.1.0 fmt fmt
system_recipe boost 1.74.0 filesystem boost_filesystem

# The recipe reads what a clone has; its test builds beside itself.
mkdir "$scratch/clone"
cp -r "$source"/{conanfile.py,LICENSE,include,packaging} "$scratch/clone"
mkdir -p "$scratch/clone/tests/package"
cp "$source/tests/package/one_experiment.cpp" "$scratch/clone/tests/package"
for filesystem in False True; do
    "$conan" create "$scratch/clone" --no-remote --build=missing -o "mlscribe/*:std_filesystem=$filesystem"
done
