// SPDX-License-Identifier: MIT
/// \file A counted reference, so that the light headers need not pay for `<memory>`.
#ifndef MLSCRIBE_JOURNAL_REFERENCE_HPP
#define MLSCRIBE_JOURNAL_REFERENCE_HPP

#include <mlscribe/config/config.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Base of what reference<> counts; destroyed with the last reference, from whatever thread.
class counted {
  public:
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

    void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
    void release() noexcept {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    /// Whether anybody but the caller holds it. \threadsafety who may take another reference waits
    bool is_shared() const noexcept { return references_.load(std::memory_order_acquire) > 1; }

  protected:
    counted() = default;
    virtual ~counted() = default;

  private:
    std::atomic<std::size_t> references_{0};
};

/// Shares a counted object. \threadsafety as std::shared_ptr
template <class Counted>
class reference {
  public:
    reference() noexcept = default;
    explicit reference(Counted* object) noexcept : object_(object) {
        if (object_ != nullptr) object_->retain();
    }
    reference(const reference& other) noexcept : reference(other.object_) {}
    reference(reference&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    reference& operator=(reference other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~reference() {
        if (object_ != nullptr) object_->release();
    }

    Counted* get() const noexcept { return object_; }
    Counted* operator->() const noexcept { return object_; }
    Counted& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

  private:
    Counted* object_ = nullptr;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
