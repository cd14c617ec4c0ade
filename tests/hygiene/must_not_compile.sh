#!/usr/bin/env bash
# must_not_compile.sh <source> <compiler> <flag>...
# The source names the text that the compiler must print, and may name a standard other than C++17:
#     // expect: names the missing header
#     // standard: 20
set -euo pipefail
source=$1
shift

expected=$(sed -n 's|^// expect: ||p' "$source")
standard=$(sed -n 's|^// standard: ||p' "$source")
[[ -n $expected ]] || { echo "$source has no '// expect: ' line"; exit 1; }
if output=$("$@" "-std=c++${standard:-17}" -fsyntax-only "$source" 2>&1); then
    echo "$source compiles, and must not"
    exit 1
fi
while IFS= read -r line; do
    grep -qF -- "$line" <<<"$output" && continue
    printf '%s: the compiler does not say "%s" but:\n%s\n' "$source" "$line" "$output"
    exit 1
done <<<"$expected"
