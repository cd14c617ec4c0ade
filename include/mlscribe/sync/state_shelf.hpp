// SPDX-License-Identifier: MIT
/// \file Where it is remembered what a server was sent of a store: outside of the store.
#ifndef MLSCRIBE_SYNC_STATE_SHELF_HPP
#define MLSCRIBE_SYNC_STATE_SHELF_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/md5.hpp>
#include <mlscribe/sync/push_state.hpp>

#include <fcntl.h>

#include <cerrno>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Pushes of one thing take turns, also those of other processes; a process that dies gives its
/// turn back.
class push_turn {
  public:
    /// Waits. Where the file system has no locks there are no turns. \param place  of the states
    push_turn(const directory& place, std::string_view id) {
        if (!place || place.open_file("turns", O_RDWR | O_CREAT, file_) != 0) return;
        struct flock range {};
        range.l_type = F_WRLCK;
        range.l_whence = SEEK_SET;
        range.l_start = static_cast<off_t>(std::hash<std::string_view>{}(id) >> 2);
        range.l_len = 1;
        while (::fcntl(file_.get(), F_OFD_SETLKW, &range) != 0 && errno == EINTR) continue;
    }

  private:
    descriptor file_;  // whose end ends the turn
};

/// The states of one store and one server: `$XDG_STATE_HOME/mlscribe/sync/<digest>/<id>.json`.
/// \threadsafety any thread
class state_shelf {
  public:
    /// \param server  its address \param store  its real path
    /// \param is_dry  nothing is made
    /// \onfailure nothing is remembered behind the end of the push
    error open(std::string_view server, std::string_view store, bool is_dry) {
        std::string home = environment("XDG_STATE_HOME");
        if (home.empty() || home.front() != '/') {
            home = environment("HOME");
            if (home.empty()) {
                return {error_code::not_found, 0,
                        "neither XDG_STATE_HOME nor HOME is set: what was pushed is not "
                        "remembered, and the server is asked the next time"};
            }
            home += "/.local/state";
        }
        std::string both(server);
        both += '\n';
        both += store;
        error failure = open_below(home, md5_text(both), is_dry);
        if (is_dry) return {};
        if (failure) {
            failure.message += "; the server is asked the next time";
            return failure;
        }
        remove_abandoned(place_);
        return {};
    }

    push_turn turn(std::string_view id) const { return {place_, id}; }

    /// What is remembered of a run or model. Nothing for one that is not known.
    push_state load(const std::string& id) {
        std::string text;
        if (place_) {
            if (place_.read(id + ".json", text, max_push_state_bytes) != 0) return {};
            return state_reader::read(text);
        }
        const std::lock_guard<std::mutex> lock(mutex_);
        return kept_[id];
    }
    /// \return 0 or errno
    int save(const std::string& id, const push_state& state) {
        if (place_) return replace_file(place_, id + ".json", state_text(state).str());
        const std::lock_guard<std::mutex> lock(mutex_);
        kept_[id] = state;
        return 0;
    }

  private:
    /// Where others may write, too, they may have planted links.
    error open_below(const std::string& home, const std::string& name, bool is_dry) {
        directory here;
        std::string path = home;
        int failed = is_dry ? 0 : make_directories(home);
        if (failed == 0) failed = directory::open(home, here);
        for (const std::string& part : {std::string("mlscribe"), std::string("sync"), name}) {
            if (failed != 0) break;
            path += '/' + part;
            const int taken = is_dry ? 0 : here.make(part);
            directory child;
            failed = taken != 0 && taken != EEXIST ? taken : here.open_linked(part, child);
            here = std::move(child);
        }
        if (failed != 0) return unopened_folder("cannot remember what was pushed in", path, failed);
        place_ = std::move(here);
        return {};
    }

    directory place_;
    std::mutex mutex_;
    std::map<std::string, push_state> kept_;  // for as long as the push lasts, without a place
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
