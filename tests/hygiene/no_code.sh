#!/usr/bin/env bash
# no_code.sh <compiler> <include directory>
# A file that includes the library and calls nothing holds nothing of it. A virtual function that is
# defined outside of its class would put the whole class into every file.
set -euo pipefail
object=$(mktemp --suffix=.o)
trap 'rm -f "$object"' EXIT
"$1" -std=c++17 "-I$2" -x c++ -c -o "$object" - <<<'#include <mlscribe/mlscribe.hpp>'
found=$(nm -C "$object" | grep -E '^[0-9a-f]+ [BbDdTtuVWw] .*mlscribe::' | head -n 5) || true
if [[ -n $found ]]; then
    printf 'in a file that calls nothing of the library:\n%s\n' "$found"
    exit 1
fi
