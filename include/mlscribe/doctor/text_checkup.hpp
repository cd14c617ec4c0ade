// SPDX-License-Identifier: MIT
/// \file Looks at all params or tags of a run or experiment.
#ifndef MLSCRIBE_DOCTOR_TEXT_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_TEXT_CHECKUP_HPP

#include <mlscribe/doctor/key_files.hpp>
#include <mlscribe/doctor/run_meta_checkup.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/query/text_folder.hpp>

#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \param name  "params" or "tags"
inline void check_texts(treatment& taken, const checked_place& place, const directory& owner,
                        const std::string& name) {
    std::vector<std::string> names;
    key_folder keys(taken, place, owner, name, name == "params" ? key_kind::param : key_kind::tag);
    if (list_files(owner, name, names) != 0) return;
    for (const std::string& each : names) {
        std::string bytes;
        const int failed = owner.read(keys.below(each), bytes);
        const bool is_text = failed == 0 && utf8::is_valid(bytes);
        const auto key = keys.check_name(each, false, is_text);
        if (!key) continue;
        check_mode(taken, place, owner, keys.below(*key));
        const std::string shown_path = '"' + place.path + '/' + keys.below(*key) + '"';
        if (failed == ENOENT) continue;
        if (failed != 0) {
            taken.note(keys.found(
                damage::unreadable_mode, *key,
                system_error("cannot read", place.path + '/' + keys.below(*key), failed).message));
            continue;
        }
        if (is_text) continue;
        std::string read = bytes;
        const bool is_read = decode_value(read);
        finding what =
            keys.found(damage::invalid_utf8, *key,
                       shown_path + (is_read ? " ends within a character, which MLflow drops"
                                             : " is not UTF-8, and MLflow's search fails on it"));
        if (is_read) what.does = harm::reads_wrong;
        what.remedy = is_read ? "cut it behind the last character"
                              : "write U+FFFD in place of the bytes that are no characters";
        const std::string mended = is_read ? read : utf8::repaired(bytes);
        const finding named = what;
        taken.note(std::move(what), [&](quarantine& away, std::string& kept) {
            return replace_seen(named, owner, keys.below(*key), bytes, mended, away, kept);
        });
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
