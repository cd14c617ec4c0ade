// SPDX-License-Identifier: MIT
/// \file An open directory: every path below it is walked by descriptor and never through a link.
#ifndef MLSCRIBE_FILE_DIRECTORY_HPP
#define MLSCRIBE_FILE_DIRECTORY_HPP

#include <mlscribe/file/system_calls.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a file may have that is read whole: a value, meta.yaml; and one that holds data.
inline constexpr std::size_t max_text_bytes = std::size_t{16} << 20;
inline constexpr std::size_t max_data_bytes = std::size_t{1} << 30;

/// Whether the walk to a file's folder makes what is missing.
enum class missing { fail, create };

/// An open directory. It stays the same one when somebody renames or moves it, so a run whose
/// experiment went to `.trash` is written where it is now. All calls give 0 or errno; names are
/// relative, without `..`. \threadsafety any thread
class directory {
  public:
    directory() noexcept = default;
    explicit directory(descriptor opened) noexcept : opened_(std::move(opened)) {}

    int get() const noexcept { return opened_.get(); }
    explicit operator bool() const noexcept { return static_cast<bool>(opened_); }

    /// Opens the directory that a user named; here links are followed, below it never.
    /// \return EINVAL for a path with a NUL, behind which the system would not look
    static int open(const std::string& path, directory& result) noexcept {
        if (path.find('\0') != path.npos) return EINVAL;
        return take(
            uninterrupted::openat(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
            result);
    }

    /// Opens (and with missing::create makes) the directory `relative`, one component at a time.
    int open_below(std::string_view relative, missing policy, directory& result) const {
        if (relative.empty()) return open_child(get(), ".", result);
        directory here;
        while (!relative.empty()) {
            const int parent = here ? here.get() : get();
            const std::size_t slash = relative.find('/');
            const std::string name(relative.substr(0, slash));
            relative = slash == std::string_view::npos ? "" : relative.substr(slash + 1);
            directory child;
            int failed = open_child(parent, name, child);
            if (failed == ENOENT && policy == missing::create) {
                if (uninterrupted::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST)
                    return errno;
                failed = open_child(parent, name, child);
            }
            if (failed != 0) return failed;
            here = std::move(child);
        }
        result = std::move(here);
        return 0;
    }

    /// Makes a directory that must not exist yet. EEXIST is the caller's to judge.
    int make(const std::string& name) const noexcept {
        return uninterrupted::mkdirat(get(), name.c_str(), 0777) == 0 ? 0 : errno;
    }

    /// Whether `relative` is the same directory or file as `path` elsewhere.
    bool is_at(const std::string& relative, const std::string& path) const noexcept {
        struct stat here {};
        struct stat there {};
        return uninterrupted::fstatat(get(), relative.c_str(), &here, 0) == 0 &&
               uninterrupted::stat(path.c_str(), &there) == 0 && here.st_dev == there.st_dev &&
               here.st_ino == there.st_ino;
    }

    /// Opens the directory `name`, which may be a link: somebody moved an experiment to another
    /// disk. As the kernel's protected_symlinks has it, the link is this user's, the superuser's or
    /// of who owns this directory. \return EPERM for one that somebody else planted
    int open_linked(const std::string& name, directory& child) const noexcept {
        const int failed = open_child(get(), name, child);
        if (failed != ENOTDIR && failed != ELOOP) return failed;
        const descriptor link(
            uninterrupted::openat(get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        struct stat planted {};
        struct stat here {};
        if (!link || uninterrupted::fstat(link.get(), &planted) != 0 ||
            uninterrupted::fstat(get(), &here) != 0)
            return errno;
        if (!S_ISLNK(planted.st_mode)) return failed;
        const uid_t owner = planted.st_uid;
        if (owner != 0 && owner != ::geteuid() && owner != here.st_uid) return EPERM;
        // Of the link that was looked at, whatever has its name now.
        char target[PATH_MAX];
        const ssize_t size = uninterrupted::readlinkat(link.get(), "", target, sizeof target - 1);
        if (size < 0) return errno;
        target[size] = '\0';
        return take(uninterrupted::openat(get(), target, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                    child);
    }

    /// Opens the directory `name` whoever made a link of it: a part of what a user named.
    int open_followed(const std::string& name, directory& child) const noexcept {
        return take(uninterrupted::openat(get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                    child);
    }

    /// Moves a directory whose new name must not exist, not even as an empty directory: another
    /// program may be about to fill that.
    int move(const std::string& from, const directory& target, const std::string& to) const {
        place old;
        place fresh;
        int failed = locate(from, missing::fail, old);
        if (failed == 0) failed = target.locate(to, missing::fail, fresh);
        if (failed != 0) return failed;
#if defined(RENAME_NOREPLACE)
        if (uninterrupted::move(old.folder, old.leaf.c_str(), fresh.folder, fresh.leaf.c_str()) ==
            0) {
            return 0;
        }
        // Not every file system can.
        if (errno != EINVAL && errno != ENOSYS) return errno;
#endif
        struct stat taken {};
        if (target.status(to, taken) == 0) return EEXIST;
        return uninterrupted::renameat(old.folder, old.leaf.c_str(), fresh.folder,
                                       fresh.leaf.c_str()) == 0
                   ? 0
                   : errno;
    }

    /// What stands at `relative`; a link is seen as a link.
    int status(const std::string& relative, struct stat& found) const noexcept {
        return uninterrupted::fstatat(get(), relative.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0
                   ? 0
                   : errno;
    }

    enum class entry { file, folder, link };

    /// What stands in this directory or in `child` of it, `.` and `..` left out, in no order,
    /// handed to `sink(std::string name, entry kind)`.
    template <class Sink>
    int for_each_kind(const std::string& child, Sink&& sink) const {
        directory again;
        if (const int failed = open_child(get(), child, again)) return failed;
        const int number = again.get();
        std::unique_ptr<DIR, int (*)(DIR*)> stream(nullptr, ::closedir);
        retried([&] {
            stream.reset(::fdopendir(number));
            return stream ? 0 : -1;
        });
        if (!stream) return errno;
        again.opened_.release();
        interruptions signals;
        const auto next = [&stream, &signals] {
            const dirent* found = nullptr;
            do {
                errno = 0;
                found = ::readdir(stream.get());
            } while (signals.repeats(found == nullptr && errno != 0 ? -1 : 0));
            return found;
        };
        while (const dirent* found = next()) {
            std::string name = found->d_name;
            if (name == "." || name == "..") continue;
            entry kind = found->d_type == DT_DIR   ? entry::folder
                         : found->d_type == DT_LNK ? entry::link
                                                   : entry::file;
            struct stat seen {};
            // Some file systems do not say what it is.
            if (found->d_type == DT_UNKNOWN &&
                uninterrupted::fstatat(number, found->d_name, &seen, AT_SYMLINK_NOFOLLOW) == 0) {
                if (S_ISDIR(seen.st_mode)) kind = entry::folder;
                if (S_ISLNK(seen.st_mode)) kind = entry::link;
            }
            sink(std::move(name), kind);
        }
        return errno;
    }
    /// The same as `sink(std::string name, bool is_directory)`. A link is no directory.
    template <class Sink>
    int for_each_entry(const std::string& child, Sink&& sink) const {
        return for_each_kind(child, [&sink](std::string name, entry kind) {
            sink(std::move(name), kind == entry::folder);
        });
    }

    /// The names in this directory, `.` and `..` left out, in no order.
    int list(std::vector<std::string>& names) const {
        return for_each_entry(
            ".", [&names](std::string name, bool) { names.push_back(std::move(name)); });
    }

    /// Has the names in this directory reach the disk, where its file system can do that.
    int synchronise() const noexcept {
        return uninterrupted::fsync(get()) == 0 || errno == EINVAL ? 0 : errno;
    }

    int remove_directory(const std::string& relative) const {
        return unlink(relative, AT_REMOVEDIR);
    }
    int remove(const std::string& relative) const {
        return unlink(relative, 0);
    }

    /// Reads a whole regular file of at most `limit` bytes (EFBIG beyond).
    int read(std::string_view relative, std::string& bytes,
             std::size_t limit = max_text_bytes) const {
        descriptor file;
        const int failed = open_file(relative, O_RDONLY, file);
        return failed != 0 ? failed : read_opened(file, bytes, limit);
    }

    /// The same for a file of `child`, which may be a link to a directory.
    int read_linked(const std::string& child, std::string_view name, std::string& bytes,
                    std::size_t limit = max_text_bytes) const {
        const std::string path = child + '/' + std::string(name);
        const descriptor file(uninterrupted::openat(get(), path.c_str(), O_RDONLY | safe_flags));
        return file ? read_opened(file, bytes, limit) : errno;
    }

    /// Opens a file below; the folders are walked without following links, nor is the file one.
    int open_file(std::string_view relative, int flags, descriptor& file) const {
        place found;
        if (const int failed = locate(relative, missing::fail, found)) return failed;
        file = descriptor(
            uninterrupted::openat(found.folder, found.leaf.c_str(), flags | safe_flags, 0666));
        return file ? 0 : errno;
    }

    /// As open_file(), but follows a link to another file below the folder that it stands in.
    /// \return EXDEV for one that leads elsewhere
    int open_file_within(std::string_view relative, int flags, descriptor& file) const {
        place found;
        if (const int failed = locate(relative, missing::fail, found)) return failed;
        file =
            descriptor(uninterrupted::openat(found.folder, found.leaf.c_str(), flags | safe_flags));
        if (file || errno != ELOOP) return file ? 0 : errno;
        char target[PATH_MAX];
        const ssize_t size =
            uninterrupted::readlinkat(found.folder, found.leaf.c_str(), target, sizeof target);
        if (size < 0) return errno;
        const std::string to(target, static_cast<std::size_t>(size));
        if (to.front() == '/' || ('/' + to + '/').find("/../") != std::string::npos) return EXDEV;
        const std::size_t slash = relative.rfind('/');
        const std::size_t folder = slash == std::string_view::npos ? 0 : slash + 1;
        return open_file(std::string(relative.substr(0, folder)) + to, flags, file);
    }

    /// The folder and the last name of a path below this directory.
    struct place {
        int folder = -1;  ///< open as long as the place and this directory live
        std::string leaf;
        descriptor kept = {};
    };

    int locate(std::string_view relative, missing policy, place& found) const {
        const std::size_t slash = relative.rfind('/');
        const bool here = slash == std::string_view::npos;
        found.leaf = relative.substr(here ? 0 : slash + 1);
        if (found.leaf.empty() || relative.find('\0') != relative.npos) return EINVAL;
        found.folder = get();
        if (here) return 0;
        directory folder;
        const int failed = open_below(relative.substr(0, slash), policy, folder);
        found.kept = std::move(folder.opened_);
        found.folder = found.kept.get();
        return failed;
    }

  private:
    /// A link is not followed, a device or pipe is not waited for.
    static constexpr int safe_flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

    static int read_opened(const descriptor& file, std::string& bytes, std::size_t limit) {
        struct stat found {};
        if (uninterrupted::fstat(file.get(), &found) != 0) return errno;
        if (!S_ISREG(found.st_mode)) return EISDIR;
        if (static_cast<std::size_t>(found.st_size) > limit) return EFBIG;
        const auto expected = static_cast<std::size_t>(found.st_size);
        // One byte more: to see whether it grows while it is read.
        bytes.resize(expected + 1);
        std::size_t filled = 0;
        interruptions signals;
        while (true) {
            if (filled == bytes.size()) bytes.resize(bytes.size() + 512);
            const ssize_t count = ::read(file.get(), &bytes[filled], bytes.size() - filled);
            if (signals.repeats(count)) continue;
            if (count < 0) return errno;
            filled += static_cast<std::size_t>(count);
            if (filled > limit) return EFBIG;
            if (count == 0 || (filled == expected && expected != 0)) break;
        }
        bytes.resize(filled);
        return 0;
    }

    int unlink(const std::string& relative, int flags) const {
        if (relative.find('/') == std::string::npos) {
            return uninterrupted::unlinkat(get(), relative.c_str(), flags) == 0 ? 0 : errno;
        }
        place found;
        if (const int failed = locate(relative, missing::fail, found)) return failed;
        return uninterrupted::unlinkat(found.folder, found.leaf.c_str(), flags) == 0 ? 0 : errno;
    }

    static int open_child(int parent, const std::string& name, directory& child) noexcept {
        return take(uninterrupted::openat(parent, name.c_str(),
                                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                    child);
    }

    static int take(int number, directory& result) noexcept {
        if (number < 0) return errno;
        result = directory(descriptor(number));
        return 0;
    }

    descriptor opened_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
