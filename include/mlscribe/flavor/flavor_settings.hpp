// SPDX-License-Identifier: MIT
/// \file What flavors tell MLmodel, and what they find there.
#ifndef MLSCRIBE_FLAVOR_FLAVOR_SETTINGS_HPP
#define MLSCRIBE_FLAVOR_FLAVOR_SETTINGS_HPP

#include <mlscribe/model/model_io.hpp>
#include <mlscribe/reflect/document_of.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Texts by their keys; those without a value are left out.
inline document flavor_settings(std::map<std::string, std::string> texts) {
    for (auto text = texts.begin(); text != texts.end();) {
        text = text->second.empty() ? texts.erase(text) : std::next(text);
    }
    return document_of(texts);
}

/// The name of the file or folder that MLmodel gives for a flavor.
/// \onfailure not_found; damaged: kept, and the name is empty
inline std::string flavor_data(model_files& from, const std::string& flavor,
                               const std::string& key = "data") {
    const std::string model = '"' + from.path() + "/MLmodel\" ";
    if (from.flavor(flavor) == nullptr) {
        std::string others;
        if (const yaml_value* const flavors = from.description().find("flavors")) {
            for (const yaml_entry& each : flavors->entries) {
                others += (others.empty() ? "; it has " : ", ") + each.first;
            }
        }
        from.fail({error_code::not_found, 0, model + "has no flavor " + flavor + others});
        return {};
    }
    std::string name = from.flavor_text(flavor, key);
    if (name.empty()) {
        from.fail(
            {error_code::damaged, 0,
             model + "has a flavor " + flavor + " without \"" + key + "\", which names its file"});
    }
    return name;
}

/// The inputs of a model of numbers: named columns, or one table where there are no names.
/// Floating point of double width, since that is what data frames and NumPy arrays hold.
inline model_signature table_of_numbers(const std::vector<std::string>& names, std::size_t count) {
    model_signature found;
    for (const std::string& name : names) {
        found.inputs.push_back(model_field::column(name, "double"));
    }
    if (names.empty() && count != 0) {
        found.inputs.push_back(
            model_field::tensor("float64", {-1, static_cast<std::int64_t>(count)}));
    }
    return found;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
