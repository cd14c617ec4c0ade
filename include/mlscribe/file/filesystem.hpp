// SPDX-License-Identifier: MIT
/// \file The only include of Boost.Filesystem, which finds and makes the directories of stores.
#ifndef MLSCRIBE_FILE_FILESYSTEM_HPP
#define MLSCRIBE_FILE_FILESYSTEM_HPP

#include <mlscribe/file/system_calls.hpp>

#if MLSCRIBE_STD_FILESYSTEM
#    include <filesystem>
#    include <system_error>
#else
#    include <boost/version.hpp>
#    if BOOST_VERSION < 107400
#        error \
            "mlscribe needs Boost 1.74 or newer: install libboost-filesystem-dev >= 1.74, set Boost_ROOT, or compile with MLSCRIBE_STD_FILESYSTEM=1"
#    endif
#    include <boost/filesystem.hpp>
#endif

#include <cerrno>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail::filesystem {

#if MLSCRIBE_STD_FILESYSTEM
using namespace std::filesystem;
using std::error_code;
#else
using namespace boost::filesystem;
using boost::system::error_code;
#endif

}  // namespace detail::filesystem

namespace detail {

/// Makes a directory and those above it that are missing. \return 0 or errno
inline int make_directories(const std::string& path) {
    filesystem::error_code failed;
    retried([&] {
        filesystem::create_directories(path, failed);
        errno = failed.value();
        return failed ? -1 : 0;
    });
    return failed.value();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
