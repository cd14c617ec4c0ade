// SPDX-License-Identifier: MIT
/// \file Finds a git repository and reads, without starting git, which commit is checked out.
#ifndef MLSCRIBE_TAG_GIT_REPOSITORY_HPP
#define MLSCRIBE_TAG_GIT_REPOSITORY_HPP

#include <mlscribe/file/descriptor.hpp>
#include <mlscribe/tag/git_config.hpp>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads a regular file, which may be reached through links as git allows it, of at most `limit`
/// bytes. \return 0 or errno; EFBIG beyond the limit, EISDIR for what is no file
inline int read_linked_file(const std::string& path, std::size_t limit, std::string& bytes,
                            struct stat* status = nullptr) {
    struct stat found {};
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file || ::fstat(file.get(), &found) != 0) return errno;
    if (!S_ISREG(found.st_mode)) return EISDIR;
    if (static_cast<std::size_t>(found.st_size) > limit) return EFBIG;
    if (status != nullptr) *status = found;
    bytes.resize(static_cast<std::size_t>(found.st_size));
    std::size_t filled = 0;
    const int failed = read_at(file.get(), &bytes[0], bytes.size(), 0, filled);
    bytes.resize(filled);
    return failed;
}

inline bool is_folder(const std::string& path) noexcept {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

inline bool same_file(const std::string& one, const std::string& other) noexcept {
    struct stat first {};
    struct stat second {};
    return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/// The path without links and dots, or "".
inline std::string real_path(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> found(::realpath(path.c_str(), nullptr), ::free);
    return found ? std::string(found.get()) : std::string();
}

/// git's rule for names of refs; such a name stays below the folder that it is looked up in.
inline bool is_ref_name(std::string_view name) noexcept {
    if (name.substr(0, 5) != "refs/" || name.back() == '/' || name.back() == '.') return false;
    char before = '/';
    for (const char c : name) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
        if (std::string_view("~^:?*[\\").find(c) != std::string_view::npos) return false;
        if ((before == '/' || before == '.') && c == '.') return false;
        if ((before == '/' && c == '/') || (before == '@' && c == '{')) return false;
        before = c;
    }
    return name.find(".lock/") == std::string_view::npos &&
           (name.size() < 5 || name.substr(name.size() - 5) != ".lock");
}

/// One repository as it is checked out. Everything that is in doubt is empty: a tag is left out
/// rather than wrong.
struct git_repository {
    std::string work_tree;  ///< the folder that has `.git`
    std::string folder;     ///< HEAD and index: `.git`, or a work tree's or a submodule's own
    std::string common;     ///< config, refs and objects, which work trees share
    git_config config;
    std::size_t hex_digits = 40;  ///< of a commit; 64 in a SHA-256 repository
    std::string commit;           ///< hex; empty on a branch without one, or where damaged
    std::string branch;           ///< empty where HEAD is detached

    /// \return whether `text` is a commit's name, alone on its line
    bool is_commit(std::string_view text) const noexcept {
        return text.size() == hex_digits &&
               text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
               text.find_first_not_of('0') != std::string_view::npos;
    }

    /// The URL of the branch's remote, else of `origin`, else the first one, as MLflow takes it.
    std::string url() const {
        const std::string* remote =
            branch.empty() ? nullptr : config.find("branch", branch, "remote");
        for (const std::string& name :
             {remote == nullptr ? std::string() : *remote, std::string("origin")}) {
            for (const git_setting& each : config.settings()) {
                if (each.section == "remote" && each.subsection == name && each.key == "url") {
                    return public_url(each.value);
                }
            }
        }
        for (const git_setting& each : config.settings()) {
            if (each.section == "remote" && each.key == "url") return public_url(each.value);
        }
        return {};
    }
};

/// Reads HEAD and what it names.
class git_head_reader {
  public:
    explicit git_head_reader(git_repository& repository) noexcept : repository_(repository) {}

    /// Sets commit and branch, or leaves them empty.
    void read() {
        std::string ref = link_of_head();
        if (ref.empty()) {
            std::string text;
            if (read_linked_file(repository_.folder + "/HEAD", most_, text) != 0) return;
            if (!take_ref(text, ref)) return;
        }
        for (int depth = 0; depth < 5; ++depth) {
            // A branch that is another's alias is named after the other, as `git branch` does.
            if (ref.empty() || !is_ref_name(ref)) return;
            repository_.branch = ref.substr(0, 11) == "refs/heads/" ? ref.substr(11) : "";
            std::string text;
            const int failed = read_linked_file(place_of(ref) + '/' + ref, most_, text);
            if (failed == ENOENT || failed == ENOTDIR || failed == EISDIR) {
                find_packed(ref);
                return;
            }
            if (failed != 0 || !take_ref(text, ref)) return;
        }
    }

  private:
    static constexpr std::size_t most_ = 4096;

    /// Old versions of git made HEAD a symbolic link.
    std::string link_of_head() const {
        char target[most_];
        const ssize_t size =
            ::readlink((repository_.folder + "/HEAD").c_str(), target, sizeof target);
        const std::string_view text(target, size < 0 ? 0 : static_cast<std::size_t>(size));
        return text.substr(0, 5) == "refs/" ? std::string(text) : std::string();
    }

    /// Takes "ref: <name>" or a commit. \return whether it was the former
    bool take_ref(std::string_view text, std::string& ref) {
        while (!text.empty() &&
               std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos) {
            text.remove_suffix(1);
        }
        if (text.substr(0, 4) == "ref:") {
            text.remove_prefix(4);
            while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
                text.remove_prefix(1);
            }
            ref = text;
            return true;
        }
        if (repository_.is_commit(text)) repository_.commit = text;
        return false;
    }

    const std::string& place_of(std::string_view ref) const noexcept {
        for (const std::string_view own : {"refs/bisect/", "refs/worktree/", "refs/rewritten/"}) {
            if (ref.substr(0, own.size()) == own) return repository_.folder;
        }
        return repository_.common;
    }

    void find_packed(const std::string& ref) {
        std::string packed;
        constexpr std::size_t largest = std::size_t{16} << 20;
        if (read_linked_file(repository_.common + "/packed-refs", largest, packed) != 0) return;
        const std::string wanted = ' ' + ref + '\n';
        std::size_t found = packed.find(wanted);
        for (; found != std::string::npos; found = packed.find(wanted, found + 1)) {
            const std::size_t begin = found - (std::min)(found, repository_.hex_digits);
            const std::string_view name = std::string_view(packed).substr(begin, found - begin);
            if ((begin == 0 || packed[begin - 1] == '\n') && repository_.is_commit(name)) {
                repository_.commit = name;
                return;
            }
        }
    }

    git_repository& repository_;
};

/// What `.git` is: a folder, or a file that names one, as in submodules and further work trees.
inline std::string git_folder(const std::string& work_tree) {
    const std::string path = work_tree + "/.git";
    if (is_folder(path)) return path;
    std::string text;
    if (read_linked_file(path, PATH_MAX + 16, text) != 0) return {};
    if (text.substr(0, 8) != "gitdir: ") return {};
    const std::size_t end = text.find_last_not_of("\r\n");
    text = text.substr(8, end < 8 ? 0 : end - 7);
    if (text.empty() || text.find('\0') != std::string::npos) return {};
    return text.front() == '/' ? text : work_tree + '/' + text;
}

/// Whether this library knows how the repository is kept; git refuses the others as well.
inline bool is_known_format(git_repository& repository) {
    const std::string* const version =
        repository.config.find("core", "", "repositoryformatversion");
    if (version == nullptr || *version == "0") return true;
    if (*version != "1") return false;
    for (const git_setting& each : repository.config.settings()) {
        if (each.section != "extensions") continue;
        if (each.key == "objectformat") {
            if (each.value != "sha1" && each.value != "sha256") return false;
            repository.hex_digits = each.value == "sha1" ? 40 : 64;
        } else if (each.key == "refstorage") {
            if (each.value != "files") return false;
        } else if (each.key != "noop" && each.key != "preciousobjects" &&
                   each.key != "partialclone" && each.key != "worktreeconfig" &&
                   each.key != "relativeworktrees" && each.key != "compatobjectformat") {
            return false;
        }
    }
    return true;
}

/// Reads the repository whose `.git` is in `work_tree`.
/// \return false where it is damaged or of an unknown format
inline bool open_git_repository(const std::string& work_tree, git_repository& repository) {
    repository.work_tree = work_tree;
    repository.folder = git_folder(work_tree);
    if (repository.folder.empty()) return false;
    std::string text;
    repository.common = repository.folder;
    const int failed = read_linked_file(repository.folder + "/commondir", PATH_MAX, text);
    if (failed == 0) {
        text.resize(text.find_last_not_of("\r\n") + 1);
        if (text.empty() || text.find('\0') != std::string::npos) return false;
        repository.common = text.front() == '/' ? text : repository.folder + '/' + text;
    } else if (failed != ENOENT) {
        return false;
    }
    if (!is_folder(repository.common + "/objects") || !is_folder(repository.common + "/refs")) {
        return false;
    }
    const int unread = read_linked_file(repository.common + "/config", std::size_t{1} << 20, text);
    if (unread != 0 && unread != ENOENT) return false;
    if (unread == 0 && !repository.config.parse(text)) return false;
    if (!is_known_format(repository)) return false;
    git_head_reader(repository).read();
    return true;
}

/// Finds the repository that `start` lies in, going up as git does: to the first `.git`, and not
/// beyond the file system. A damaged `.git` ends the search: one further up is another project's.
/// git's variables (GIT_DIR and others) are not looked at.
/// \return false where there is none, or none that can be read
inline bool find_git_repository(const std::string& start, git_repository& repository) {
    std::string folder = real_path(start);
    struct stat first {};
    if (folder.empty() || ::stat(folder.c_str(), &first) != 0) return false;
    while (true) {
        struct stat found {};
        const std::string here = folder == "/" ? "" : folder;
        if (::lstat((here + "/.git").c_str(), &found) == 0) {
            return open_git_repository(folder, repository);
        }
        if (here.empty()) return false;
        folder.resize(folder.rfind('/'));
        if (folder.empty()) folder = "/";
        if (::stat(folder.c_str(), &found) != 0 || found.st_dev != first.st_dev) return false;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
