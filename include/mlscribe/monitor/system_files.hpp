// SPDX-License-Identifier: MIT
/// \file The kernel's files below a root.
#ifndef MLSCRIBE_MONITOR_SYSTEM_FILES_HPP
#define MLSCRIBE_MONITOR_SYSTEM_FILES_HPP

#include <mlscribe/file/system_file.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class system_files {
  public:
    /// \param root  a folder; what begins with `/` is found below it
    explicit system_files(std::string root) : root_(std::move(root)) {
        while (!root_.empty() && root_.back() == '/') root_.pop_back();
    }

    /// The text of a file as it is now, at most so much of it; "" where it cannot be read. Good
    /// until the next call.
    std::string_view read(std::string_view path, std::size_t most = std::size_t{64} << 10) {
        path_.assign(root_).append(path);
        return read_system_file(path_, text_, most) == 0 ? std::string_view(text_)
                                                         : std::string_view();
    }

    std::string root() const { return root_ + '/'; }

  private:
    std::string root_;
    std::string path_;
    std::string text_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
