// SPDX-License-Identifier: MIT
/// \file How a file begins and ends: whether it is what it was, but for what was appended.
#ifndef MLSCRIBE_SYNC_FILE_EDGES_HPP
#define MLSCRIBE_SYNC_FILE_EDGES_HPP

#include <mlscribe/file/directory.hpp>
#include <mlscribe/layout/md5.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Adds bytes of a file to a digest. \return false where it has fewer
inline bool add_bytes(int file, std::uint64_t begin, std::uint64_t count, md5& digest) {
    std::string buffer(static_cast<std::size_t>((std::min)(count, std::uint64_t{1} << 16)), '\0');
    while (count != 0) {
        const auto wanted =
            static_cast<std::size_t>((std::min)(count, static_cast<std::uint64_t>(buffer.size())));
        std::size_t read = 0;
        if (read_at(file, &buffer[0], wanted, begin, read) != 0 || read != wanted) return false;
        digest.update({buffer.data(), wanted});
        begin += wanted;
        count -= wanted;
    }
    return true;
}

/// The digest of the first and the last kilobyte of a file's first `bytes`. A file that was
/// thinned, cut or mended has others. Empty where there are not so many bytes, or none.
inline std::string edges_of(const directory& folder, const std::string& name, std::uint64_t bytes) {
    descriptor file;
    if (bytes == 0 || !folder || folder.open_file_within(name, O_RDONLY, file) != 0) return {};
    md5 digest;
    const std::uint64_t edge = (std::min)(bytes, std::uint64_t{1024});
    if (!file || !add_bytes(file.get(), 0, edge, digest) ||
        !add_bytes(file.get(), bytes - edge, edge, digest)) {
        return {};
    }
    return digest.finish();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
