// SPDX-License-Identifier: MIT
/// \file Any bytes as a metric file: the fast reader sees what the exact one does.
#include <mlscribe/query/latest_row.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "fuzz/must_hold.hpp"
#include "query/both_readers.hpp"

using mlscribe::point;
using mlscribe::detail::latest_point;
using mlscribe::detail::latest_row;
using mlscribe::detail::read_row;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // The fast reader is for text up to a line end; not a byte behind it is its to read.
    const std::size_t length = data[size - 1] == '\n' ? size : size + 1;
    const std::unique_ptr<char[]> bytes(new char[length]);
    std::memcpy(bytes.get(), data, size);
    bytes[length - 1] = '\n';
    const std::string_view text(bytes.get(), length);
    test::must_hold(test::seen_fast(text) == test::seen_exactly(text),
                    "both readers see the same rows and the same damage");

    latest_row rows;
    latest_point points;
    mlscribe::detail::metric_text_place place;
    mlscribe::detail::for_each_read_row(text, place, [&](const read_row& row, std::uint64_t) {
        rows.look(row);
        points.look(row.row());
    });
    rows.settle();
    test::must_hold(rows.found().has_value() == points.has_value(), "both find a latest row");
    const point latest = points.value();
    const point found = rows.found().value();
    test::must_hold(std::memcmp(&latest, &found, sizeof latest) == 0,
                    "the latest row is the latest point");

    const auto torn = mlscribe::for_each_metric_line({reinterpret_cast<const char*>(data), size},
                                                     [](const mlscribe::metric_file_line&) {});
    test::must_hold(torn.whole_bytes + torn.torn_bytes == size, "every byte is in a line");
    return 0;
}
