// SPDX-License-Identifier: MIT
/// \file Sends the artifacts of a run or model that are new, each streamed.
#ifndef MLSCRIBE_SYNC_ARTIFACT_PUSH_HPP
#define MLSCRIBE_SYNC_ARTIFACT_PUSH_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/sync/file_edges.hpp>
#include <mlscribe/sync/push_context.hpp>
#include <mlscribe/sync/run_look.hpp>
#include <mlscribe/sync/tracking_server.hpp>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The file that a link in the store leads to. \return 0 or errno; EXDEV for one elsewhere
inline int open_link(const store_root& store, const std::string& path, descriptor& file) {
    char target[PATH_MAX];
    char root[PATH_MAX];
    if (::realpath(path.c_str(), target) == nullptr ||
        ::realpath(store.path().c_str(), root) == nullptr) {
        return errno;
    }
    const std::string inside = std::string(root) + '/';
    if (std::string(target).compare(0, inside.size(), inside) != 0) return EXDEV;
    // Somebody may plant links on the way meanwhile.
    return store.folder().open_file(target + inside.size(), O_RDONLY, file);
}

/// Whether artifacts are where the store has them, or had them before it was moved.
/// \param place  `<experiment>/<run>`, or `<experiment>/models/<model>`
inline bool is_in_own_place(const std::string& uri, const std::string& place) {
    const std::string end = '/' + place + "/artifacts";
    const std::optional<std::string> path = path_of_uri(uri);
    return path && ('/' + *path).size() >= end.size() &&
           ('/' + *path).compare(path->size() + 1 - end.size(), end.size(), end) == 0;
}

/// \threadsafety one thread
class artifact_push {
  public:
    /// \param path     of the folder, for messages
    /// \param is_dry   nothing is sent; all counts as taken
    /// \param is_live  files that were written a moment ago are left for the next look
    /// \param noted    called when `state` has changed
    artifact_push(push_context& push, tracking_server& server, push_state& state, std::string path,
                  bool is_dry, bool is_live, pushed_run& report, std::function<void()> noted)
        : push_(push),
          server_(server),
          state_(state),
          path_(std::move(path)),
          is_dry_(is_dry),
          is_live_(is_live),
          report_(report),
          noted_(std::move(noted)) {}

    /// \onfailure what ends the push of this run; of single files the report tells
    error push(const directory& folder) {
        // Each is opened when it is its turn: descriptors and the stack have an end.
        std::vector<walked_folder> open;
        enter(folder, {}, open);
        while (!open.empty() && !is_over_) {
            walked_folder& here = open.back();
            if (here.left.empty()) {
                open.pop_back();
                continue;
            }
            const entry each = std::move(here.left.back());
            here.left.pop_back();
            const std::string path = here.below.empty() ? each.name : here.below + '/' + each.name;
            if (each.kind == directory::entry::folder) {
                enter(folder, path, open);
                continue;
            }
            error failure;
            if (!std::exchange(here.is_listed, true)) failure = list(here.below, here.there);
            if (!failure) failure = push_file(folder, each.kind, path, here.there);
            if (failure) return failure;
        }
        return {};
    }

  private:
    static constexpr std::uint64_t most_digested = std::uint64_t{64} << 20;

    struct entry {
        std::string name;
        directory::entry kind;
    };
    using remote_sizes = std::map<std::string, std::int64_t>;

    struct walked_folder {
        std::string below;
        std::vector<entry> left;  ///< the next one last
        remote_sizes there = {};
        bool is_listed = false;
    };

    void enter(const directory& folder, const std::string& below,
               std::vector<walked_folder>& open) {
        directory here;
        walked_folder entered{below, {}};
        int failed =
            below.size() >= PATH_MAX ? ENAMETOOLONG : folder.open_below(below, missing::fail, here);
        if (failed == ENOENT) return;
        if (failed == 0) {
            failed = here.for_each_kind(".", [&](std::string name, directory::entry kind) {
                entered.left.push_back({std::move(name), kind});
            });
        }
        if (failed != 0) fail(below, system_error("cannot read", path_ + '/' + below, failed));
        std::sort(entered.left.begin(), entered.left.end(),
                  [](const entry& a, const entry& b) { return a.name > b.name; });
        open.push_back(std::move(entered));
    }

    /// What the server may have that is not remembered.
    error list(const std::string& below, remote_sizes& there) {
        if (!state_.adopted || is_dry_) return {};
        std::vector<remote_artifact> found;
        const error failure = server_.list_artifacts(state_.artifact_uri, below, found);
        for (const remote_artifact& each : found) {
            if (!each.directory) there[each.path] = each.size;
        }
        return ends_push(failure) ? failure : error{};
    }

    error push_file(const directory& folder, directory::entry kind, const std::string& path,
                    const remote_sizes& there) {
        descriptor file;
        const bool is_link = kind == directory::entry::link;
        const int failed = is_link ? open_link(push_.store, path_ + '/' + path, file)
                                   : folder.open_file(path, O_RDONLY, file);
        struct stat found {};
        if (failed == ENOENT && !is_link) return {};
        if (failed == EXDEV) {
            fail(path, {error_code::invalid_path, 0,
                        "is a link that leads out of the store, and is not followed"});
            return {};
        }
        if (failed != 0 || uninterrupted::fstat(file.get(), &found) != 0) {
            fail(path,
                 system_error("cannot read", path_ + '/' + path, failed != 0 ? failed : errno));
            return {};
        }
        if (!S_ISREG(found.st_mode)) {
            fail(path, {error_code::invalid_path, 0, "is no regular file"});
            return {};
        }
        if (error illegal = check_artifact_path(path, false)) {
            report_.failures.push_back(std::move(illegal));
            return {};
        }
        // Somebody is at it; what was half written would be sent again.
        if (is_live_ && is_recent(found.st_mtim.tv_sec)) return {};
        return send(file.get(), found, path, there);
    }

    error send(int file, const struct stat& found, const std::string& path,
               const remote_sizes& there) {
        sent_file now{static_cast<std::uint64_t>(found.st_size), nanoseconds_of(found.st_mtim), {}};
        const auto known = state_.artifacts.find(path);
        const bool same_size = known != state_.artifacts.end() && known->second.size == now.size;
        if (same_size && known->second.time == now.time) return {};
        if (now.size <= most_digested) {
            md5 digest;
            if (add_bytes(file, 0, now.size, digest)) now.digest = digest.finish();
        }
        const bool same_bytes =
            same_size && !now.digest.empty() && known->second.digest == now.digest;
        const auto remote = there.find(path);
        const bool is_there = known == state_.artifacts.end() && remote != there.end() &&
                              remote->second == found.st_size;
        if (!same_bytes && !is_there) {
            error failure;
            if (!is_dry_) {
                failure = server_.put_artifact(state_.artifact_uri, path, file, found.st_size);
            }
            if (ends_push(failure)) return failure;
            if (failure) {
                // None of the others has another way.
                is_over_ = failure.code == error_code::unsupported_uri;
                report_.failures.push_back(std::move(failure));
                return {};
            }
            ++report_.artifacts;
            report_.bytes += now.size;
            if (!is_dry_) push_.count(0, now.size);
        }
        state_.artifacts[path] = std::move(now);
        noted_();
        return {};
    }

    void fail(const std::string& path, error failure) {
        failure.message = "artifact \"" + shown(path) + "\": " + failure.message;
        report_.failures.push_back(std::move(failure));
    }

    push_context& push_;
    tracking_server& server_;
    push_state& state_;
    const std::string path_;
    const bool is_dry_;
    const bool is_live_;
    pushed_run& report_;
    std::function<void()> noted_;
    bool is_over_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
