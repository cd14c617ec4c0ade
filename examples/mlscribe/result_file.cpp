// SPDX-License-Identifier: MIT
#include "result_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "json.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

/// A device or a pipe, which is written into: a file in its place would be of no use.
bool is_written_into(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

}  // namespace

void result_file::check() const {
    struct stat found {};
    if (path == "-" || force || ::lstat(path.c_str(), &found) != 0 || is_written_into(path)) return;
    throw failure(exit_code::usage,
                  '"' + path + "\" is there already; --force replaces it, -o names another file");
}

void result_file::write(session& of, std::string_view content) const {
    if (path == "-") return of.out().write(content);
    const bool replaces = !is_written_into(path);
    const std::string written = replaces ? path + '.' + std::to_string(::getpid()) + ".part" : path;
    // A new file, not what somebody's link of that name leads to.
    std::FILE* const out = std::fopen(written.c_str(), replaces ? "wxe" : "we");
    int failed = out == nullptr ? errno : 0;
    if (out != nullptr) {
        if (std::fwrite(content.data(), 1, content.size(), out) != content.size()) failed = errno;
        if (std::fclose(out) != 0 && failed == 0) failed = errno;
        const bool is_moved = replaces && failed == 0;
        if (is_moved && std::rename(written.c_str(), path.c_str()) != 0) failed = errno;
        if (replaces && failed != 0) std::remove(written.c_str());
    }
    if (failed != 0) {
        throw failure(exit_code::unreadable,
                      "cannot write \"" + path + "\": " + std::strerror(failed));
    }
    if (of.json()) {
        of.out().write(json_members()
                           .text("file", path)
                           .raw("file_size", std::to_string(content.size()))
                           .object() +
                       '\n');
    } else {
        of.out().write(of.out().shown(path) + "  " + size_text(content.size()) + '\n');
    }
}

}  // namespace tool
