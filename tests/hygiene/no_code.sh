#!/usr/bin/env bash
# no_code.sh <compiler> <include directory>
# A file that includes the library and calls nothing holds nothing of it. A virtual function that is
# defined outside of its class would put the whole class into every file.
set -euo pipefail
compiler=$1
include=$2
object=$(mktemp --suffix=.o)
trap 'rm -f "$object"' EXIT

# code_of <C++ text>: the library's symbols in its object; none is no failure.
code_of() {
    "$compiler" -std=c++17 "-I$include" -x c++ -c -o "$object" - <<<"$1"
    local symbols
    symbols=$(nm -C "$object")
    grep -E '^[0-9a-f]+ [BbDdTtuVWw] .*mlscribe::' <<<"$symbols" || [[ $? == 1 ]]
}

calling=$(code_of $'#include <mlscribe/run/run.hpp>\nvoid f(mlscribe::run& run) { run.flush(); }')
[[ -n $calling ]] || { echo "the symbols of a file that calls the library are not seen"; exit 1; }
found=$(code_of '#include <mlscribe/mlscribe.hpp>')
if [[ -n $found ]]; then
    printf 'in a file that calls nothing of the library:\n%s\n' "$(head -n 5 <<<"$found")"
    exit 1
fi
