#!/usr/bin/env bash
# reported_cases.sh <tests directory>: each test that the table in reported/README.md names exists,
# and each case of the table names one.
set -euo pipefail
cd "$1"
failed=0
cases=0
complain() {
    echo "reported/README.md, $1"
    failed=1
}

while IFS='|' read -r _ name _ _ tests _; do
    name=${name// /}
    cases=$((cases + 1))
    [[ $name == "$(printf 'O%02d' $cases)" ]] || complain "case $cases of the table is called $name"
    file=
    found=0
    while read -r word; do
        if [[ $word == */* ]]; then
            file=$word
            found=$((found + 1))
            [[ -f $file ]] || complain "$name: there is no $file"
        else
            grep -qE "(TEST_CASE\(|def )$word\b" "$file" 2>/dev/null ||
                complain "$name: ${file:-nothing} has no $word"
        fi
    done < <(grep -oE '`[^`]+`' <<<"$tests" | tr -d '`')
    ((found > 0)) || complain "$name names no test"
done < <(grep -E '^\| O[0-9]+ \|' reported/README.md)
((cases == 43)) || complain "the table has $cases cases"
# Each file beside the table is in it.
for file in reported/*.cpp; do
    grep -qF "\`$file\`" reported/README.md || complain "$file is in no case"
done
exit $failed
