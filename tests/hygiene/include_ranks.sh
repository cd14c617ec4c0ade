#!/usr/bin/env bash
# include_ranks.sh <include directory>
# Includes go down: a header includes its own folder or a lower rank, nothing goes round in a circle,
# and the heavy headers are where they are listed.
set -euo pipefail
cd "$1"

find mlscribe -name '*.hpp' | sort | xargs awk '
BEGIN {
    split("config|error|layout file|store reflect journal figure|artifact tag param metric registry|" \
          "model dataset image table|flavor|run|query hpc monitor|report sync doctor", tiers, "|")
    for (tier in tiers) { split(tiers[tier], names, " "); for (n in names) rank[names[n]] = tier + 0 }
}
# The folder a path belongs to; a facade beside the umbrella belongs to the folder of its name.
function folder_of(path,    parts, count) {
    count = split(path, parts, "/")
    if (count > 2) return parts[2]
    sub(/\.hpp$/, "", parts[2])
    if (parts[2] == "fwd" || parts[2] == "version") return "config"
    if (parts[2] == "mpi") return "hpc"
    return parts[2]
}
function refuse(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; bad = 1 }
FNR == 1 {
    from = folder_of(FILENAME)
    if (from != "mlscribe" && !(from in rank)) refuse("folder \"" from "\" has no rank")
}
/^ *# *include/ {
    if (!match($0, /<[^>]+>/)) { refuse("includes are written <mlscribe/folder/file.hpp>"); next }
    target = substr($0, RSTART + 1, RLENGTH - 2)
    if (target ~ /^(boost\/.*|filesystem)$/ && FILENAME != "mlscribe/file/filesystem.hpp")
        refuse("<" target "> is included by mlscribe/file/filesystem.hpp alone")
    if (target ~ /^(curl|nlohmann)\// && from != "sync")
        refuse("libcurl and nlohmann-json are included by sync/ alone")
    if (target ~ /^(iostream|fstream|sstream|regex)$/)
        refuse("<" target "> is too heavy for a header of this library")
    if (target !~ /^mlscribe\//) next
    to = folder_of(target)
    if (to == "mlscribe") { refuse("nothing includes the umbrella"); next }
    if (from == "mlscribe" || from == to) next
    if (!(to in rank)) refuse("folder \"" to "\" has no rank")
    else if (rank[to] >= rank[from]) refuse(from "/ may not include " to "/, which is not below it")
}
END { exit bad }
'

# tsort names the members of a circle and fails; so does grep where there is nothing to look at.
grep -rnoE '^ *# *include <mlscribe/[^>]+>' mlscribe |
    sed -E 's/^([^:]+):[0-9]+:.*<([^>]+)>/\1 \2/' | tsort >/dev/null
