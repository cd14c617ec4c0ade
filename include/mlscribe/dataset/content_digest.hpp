// SPDX-License-Identifier: MIT
/// \file A fingerprint of values in memory, the same on every machine.
#ifndef MLSCRIBE_DATASET_CONTENT_DIGEST_HPP
#define MLSCRIBE_DATASET_CONTENT_DIGEST_HPP

#include <mlscribe/layout/md5.hpp>
#include <mlscribe/layout/npy_header.hpp>
#include <mlscribe/reflect/flatten.hpp>
#include <mlscribe/reflect/param_text.hpp>
#include <mlscribe/reflect/shape.hpp>
#include <mlscribe/reflect/visit_members.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Takes values one after the other: numbers as their little-endian bytes, texts and lists with
/// their length (the items of a hash table in the order it has them), structs member by member.
class content_digest {
  public:
    template <class T>
    void add(const T& value) {
        if constexpr (std::is_same_v<T, long double>) {
            add_text(param_text(value));
        } else if constexpr (std::is_arithmetic_v<T>) {
            char bytes[sizeof value];
            std::copy_n(reinterpret_cast<const char*>(&value), sizeof value, bytes);
            if (is_big_endian) std::reverse(bytes, bytes + sizeof value);
            add_bytes({bytes, sizeof value});
        } else if constexpr (std::is_enum_v<T>) {
            add(static_cast<std::int64_t>(value));
        } else if constexpr (has_param_text_hook_v<T>) {
            add_text(param_text(value));
        } else if constexpr (is_string_like_v<T> && std::is_class_v<T>) {
            add_text(value);
        } else if constexpr (is_optional_like_v<T>) {
            add(value.has_value());
            if (value.has_value()) add(*value);
        } else if constexpr (is_pair_v<T>) {
            add(value.first);
            add(value.second);
        } else if constexpr (is_range_v<T> && !is_path_like_v<T> && !is_string_like_v<T>) {
            std::uint64_t count = 0;
            for (const range_value_t<T>& item : value) {
                add(item);
                ++count;
            }
            add(count);
        } else if constexpr (is_reflected_v<T>) {
            visit_members(value, *this);
        } else {
            add_text(param_text(value));
        }
    }

    /// What the description of a struct calls.
    template <class Names, class... Members>
    void operator()(const Names&, const Members&... members) {
        (add(members), ...);
    }

    void add_text(std::string_view text) {
        add(static_cast<std::uint64_t>(text.size()));
        add_bytes(text);
    }

    /// As many hex digits as MLflow's digests have.
    std::string finish() {
        hash_.update(waiting_);
        return hash_.finish().substr(0, 8);
    }

  private:
    void add_bytes(std::string_view bytes) {
        waiting_ += bytes;
        if (waiting_.size() < 4096) return;
        hash_.update(waiting_);
        waiting_.clear();
    }

    md5 hash_;
    std::string waiting_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
