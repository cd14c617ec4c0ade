// SPDX-License-Identifier: MIT
/// \file How files come below `artifacts/`, and which ones of a directory.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_OPTIONS_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_OPTIONS_HPP

#include <mlscribe/config/config.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// How a file becomes an artifact.
enum class transfer {
    /// The blocks are shared where the file system can (reflink), else copied; holes stay holes.
    copy,
    /// The artifact is the same file: no byte is copied, and what is later written into the source
    /// is seen in the artifact. It keeps its owner and mode. Copied where it cannot be linked.
    hard_link,
    /// The source is removed once the artifact is there. What symbolic links lead to is copied and
    /// stays.
    move,
};

/// What symbolic links in a directory stand for.
enum class symlinks {
    /// What they lead to, directories too; a link back to a folder that it lies in is reported.
    follow,
    follow_files,  ///< links to directories are left out
    skip,          ///< all links are left out
};

/// For `run.log_artifact` (the transfer) and `run.log_artifacts` (all of it).
struct artifact_options {
    transfer mode = transfer::copy;
    symlinks links = symlinks::follow;
    bool hidden = true;  ///< files and folders whose name begins with '.'
    /// Shell pattern of the files that are taken, such as "*.svg"; empty for all. One with a '/' is
    /// matched with the path below the directory. In every locale `?` and `[...]` are for one byte.
    std::string only = {};
    /// Shell pattern of the files and folders that are left out; empty for none.
    std::string except = {};
};

MLSCRIBE_NAMESPACE_END

#endif
