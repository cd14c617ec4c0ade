// SPDX-License-Identifier: MIT
/// \file The way back of value_saver: JSON and .npy files into a value of the same type.
#ifndef MLSCRIBE_MODEL_VALUE_LOADER_HPP
#define MLSCRIBE_MODEL_VALUE_LOADER_HPP

#include <mlscribe/artifact/read_npy.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/model/array_filling.hpp>
#include <mlscribe/model/model_files.hpp>
#include <mlscribe/model/model_value.hpp>
#include <mlscribe/model/stack_floor.hpp>
#include <mlscribe/reflect/visit_members.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads a text that is JSON, value by value: no memory is needed but what the values take. Knows
/// where in the value it stands. After a failure it changes nothing more.
class value_loader {
  public:
    /// \param folder  of the files, in the model's directory
    value_loader(model_files& from, std::string folder) : from_(from), folder_(std::move(folder)) {}

    /// Goes behind the value at `in`, unless it fails.
    template <class T>
    void load(json_scanner& in, T& value) {
        if (from_.failure()) return;
        in.skip_blanks();
        if constexpr (std::is_same_v<T, bool>) {
            document read;
            if (take(in, document::kind::boolean, read)) value = read.text == "true";
        } else if constexpr (std::is_arithmetic_v<T>) {
            load_number(in, value);
        } else if constexpr (std::is_enum_v<T>) {
            auto number = static_cast<std::underlying_type_t<T>>(value);
            load(in, number);
            value = static_cast<T>(number);
        } else if constexpr (is_model_text_v<T>) {
            document read;
            if (take(in, document::kind::text, read)) value = read.text;
        } else if constexpr (is_optional_like_v<T>) {
            load_optional(in, value);
        } else if constexpr (is_reflected_v<T>) {
            if (!expect(in, '{')) return;
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
        std::array<bool, sizeof...(Members) + 1> found{};
        const bool has_others = load_members(*members_, names, found.data(), members...);
        const bool* is_found = found.data();
        // Descriptions show members of a constant object; the one that is loaded is the caller's.
        const auto each = [&](std::string_view name, auto& member) {
            if (!*is_found++) leave_out(name, member);
        };
        (each(names.next(), const_cast<Members&>(members)), ...);
        if (has_others) refuse("has members that this program's type does not have");
    }

  private:
    /// \param found  gets which are there \return whether there are others
    template <class... Members>
    bool load_members(json_scanner& in, const member_names& names, bool* found,
                      const Members&... members) {
        bool has_others = false;
        for_each_entry(in, [&](const std::string& key) {
            bool is_known = false;
            member_names left = names;
            bool* is_found = found;
            const auto each = [&](std::string_view name, auto& member) {
                if (!is_known && name == key) {
                    *is_found = is_known = true;
                    load_below(in, key, member);
                }
                ++is_found;
            };
            (each(left.next(), const_cast<Members&>(members)), ...);
            if (is_known) return;
            has_others = true;
            skip_json_value(in);
        });
        return has_others;
    }

    template <class Member>
    void leave_out(std::string_view name, Member& member) {
        if (from_.failure()) return;
        if constexpr (is_optional_like_v<Member>) {
            member.reset();
        } else {
            refuse("has no member \"" + std::string(name) +
                   "\", which this program's type has; make it a std::optional to load both");
        }
    }

    template <class T>
    void load_below(json_scanner& in, std::string_view name, T& value) {
        const std::size_t length = path_.size();
        if (length != 0) path_ += '.';
        path_ += name;
        ++levels_;
        if (has_stack()) load(in, value);
        --levels_;
        path_.resize(length);
    }

    /// A type that contains itself is as deep as the file says, others are not.
    bool has_stack() {
        constexpr std::size_t usual_levels = 16;
        constexpr std::size_t room = std::size_t{32} << 10;
        if (levels_ <= usual_levels) return true;
        if (!floor_) floor_ = stack_floor(room);
        if (stack_place() > *floor_) return true;
        refuse("is deeper than the stack of this thread; load it in one with a larger stack");
        return false;
    }

    /// Calls `visit(key)` before each value of the map at `in`, which it goes behind.
    template <class Visit>
    void for_each_entry(json_scanner& in, Visit&& visit) {
        std::string key;
        in.take('{');
        in.skip_blanks();
        if (in.take('}')) return;
        do {
            if (!in.key(key)) return;
            visit(key);
            if (from_.failure()) return;
            in.skip_blanks();
        } while (in.take(','));
        in.take('}');
    }
    /// Calls `visit(position)` before each item of the list at `in`. \return how many they are
    template <class Visit>
    std::size_t for_each_item(json_scanner& in, Visit&& visit) {
        std::size_t count = 0;
        in.take('[');
        in.skip_blanks();
        if (in.take(']')) return 0;
        do {
            visit(count++);
            if (from_.failure()) return count;
            in.skip_blanks();
        } while (in.take(','));
        in.take(']');
        return count;
    }

    void refuse(const std::string& why) {
        from_.fail({error_code::damaged, 0,
                    "model \"" + from_.path() +
                        "\": " + (path_.empty() ? "its value " : '"' + path_ + "\" ") + why});
    }

    bool expect(bool is_so) {
        if (!is_so) refuse("is another kind of value than this program's type has there");
        return is_so;
    }
    bool expect(const json_scanner& in, char first) { return expect(in.peek() == first); }

    bool take(json_scanner& in, document& scalar) {
        return expect(in.peek() != '{' && in.peek() != '[' && in.scalar(scalar));
    }
    bool take(json_scanner& in, document::kind type, document& scalar) {
        return take(in, scalar) && expect(scalar.type == type);
    }

    template <class Number>
    void load_number(json_scanner& in, Number& value) {
        document scalar;
        if (!take(in, scalar)) return;
        if constexpr (std::is_floating_point_v<Number>) {
            using limits = std::numeric_limits<Number>;
            if (scalar.text == "nan") return void(value = limits::quiet_NaN());
            if (scalar.text == "inf") return void(value = limits::infinity());
            if (scalar.text == "-inf") return void(value = -limits::infinity());
            if (scalar.type == document::kind::integer) return read(scalar.text, value);
            if (expect(scalar.type == document::kind::real)) read(scalar.text, value);
        } else if (expect(scalar.type == document::kind::integer)) {
            read(scalar.text, value);
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
    void load_optional(json_scanner& in, Optional& value) {
        if (in.peek() == 'n') {
            skip_json_value(in);
            return value.reset();
        }
        if (!value.has_value()) value.emplace();
        load(in, *value);
    }

    template <class Array>
    void load_array(json_scanner& in, Array& values) {
        if constexpr (is_range_v<Array>) {
            if constexpr (is_array_like_v<range_value_t<Array>>) {
                if (in.peek() == '[') return load_range(in, values);
            }
        }
        document name;
        if (!take(in, document::kind::text, name)) return;
        // A small text could name one large file any number of times.
        if (!taken_.insert(name.text).second) {
            return refuse("is the file \"" + name.text + "\", which another array is already");
        }
        const std::string bytes = from_.read(folder_ + '/' + name.text);
        if (from_.failure()) return;
        array<array_value_t<Array>> stored;
        const std::string where = "in \"" + name.text + '"';
        if (const error failure = read_npy(bytes, stored)) {
            return refuse(where + ": " + failure.message);
        }
        if (!array_filling<array_value_t<Array>>(stored).fill(values)) {
            refuse(where + " has shape " + npy_shape_text(stored.shape) +
                   ", which this program's type cannot have");
        }
    }

    template <class Map>
    void load_map(json_scanner& in, Map& values) {
        if (!expect(in, '{')) return;
        values.clear();
        for_each_entry(in, [&](const std::string& key) { load_below(in, key, values[key]); });
    }

    template <class Pair>
    void load_pair(json_scanner& in, Pair& value) {
        if (!expect(in, '[')) return;
        const std::size_t count = for_each_item(in, [&](std::size_t i) {
            if (i == 0) return load_below(in, "0", value.first);
            if (i == 1) return load_below(in, "1", value.second);
            skip_json_value(in);
        });
        if (!from_.failure() && count != 2) refuse("is no pair");
    }

    template <class Range>
    void load_range(json_scanner& in, Range& values) {
        if (!expect(in, '[')) return;
        if constexpr (is_growing_list_v<Range>) {
            values.clear();
            for_each_item(in, [&](std::size_t i) {
                typename Range::value_type element{};
                load_below(in, std::to_string(i), element);
                values.push_back(std::move(element));
            });
        } else {
            auto element = std::begin(values);
            const std::size_t count = for_each_item(in, [&](std::size_t i) {
                if (element == std::end(values)) return void(skip_json_value(in));
                load_below(in, std::to_string(i), *element);
                ++element;
            });
            const auto size = static_cast<std::size_t>(std::size(values));
            if (from_.failure() || count == size) return;
            refuse("has " + std::to_string(count) + " elements, this program's type " +
                   std::to_string(size));
        }
    }

    model_files& from_;
    std::string folder_;
    std::string path_;
    std::set<std::string> taken_;  // the files of arrays
    json_scanner* members_ = nullptr;
    std::size_t levels_ = 0;
    std::optional<std::uintptr_t> floor_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
