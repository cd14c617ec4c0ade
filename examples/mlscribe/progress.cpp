// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

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
    if (is_drawn_) std::fputs("\r\x1b[K", stderr);
}

void progress::at(std::uint64_t done, std::uint64_t total) {
    if (!is_wanted_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + between;
    is_drawn_ = true;
    const std::string text = total == 0 ? fmt::format("\r{} {}\x1b[K", done, what_)
                                        : fmt::format("\r{} of {} {}\x1b[K", done, total, what_);
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

}  // namespace tool
