// SPDX-License-Identifier: MIT
#include "completion.hpp"

#include <algorithm>
#include <set>

namespace tool {
namespace {

constexpr const char* script_front =
    R"(# bash completion of mlscribe: source <(mlscribe completion bash)
_mlscribe() {
    local program=${COMP_WORDS[0]/#\~/$HOME} current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]} command='' commands options='' runs='' i
    local store=() candidates=()
)";

// What `compgen -W` is given it expands: names of runs, which anybody may have made up, go by
// another way.
constexpr const char* script_end = R"(    for ((i = 1; i < COMP_CWORD; ++i)); do
        case ${COMP_WORDS[i]} in
            -s | --store) store=(--store "${COMP_WORDS[++i]/#\~/$HOME}") ;;
            *) [[ -n $command || " $commands " != *" ${COMP_WORDS[i]} "* ]] || command=${COMP_WORDS[i]} ;;
        esac
    done
    _mlscribe_of "$command"
    COMPREPLY=()
    case $previous in
        -s | --store | --from | --quarantine) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        --view) mapfile -t COMPREPLY < <(compgen -W 'active deleted all' -- "$current") ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current") ;;
        --format) mapfile -t COMPREPLY < <(compgen -W 'csv jsonl' -- "$current") ;;
        *)
            if [[ $current == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
            elif [[ -z $command ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
            elif [[ $command == completion ]]; then
                mapfile -t COMPREPLY < <(compgen -W bash -- "$current")
            elif [[ -n $runs ]]; then
                mapfile -t candidates < <("$program" candidates "${store[@]}" --view "$runs" -- "${current//\\/}" 2>/dev/null)
                for i in "${!candidates[@]}"; do printf -v "COMPREPLY[i]" %q "${candidates[i]}"; done
            fi
            ;;
    esac
}
complete -F _mlscribe mlscribe
)";

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Names with these would spoil the lines, or the terminal of who completes.
bool can_be_offered(const std::string& name) {
    return !name.empty() && printable(name) == name;
}

}  // namespace

std::string bash_completion(const std::vector<completed_command>& commands) {
    std::vector<std::string> names;
    std::string cases;
    for (const completed_command& each : commands) {
        names.push_back(each.name);
        const std::string view = each.name == "rm"        ? "active"
                                 : each.name == "restore" ? "deleted"
                                                          : "all";
        cases += "        '" + each.name + "') options='" + joined(each.options) + '\'';
        if (each.takes_runs) cases += " runs=" + view;
        cases += " ;;\n";
    }
    return script_front + ("    commands='" + joined(names) + "'\n") + script_end +
           "_mlscribe_of() {\n    case $1 in\n" + cases +
           "        *) options='--help --version' ;;\n    esac\n}\n";
}

exit_code print_candidates(session& of, const std::string& begin, mlscribe::run_view view) {
    constexpr std::size_t most = 500;
    mlscribe::search_query query;
    query.view = view;
    query.max_results = most;
    std::set<std::string> candidates;
    const bool has_pattern = begin.find_first_of("%_\\'\"") != std::string::npos;
    for (const char* field : {"attributes.run_name", "attributes.run_id"}) {
        if (begin.empty() && field == std::string("attributes.run_id")) continue;
        if (!begin.empty()) query.filter = field + (" LIKE '" + (has_pattern ? "" : begin) + "%'");
        for (const auto& run : of.store().search_runs(query)) {
            for (const std::string& each : {run.info.run_name, run.info.run_id}) {
                if (each.compare(0, begin.size(), begin) == 0) candidates.insert(each);
            }
        }
    }
    for (const std::string& each : candidates) {
        if (can_be_offered(each)) of.out().write(each + '\n');
    }
    return exit_code::done;
}

}  // namespace tool
