// SPDX-License-Identifier: MIT
/// \file Which steps were seen, one bit each, around the first of them.
#ifndef MLSCRIBE_JOURNAL_STEP_WINDOW_HPP
#define MLSCRIBE_JOURNAL_STEP_WINDOW_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Threads that count the steps of a metric together log each step once, somewhat out of order: to
/// see that takes a bit that lies beside the last one, where a set of rows takes a look into
/// memory far away. \threadsafety one thread at a time
class step_window {
  public:
    static constexpr std::int64_t width = std::int64_t{1} << 20;

    /// \return whether the step was surely not added since clear(); false for one far from the
    ///         first. Throws where memory is out, then nothing has changed.
    bool add(std::int64_t step) {
        if (empty_) {
            if (words_.empty()) words_.resize(static_cast<std::size_t>(width / 64));
            begin_ = step > width / 2 ? step - width / 2 : 0;
            empty_ = false;
        }
        if (step < begin_ || step - begin_ >= width) return false;
        const auto at = static_cast<std::size_t>(step - begin_);
        const std::uint64_t bit = std::uint64_t{1} << (at % 64);
        std::uint64_t& word = words_[at / 64];
        if ((word & bit) != 0) return false;
        word |= bit;
        first_word_ = (std::min)(first_word_, at / 64);
        last_word_ = (std::max)(last_word_, at / 64);
        return true;
    }

    /// \cost of the words between the lowest step and the highest
    void clear() noexcept {
        for (std::size_t i = first_word_; i <= last_word_ && !empty_; ++i) words_[i] = 0;
        first_word_ = SIZE_MAX;
        last_word_ = 0;
        empty_ = true;
    }

  private:
    std::vector<std::uint64_t> words_;
    std::int64_t begin_ = 0;
    std::size_t first_word_ = SIZE_MAX;
    std::size_t last_word_ = 0;
    bool empty_ = true;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
