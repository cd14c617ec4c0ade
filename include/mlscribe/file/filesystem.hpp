// SPDX-License-Identifier: MIT
/// \file The only include of Boost.Filesystem, which finds and makes the directories of stores.
#ifndef MLSCRIBE_FILE_FILESYSTEM_HPP
#define MLSCRIBE_FILE_FILESYSTEM_HPP

#include <mlscribe/config/config.hpp>

#include <boost/version.hpp>
#if BOOST_VERSION < 107400
#    error \
        "mlscribe needs Boost 1.74 or newer: install libboost-filesystem-dev >= 1.74 or set Boost_ROOT"
#endif
#include <boost/filesystem.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {
namespace filesystem = boost::filesystem;
}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
