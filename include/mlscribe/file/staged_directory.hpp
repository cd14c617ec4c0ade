// SPDX-License-Identifier: MIT
/// \file A directory that is filled out of sight and appears under its name whole.
#ifndef MLSCRIBE_FILE_STAGED_DIRECTORY_HPP
#define MLSCRIBE_FILE_STAGED_DIRECTORY_HPP

#include <mlscribe/file/staged_file.hpp>

#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One directory on its way. It waits in the parent, or in a folder of it where readers pass over
/// strangers; what is not moved to its name is removed again, and what a killed process left is
/// removed by the next one. Calls give 0 or errno.
class staged_directory {
  public:
    /// \param waiting_room  that folder, relative to the parent, made for the time being where it
    ///                      is missing; empty for the parent itself
    /// \param before_removal  is shown each directory that a killed process left
    staged_directory(const directory& parent, std::string waiting_room,
                     removal_watcher before_removal = {})
        : parent_(parent),
          room_name_(std::move(waiting_room)),
          before_removal_(std::move(before_removal)) {}
    staged_directory(const staged_directory&) = delete;
    staged_directory& operator=(const staged_directory&) = delete;
    ~staged_directory() {
        // What there is no memory to remove is left as by a killed process.
        MLSCRIBE_TRY {
            if (!name_.empty()) remove_tree(room_, name_);
            leave();
        }
        MLSCRIBE_CATCH_ALL {}
    }

    int open(directory& result) {
        const int failed = enter([this](const std::string& name) { return room_.make(name); });
        return failed != 0 ? failed : room_.open_below(name_, missing::fail, result);
    }

    /// Takes a directory of the parent out of every reader's sight at once; it is removed with
    /// this.
    int take(const std::string& taken) {
        struct stat found {};
        if (const int failed = parent_.status(taken, found)) return failed;
        return enter([&](const std::string& name) { return parent_.move(taken, room_, name); });
    }

    /// Where it waits, relative to the parent.
    std::string path() const { return room_name_.empty() ? name_ : room_name_ + '/' + name_; }

    /// Gives the directory its name in the parent unless that is taken (EEXIST).
    int move_to(const std::string& name) { return move_to(parent_, name); }
    /// The same in another directory of the same file system.
    int move_to(const directory& target, const std::string& name) {
        const int failed = room_.move(name_, target, name);
        if (failed == ENOTEMPTY) return EEXIST;
        if (failed == 0) name_.clear();
        return failed;
    }

    /// Gives the directory the name `relative` below the parent. A directory that has it goes;
    /// there is one of the two at every moment where the file system can exchange names; where it
    /// cannot, the old one waits in the room for a moment as `.mlscribe-replaced-…`.
    int replace(const std::string& relative) {
        directory::place to;
        if (const int failed = parent_.locate(relative, missing::create, to)) return failed;
        if (uninterrupted::renameat(room_.get(), name_.c_str(), to.folder, to.leaf.c_str()) == 0) {
            name_.clear();
            return 0;
        }
        if (errno != ENOTEMPTY && errno != EEXIST) return errno;
#if defined(RENAME_EXCHANGE)
        if (uninterrupted::exchange(room_.get(), name_.c_str(), to.folder, to.leaf.c_str()) == 0) {
            return 0;  // what is waiting now, and removed, is the old one
        }
        // Not every file system can.
        if (errno != EINVAL && errno != ENOSYS) return errno;
#endif
        // A name that nobody takes for abandoned: killed in between, the old one is there.
        const std::string aside = std::string(staged_prefix) + "replaced-" + to.leaf;
        remove_tree(room_, aside);
        if (uninterrupted::renameat(to.folder, to.leaf.c_str(), room_.get(), aside.c_str()) != 0)
            return errno;
        if (uninterrupted::renameat(room_.get(), name_.c_str(), to.folder, to.leaf.c_str()) != 0) {
            const int failed = errno;
            uninterrupted::renameat(room_.get(), aside.c_str(), to.folder, to.leaf.c_str());
            return failed;
        }
        name_ = aside;
        return 0;
    }

  private:
    /// \param step  brings the directory into the waiting room under a name
    template <class Step>
    int enter(Step&& step) {
        for (int attempt = 0; attempt < 100; ++attempt) {
            int failed = parent_.open_below(room_name_, missing::create, room_);
            std::string name = staged_name();
            if (failed == 0) failed = step(name);
            // Another process may remove the empty room between these steps.
            if (failed == ENOENT || failed == EEXIST) continue;
            if (failed == 0) name_ = std::move(name);
            return failed;
        }
        return EBUSY;
    }

    void leave() {
        if (!room_ || remove_room()) return;
        remove_abandoned(room_, before_removal_);
        remove_room();
    }

    /// Removes the room when nothing waits in it, and then the folders above it that are empty.
    bool remove_room() {
        std::size_t length = room_name_.size();
        if (length == 0 || parent_.remove_directory(room_name_) != 0) return false;
        while ((length = room_name_.rfind('/', length - 1)) != std::string::npos) {
            if (parent_.remove_directory(room_name_.substr(0, length)) != 0) break;
        }
        return true;
    }

    const directory& parent_;
    std::string room_name_;
    const removal_watcher before_removal_;
    directory room_;
    std::string name_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
