// SPDX-License-Identifier: MIT
/// \file A value that the texts of documents are tested with.
#ifndef MLSCRIBE_TESTS_LAYOUT_SCALAR_DOCUMENT_HPP
#define MLSCRIBE_TESTS_LAYOUT_SCALAR_DOCUMENT_HPP

#include <mlscribe/layout/document.hpp>

#include <string>

namespace test {

inline mlscribe::document scalar(mlscribe::document::kind type, const std::string& text = "") {
    mlscribe::document value;
    value.type = type;
    value.text = text;
    return value;
}

}  // namespace test

#endif
