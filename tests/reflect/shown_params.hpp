// SPDX-License-Identifier: MIT
/// \file The params of an object, a line each.
#ifndef MLSCRIBE_TESTS_REFLECT_SHOWN_PARAMS_HPP
#define MLSCRIBE_TESTS_REFLECT_SHOWN_PARAMS_HPP

#include <mlscribe/reflect/flatten.hpp>

#include <string>
#include <string_view>

namespace test {

template <class Object>
std::string shown(const Object& object, std::string_view prefix = {}, char separator = '.') {
    std::string all;
    for (const mlscribe::param& entry : mlscribe::flatten(object, prefix, separator)) {
        all += entry.key + '=' + entry.value + '\n';
    }
    return all;
}

}  // namespace test

#endif
