#!/usr/bin/env bash
# light_front.sh <compiler> <include directory>
# The headers that logging code includes preprocess without Boost, fmt, <thread> and their like.
set -euo pipefail
compiler=$1
cd "$2"

standard_ones='thread|mutex|condition_variable|chrono|functional|regex|filesystem|[iofs]*stream'
# heavy_in <standard> <header>: the heavy headers that it brings in; none is no failure.
heavy_in() {
    local text
    text=$("$compiler" "-std=c++$1" -E -x c++ -I . -include "$2" /dev/null)
    { grep -oE '^# [0-9]+ "([^"]*/)?((boost|fmt)/[^"]*|'"$standard_ones)\"" <<<"$text" || [[ $? == 1 ]]; } |
        sed -E 's/^# [0-9]+ //' | sort -u
}

[[ -n $(heavy_in 17 mlscribe/run/start_run.hpp) ]] || { echo "what start_run.hpp brings in is not seen"; exit 1; }
failed=0
shopt -s nullglob
headers=(mlscribe/metric/*.hpp mlscribe/reflect/*.hpp mlscribe/run/{run,run_artifacts,run_state}.hpp)
[[ ${#headers[@]} -ge 4 ]] || { echo "the front headers are missing"; exit 1; }
for standard in 17 20; do
    for header in "${headers[@]}"; do
        heavy=$(heavy_in "$standard" "$header")
        if [[ -n $heavy ]]; then
            printf '%s (C++%s) brings in:\n%s\n' "$header" "$standard" "$(head -n 5 <<<"$heavy")"
            failed=1
        fi
    done
done
exit "$failed"
