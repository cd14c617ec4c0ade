// SPDX-License-Identifier: MIT
/// \file The remarks about a run's metrics: each tag once, written when it is news.
#ifndef MLSCRIBE_RUN_REMARKS_HPP
#define MLSCRIBE_RUN_REMARKS_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/journal/remark.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread
class remarks {
  public:
    /// The one of a tag, found or made. \param begin  what the tag says already
    reference<remark> open(std::string tag, std::int64_t begin = 0) {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (const reference<remark>& each : all_) {
            if (each->tag() == tag) return each;
        }
        const reference<remark> made(new remark(std::move(tag), begin));
        all_.push_back(made);
        return made;
    }

    /// Has `write(tag, text)` write what is news. \return the first failure; it is tried again
    template <class Write>
    error tell(Write&& write) {
        const std::lock_guard<std::mutex> lock(telling_);
        error first;
        for (std::size_t i = 0;; ++i) {
            reference<remark> each;
            {
                const std::lock_guard<std::mutex> reading(mutex_);
                if (i == all_.size()) return first;
                each = all_[i];
            }
            std::int64_t value = 0;
            if (!each->is_news(value)) continue;
            error failure = write(each->tag(), std::to_string(value));
            if (!failure) continue;
            each->tell_again();
            if (!first) first = std::move(failure);
        }
    }

  private:
    std::mutex telling_;  // so that an older value does not replace a newer one
    std::mutex mutex_;
    std::vector<reference<remark>> all_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
