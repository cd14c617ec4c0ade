// SPDX-License-Identifier: MIT
/// \file Brings a regular file into a directory tree by copy, link or move; it appears whole.
#ifndef MLSCRIBE_FILE_COPY_HPP
#define MLSCRIBE_FILE_COPY_HPP

#include <mlscribe/file/copy_bytes.hpp>
#include <mlscribe/file/staged_file.hpp>

#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A user's regular file, opened for reading.
struct source_file {
    descriptor opened = {};
    int folder = AT_FDCWD;  ///< where `name` is looked up; the caller keeps it open
    std::string name = {};
    bool linked = false;  ///< whether `name` is a symbolic link to the file
    struct stat status = {};
};

inline bool is_same_file(const struct stat& a, const struct stat& b) noexcept {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Opens what a user named. Devices and FIFOs are not touched: an open would wake a FIFO's writer.
/// \return 0 or errno: EISDIR for a directory, EINVAL for a device, socket or FIFO, and for a name
///         with a NUL
inline int open_source(int folder, std::string name, source_file& source) noexcept {
    const auto regular = [](const struct stat& found) {
        return S_ISDIR(found.st_mode) ? EISDIR : S_ISREG(found.st_mode) ? 0 : EINVAL;
    };
    struct stat found {};
    if (name.find('\0') != name.npos) return EINVAL;
    if (uninterrupted::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    source.linked = S_ISLNK(found.st_mode);
    if (source.linked && uninterrupted::fstatat(folder, name.c_str(), &found, 0) != 0) return errno;
    if (const int refused = regular(found)) return refused;
    source.opened = descriptor(
        uninterrupted::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!source.opened) return errno;
    if (uninterrupted::fstat(source.opened.get(), &source.status) != 0) return errno;
    source.folder = folder;
    source.name = std::move(name);
    return regular(source.status);
}

/// Looks whether `relative` is the source already, by its own name or by another hard link.
/// \return 0 or errno
inline int find_there(const source_file& source, const directory& root, const std::string& relative,
                      bool& there) {
    there = false;
    directory::place to;
    struct stat found {};
    int failed = root.locate(relative, missing::fail, to);
    if (failed == 0 &&
        uninterrupted::fstatat(to.folder, to.leaf.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
        failed = errno;
    }
    if (failed == 0) there = is_same_file(found, source.status);
    return failed == ENOENT ? 0 : failed;
}

/// The same, where it does no harm not to know.
inline bool is_there(const source_file& source, const directory& root,
                     const std::string& relative) {
    bool there = false;
    find_there(source, root, relative, there);
    return there;
}

/// Copies the bytes to `relative`, replacing what stands there. A source that already is its
/// destination stays. \return 0 or errno
inline int copy_file(const source_file& source, const directory& root,
                     const std::string& relative) {
    if (is_there(source, root, relative)) return 0;
    staged_file staged(root);
    if (const int failed = staged.open()) return failed;
    if (const int failed = byte_copy(source.opened.get(), staged.get()).run()) return failed;
    return staged.rename_to(relative);
}

/// Whether the system cannot link a file that it could copy.
inline bool is_link_refusal(int failed) noexcept {
    return failed == EXDEV || failed == EPERM || failed == EACCES || failed == EMLINK ||
           failed == EOPNOTSUPP || failed == ENOSYS || failed == EINVAL;
}

/// Makes `relative` a hard link to the very file that was opened. \return 0 or errno
inline int publish_link(const source_file& source, const directory& root,
                        const std::string& relative) {
    staged_file staged(root);
    if (const int failed = staged.link_from(source.folder, source.name, source.linked)) {
        return failed;
    }
    struct stat linked {};
    if (const int failed = staged.status(linked)) return failed;
    if (!is_same_file(linked, source.status)) return ESTALE;
    return staged.rename_to(relative);
}

/// Links where the file system can, else copies. \return 0 or errno
inline int link_file(const source_file& source, const directory& root,
                     const std::string& relative) {
    if (is_there(source, root, relative)) return 0;
    const int failed = publish_link(source, root, relative);
    return is_link_refusal(failed) ? copy_file(source, root, relative) : failed;
}

/// Whether the name still is the file that was opened, and unchanged since.
inline int check_unchanged(const source_file& source) noexcept {
    struct stat now {};
    if (uninterrupted::fstatat(source.folder, source.name.c_str(), &now, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    const bool same = is_same_file(now, source.status) && now.st_size == source.status.st_size &&
                      now.st_mtim.tv_sec == source.status.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == source.status.st_mtim.tv_nsec;
    return same ? 0 : EBUSY;
}

inline int remove_source(const source_file& source) noexcept {
    if (const int failed = check_unchanged(source)) return failed;
    return uninterrupted::unlinkat(source.folder, source.name.c_str(), 0) == 0 ? 0 : errno;
}

/// Whether the source's name leads to the place `relative`, whatever file is there now.
inline bool is_name_of(const source_file& source, const directory& root,
                       const std::string& relative) {
    directory::place to;
    if (root.locate(relative, missing::fail, to) != 0) return false;
    const std::size_t slash = source.name.rfind('/');
    const std::string parent = slash == std::string::npos ? "." : source.name.substr(0, slash + 1);
    struct stat from {};
    struct stat there {};
    return source.name.substr(slash == std::string::npos ? 0 : slash + 1) == to.leaf &&
           uninterrupted::fstatat(source.folder, parent.c_str(), &from, 0) == 0 &&
           uninterrupted::fstat(to.folder, &there) == 0 && is_same_file(from, there);
}

/// Publishes the file, then removes its old name. What a symbolic link leads to is copied and
/// stays. \param kept  why the source could not be removed, else 0; EBUSY where it changed
/// meanwhile \return 0 or errno
inline int move_file(const source_file& source, const directory& root, const std::string& relative,
                     int& kept) {
    kept = 0;
    if (source.linked) return copy_file(source, root, relative);
    bool there = false;
    if (const int unseen = find_there(source, root, relative, there)) return unseen;
    if (there) {
        const bool linked_twice = source.status.st_nlink > 1;
        if (linked_twice && !is_name_of(source, root, relative)) kept = remove_source(source);
        return 0;
    }
    int failed = publish_link(source, root, relative);
    if (failed != 0 && is_link_refusal(failed) && failed != EXDEV && check_unchanged(source) == 0) {
        // File systems without hard links: one rename, so that no crash can lose the file.
        directory::place to;
        if (root.locate(relative, missing::create, to) == 0 &&
            uninterrupted::renameat(source.folder, source.name.c_str(), to.folder,
                                    to.leaf.c_str()) == 0) {
            return 0;
        }
    }
    if (is_link_refusal(failed)) failed = copy_file(source, root, relative);
    if (failed == 0) kept = remove_source(source);
    return failed;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
