// SPDX-License-Identifier: MIT
/// \file Writes lines that exist one behind the other, so that none crosses a border of the file.
#ifndef MLSCRIBE_LAYOUT_PACKED_LINES_HPP
#define MLSCRIBE_LAYOUT_PACKED_LINES_HPP

#include <mlscribe/layout/metric_line.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A metric file made of lines as they stood in another one, padded as metric_block pads its own: a
/// reader never sees a torn line, and what is appended later has the room it needs.
/// \tparam Sink  called with the next bytes of the file; gives 0 or errno
template <class Sink>
class packed_lines {
  public:
    explicit packed_lines(Sink sink) : sink_(std::move(sink)) {}

    /// \param line  without its line end; blanks at its end were padding and are dropped
    int add(std::string_view line) {
        line = line.substr(0, line.find_last_not_of(' ') + 1);
        // A line of another writer may be longer than ours are.
        if (room() <= line.size()) pad();
        text_.append(line) += '\n';
        length_ += line.size() + 1;
        if (room() < metric_line_capacity) pad();
        return text_.size() < metric_block::capacity ? 0 : hand_over(text_.size() - 1);
    }
    /// After the last line.
    int finish() { return hand_over(text_.size()); }

    /// In bytes.
    std::uint64_t length() const noexcept { return length_; }

  private:
    /// Up to the next border, never 0.
    std::size_t room() const noexcept {
        return metric_block::border - static_cast<std::size_t>(length_ % metric_block::border);
    }

    /// Makes the line before end on the border.
    void pad() {
        const std::size_t blanks = room();
        if (blanks == metric_block::border) return;
        text_.back() = ' ';
        text_.append(blanks - 1, ' ') += '\n';
        length_ += blanks;
    }

    int hand_over(std::size_t size) {
        if (size == 0) return 0;
        const int failed = sink_(std::string_view(text_).substr(0, size));
        text_.erase(0, size);
        return failed;
    }

    Sink sink_;
    std::string text_;  // its last line end is kept back, which may become padding
    std::uint64_t length_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
