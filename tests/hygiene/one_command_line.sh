#!/usr/bin/env bash
# one_command_line.sh <compiler> <standard> <include root> <source>: no build system, no system
# include, every warning an error.
set -euo pipefail
"$1" -std=c++"$2" -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef \
    -Wold-style-cast -Werror -I"$3" -fsyntax-only "$4"
echo "$1 in C++$2: no warning"
