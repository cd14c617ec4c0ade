// SPDX-License-Identifier: MIT
/// \file Where the program that loads a model differs from the one that logged it.
#ifndef MLSCRIBE_MODEL_ENVIRONMENT_DIFFERENCES_HPP
#define MLSCRIBE_MODEL_ENVIRONMENT_DIFFERENCES_HPP

#include <mlscribe/layout/document.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A scalar's text, or those of a list with commas between them.
inline std::string values_text(const document& value) {
    if (value.type == document::kind::list && value.items.empty()) return "nothing";
    std::string text = value.text;
    for (const document& item : value.items) {
        if (!text.empty()) text += ", ";
        text += item.text;
    }
    return text;
}

/// Tells in sentences what differs between two environments.
class environment_comparison {
  public:
    environment_comparison(const document& saved, const document& current) noexcept
        : saved_(saved), current_(current) {}

    std::vector<std::string> differences() {
        compare("build", "compiler", "compiled with");
        compare("build", "standard", "compiled as");
        compare("build", "standard_library", "compiled with");
        compare("build", "instruction_sets", "compiled for processors with more than the oldest:");
        compare_flag("build", "fast_math", "-ffast-math");
        compare("machine", "architecture", "running on");
        compare("build", "byte_order", "of the byte order");
        compare_sizes();
        for (const char* library : {"mlscribe", "fmt", "Boost"}) {
            compare("headers", library, "compiled with the headers of", library);
        }
        compare("machine", "c_library", "running with");
        compare_shared_libraries();
        return std::move(found_);
    }

  private:
    static const document* find(const document& environment, std::string_view group,
                                std::string_view key) noexcept {
        const document* const map = environment.find(group);
        return map == nullptr ? nullptr : map->find(key);
    }

    void tell(const std::string& saved, const std::string& current) {
        found_.push_back("the model was logged by a program " + saved + ", this one is " + current);
    }

    void compare(const char* group, const char* key, const std::string& relation,
                 const std::string& subject = {}) {
        const document* const saved = find(saved_, group, key);
        const document* const current = find(current_, group, key);
        // What an older version did not write cannot differ.
        if (saved == nullptr || current == nullptr) return;
        const std::string before = values_text(*saved);
        const std::string now = values_text(*current);
        if (before == now) return;
        const auto sentence = [&](const std::string& text) {
            return relation + ' ' + (subject.empty() ? "" : subject + ' ') +
                   (text.empty() ? "unknown" : text);
        };
        tell(sentence(before), sentence(now));
    }

    void compare_flag(const char* group, const char* key, const std::string& name) {
        const document* const saved = find(saved_, group, key);
        const document* const current = find(current_, group, key);
        if (saved == nullptr || current == nullptr || saved->text == current->text) return;
        const auto sentence = [&name](const document& flag) {
            return (flag.text == "true" ? "compiled with " : "compiled without ") + name;
        };
        tell(sentence(*saved), sentence(*current));
    }

    void compare_sizes() {
        const document* const saved = find(saved_, "build", "sizes");
        const document* const current = find(current_, "build", "sizes");
        if (saved == nullptr || current == nullptr) return;
        for (const document_entry& type : saved->entries) {
            const document* const now = current->find(type.key.text);
            if (now == nullptr || now->text == type.value.text) continue;
            tell("where the size of " + type.key.text + " is " + type.value.text,
                 "one where it is " + now->text);
        }
    }

    /// The name of a library's file behind all links, with its whole version.
    static std::string file_name(const document& library) {
        const document* const path = library.find("path");
        return path == nullptr ? std::string() : path->text.substr(path->text.rfind('/') + 1);
    }

    /// Libraries that only one program has loaded are that program's own affair.
    void compare_shared_libraries() {
        const document* const saved = saved_.find("shared_libraries");
        const document* const current = current_.find("shared_libraries");
        if (saved == nullptr || current == nullptr) return;
        for (const document& library : saved->items) {
            const std::string before = file_name(library);
            const std::string stem = before.substr(0, before.find(".so"));
            if (before.empty() || stem == before) continue;
            for (const document& other : current->items) {
                const std::string now = file_name(other);
                if (now == before || now.substr(0, now.find(".so")) != stem) continue;
                tell("running with " + before, "running with " + now);
            }
        }
    }

    const document& saved_;
    const document& current_;
    std::vector<std::string> found_;
};

/// What may change what a model computes, or whether its files can be read: compiler, standard,
/// instruction sets, fast math, machine, byte order, sizes, versions of libraries; not the host or
/// the command line. One sentence each.
/// \param saved  what `mlscribe/environment.json` holds \param current  build_environment()
inline std::vector<std::string> environment_differences(const document& saved,
                                                        const document& current) {
    return environment_comparison(saved, current).differences();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
