// SPDX-License-Identifier: MIT
/// \file One line on a terminal that says how far the loop is.
#ifndef MLSCRIBE_RUN_PROGRESS_LINE_HPP
#define MLSCRIBE_RUN_PROGRESS_LINE_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/config/environment.hpp>
#include <mlscribe/config/process_rank.hpp>
#include <mlscribe/file/descriptor.hpp>
#include <mlscribe/journal/step_context.hpp>
#include <mlscribe/layout/fmt.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where the ranges stand, the time that is left, and the metrics, redrawn at most five times a
/// second. \threadsafety the thread that runs the loop
class progress_line final : public pass_watcher {
  public:
    /// Appends ` key value` of metrics to a text until it is as long as it is told.
    using add_values = std::function<void(std::string&, std::size_t)>;

    explicit progress_line(add_values values) : add_values_(std::move(values)) {}

    /// A person looks: stderr is a terminal, this is the first of the job's processes, and
    /// MLSCRIBE_PROGRESS is not 0.
    static bool is_wanted() {
        return ::isatty(STDERR_FILENO) == 1 && process_rank() == 0 &&
               environment("MLSCRIBE_PROGRESS") != "0";
    }

    void pass_ended(const open_range& range) noexcept override {
        const std::int64_t now = monotonic_nanoseconds();
        if (!begun_) {
            begun_ = true;
            began_at_ = now;
            began_with_ = passes_of(range);
        }
        if (now - drawn_at_ < shortest_interval) return;
        drawn_at_ = now;
        draw(range, now, "");
    }

    void range_ended(const open_range& range) noexcept override {
        if (range.outer != nullptr || !begun_) return;
        draw(range, monotonic_nanoseconds(), "\n");
        begun_ = false;
        drawn_at_ = 0;
    }

  private:
    static constexpr std::int64_t shortest_interval = 200000000;

    static bool has_end(const range_frame& frame) noexcept { return frame.last != INT64_MAX; }
    static std::int64_t done(const open_range& range) noexcept {
        return (range.ended == range.frame.current ? 1 : 0) + range.frame.current -
               range.frame.first;
    }
    static std::int64_t total(const range_frame& frame) noexcept {
        return frame.last - frame.first;
    }

    /// The passes of the outermost range that are done, with the part of the present one.
    static double passes_of(const open_range& range) noexcept {
        double passes = 0;
        for (const open_range* each = &range; each != nullptr; each = each->outer) {
            const bool inner = each->outer != nullptr;
            const auto here = static_cast<double>(done(*each)) + passes;
            passes = !inner                 ? here
                     : has_end(each->frame) ? here / static_cast<double>(total(each->frame))
                                            : 0;
        }
        return passes;
    }

    static void add_range(std::string& text, const open_range& range) {
        if (range.outer != nullptr) add_range(text, *range.outer);
        if (!text.empty()) text += ", ";
        const bool epochs = range.frame.kind == range_kind::epochs;
        // The pass around an inner range is not over.
        const std::int64_t at = (std::max)(done(range), std::int64_t{1});
        fmt::format_to(std::back_inserter(text), "{} {}", epochs ? "epoch" : "step", at);
        if (has_end(range.frame)) {
            fmt::format_to(std::back_inserter(text), "/{}", total(range.frame));
        }
    }

    void add_pace(std::string& text, const open_range& range, std::int64_t now) const {
        const open_range* outermost = &range;
        while (outermost->outer != nullptr) outermost = outermost->outer;
        const range_frame& frame = outermost->frame;
        const double passes = passes_of(range);
        const double seconds = static_cast<double>(now - began_at_) / 1e9;
        const double rate = seconds > 0 ? (passes - began_with_) / seconds : 0;
        const char* const what = frame.kind == range_kind::epochs ? "epoch" : "step";
        if (rate >= 1) fmt::format_to(std::back_inserter(text), "  {:.3g} {}s/s", rate, what);
        if (rate > 0 && rate < 1) {
            fmt::format_to(std::back_inserter(text), "  {:.3g} s/{}", 1 / rate, what);
        }
        if (rate <= 0 || !has_end(frame)) return;
        const double left = (static_cast<double>(total(frame)) - passes) / rate;
        if (left > 0 && left < 1e8) {
            const auto whole = static_cast<std::int64_t>(left + 0.5);
            fmt::format_to(std::back_inserter(text), "  ETA {}:{:02}:{:02}", whole / 3600,
                           whole / 60 % 60, whole % 60);
        }
    }

    /// A terminal that is stopped would hold up the loop, and one that another job of the shell has
    /// might stop this one.
    bool takes_line() const noexcept {
        pollfd room{terminal_.get(), POLLOUT, 0};
        if (::poll(&room, 1, 0) != 1 || (room.revents & POLLOUT) == 0) return false;
        const pid_t foreground = ::tcgetpgrp(terminal_.get());
        return foreground < 0 || foreground == ::getpgrp();
    }

    void draw(const open_range& range, std::int64_t now, const char* end) noexcept {
        if (!takes_line()) return;
        MLSCRIBE_TRY {
            winsize window{};
            std::size_t columns = 80;
            if (::ioctl(terminal_.get(), TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
                columns = window.ws_col;
            }
            std::string text;
            add_range(text, range);
            add_pace(text, range, now);
            text += ' ';
            add_values_(text, columns);
            if (text.size() >= columns) {
                std::size_t cut = columns - 1;
                while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0u) == 0x80u) --cut;
                text.resize(cut);
            }
            std::size_t written = 0;
            write_all(terminal_.get(), '\r' + text + "\x1b[K" + end, written);
        }
        MLSCRIBE_CATCH_ALL {}
    }

    const add_values add_values_;
    /// Of its own, so that the line stays out of a log that stderr is captured to.
    const descriptor terminal_{::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)};
    bool begun_ = false;
    std::int64_t began_at_ = 0;
    double began_with_ = 0;
    std::int64_t drawn_at_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
