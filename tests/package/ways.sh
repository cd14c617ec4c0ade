#!/usr/bin/env bash
# ways.sh <way> <source tree> <build tree> <scratch directory>
# One way into somebody's build: from the empty scratch directory to the run that the quick start wrote,
# or, since that takes long to compile, to what a smaller program did.
set -euo pipefail
way=$1 source=$2 build=$3 scratch=$4
unset CPPFLAGS CXXFLAGS LDFLAGS DESTDIR PKG_CONFIG_PATH
flags=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

rm -rf "$scratch"
mkdir -p "$scratch/app"
cd "$scratch/app"

case $way in
find_package | quick_start | single_header) program=$source/examples/quick_start.cpp ;;
*) program=$source/tests/package/one_experiment.cpp ;;
esac

fail() { echo "$way: $*" >&2; exit 1; }

# documented <name> [<page>]: the block of README.md, or of that page, below the mark
# <!-- package: NAME -->, as it stands there.
documented() {
    local page=${2:-README.md}
    awk -v mark="<!-- package: $1 -->" '
        $0 == mark { marked = 1; next }
        marked && /^```/ { if (inside) { done = 1; exit } inside = 1; next }
        inside { print }
        END { exit !done }' "$source/$page" || fail "$page has no block '$1'"
}

# An installed tree, no longer where it was installed.
install_and_move() {
    cmake --install "$build" --prefix "$scratch/first" >/dev/null
    move "$scratch/first"
}
move() {
    mv "$1" "$scratch/moved"
    export PKG_CONFIG_PATH="$scratch/moved/share/pkgconfig" CMAKE_PREFIX_PATH="$scratch/moved"
}

# The compiler, in less time: what is built is not timed here.
unoptimised() {
    printf '#!/bin/sh\nexec %q "$@" -O0\n' "$CXX" >"$scratch/compiler"
    chmod +x "$scratch/compiler"
    export CXX=$scratch/compiler
}

# What a clone holds, in a directory of the user's project.
copy_tree() {
    mkdir -p "$1"
    cp -r "$source"/{CMakeLists.txt,meson.build,meson_options.txt,cmake,include,subprojects,examples,tests,benchmarks} "$1"
}

# cmake_project <text>: it makes mlscribe::mlscribe known and links it.
cmake_project() {
    cp "$program" trainer.cpp
    {
        echo 'cmake_minimum_required(VERSION 3.22)'
        echo 'project(app LANGUAGES CXX)'
        echo 'add_executable(trainer trainer.cpp)'
        echo "target_compile_options(trainer PRIVATE ${flags[*]})"
        printf '%s\n' "$1"
    } >CMakeLists.txt
    cmake -G Ninja -S . -B out -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >log 2>&1 || { cat log; fail "cmake fails"; }
    ! grep -i warning log || fail "cmake warns"
    cmake --build out || fail "does not build"

    # Nothing but the trainer is compiled, tested or installed. No flag is added to the user's, save
    # C++17 and what the packages of Boost and fmt say of their own libraries.
    [[ $(grep -c '"file":' out/compile_commands.json) == 1 ]] || fail "compiles more than trainer.cpp"
    [[ $(ctest --test-dir out -N) == *'Total Tests: 0'* ]] || fail "brings tests"
    cmake --install out --prefix "$scratch/none" >/dev/null
    [[ ! -e $scratch/none ]] || fail "installs $(find "$scratch/none" -type f | head -n 3)"
    local words forced
    words=$(sed -n 's/.*"command": "\([^"]*\)".*/\1/p' out/compile_commands.json | tr ' ' '\n' | sed 1d)
    grep -qx -e "${flags[0]}" <<<"$words" || fail "says nothing of its flags"
    forced=$(grep -vxFf <(printf '%s\n' "${flags[@]}" -isystem -o -c) <<<"$words" |
        grep -vE '^(/.*|CMakeFiles/.*|-std=gnu\+\+17|-DBOOST_.*|-DFMT_SHARED)$') || [[ $? == 1 ]]
    [[ $forced == "${allowed-}" ]] || fail "adds the flags '$forced'"
    mv out/trainer trainer
}

meson_project() {
    cp "$program" trainer.cpp
    {
        echo "project('app', 'cpp', default_options: ['cpp_std=c++17'])"
        documented meson
    } >meson.build
    meson setup --wrap-mode nodownload --prefix "$scratch/none" -Dcpp_args="${flags[*]}" out >log 2>&1 ||
        { cat log; fail "meson fails"; }
    ! grep WARNING log || fail "meson warns"
    meson install -C out || fail "does not build"
    [[ ! -e $scratch/none ]] || fail "installs $(find "$scratch/none" -type f | head -n 3)"
    [[ $(meson introspect --tests out) == '[]' ]] || fail "brings tests"
    mv out/trainer trainer
}

# by_hand <name> <pattern>: the documented line of the compiler that the pattern finds.
by_hand() {
    cp "$program" trainer.cpp
    local line
    line=$(documented "$1" | grep "$2") || fail "README.md has no line with '$2' in '$1'"
    [[ $line == 'g++ '* ]] || fail "no compiler: $line"
    eval "${CXX@Q} ${flags[*]} ${line#g++ }"
}

# takes <version>: find_package takes this package where that version is asked for, on a machine of
# another word size.
takes() {
    local major minor patch
    IFS=. read -r major minor patch <<<"$1"
    cat >takes.cmake <<CMAKE
cmake_minimum_required(VERSION 3.22)
include($scratch/moved/share/cmake/mlscribe/mlscribeConfigVersion.cmake)
if(NOT PACKAGE_VERSION_COMPATIBLE OR PACKAGE_VERSION_UNSUITABLE)
    message(FATAL_ERROR "refused")
endif()
CMAKE
    cmake -DCMAKE_SIZEOF_VOID_P=4 -DPACKAGE_FIND_VERSION="$1" -DPACKAGE_FIND_VERSION_MAJOR="$major" \
        -DPACKAGE_FIND_VERSION_MINOR="$minor" -DPACKAGE_FIND_VERSION_PATCH="${patch:-0}" \
        -P takes.cmake 2>/dev/null
}

version=$(sed -nE 's/^#define MLSCRIBE_VERSION_(MAJOR|MINOR|PATCH) //p' "$source/include/mlscribe/version.hpp" |
    paste -sd.)
IFS=. read -r major minor patch <<<"$version"

case $way in
installed_files)
    install_and_move
    diff <(cd "$source/include" && find . -type f | sort) <(cd "$scratch/moved/include" && find . -type f | sort) ||
        fail "the installed headers differ from include/"
    diff <(cd "$scratch/moved" && find . -path ./include -prune -o -path ./bin -prune -o -type f -print | sort) - <<'FILES' ||
./share/cmake/mlscribe/mlscribeConfig.cmake
./share/cmake/mlscribe/mlscribeConfigVersion.cmake
./share/cmake/mlscribe/mlscribeTargets.cmake
./share/pkgconfig/mlscribe.pc
FILES
        fail "installs other files beside the headers"
    # The tool, where it was built.
    if [[ -e $build/examples/mlscribe/mlscribe ]]; then
        [[ $(cd "$scratch/moved/bin" && echo *) == mlscribe ]] || fail "installs other programs than the tool"
        [[ $("$scratch/moved/bin/mlscribe" --version) == "mlscribe $version" ]] || fail "the moved tool does not run"
    else
        [[ ! -e $scratch/moved/bin ]] || fail "installs programs"
    fi
    # A clone may be in /mlscribe, as mlscribeTargets.cmake is in a folder.
    ! grep -rnE "($scratch|$source|$build)([^[:alnum:]_.-]|$)|FMT_HEADER_ONLY" "$scratch/moved/share" ||
        fail "names the place above"
    for asked in "$major.$minor" "$version"; do takes "$asked" || fail "refuses $asked"; done
    for asked in "$major.$((minor + 1))" "$((major + 1)).0" "$version.1"; do
        ! takes "$asked" || fail "takes $version for $asked"
    done
    ((minor == 0)) || ! takes "$major.$((minor - 1))" || fail "takes $version for $major.$((minor - 1))"
    # Where the installing build took no Boost, who asks pkg-config takes none.
    cmake -S "$source" -B "$scratch/boostless" -DMLSCRIBE_STD_FILESYSTEM=ON -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON \
        -DMLSCRIBE_BUILD_TESTS=OFF -DMLSCRIBE_BUILD_EXAMPLES=OFF >/dev/null || fail "does not configure without Boost"
    [[ $(sed -n 's/^Libs: //p' "$scratch/boostless/mlscribe.pc") == -pthread ]] || fail "links Boost where it takes none"
    grep -q '^Cflags:.* -DMLSCRIBE_STD_FILESYSTEM=1 ' "$scratch/boostless/mlscribe.pc" || fail "does not say who finds directories"
    rm -rf "$scratch"
    exit 0
    ;;
find_package)
    copy_tree "$scratch/clone"
    (cd "$scratch/clone" && export DESTDIR="$scratch/first" && eval "$(documented install)") >log 2>&1 ||
        { cat log; fail "does not install"; }
    move "$scratch/first/usr/local"
    rm -r "$scratch"/{clone,first}
    cmake_project "$(documented find_package)"
    ;;
nothing_to_link)
    install_and_move
    allowed=$'-DFMT_HEADER_ONLY=1\n-DMLSCRIBE_STD_FILESYSTEM=1'
    cmake_project "set(MLSCRIBE_FMT_TARGET fmt::fmt-header-only)
set(MLSCRIBE_STD_FILESYSTEM ON)
set(CMAKE_DISABLE_FIND_PACKAGE_Boost ON)
$(documented find_package)"
    ! ldd trainer | grep -E 'libfmt|libboost' || fail "links fmt or Boost"
    ;;
add_subdirectory)
    copy_tree third_party/mlscribe
    cmake_project "$(documented add_subdirectory)"
    ;;
fetch_content)
    copy_tree "$scratch/clone"
    git -C "$scratch/clone" init --quiet --initial-branch=main
    git -C "$scratch/clone" add .
    git -C "$scratch/clone" -c user.name=test -c user.email=test@localhost commit --quiet -m all
    block=$(documented fetch_content)
    [[ $block == *'<address of this repository>'* ]] || fail "README.md names another repository"
    cmake_project "${block/<address of this repository>/$scratch/clone}"
    ;;
pkg_config)
    install_and_move
    [[ $(pkg-config --modversion mlscribe) == "$version" ]] || fail "another version"
    by_hand by_hand pkg-config
    ;;
meson_subproject)
    copy_tree subprojects/mlscribe
    meson_project
    ;;
meson_install)
    copy_tree "$scratch/clone"
    meson setup --wrap-mode nodownload --prefix "$scratch/first" "$scratch/build" "$scratch/clone" >log ||
        { cat log; fail "meson fails"; }
    meson test -C "$scratch/build" >log 2>&1 || { cat log; fail "meson's own test fails"; }
    meson install -C "$scratch/build" --no-rebuild >/dev/null 2>&1 || fail "meson does not install"
    move "$scratch/first"
    rm -r "$scratch/clone" "$scratch/build"
    [[ $(cd "$scratch/moved" && find . -type f ! -path './include/mlscribe/*.hpp') == ./share/pkgconfig/mlscribe.pc ]] ||
        fail "installs more than headers and mlscribe.pc"
    meson_project
    ;;
tool)
    unoptimised
    copy_tree "$scratch/clone"
    (cd "$scratch/clone" && export DESTDIR="$scratch/first" && eval "$(documented tool docs/reading.md)") >log 2>&1 ||
        { cat log; fail "does not build or install the tool"; }
    [[ $("$scratch/first/usr/local/bin/mlscribe" --version) == "mlscribe $version" ]] || fail "another version"
    rm -rf "$scratch"
    exit 0
    ;;
library_example)
    unoptimised
    copy_tree "$scratch/clone"
    (cd "$scratch/clone" && eval "$(documented library_example)") >log 2>&1 || { cat log; fail "does not build or run"; }
    compgen -G "$scratch/clone/mlruns/*/*/params" >/dev/null || fail "leaves no run"
    rm -rf "$scratch"
    exit 0
    ;;
quick_start)
    mkdir examples
    cp -r "$source/include" .
    cp "$program" examples
    eval "$(documented quick_start)" >log 2>&1 || { cat log; fail "the first commands of README.md fail"; }
    [[ -d mlruns ]] || fail "no run where it was started"
    mv quick_start trainer
    ;;
plain_copy)
    mkdir mlscribe
    cp -r "$source/include" mlscribe
    by_hand by_hand mlscribe/include
    ;;
single_header)
    cmake --build "$build" --target single_header >log || { cat log; fail "the header is not written"; }
    header=$build/single_header/mlscribe/mlscribe.hpp
    python3 "$source/packaging/single_header.py" "$source" again/mlscribe.hpp
    cmp "$header" again/mlscribe.hpp || fail "the same tree gives other bytes"
    [[ $(grep -cx '#pragma once' "$header") == 1 ]] || fail "it is not once"
    ! grep -nE '^ *# *include.*mlscribe/' "$header" || fail "it includes other headers of the library"
    ln -s "$build" build
    by_hand single_header single_header
    rm build trainer
    mkdir alone
    cp "$header" alone
    sed -e 's|<mlscribe/mlscribe.hpp>|"alone/mlscribe.hpp"|' \
        -e '/^int main/i void other_version();' -e 's|^    auto loss|    other_version();\n&|' \
        "$program" >trainer.cpp
    # In the same program a version with another binary interface logs while the run is open.
    mkdir other
    cp -r "$source/include" other
    sed -i 's/MLSCRIBE_ABI_NAMESPACE v[0-9]*$/MLSCRIBE_ABI_NAMESPACE v999/' other/include/mlscribe/config/config.hpp
    sed -i 's/_MAJOR [0-9]*$/_MAJOR 999/' other/include/mlscribe/version.hpp
    cat >other.cpp <<'CPP'
#include <mlscribe/run/start_run.hpp>
void other_version();
void other_version() {
    mlscribe::v999::run run = mlscribe::start_run("quick start", "another version");
    auto loss = run.metric("train/loss");
    for (int i = 0; i < 20; ++i) loss.log(i);
}
CPP
    "$CXX" -std=c++17 "${flags[@]}" -I other/include -c other.cpp
    "$CXX" -std=c++17 "${flags[@]}" -c trainer.cpp
    # Else two files that include it do not link.
    [[ $(nm -C --defined-only trainer.o | sed -n 's/^[0-9a-f]* [TDB] //p') == main ]] || fail "the header defines what is not inline"
    "$CXX" trainer.o other.o -o trainer -lboost_filesystem -lfmt -pthread
    ;;
*) fail "no such way" ;;
esac

# What the trainer leaves behind.
mkdir run
cd run
../trainer || fail "the trainer fails"
if [[ $program == */one_experiment.cpp ]]; then
    grep -qx 'name: packaged' mlruns/*/meta.yaml || fail "there is no experiment"
    rm -rf "$scratch"
    exit 0
fi
# The other version's run in the same experiment.
if [[ $way == single_header ]]; then
    other=$(dirname "$(dirname "$(grep -lx '999\..*' mlruns/*/*/tags/mlscribe.version)")")
    [[ $(wc -l <"$other/metrics/train/loss") == 20 ]] || fail "no 20 points of the other version"
    grep -qx 'status: 3' "$other/meta.yaml" || fail "the run of the other version is not FINISHED"
    # The real MLflow reads both, where the oracle tests have one.
    for python in "${MLSCRIBE_PYTHON_V2-}" "${MLSCRIBE_PYTHON_V3-}"; do
        [[ -z $python ]] || MLSCRIBE_STORE=$PWD/mlruns "$python" "$source/tests/oracle/two_versions_test.py" ||
            fail "MLflow reads other runs than these"
    done
    rm -r "$other"
fi
run=$(dirname mlruns/*/*/tags)
[[ $(wc -l <"$run/metrics/train/loss") == 50 ]] || fail "no 50 points in $run/metrics/train/loss"
[[ $(<"$run/params/optimizer") == sgd ]] || fail "the optimizer is not sgd"
grep -qx 'status: 3' "$run/meta.yaml" || fail "the run is not FINISHED"
rm -rf "$scratch"
