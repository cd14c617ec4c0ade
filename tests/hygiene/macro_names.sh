#!/usr/bin/env bash
# macro_names.sh <include directory>
# Every macro begins with MLSCRIBE_, and every include guard is named after its file. The one
# exception is a switch that fmt needs under nvcc.
set -euo pipefail
cd "$1"

failed=0
if grep -rnE '^ *# *define +' mlscribe | grep -vE '# *define +(MLSCRIBE_|FMT_USE_CONSTEXPR 1$)'; then
    echo "macros above do not begin with MLSCRIBE_"
    failed=1
fi
while read -r header; do
    guard=$(tr 'a-z/.' 'A-Z__' <<<"$header")
    [[ $header == mlscribe/mlscribe.hpp ]] && guard=MLSCRIBE_MLSCRIBE_HPP
    if ! grep -qx "#ifndef $guard" "$header" || ! grep -qx "#define $guard" "$header"; then
        echo "$header: the include guard is not $guard"
        failed=1
    fi
done < <(find mlscribe -name '*.hpp' | sort)
exit "$failed"
