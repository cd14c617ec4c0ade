#!/usr/bin/env bash
# one_command_line.sh <compiler> <include root> <source> <flag>...: no build system, no system
# include, every warning an error.
set -euo pipefail
"$1" "${@:4}" -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef \
    -Wold-style-cast -Werror -I"$2" -fsyntax-only "$3"
echo "$1 ${*:4}: no warning"
