// SPDX-License-Identifier: MIT
/// \file The way back of value_saver: JSON and .npy files into a value of the same type.
#ifndef MLSCRIBE_MODEL_VALUE_LOADER_HPP
#define MLSCRIBE_MODEL_VALUE_LOADER_HPP

#include <mlscribe/artifact/read_npy.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/model/array_filling.hpp>
#include <mlscribe/model/model_files.hpp>
#include <mlscribe/model/model_value.hpp>
#include <mlscribe/reflect/visit_members.hpp>

#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Knows where in the value it stands. After a failure it changes nothing more.
class value_loader {
  public:
    /// \param folder  of the files, in the model's directory
    value_loader(model_files& from, std::string folder) : from_(from), folder_(std::move(folder)) {}

    template <class T>
    void load(const document& in, T& value) {
        if (from_.failure()) return;
        if constexpr (std::is_same_v<T, bool>) {
            if (expect(in, document::kind::boolean)) value = in.text == "true";
        } else if constexpr (std::is_arithmetic_v<T>) {
            load_number(in, value);
        } else if constexpr (std::is_enum_v<T>) {
            auto number = static_cast<std::underlying_type_t<T>>(value);
            load(in, number);
            value = static_cast<T>(number);
        } else if constexpr (is_model_text_v<T>) {
            if (expect(in, document::kind::text)) value = in.text;
        } else if constexpr (is_optional_like_v<T>) {
            load_optional(in, value);
        } else if constexpr (is_reflected_v<T>) {
            if (!expect(in, document::kind::map)) return;
            members_ = &in;
            visit_members(value, *this);
        } else if constexpr (is_array_like_v<T>) {
            load_array(in, value);
        } else if constexpr (is_text_map_v<T>) {
            load_map(in, value);
        } else if constexpr (is_pair_v<T>) {
            load_pair(in, value);
        } else {
            static_assert(is_range_v<T>,
                          "mlscribe: load_model() does not know how to load this type; give its "
                          "members by MLSCRIBE_DESCRIBE, or write save_model() and load_model() "
                          "for it (see model_io.hpp)");
            load_range(in, value);
        }
    }

    /// What the description of a struct calls.
    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        const document& map = *members_;
        std::size_t found = 0;
        // Descriptions show members of a constant object; the one that is loaded is the caller's.
        const auto each = [&](std::string_view name, auto& member) {
            if (load_member(map, name, member)) ++found;
        };
        (each(names.next(), const_cast<Members&>(members)), ...);
        if (found < map.entries.size() && !from_.failure()) {
            refuse("has members that this program's type does not have");
        }
    }

  private:
    template <class Member>
    bool load_member(const document& map, std::string_view name, Member& member) {
        for (const document_entry& entry : map.entries) {
            if (entry.key.text != name) continue;
            load_below(entry.value, name, member);
            return true;
        }
        if constexpr (is_optional_like_v<Member>) {
            member.reset();
        } else {
            refuse("has no member \"" + std::string(name) +
                   "\", which this program's type has; make it a std::optional to load both");
        }
        return false;
    }

    template <class T>
    void load_below(const document& in, std::string_view name, T& value) {
        const std::size_t length = path_.size();
        if (length != 0) path_ += '.';
        path_ += name;
        load(in, value);
        path_.resize(length);
    }

    void refuse(const std::string& why) {
        from_.fail({error_code::damaged, 0,
                    "model \"" + from_.path() +
                        "\": " + (path_.empty() ? "its value " : '"' + path_ + "\" ") + why});
    }

    bool expect(const document& in, document::kind type) {
        if (in.type == type) return true;
        refuse("is another kind of value than this program's type has there");
        return false;
    }

    template <class Number>
    void load_number(const document& in, Number& value) {
        if constexpr (std::is_floating_point_v<Number>) {
            using limits = std::numeric_limits<Number>;
            if (in.text == "nan") return void(value = limits::quiet_NaN());
            if (in.text == "inf") return void(value = limits::infinity());
            if (in.text == "-inf") return void(value = -limits::infinity());
            if (in.type == document::kind::integer) return read(in.text, value);
            if (expect(in, document::kind::real)) read(in.text, value);
        } else if (expect(in, document::kind::integer)) {
            read(in.text, value);
        }
    }

    template <class Number>
    void read(const std::string& text, Number& value) {
        const char* const end = text.data() + text.size();
        std::from_chars_result result;
        if constexpr (std::is_floating_point_v<Number>) {
            result = detail::from_chars(text.data(), end, value);
        } else {
            result = std::from_chars(text.data(), end, value);
        }
        if (result.ec != std::errc() || result.ptr != end) {
            refuse("is " + text + ", which this program's type cannot hold");
        }
    }

    template <class Optional>
    void load_optional(const document& in, Optional& value) {
        if (in.type == document::kind::null) return value.reset();
        if (!value.has_value()) value.emplace();
        load(in, *value);
    }

    template <class Array>
    void load_array(const document& in, Array& values) {
        if constexpr (is_range_v<Array>) {
            if constexpr (is_array_like_v<range_value_t<Array>>) {
                if (in.type == document::kind::list) return load_range(in, values);
            }
        }
        if (!expect(in, document::kind::text)) return;
        const std::string bytes = from_.read(folder_ + '/' + in.text);
        if (from_.failure()) return;
        array<array_value_t<Array>> stored;
        const std::string where = "in \"" + in.text + '"';
        if (const error failure = read_npy(bytes, stored)) {
            return refuse(where + ": " + failure.message);
        }
        if (!array_filling<array_value_t<Array>>(stored).fill(values)) {
            refuse(where + " has shape " + npy_shape_text(stored.shape) +
                   ", which this program's type cannot have");
        }
    }

    template <class Map>
    void load_map(const document& in, Map& values) {
        if (!expect(in, document::kind::map)) return;
        values.clear();
        for (const document_entry& entry : in.entries) {
            load_below(entry.value, entry.key.text, values[entry.key.text]);
        }
    }

    template <class Pair>
    void load_pair(const document& in, Pair& value) {
        if (!expect(in, document::kind::list)) return;
        if (in.items.size() != 2) return refuse("is no pair");
        load_below(in.items[0], "0", value.first);
        load_below(in.items[1], "1", value.second);
    }

    template <class Range>
    void load_range(const document& in, Range& values) {
        if (!expect(in, document::kind::list)) return;
        std::size_t i = 0;
        if constexpr (is_growing_list_v<Range>) {
            values.clear();
            for (const document& item : in.items) {
                typename Range::value_type element{};
                load_below(item, std::to_string(i++), element);
                values.push_back(std::move(element));
            }
        } else {
            if (in.items.size() != static_cast<std::size_t>(std::size(values))) {
                return refuse("has " + std::to_string(in.items.size()) +
                              " elements, this program's type " +
                              std::to_string(std::size(values)));
            }
            for (auto& element : values) {
                load_below(in.items[i], std::to_string(i), element);
                ++i;
            }
        }
    }

    model_files& from_;
    std::string folder_;
    std::string path_;
    const document* members_ = nullptr;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
