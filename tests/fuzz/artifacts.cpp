// SPDX-License-Identifier: MIT
/// \file Any bytes as an artifact or a tag that is read again: arrays, tables, JSON, checkpoints.
#include <mlscribe/artifact/read_npy.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_object.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/run/checkpoint_text.hpp>
#include <mlscribe/table/table_outline.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

template <class T>
void check_array(std::string_view text) {
    mlscribe::array<T> read;
    if (detail::read_npy(text, read)) return;
    std::size_t count = 0;
    must_hold(detail::count_npy_values(read.shape, count) && count == read.values.size(),
              "an array has as many values as its shape says");
}

void check_json(std::string_view text) {
    std::size_t stopped_at = 0;
    if (const auto document = mlscribe::parse_json(text, &stopped_at)) {
        const std::string written = mlscribe::json_text(*document);
        const auto again = mlscribe::parse_json(written);
        must_hold(again && mlscribe::json_text(*again) == written,
                  "a document is read as it was written");
    } else {
        must_hold(stopped_at <= text.size(), "what is refused stands in the text");
    }
    mlscribe::parse_flat_json_object(text);
}

void check_table(std::string_view text) {
    detail::byte_window window(text);
    detail::table_outline found;
    if (!detail::read_table_outline(window, found)) return;
    must_hold(found.rows_begin <= found.rows_end && found.rows_end < text.size(),
              "the rows of a table stand in it");
}

void check_checkpoint(std::string_view text) {
    const auto record = detail::parse_checkpoint(text);
    if (!record) return;
    const std::string written = detail::checkpoint_text(*record);
    const auto again = detail::parse_checkpoint(written);
    must_hold(again && detail::checkpoint_text(*again) == written,
              "a checkpoint is read as it was written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_array<double>(text);
    check_array<std::int64_t>(text);
    check_array<bool>(text);
    check_json(text);
    check_table(text);
    check_checkpoint(text);
    return 0;
}
