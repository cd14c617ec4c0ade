// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace tool {
namespace {

constexpr std::chrono::milliseconds first_wait(500);
constexpr std::chrono::milliseconds between(100);

bool can_draw() {
    const char* const terminal = std::getenv("TERM");
    const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
    return ::isatty(STDERR_FILENO) == 1 && !dumb;
}

}  // namespace

progress::progress(std::string what)
    : what_(std::move(what)),
      is_wanted_(can_draw()),
      next_(std::chrono::steady_clock::now() + first_wait) {}

progress::~progress() {
    clear();
}

void progress::at(std::uint64_t done, std::uint64_t total) {
    if (!is_wanted_ || std::chrono::steady_clock::now() < next_) return;
    show(total == 0 ? fmt::format("{} {}", done, what_)
                    : fmt::format("{} of {} {}", done, total, what_));
}

void progress::show(const std::string& text) {
    if (!is_wanted_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + between;
    is_drawn_ = true;
    winsize window{};
    const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1;
    const std::size_t columns = is_known ? window.ws_col - 1u : 79u;
    std::fputs(('\r' + text.substr(0, columns) + "\x1b[K").c_str(), stderr);
    std::fflush(stderr);
}

void progress::clear() {
    if (is_drawn_) std::fputs("\r\x1b[K", stderr);
    is_drawn_ = false;
}

}  // namespace tool
