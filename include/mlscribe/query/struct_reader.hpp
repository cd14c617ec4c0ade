// SPDX-License-Identifier: MIT
/// \file The params of a run into a struct: the way back of flatten().
#ifndef MLSCRIBE_QUERY_STRUCT_READER_HPP
#define MLSCRIBE_QUERY_STRUCT_READER_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/query/text_value.hpp>

#include <map>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Sets members from params; knows the key of the member that it is given.
class struct_reader {
  public:
    struct_reader(const std::map<std::string, std::string>& params, std::string prefix,
                  char separator)
        : params_(params), key_(std::move(prefix)), separator_(separator) {}

    const error& failure() const noexcept { return failure_; }

    template <class T>
    void read(T& value) {
        if constexpr (is_reflected_v<T>) {
            visit_members(value, *this);
        } else if constexpr (!is_flattened<T>()) {
            read_value(value);
        } else if constexpr (is_optional_like_v<T>) {
            read_optional(value);
        } else {
            read_elements(value);
        }
    }

    /// What the description of a struct calls.
    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        (read_below(names.next(), members), ...);
    }

  private:
    template <class Member>
    void read_below(std::string_view name, const Member& member) {
        const std::size_t length = key_.size();
        if (length != 0) key_ += separator_;
        key_ += name;
        // Descriptions show members of a constant object; the one that is read is the reader's own.
        read(const_cast<Member&>(member));
        key_.resize(length);
    }

    template <class T>
    void read_value(T& value) {
        const auto found = params_.find(key_);
        if (found == params_.end() || read_text_value(found->second, value) || failure_) return;
        failure_ = {error_code::invalid_value, 0,
                    "param \"" + key_ + "\" is \"" + found->second +
                        "\", which the struct's member of that name cannot hold"};
    }

    /// Whether there are params of a struct that stands under `key`.
    bool has_below(const std::string& key) const {
        const std::string prefix = key + separator_;
        const auto first = params_.lower_bound(prefix);
        return first != params_.end() && first->first.compare(0, prefix.size(), prefix) == 0;
    }

    template <class Optional>
    void read_optional(Optional& value) {
        if (has_below(key_)) {
            if (!value.has_value()) value.emplace();
            read(*value);
        } else if (const auto found = params_.find(key_);
                   found != params_.end() && found->second == "None") {
            value.reset();
        }
    }

    template <class List>
    void read_elements(List& list) {
        static_assert(is_growing_list_v<List>,
                      "mlscribe: store.read() fills lists of structs that grow, as std::vector; no "
                      "maps, variants and arrays of structs");
        List read_list;
        while (true) {
            const std::string below = std::to_string(read_list.size());
            if (!has_below(key_ + separator_ + below)) break;
            typename List::value_type element{};
            read_below(below, element);
            read_list.push_back(std::move(element));
        }
        if (read_list.empty() && params_.find(key_) == params_.end()) return;
        list = std::move(read_list);
    }

    const std::map<std::string, std::string>& params_;
    std::string key_;
    char separator_;
    error failure_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
