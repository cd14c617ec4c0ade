#!/usr/bin/env bash
# switched_off.sh <compiler> <include directory> <source>...
# With -DMLSCRIBE_ENABLED=0 a program needs no other library, writes nothing and runs its loops; it
# does not link with a file that logs.
set -euo pipefail
compiler=$1
include=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for standard in 17 20; do
    flags=("-std=c++$standard" -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "-I$include")
    for program in "$@"; do
        text=$("$compiler" "${flags[@]}" -DMLSCRIBE_ENABLED=0 -E "$program")
        if heavy=$(grep -oE '^# [0-9]+ "([^"]*/)?((boost|fmt|curl|nlohmann)/[^"]*|thread|mutex|png\.h)"' <<<"$text" | sort -u); then
            printf 'C++%s brings in:\n%s\n' "$standard" "$heavy"
            exit 1
        fi
        "$compiler" "${flags[@]}" -DMLSCRIBE_ENABLED=0 -o "$work/program" "$program"
        (cd "$work" && MLFLOW_TRACKING_URI='' ./program)
        [[ $(ls "$work") == program ]] || { echo "it wrote:"; ls "$work"; exit 1; }
        rm "$work/program"
    done
done

cat >"$work/count.cpp" <<'CPP'
#include <mlscribe/run/start_run.hpp>
int count(mlscribe::run& run);
int main() {
    auto run = mlscribe::start_run("experiment", "run");
    return count(run) == 5 && run.id().empty() && run.lost_points() == 0 ? 0 : 1;
}
CPP
cat >"$work/loop.cpp" <<'CPP'
#include <mlscribe/run/run.hpp>
int count(mlscribe::run& run);
int count(mlscribe::run& run) {
    int passes = 0;
    for (auto epoch : run.epochs(5)) passes += epoch == passes ? 1 : 100;
    return passes;
}
CPP
cd "$work"
"$compiler" -std=c++17 "-I$include" -DMLSCRIBE_ENABLED=0 -c count.cpp -o count.o
"$compiler" -std=c++17 "-I$include" -DMLSCRIBE_ENABLED=0 -c loop.cpp -o loop.o
"$compiler" count.o loop.o -o together && ./together
"$compiler" -std=c++17 "-I$include" -c loop.cpp -o recording.o
if "$compiler" count.o recording.o -o mixed 2>errors; then
    echo "a file that is switched off links with one that is not"
    exit 1
fi
grep -q 'undefined reference' errors
