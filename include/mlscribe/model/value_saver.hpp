// SPDX-License-Identifier: MIT
/// \file A value as JSON, and the arrays in it as .npy files beside it.
#ifndef MLSCRIBE_MODEL_VALUE_SAVER_HPP
#define MLSCRIBE_MODEL_VALUE_SAVER_HPP

#include <mlscribe/artifact/npy_bytes.hpp>
#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/model/model_saver.hpp>
#include <mlscribe/model/model_value.hpp>
#include <mlscribe/reflect/visit_members.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Knows where in the value it stands: `layers.2.bias`.
class value_saver {
  public:
    /// \param folder  of the files, in the model's directory
    value_saver(model_saver& to, std::string folder) : to_(to), folder_(std::move(folder)) {}

    template <class T>
    void save(document& out, const T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            set(out, document::kind::boolean, value ? "true" : "false");
        } else if constexpr (std::is_floating_point_v<T>) {
            set(out, document::kind::real, float_text(value));
        } else if constexpr (std::is_integral_v<T>) {
            set(out, document::kind::integer, std::to_string(value));
        } else if constexpr (std::is_enum_v<T>) {
            save(out, static_cast<std::underlying_type_t<T>>(value));
        } else if constexpr (is_model_text_v<T>) {
            save_text(out, value);
        } else if constexpr (is_optional_like_v<T>) {
            if (value.has_value()) save(out, *value);
        } else if constexpr (is_reflected_v<T>) {
            out.type = document::kind::map;
            members_ = &out;
            visit_members(value, *this);
        } else if constexpr (is_array_like_v<T>) {
            save_array(out, value);
        } else if constexpr (is_text_map_v<T>) {
            out.type = document::kind::map;
            for (const auto& entry : value)
                save_below(add(out, entry.first), entry.first, entry.second);
        } else if constexpr (is_pair_v<T>) {
            save_each(out, value.first, value.second);
        } else {
            static_assert(is_range_v<T>,
                          "mlscribe: log_model() does not know how to save this type; give its "
                          "members by MLSCRIBE_DESCRIBE, or write save_model() and load_model() "
                          "for it (see model_io.hpp)");
            save_range(out, value);
        }
    }

    /// What the description of a struct calls.
    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        document& map = *members_;
        const auto each = [&](std::string_view name, const auto& member) {
            save_below(add(map, name), name, member);
        };
        (each(names.next(), members), ...);
    }

  private:
    static void set(document& out, document::kind type, std::string text) {
        out.type = type;
        out.text = std::move(text);
    }

    document& add(document& map, std::string_view name) {
        document key;
        save_text(key, name);
        map.entries.push_back({std::move(key), {}});
        return map.entries.back().value;
    }

    void save_text(document& out, std::string_view text) {
        if (!utf8::is_valid(text)) {
            to_.fail({error_code::invalid_value, 0,
                      "model value \"" + shown(path_) +
                          "\": the text is not UTF-8; keep bytes in a vector of unsigned char"});
        }
        set(out, document::kind::text, std::string(text));
    }

    template <class T>
    void save_below(document& out, std::string_view name, const T& value) {
        const std::size_t length = path_.size();
        if (length != 0) path_ += '.';
        path_ += name;
        save(out, value);
        path_.resize(length);
    }

    template <class... Values>
    void save_each(document& out, const Values&... values) {
        out.type = document::kind::list;
        out.items.resize(sizeof...(values));
        std::size_t i = 0;
        const auto each = [&](const auto& value) {
            save_below(out.items[i], std::to_string(i), value);
            ++i;
        };
        (each(values), ...);
    }

    template <class Range>
    void save_range(document& out, const Range& range) {
        out.type = document::kind::list;
        for (auto&& element : range) {
            const std::string at = std::to_string(out.items.size());
            out.items.emplace_back();
            save_below(out.items.back(), at, static_cast<const range_value_t<Range>&>(element));
        }
    }

    template <class Array>
    void save_array(document& out, const Array& values) {
        std::string bytes;
        if (const error ragged = npy_bytes(values, bytes)) {
            if constexpr (is_range_v<Array>) {
                if constexpr (is_array_like_v<range_value_t<Array>>) {
                    return save_range(out, values);
                }
            }
            return to_.fail(ragged);
        }
        const std::string name = array_name();
        to_.write(folder_ + '/' + name, bytes);
        set(out, document::kind::text, name);
    }

    /// The path where it is a plain name, else a number.
    std::string array_name() {
        std::string name = path_.empty() ? "value" : path_;
        const bool plain = name.size() <= 200 && name.front() != '.' &&
                           name.find_first_not_of(
                               "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") == std::string::npos;
        if (!plain || !names_.insert(name).second) {
            do {
                name = "array_" + std::to_string(names_.size());
            } while (!names_.insert(name).second);
        }
        return name + ".npy";
    }

    model_saver& to_;
    std::string folder_;
    std::string path_;
    document* members_ = nullptr;
    std::set<std::string> names_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
