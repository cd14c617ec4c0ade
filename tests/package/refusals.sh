#!/usr/bin/env bash
# refusals.sh <what> <source tree> <build tree> <scratch directory>
# What the library cannot work with is the first thing that the compiler complains of, and says what to do.
set -euo pipefail
what=$1 source=$2 scratch=$4
rm -rf "$scratch"
mkdir -p "$scratch/fmt" "$scratch/boost"

standard=17
flags=()
case $what in
old_fmt)
    for header in compile format core base; do echo '#define FMT_VERSION 80000' >"$scratch/fmt/$header.h"; done
    says='mlscribe needs fmt 9 or newer: install libfmt-dev >= 9'
    ;;
old_boost)
    echo '#define BOOST_VERSION 107000' >"$scratch/boost/version.hpp"
    says='mlscribe needs Boost 1.74 or newer: install libboost-filesystem-dev >= 1.74'
    ;;
old_standard)
    standard=14
    says='mlscribe needs C++17: compile with -std=c++17 or newer'
    ;;
windows)
    flags=(-D_WIN32)
    says='Windows is not supported (use WSL)'
    ;;
*) echo "no such refusal: $what"; exit 1 ;;
esac

if output=$("$CXX" "-std=c++$standard" "${flags[@]}" -fsyntax-only -x c++ -I "$scratch" -I "$source/include" \
    -include mlscribe/mlscribe.hpp /dev/null 2>&1); then
    echo "$what compiles, and must not"
    exit 1
fi
first=$(grep -m 1 'error:' <<<"$output")
if [[ $first != *"$says"* ]]; then
    printf '%s: the first error is not "%s" but:\n%s\n' "$what" "$says" "$first"
    exit 1
fi
rm -rf "$scratch"
