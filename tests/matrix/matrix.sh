#!/usr/bin/env bash
# matrix.sh <source tree> <build tree> <scratch directory> [<pattern> [whole]]
# Every compiler, standard and library that is found, and ways to link: the quick start is compiled,
# linked and run, as are every call where the library is switched off and, with libstdc++, the tests of
# the names that compilers find; the face of all headers is looked at; with warnings as errors. Prints a
# table of the rows whose names match the pattern; what is not installed is named and left out, or,
# where the rows are to be whole, fails. Rows that end in `units` compile and run the tests of
# tests/units.cmake; that takes minutes, so that only a pattern with this word chooses them. Results of
# rows stay in the scratch directory until they run again: readme_table.py makes a table of them.
set -euo pipefail
source=$1 build=$2 scratch=$3 pattern=${4:-.} extent=${5:-installed}
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wold-style-cast -Werror)
boost_and_fmt=(-lboost_filesystem -lfmt -pthread)

names=()
# row <name> <program>... -- <compiler> <flag>... -- <library>...
row() {
    [[ $1 =~ $pattern ]] || return 0
    [[ $1 != *,units || $pattern == *units* ]] || return 0
    names+=("$1")
    printf '%q ' "${@:2}" >"$scratch/${1//\//_}.row"
}

# can <directory> <compiler> <flag>...: it compiles, links and runs a program.
can() {
    local program=$1/can
    command -v "$2" >/dev/null || { why="no $2"; return 1; }
    printf '#include <string>\nint main() { return static_cast<int>(std::string().size()); }\n' >"$program.cpp"
    "${@:2}" "$program.cpp" -o "$program" >"$program.log" 2>&1 && "$program" ||
        { why="$2 makes no program with ${*:3}"; return 1; }
}

# quick_start <name> <source> <flag>... -- <library>...: compiled, linked and run.
quick_start() {
    local directory=$scratch/$1 from=$2
    shift 2
    local flags=()
    while [[ $1 != -- ]]; do flags+=("$1"); shift; done
    "${flags[@]}" "$from" -o "$directory/program" "${@:2}" &&
        bash "$source/tests/hygiene/program.sh" "$directory/program" train/loss=50 epoch_seconds=50
}

# unit_tests <directory> <compiler> <flag>... -- <option of cmake>...: compiled and run. CMake says
# which standard.
unit_tests() {
    local directory=$1 compiler=$2 jobs=$((($(nproc) + 1) / 2))
    shift 2
    local flags=()
    while [[ $1 != -- ]]; do flags+=("$1"); shift; done
    cmake -G Ninja -S "$source" -B "$directory" "-DCMAKE_CXX_COMPILER=$compiler" "-DCMAKE_CXX_FLAGS=${flags[*]}" \
        -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG= -DMLSCRIBE_BUILD_EXAMPLES=OFF \
        -DMLSCRIBE_CAMPAIGN_TESTS=OFF "${@:2}" >&2 &&
        cmake --build "$directory" --parallel "$jobs" --target unit_tests >&2 &&
        ctest --test-dir "$directory" -L unit --parallel 2 --output-on-failure --no-tests=error >&2
}

# try <name>: a row. What it does is joined by &&, since its caller asks whether it fails.
try() {
    local name=$1 programs=() compile=() libraries=() words
    eval "words=($(<"$scratch/$name.row"))"
    local part=programs
    for word in "${words[@]}"; do
        if [[ $word == -- ]]; then
            if [[ $part == programs ]]; then part=compile; else part=libraries; fi
            continue
        fi
        declare -n list=$part
        list+=("$word")
        unset -n list
    done
    rm -rf "$scratch/$name"
    mkdir -p "$scratch/$name"
    if ! can "$scratch/$name" "${compile[@]}"; then
        echo "skipped: $why"
        return 0
    fi
    for program in "${programs[@]}"; do
        case $program in
        quick_start)
            quick_start "$name" "$source/examples/quick_start.cpp" "${compile[@]}" "-I$source/include" -- "${libraries[@]}"
            ;;
        every_call)
            "${compile[@]}" "-I$source/include" -DMLSCRIBE_ENABLED=0 "$source/tests/hygiene/every_call.cpp" \
                -o "$scratch/$name/every_call" &&
                (cd "$scratch/$name" && ./every_call)
            ;;
        units) unit_tests "$scratch/$name/build" "${compile[@]}" -- "${libraries[@]}" ;;
        face) "${compile[@]}" "-I$source/include" -fsyntax-only "$source/tests/hygiene/face.cpp" ;;
        # What compilers agree on least: they show names and refuse values in ways of their own.
        enum_names)
            "${compile[@]}" "-I$source/include" -DBOOST_TEST_DYN_LINK -DMLSCRIBE_BOOST_TEST_HEADERS=0 \
                "$source/tests/reflect/enum_name_test.cpp" "$source/tests/main.cpp" \
                -o "$scratch/$name/enum_names" -lboost_unit_test_framework "${libraries[@]}" &&
                "$scratch/$name/enum_names" >&2
            ;;
        single_header)  # in two files
            cat >"$scratch/$name/second.cpp" <<'CPP'
#include <mlscribe/mlscribe.hpp>
bool records(const mlscribe::run& run);
bool records(const mlscribe::run& run) { return run.recording(); }
CPP
            "${compile[@]}" "-I$build/single_header" -c "$scratch/$name/second.cpp" -o "$scratch/$name/second.o" &&
                quick_start "$name" "$source/examples/quick_start.cpp" "${compile[@]}" "-I$build/single_header" \
                    -- "$scratch/$name/second.o" "${libraries[@]}"
            ;;
        esac || return 1
    done
    echo passed
}

mkdir -p "$scratch"

for compiler in g++-11 g++-12 g++-13 g++-14 clang++-14 clang++-16 clang++-19; do
    quiet=()
    # It sees inside libstdc++ 12 that std::stable_sort uses what C++17 deprecates.
    [[ $compiler != clang++-19 ]] || quiet=(-Wno-deprecated-declarations)
    for standard in 17 20 2b; do
        row "$compiler,c++$standard,libstdc++" quick_start every_call face enum_names -- \
            "$compiler" "-std=c++$standard" "${warnings[@]}" "${quiet[@]}" -- "${boost_and_fmt[@]}"
        row "$compiler,c++$standard,libstdc++,units" units -- "$compiler" "${warnings[@]}" "${quiet[@]}" -- \
            "-DMLSCRIBE_TEST_STANDARD=${standard/2b/23}"
    done
done
# Boost and fmt of a distribution are built with libstdc++: no library of theirs is linked, also none
# of Boost.Test.
for compiler in clang++-14 clang++-16 clang++-19; do
    for standard in 17 20 2b; do
        row "$compiler,c++$standard,libc++" quick_start every_call face -- "$compiler" "-std=c++$standard" \
            -stdlib=libc++ -DMLSCRIBE_STD_FILESYSTEM=1 -DFMT_HEADER_ONLY=1 "${warnings[@]}" -- -pthread
        # Boost 1.74 has std::unary_function, which this library keeps only where it is asked to.
        row "$compiler,c++$standard,libc++,units" units -- "$compiler" -stdlib=libc++ \
            -D_LIBCPP_ENABLE_CXX17_REMOVED_UNARY_BINARY_FUNCTION "${warnings[@]}" -- \
            "-DMLSCRIBE_TEST_STANDARD=${standard/2b/23}" -DMLSCRIBE_BOOST_TEST_HEADERS=ON \
            -DMLSCRIBE_STD_FILESYSTEM=ON -DMLSCRIBE_FMT_TARGET=fmt::fmt-header-only
    done
done
for compiler in g++ clang++; do
    row "$compiler,c++17,hidden" quick_start -- "$compiler" -std=c++17 -fvisibility=hidden \
        -fvisibility-inlines-hidden "${warnings[@]}" -- "${boost_and_fmt[@]}"
    # A distribution's fmt may have no static library.
    row "$compiler,c++17,static" quick_start -- "$compiler" -std=c++17 -static -DFMT_HEADER_ONLY=1 \
        "${warnings[@]}" -- -lboost_filesystem -lboost_system -pthread
    row "$compiler,c++17,lto" quick_start -- "$compiler" -std=c++17 -O2 -flto "${warnings[@]}" -- "${boost_and_fmt[@]}"
    row "$compiler,c++17,single_header" single_header -- "$compiler" -std=c++17 "${warnings[@]}" -- "${boost_and_fmt[@]}"
done
for standard in 17 20; do
    row "nvcc,c++$standard,libstdc++" quick_start -- nvcc -x cu "-std=c++$standard" -Werror all-warnings \
        -Xcompiler -Wall,-Wextra,-Werror -- -Xlinker -lboost_filesystem -Xlinker -lfmt
done
((${#names[@]})) || { echo "no row matches $pattern"; exit 1; }

# Two rows at once.
failed=0
result_of() {
    local name=$1 began=$SECONDS result
    rm -f "$scratch/$name.result"
    if ! result=$(try "$name" 2>"$scratch/$name.errors"); then
        result="failed, see $scratch/$name.errors"
    fi
    printf '%-34s %s (%s s)\n' "$name" "$(tail -n 1 <<<"$result")" $((SECONDS - began)) | tee "$scratch/$name.result"
}
# Whether a row passed is in its file.
running=0
for name in "${names[@]}"; do
    if ((running == 2)); then wait -n || true; running=$((running - 1)); fi
    result_of "$name" &
    running=$((running + 1))
done
wait
echo
passed=0
for name in "${names[@]}"; do
    cat "$scratch/$name.result"
    ! grep -q ' failed' "$scratch/$name.result" || failed=1
    [[ $extent != whole ]] || ! grep -q ' skipped' "$scratch/$name.result" || failed=1
    ! grep -q ' passed' "$scratch/$name.result" || passed=1
done
((passed)) || { echo "no row could be tried"; exit 1; }
exit "$failed"
