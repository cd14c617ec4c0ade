// SPDX-License-Identifier: MIT
/// \file Damage as people and programs read it.
#ifndef MLSCRIBE_TOOL_FINDINGS_TEXT_HPP
#define MLSCRIBE_TOOL_FINDINGS_TEXT_HPP

#include <mlscribe/doctor/finding.hpp>

#include <string>
#include <vector>

#include "json.hpp"
#include "session.hpp"

namespace tool {

/// One thing to tell: a finding, and what is or was done about it.
struct told_finding {
    const mlscribe::finding* what;
    std::string remedy;  ///< any bytes; may be empty
};

/// The worst first. On a terminal a paragraph each; in a pipe a row: harm, damage, place, message,
/// remedy.
void print_findings(output& out, std::vector<told_finding> findings);

json_members finding_json(const mlscribe::finding& each);
std::string findings_json(const std::vector<mlscribe::finding>& findings);

}  // namespace tool

#endif
