// SPDX-License-Identifier: MIT
/// \file What a picture tells of the values that it does not show.
#ifndef MLSCRIBE_FIGURE_FIGURE_NOTES_HPP
#define MLSCRIBE_FIGURE_FIGURE_NOTES_HPP

#include <mlscribe/figure/value_range.hpp>

#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class figure_notes {
  public:
    /// Whether a value can be shown; counts it where not.
    bool admits(double value, bool logarithmic) noexcept {
        if (!is_drawn(value)) return ++not_finite_, false;
        if (logarithmic && value <= 0) return ++not_positive_, false;
        return true;
    }
    void tell(std::string note) { others_.push_back(std::move(note)); }

    std::vector<std::string> texts() const {
        std::vector<std::string> notes = others_;
        append(notes, not_finite_, "not finite");
        append(notes, not_positive_, "zero or negative on a logarithmic axis");
        return notes;
    }

  private:
    static void append(std::vector<std::string>& notes, std::size_t count, const char* what) {
        if (count == 0) return;
        notes.push_back("Left out: " + std::to_string(count) +
                        (count == 1 ? " value that is " : " values that are ") + what);
    }

    std::size_t not_finite_ = 0;
    std::size_t not_positive_ = 0;
    std::vector<std::string> others_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
