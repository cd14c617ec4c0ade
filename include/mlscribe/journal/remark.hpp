// SPDX-License-Identifier: MIT
/// \file A number about a metric that the run tells in a tag, kept current while the run goes on.
#ifndef MLSCRIBE_JOURNAL_REMARK_HPP
#define MLSCRIBE_JOURNAL_REMARK_HPP

#include <mlscribe/journal/reference.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread
class remark final : public counted {
  public:
    explicit remark(std::string tag, std::int64_t begin = 0)
        : tag_(std::move(tag)), value_(begin) {}

    const std::string& tag() const noexcept { return tag_; }

    void set(std::int64_t value) noexcept {
        value_.store(value, std::memory_order_relaxed);
        said_.store(true, std::memory_order_release);
    }
    void add(std::int64_t more) noexcept {
        value_.fetch_add(more, std::memory_order_relaxed);
        said_.store(true, std::memory_order_release);
    }

    /// \return whether anything was said that the last call did not give
    bool is_news(std::int64_t& value) noexcept {
        if (!said_.exchange(false, std::memory_order_acquire)) return false;
        value = value_.load(std::memory_order_relaxed);
        return true;
    }
    /// What is_news() gave could not be told.
    void tell_again() noexcept { said_.store(true, std::memory_order_release); }

  private:
    const std::string tag_;
    std::atomic<std::int64_t> value_;
    std::atomic<bool> said_{false};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
