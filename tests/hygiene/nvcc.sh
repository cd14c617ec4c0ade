#!/usr/bin/env bash
# nvcc.sh <nvcc> <standard> <include directory> <source>: as CUDA, every warning an error.
set -euo pipefail
command -v "$1" >/dev/null || { echo "skipped: there is no nvcc"; exit 77; }
object=$(mktemp --suffix=.o)
trap 'rm -f "$object"' EXIT
"$1" -x cu "-std=c++$2" -Werror all-warnings -Xcompiler -Wall,-Wextra,-Werror "-I$3" -c "$4" -o "$object"
