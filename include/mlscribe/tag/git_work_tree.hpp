// SPDX-License-Identifier: MIT
/// \file Whether the files of a work tree are those of its commit, as `git status` sees it.
#ifndef MLSCRIBE_TAG_GIT_WORK_TREE_HPP
#define MLSCRIBE_TAG_GIT_WORK_TREE_HPP

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/tag/git_attributes.hpp>
#include <mlscribe/tag/git_commit.hpp>
#include <mlscribe/tag/git_index.hpp>
#include <mlscribe/tag/git_repository.hpp>

#include <limits.h>
#include <time.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

enum class git_state { clean, dirty, unknown };

/// How much a look at a work tree may cost. It is checked between two files: what it cannot cut
/// short is one system call of a file system that hangs.
struct git_budget {
    std::int64_t nanoseconds = 100'000'000;  ///< of the whole look
    std::size_t largest_index = std::size_t{16} << 20;
    std::uint64_t hashed_bytes = std::uint64_t{64} << 20;  ///< of files read again

    static std::int64_t now() noexcept {
        timespec time{};
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    }
};

/// Compares a work tree with its index and the index with HEAD's tree.
class git_work_tree {
  public:
    /// \param repository with a commit, of SHA-1
    git_work_tree(const git_repository& repository, git_budget& budget, std::int64_t deadline,
                  int depth = 0) noexcept
        : repository_(repository), budget_(budget), deadline_(deadline), depth_(depth) {}

    /// Untracked files do not count. What cannot be told within the budget, or hangs on settings
    /// that this does not follow, is unknown; one change that is sure makes it dirty all the same.
    git_state state() {
        if (!is_readable()) return git_state::unknown;
        std::string bytes;
        const int failed = read_linked_file(repository_.folder + "/index", budget_.largest_index,
                                            bytes, &index_status_);
        if (failed != 0 && failed != ENOENT) return git_state::unknown;
        // `git clone --no-checkout` makes no index: every file counts as deleted.
        if (failed == 0 && !git_index_parser(bytes).parse(entries_)) return git_state::unknown;
        for (const git_index_entry& entry : entries_) {
            if (entry.unmerged || entry.intended) return git_state::dirty;
        }
        const git_state staged = compare_head();
        if (staged == git_state::dirty) return staged;
        bool unknown = staged == git_state::unknown;
        // The cheap looks first: most changes show in a size.
        std::vector<const git_index_entry*> unsure;
        for (const git_index_entry& entry : entries_) {
            if (git_budget::now() > deadline_) return git_state::unknown;
            switch (compare_status(entry)) {
                case look::same:
                    break;
                case look::changed:
                    return git_state::dirty;
                case look::read_again:
                    unsure.push_back(&entry);
                    break;
                case look::unknown:
                    unknown = true;
                    break;
            }
        }
        for (const git_index_entry* entry : unsure) {
            if (git_budget::now() > deadline_) return git_state::unknown;
            const git_state found =
                entry->mode == 0160000 ? compare_submodule(*entry) : compare_content(*entry);
            if (found == git_state::dirty) return found;
            unknown = unknown || found == git_state::unknown;
        }
        return unknown ? git_state::unknown : git_state::clean;
    }

  private:
    enum class look { same, changed, read_again, unknown };

    bool is_readable() const {
        const git_config& config = repository_.config;
        if (repository_.hex_digits != 40 || repository_.commit.empty() || depth_ > 4) return false;
        if (config.flag("core", "bare", false) && repository_.folder == repository_.common) {
            return false;
        }
        const std::string* const elsewhere = config.find("core", "", "worktree");
        if (elsewhere == nullptr || repository_.folder != repository_.common) return true;
        return same_file(
            elsewhere->substr(0, 1) == "/" ? *elsewhere : repository_.folder + '/' + *elsewhere,
            repository_.work_tree);
    }

    git_state compare_head() {
        const std::string tree =
            git_commit_reader(repository_.common + "/objects", repository_.commit).tree();
        const std::string staged = git_index_tree(entries_).name();
        if (tree.empty() || staged.empty()) return git_state::unknown;
        return tree == staged ? git_state::clean : git_state::dirty;
    }

    std::string path_of(const git_index_entry& entry) const {
        return repository_.work_tree + '/' + entry.path;
    }

    look compare_status(const git_index_entry& entry) {
        if (entry.trusted || entry.skipped || entry.mode == 0040000) return look::same;
        if (!folder_is_real(entry.path)) return look::changed;
        struct stat found {};
        if (::lstat(path_of(entry).c_str(), &found) != 0) {
            return errno == ENOENT || errno == ENOTDIR ? look::changed : look::unknown;
        }
        if (entry.mode == 0160000) {
            return S_ISDIR(found.st_mode) ? look::read_again : look::changed;
        }
        if (entry.mode == 0120000) {
            // Without symbolic links git writes a file that holds the target.
            if (S_ISREG(found.st_mode) && !repository_.config.flag("core", "symlinks", true)) {
                return look::unknown;
            }
            if (!S_ISLNK(found.st_mode)) return look::changed;
        } else {
            if (!S_ISREG(found.st_mode)) return look::changed;
            const bool runs = (found.st_mode & S_IXUSR) != 0;
            if (runs != (entry.mode == 0100755) &&
                repository_.config.flag("core", "filemode", true)) {
                return look::changed;
            }
        }
        const std::uint32_t size = static_cast<std::uint32_t>(found.st_size & 0xffffffff);
        if (entry.size != 0 && entry.size != size) return look::changed;
        const bool same = entry.size == size && is_time(entry.modified, found.st_mtim) &&
                          is_time(entry.changed, found.st_ctim) &&
                          entry.inode == static_cast<std::uint32_t>(found.st_ino & 0xffffffff);
        return same && !is_racy(entry) ? look::same : look::read_again;
    }

    static bool is_time(const std::uint32_t (&known)[2], const timespec& found) noexcept {
        return known[0] == static_cast<std::uint32_t>(found.tv_sec & 0xffffffff) &&
               (known[1] == 0 || known[1] == static_cast<std::uint32_t>(found.tv_nsec));
    }

    /// git's "racily clean": a file that is as young as the index may have changed since within
    /// one tick of the clock.
    bool is_racy(const git_index_entry& entry) const noexcept {
        const auto seconds = static_cast<std::uint32_t>(index_status_.st_mtim.tv_sec & 0xffffffff);
        const auto fraction = static_cast<std::uint32_t>(index_status_.st_mtim.tv_nsec);
        if (entry.modified[0] != seconds) return entry.modified[0] > seconds;
        return entry.modified[1] == 0 || fraction == 0 || entry.modified[1] >= fraction;
    }

    /// Whether the folders of a path are folders: git does not follow links to files it tracks.
    bool folder_is_real(const std::string& path) {
        const std::size_t last = path.rfind('/');
        if (last == std::string::npos) return true;
        const std::string_view folder = std::string_view(path).substr(0, last);
        if (folder == real_folder_) return true;
        for (std::size_t slash = path.find('/');; slash = path.find('/', slash + 1)) {
            const std::string part = path.substr(0, slash);
            const bool known = real_folder_.compare(0, slash, part) == 0 &&
                               (real_folder_.size() == slash ||
                                (real_folder_.size() > slash && real_folder_[slash] == '/'));
            struct stat found {};
            if (!known && ::lstat((repository_.work_tree + '/' + part).c_str(), &found) == 0 &&
                !S_ISDIR(found.st_mode)) {
                return false;
            }
            if (slash == last) break;
        }
        real_folder_ = folder;
        return true;
    }

    git_state compare_content(const git_index_entry& entry) {
        std::string content;
        if (entry.mode == 0120000) {
            char target[PATH_MAX];
            const ssize_t size = ::readlink(path_of(entry).c_str(), target, sizeof target);
            if (size < 0) return git_state::unknown;
            content.assign(target, static_cast<std::size_t>(size));
        } else {
            if (entry.size > budget_.hashed_bytes) return git_state::unknown;
            const auto most = static_cast<std::size_t>(budget_.hashed_bytes);
            if (read_linked_file(path_of(entry), most, content) != 0) return git_state::unknown;
            budget_.hashed_bytes -= content.size();
        }
        std::string name;
        if (!name_of(content, name)) return git_state::unknown;
        if (name == entry.name) return git_state::clean;
        if (entry.mode == 0120000) return git_state::dirty;
        // git may keep other bytes than the file's: line ends, and what filters make of it.
        std::string unix_ends;
        for (std::size_t i = 0; i < content.size(); ++i) {
            if (content[i] != '\r' || i + 1 == content.size() || content[i + 1] != '\n') {
                unix_ends += content[i];
            }
        }
        if (unix_ends.size() != content.size()) {
            if (!name_of(unix_ends, name)) return git_state::unknown;
            if (name == entry.name) {
                return entry.size == 0 ? git_state::unknown : git_state::clean;
            }
        }
        return is_filtered(entry.path) ? git_state::unknown : git_state::dirty;
    }

    bool name_of(std::string_view content, std::string& name) const {
        sha1 hash;
        hash.update("blob " + std::to_string(content.size()));
        hash.update(std::string_view("\0", 1));
        while (!content.empty()) {
            if (git_budget::now() > deadline_) return false;
            const std::string_view part = content.substr(0, 65536);
            hash.update(part);
            content.remove_prefix(part.size());
        }
        name = hash.finish();
        return true;
    }

    /// Whether an attribute may say that git keeps something else than this file's bytes.
    bool is_filtered(const std::string& path) {
        if (!attributes_read_) read_attributes();
        return attributes_.may_filter(path);
    }

    void read_attributes() {
        attributes_read_ = true;
        for (const git_index_entry& entry : entries_) {
            if (git_budget::now() > deadline_) {
                attributes_.assume_all();
                break;
            }
            const std::string_view name = entry.path;
            const std::size_t slash = name.rfind('/');
            if (name.substr(slash == std::string_view::npos ? 0 : slash + 1) == ".gitattributes") {
                attributes_.read(path_of(entry));
            }
        }
        attributes_.read(repository_.common + "/info/attributes");
        const char* const settings = std::getenv("XDG_CONFIG_HOME");
        const char* const home = std::getenv("HOME");
        if (settings != nullptr && *settings != '\0') {
            attributes_.read(std::string(settings) + "/git/attributes");
        } else if (home != nullptr) {
            attributes_.read(std::string(home) + "/.config/git/attributes");
        }
        attributes_.read("/etc/gitattributes");
    }

    git_state compare_submodule(const git_index_entry& entry) {
        const std::string path = path_of(entry);
        struct stat found {};
        // Not checked out: git takes the folder as it is.
        if (::lstat((path + "/.git").c_str(), &found) != 0) {
            return errno == ENOENT ? git_state::clean : git_state::unknown;
        }
        git_repository below;
        if (!open_git_repository(path, below) || below.commit.empty()) return git_state::unknown;
        if (below.commit != hex_text(entry.name)) return git_state::dirty;
        return git_work_tree(below, budget_, deadline_, depth_ + 1).state();
    }

    const git_repository& repository_;
    git_budget& budget_;
    std::int64_t deadline_;
    int depth_;
    struct stat index_status_ {};
    std::vector<git_index_entry> entries_;
    std::string real_folder_;
    git_attributes attributes_;
    bool attributes_read_ = false;
};

/// Whether tracked files of a repository differ from its commit.
inline git_state git_dirty(const git_repository& repository, git_budget budget = {}) {
    return git_work_tree(repository, budget, git_budget::now() + budget.nanoseconds).state();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
