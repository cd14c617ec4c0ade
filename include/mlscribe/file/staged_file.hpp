// SPDX-License-Identifier: MIT
/// \file A file under a temporary name in the root, which only a finished writer gives its name.
#ifndef MLSCRIBE_FILE_STAGED_FILE_HPP
#define MLSCRIBE_FILE_STAGED_FILE_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/config/host_name.hpp>
#include <mlscribe/config/process_space.hpp>
#include <mlscribe/file/directory.hpp>

#include <signal.h>
#include <stdio.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Temporary names start so; MLflow ignores such files in a run's or an experiment's root, and
/// nowhere else.
inline constexpr std::string_view staged_prefix = ".mlscribe-";

/// Whether the bytes are on the disk (fsync) before the name is.
enum class durability { cached, synced };

/// This host's number, below a million.
inline std::size_t host_number() {
    return std::hash<std::string>{}(host_name()) % 1000000;
}

/// "<prefix><host>": how temporary files of this host are called.
inline std::string staged_host() {
    return std::string(staged_prefix) + std::to_string(host_number());
}

/// "<prefix><host>.<start of the host, container>-": those of processes whose ids this one knows.
/// \param self  this process
inline const std::string& staged_origin(pid_t self = ::getpid()) {
    static kept_by_process<std::string> kept;
    return kept.get(self, [](pid_t process) {
        const process_space& here = process_space::current(process);
        const std::size_t number = std::hash<std::string>{}(here.boot + '+' + here.pid_namespace);
        return staged_host() + '.' + std::to_string(number % 1000000000) + '-';
    });
}

/// "<prefix><host>.<start, container>-<pid>-": what a process of this origin calls its temporary
/// files. \param self  this process
inline std::string staged_owner(pid_t process, pid_t self = ::getpid()) {
    return staged_origin(self) + std::to_string(process) + '-';
}

/// A temporary name of this process that it has not used before: plug-ins and other versions of the
/// library count for themselves, each at another address.
inline std::string staged_name() {
    static std::atomic<std::uint64_t> counter{0};
    const pid_t self = ::getpid();
    return staged_owner(self, self) + std::to_string(reinterpret_cast<std::uintptr_t>(&counter)) +
           '-' + std::to_string(counter.fetch_add(1, std::memory_order_relaxed));
}

/// One file on its way. What is not linked or renamed is removed again.
class staged_file {
  public:
    explicit staged_file(const directory& root) noexcept : root_(root) {}
    staged_file(const staged_file&) = delete;
    staged_file& operator=(const staged_file&) = delete;
    ~staged_file() {
        if (!name_.empty()) root_.remove(name_);
    }

    /// Creates the file with the mode that the umask gives (never 0600: groups read stores) and
    /// these bytes.
    int fill(std::string_view bytes, durability wish) {
        const int failed = open();
        return failed != 0 ? failed : put(bytes, wish);
    }

    /// Writes these bytes into the open file.
    int put(std::string_view bytes, durability wish) {
        std::size_t written = 0;
        if (const int failed = write_all(file_.get(), bytes, written)) return failed;
        return wish == durability::synced && uninterrupted::fsync(file_.get()) != 0 ? errno : 0;
    }

    /// Creates the file, empty.
    int open() {
        for (int attempt = 0; attempt < 100; ++attempt) {
            const int failed = open_as(staged_name());
            if (failed != EEXIST) return failed;
        }
        return EEXIST;
    }
    /// The same under a temporary name that the caller chose. \return EEXIST, too
    int open_as(std::string name) {
        file_ = descriptor(uninterrupted::openat(
            root_.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
        if (!file_) return errno;
        name_ = std::move(name);
        return 0;
    }

    /// Takes a file that is there already by a hard link. \param follow  whether `name` may be a
    /// symbolic link to it
    int link_from(int folder, const std::string& name, bool follow) {
        std::string staged = staged_name();
        const int made = uninterrupted::linkat(folder, name.c_str(), root_.get(), staged.c_str(),
                                               follow ? AT_SYMLINK_FOLLOW : 0);
        // As in link_to(): the name is nobody else's.
        if (made != 0 && errno != EEXIST) return errno;
        name_ = std::move(staged);
        return 0;
    }

    /// Takes the file that has a name, and the name away from it.
    int take(std::string_view relative) {
        directory::place from;
        if (const int failed = root_.locate(relative, missing::fail, from)) return failed;
        std::string staged = staged_name();
        if (uninterrupted::renameat(from.folder, from.leaf.c_str(), root_.get(), staged.c_str()) !=
            0) {
            return errno;
        }
        name_ = std::move(staged);
        return 0;
    }

    int status(struct stat& found) const noexcept { return root_.status(name_, found); }

    /// Removes the file now, and with it what it takes of the disk.
    void discard() noexcept {
        if (!name_.empty()) root_.remove(name_);
        name_.clear();
        file_ = {};
    }

    /// For a forked child, whose parent's file it is, and for what must not be lost.
    void forget() noexcept { name_.clear(); }

    int get() const noexcept { return file_.get(); }
    /// The temporary name, in the root; empty when the file has its own name or is gone.
    const std::string& name() const noexcept { return name_; }

    /// Gives the file its name unless that is taken (EEXIST).
    int link_to(std::string_view relative) {
        if (const int failed = close()) return failed;
        directory::place to;
        if (const int failed = root_.locate(relative, missing::create, to)) return failed;
        if (uninterrupted::linkat(root_.get(), name_.c_str(), to.folder, to.leaf.c_str(), 0) == 0)
            return 0;
        // A network may lose the answer to a link that was made, and ask for it again.
        if (errno == EEXIST) return is_at(to) ? 0 : EEXIST;
        if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
            return errno;
            // File systems without hard links (some FUSE ones) can still rename without replacing.
#if defined(RENAME_NOREPLACE)
        if (uninterrupted::move(root_.get(), name_.c_str(), to.folder, to.leaf.c_str()) != 0) {
            return errno;
        }
        name_.clear();
        return 0;
#else
        return errno;
#endif
    }

    /// Gives the file its name, in place of what had it.
    int rename_to(std::string_view relative) {
        if (const int failed = close()) return failed;
        directory::place to;
        if (const int failed = root_.locate(relative, missing::create, to)) return failed;
        if (uninterrupted::renameat(root_.get(), name_.c_str(), to.folder, to.leaf.c_str()) != 0)
            return errno;
        name_.clear();
        return 0;
    }

  private:
    /// Before it gets its name: what the system could not keep must not be seen under that.
    int close() noexcept {
        return close_written(file_, root_.get(), name_.c_str());
    }

    bool is_at(const directory::place& to) const noexcept {
        struct stat staged {};
        struct stat there {};
        return root_.status(name_, staged) == 0 &&
               uninterrupted::fstatat(to.folder, to.leaf.c_str(), &there, AT_SYMLINK_NOFOLLOW) ==
                   0 &&
               staged.st_dev == there.st_dev && staged.st_ino == there.st_ino;
    }

    const directory& root_;
    descriptor file_;
    std::string name_;
};

/// The id of the process that chose a temporary name; 0 for another name.
inline pid_t staging_process(const std::string& name) {
    const std::size_t host = name.find('-', staged_prefix.size());
    if (host == std::string::npos) return 0;
    return static_cast<pid_t>(std::strtol(name.c_str() + host + 1, nullptr, 10));
}

/// Whether no process that is out of sight can be at what nobody has changed for so long.
/// \param host_runs  for how long the host does whose name it has, in milliseconds as well
inline bool is_left_for_good(std::int64_t unchanged, std::int64_t host_runs) noexcept {
    constexpr std::int64_t day = std::int64_t{24} * 60 * 60 * 1000;
    return unchanged > host_runs && unchanged > day;
}

/// Whether a temporary name in `root` belongs to a process of this host that is dead.
inline bool is_abandoned(const directory& root, const std::string& name) {
    const std::string host = staged_host();
    if (name.compare(0, host.size(), host) != 0) return false;
    const std::string& origin = staged_origin();
    if (name.compare(0, origin.size(), origin) == 0) {
        const pid_t process = staging_process(name);
        return process > 0 && ::kill(process, 0) != 0 && errno == ESRCH;
    }
    // Of an earlier start of the host, another container, another host of its name, or an earlier
    // version: a process id tells nothing.
    const char behind = name[host.size()];
    struct stat found {};
    if ((behind != '.' && behind != '-') || root.status(name, found) != 0) return false;
    const std::int64_t changed = static_cast<std::int64_t>(found.st_ctim.tv_sec) * 1000;
    return is_left_for_good(read_clock(CLOCK_REALTIME) - changed, uptime());
}

/// Removes a directory and all that is in it; links are removed, not followed. What is a thousand
/// folders deep stays.
inline void remove_tree(const directory& parent, const std::string& name) {
    constexpr std::size_t deepest = 1000;
    struct level {
        std::size_t length;              ///< of the path that it is in
        std::vector<std::string> below;  ///< what has to be removed before it
    };
    // Each is opened when it is its turn: descriptors and the stack have an end.
    std::vector<level> open;
    std::string path;
    for (std::string next = name;;) {
        directory folder;
        std::vector<std::string> names;
        open.push_back({path.size(), {}});
        path += (path.empty() ? "" : "/") + next;
        if (open.size() <= deepest && parent.open_below(path, missing::fail, folder) == 0) {
            folder.list(names);
        }
        for (std::string& each : names) {
            if (folder.remove(each) != 0) open.back().below.push_back(std::move(each));
        }
        while (open.back().below.empty()) {
            parent.remove_directory(path);
            path.resize(open.back().length);
            open.pop_back();
            if (open.empty()) return;
        }
        next = std::move(open.back().below.back());
        open.back().below.pop_back();
    }
}

using removal_watcher = std::function<void(const directory&, const std::string&)>;

/// Removes temporary files and directories that a dead process of this host left in `root`.
/// \param before_removal  is shown each of the directories, and its name
inline void remove_abandoned(const directory& root, const removal_watcher& before_removal = {}) {
    std::vector<std::string> names;
    if (root.list(names) != 0) return;
    for (const std::string& name : names) {
        if (!is_abandoned(root, name) || root.remove(name) == 0) continue;
        directory folder;
        if (before_removal && root.open_below(name, missing::fail, folder) == 0) {
            before_removal(folder, name);
        }
        remove_tree(root, name);
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
