// SPDX-License-Identifier: MIT
/// \file How far a long work is, on a terminal.
#ifndef MLSCRIBE_TOOL_PROGRESS_HPP
#define MLSCRIBE_TOOL_PROGRESS_HPP

#include <chrono>
#include <cstdint>
#include <string>

namespace tool {

/// A line on stderr that is drawn again and again, and is gone in the end; nothing where stderr is
/// no terminal, and nothing in the first half second.
class progress {
  public:
    /// \param what  for example "runs"
    explicit progress(std::string what);
    ~progress();
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    /// \param total  0: not known
    void at(std::uint64_t done, std::uint64_t total = 0);
    /// The same with a text of one's own, of ASCII, which is cut to the terminal's width.
    void show(const std::string& text);
    /// Before a line of another kind.
    void clear();

  private:
    std::string what_;
    bool is_wanted_;
    bool is_drawn_ = false;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace tool

#endif
