// SPDX-License-Identifier: MIT
/// \file Writes small pieces in large writes.
#ifndef MLSCRIBE_DOCTOR_GATHERED_BYTES_HPP
#define MLSCRIBE_DOCTOR_GATHERED_BYTES_HPP

#include <mlscribe/file/descriptor.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Gathers what is to be written into large writes.
class gathered_bytes {
  public:
    void open(int file) noexcept { file_ = file; }
    void add(std::string_view bytes) {
        waiting_ += bytes;
        if (waiting_.size() >= std::size_t{1} << 20) flush();
    }
    /// Copies a piece of another file.
    void add_piece(const descriptor& from, std::uint64_t offset, std::uint64_t size) {
        std::string bytes;
        interruptions signals;
        while (size != 0 && failed_ == 0) {
            bytes.resize(static_cast<std::size_t>((std::min)(size, std::uint64_t{1} << 20)));
            const ssize_t count =
                ::pread(from.get(), &bytes[0], bytes.size(), static_cast<off_t>(offset));
            if (signals.repeats(count)) continue;
            if (count <= 0) failed_ = count < 0 ? errno : EAGAIN;
            if (count <= 0) return;
            add(std::string_view(bytes).substr(0, static_cast<std::size_t>(count)));
            offset += static_cast<std::uint64_t>(count);
            size -= static_cast<std::uint64_t>(count);
        }
    }
    /// \return 0 or errno of anything so far
    int flush() {
        std::size_t written = 0;
        if (failed_ == 0 && !waiting_.empty()) failed_ = write_all(file_, waiting_, written);
        waiting_.clear();
        return failed_;
    }

  private:
    int file_ = -1;
    int failed_ = 0;
    std::string waiting_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
