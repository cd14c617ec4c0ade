// SPDX-License-Identifier: MIT
/// \file A directory that is filled out of sight and appears under its name whole.
#ifndef MLSCRIBE_FILE_STAGED_DIRECTORY_HPP
#define MLSCRIBE_FILE_STAGED_DIRECTORY_HPP

#include <mlscribe/file/staged_file.hpp>

#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One directory on its way. It waits in a folder of the parent where readers pass over strangers;
/// what is not moved to its name is removed again, and what a killed process left is removed by the
/// next one. Calls give 0 or errno.
class staged_directory {
  public:
    /// \param waiting_room  name of that folder; made for the time being where it is missing
    /// \param before_removal  is shown each directory that a killed process left
    staged_directory(const directory& parent, std::string waiting_room,
                     void (*before_removal)(const directory&) = nullptr)
        : parent_(parent), room_name_(std::move(waiting_room)), before_removal_(before_removal) {}
    staged_directory(const staged_directory&) = delete;
    staged_directory& operator=(const staged_directory&) = delete;
    ~staged_directory() {
        if (!name_.empty()) remove_tree(room_, name_);
        leave();
    }

    int open(directory& result) {
        for (int attempt = 0; attempt < 100; ++attempt) {
            int failed = parent_.make(room_name_);
            if (failed != 0 && failed != EEXIST) return failed;
            failed = parent_.open_below(room_name_, missing::fail, room_);
            std::string name = staged_name();
            if (failed == 0) failed = room_.make(name);
            // Another process may remove the empty folder between these steps.
            if (failed == ENOENT || failed == EEXIST) continue;
            if (failed != 0) return failed;
            name_ = std::move(name);
            return room_.open_below(name_, missing::fail, result);
        }
        return EBUSY;
    }

    /// Gives the directory its name in the parent unless that is taken (EEXIST).
    int move_to(const std::string& name) {
        const int failed = room_.move(name_, parent_, name);
        if (failed == ENOTEMPTY) return EEXIST;
        if (failed == 0) name_.clear();
        return failed;
    }

  private:
    void leave() {
        if (!room_ || parent_.remove_directory(room_name_) == 0) return;
        remove_abandoned(room_, before_removal_);
        parent_.remove_directory(room_name_);
    }

    const directory& parent_;
    std::string room_name_;
    void (*before_removal_)(const directory&);
    directory room_;
    std::string name_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
