// SPDX-License-Identifier: MIT
/// \file An artifact that is written bit by bit and seen only when it is complete.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_STREAM_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_STREAM_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/journal/reference.hpp>
#include <mlscribe/reflect/param_text.hpp>

#include <exception>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where a stream's bytes go: what keeps this header free of files.
class artifact_sink : public counted {
  public:
    /// False after a write that failed: nothing more is taken.
    virtual bool good() const noexcept = 0;
    virtual void write(std::string_view bytes) noexcept = 0;
    virtual void discard() noexcept = 0;
    /// Reports that not all could be written: as after a write that failed.
    virtual void fail(const error& failure) noexcept = 0;
    virtual strictness policy() const noexcept = 0;
    /// Publishes; throws under strictness::raise.
    virtual void close() = 0;
    /// close() or discard() for destructors: what goes wrong is reported.
    virtual void leave(bool unwinding) noexcept = 0;
};

}  // namespace detail

/// One artifact on its way, from `run.open_artifact`. It appears whole, in place of what had its
/// name, at close() or at the end of the scope; when an exception unwinds the scope, or a write
/// failed, nothing of it does and this is reported once. Move-only. A default-made, closed or
/// moved-from stream and one of a run that records nothing do nothing; one that is open when its
/// run ends is reported by that end and discarded; a forked child's copy is harmless.
/// \threadsafety one thread at a time
class artifact_stream {
  public:
    artifact_stream() noexcept = default;
    explicit artifact_stream(detail::reference<detail::artifact_sink> sink) noexcept
        : sink_(std::move(sink)) {}
    artifact_stream(artifact_stream&& other) noexcept = default;
    artifact_stream& operator=(artifact_stream&& other) noexcept {
        if (this != &other) {
            leave();
            sink_ = std::move(other.sink_);
            unwinding_ = other.unwinding_;
        }
        return *this;
    }
    artifact_stream(const artifact_stream&) = delete;
    artifact_stream& operator=(const artifact_stream&) = delete;
    ~artifact_stream() { leave(); }

    /// Whether what is written will be seen: open, and no write failed.
    explicit operator bool() const noexcept { return sink_ && sink_->good(); }

    /// \cost a copy into a buffer of 64 KiB; larger texts go to the file at once
    artifact_stream& write(std::string_view bytes) noexcept {
        if (sink_) sink_->write(bytes);
        return *this;
    }

    /// Texts as they are, other values as param_text() shows them: `0.1`, `True`, `[1, 2]`.
    template <class Value>
    artifact_stream& operator<<(const Value& value) {
        if (!sink_) return *this;
        if constexpr (detail::is_string_like_v<Value> && !detail::has_param_text_hook_v<Value> &&
                      !std::is_array_v<Value> && !std::is_pointer_v<Value>) {
            return write(value);
        } else {
            detail::guarded(*sink_, "artifact_stream <<", [&] { write(param_text(value)); });
            return *this;
        }
    }

    /// Publishes the artifact now; nothing more can be written.
    /// \onfailure system: also of the first write that the disk refused
    void close() {
        const detail::reference<detail::artifact_sink> sink = std::move(sink_);
        if (sink) detail::guarded(*sink, "artifact_stream::close", [&] { sink->close(); });
    }

    /// Gives the artifact up; nothing of it is seen.
    void discard() noexcept {
        if (sink_) sink_->discard();
        sink_ = {};
    }

  private:
    void leave() noexcept {
        if (sink_) sink_->leave(std::uncaught_exceptions() > unwinding_);
        sink_ = {};
    }

    detail::reference<detail::artifact_sink> sink_;
    int unwinding_ = std::uncaught_exceptions();
};

MLSCRIBE_NAMESPACE_END

#endif
