// SPDX-License-Identifier: MIT
/// \file Looks into a file that is about to become part of a model.
#ifndef MLSCRIBE_FLAVOR_CHECKED_FILE_HPP
#define MLSCRIBE_FLAVOR_CHECKED_FILE_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/byte_window.hpp>
#include <mlscribe/file/copy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An opened regular file of the user's.
class checked_file {
  public:
    explicit checked_file(std::string path)
        : path_(std::move(path)),
          unopened_(open_source(AT_FDCWD, path_, source_)),
          window_(source_.opened.get(), unopened_ != 0 ? 0 : size()) {}

    std::uint64_t size() const noexcept {
        return static_cast<std::uint64_t>(source_.status.st_size);
    }

    /// `count` bytes from `offset` on, fewer where the file ends or cannot be read.
    std::string at(std::uint64_t offset, std::uint64_t count) {
        return std::string(window_.at(offset, static_cast<std::size_t>(count)));
    }
    std::string head(std::uint64_t count) { return at(0, count); }
    std::string tail(std::uint64_t count) { return at(size() - (std::min)(count, size()), count); }

    /// Where a text stands first from `begin` on and before `end`, or the file's size.
    /// \cost memory for a piece of the file
    std::uint64_t find(std::string_view text, std::uint64_t begin = 0,
                       std::uint64_t end = UINT64_MAX) {
        constexpr std::uint64_t piece = std::uint64_t{1} << 16;
        end = (std::min)(end, size());
        while (begin < end) {
            const auto count = static_cast<std::size_t>((std::min)(piece, end - begin));
            const std::string_view bytes = window_.at(begin, count);
            const std::size_t found = bytes.find(text);
            if (found != std::string_view::npos) return begin + found;
            if (bytes.size() < piece) break;
            begin += piece - (text.size() - 1);
        }
        return size();
    }
    bool has(std::string_view text) { return find(text) != size(); }

    /// For a reader that goes through it.
    byte_window& window() noexcept { return window_; }

    /// Why not all was read that was asked for.
    error failure() const {
        const int failed = unopened_ != 0 ? unopened_ : window_.failure();
        return failed == 0 ? error{} : system_error("cannot read", path_, failed);
    }

    /// Why it is not taken, by what was found in it or since it cannot be read; none where
    /// `refusal` is empty.
    error problem(const std::string& refusal) const {
        if (error unread = failure()) return unread;
        if (refusal.empty()) return {};
        return {error_code::damaged, 0, '"' + path_ + "\" " + refusal};
    }

  private:
    std::string path_;
    source_file source_;
    int unopened_;
    byte_window window_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
