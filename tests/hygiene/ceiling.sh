#!/usr/bin/env bash
# ceiling.sh <include directory>: no header is longer than 400 lines.
set -euo pipefail
cd "$1"

find mlscribe -name '*.hpp' -exec wc -l {} \; | sort -rn |
    awk '{ count++ } $1 > 400 { print $2 ": " $1 " lines, the ceiling is 400"; bad = 1 }
         END { if (!count) print "no headers found"; exit bad || !count }'
