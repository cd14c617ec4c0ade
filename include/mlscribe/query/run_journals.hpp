// SPDX-License-Identifier: MIT
/// \file All journals of a run, wherever they lie, looked at together.
#ifndef MLSCRIBE_QUERY_RUN_JOURNALS_HPP
#define MLSCRIBE_QUERY_RUN_JOURNALS_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/journal/journal_claim.hpp>
#include <mlscribe/query/journal_view.hpp>
#include <mlscribe/run/run_recovery.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class run_journals {
  public:
    /// Finds them in the run's folder and where its tag mlscribe.journal says.
    /// \param path  of the run's folder, for messages
    void open(const directory& run, const std::string& run_id, const std::string& path) {
        add_all(run, {}, path);
        std::string elsewhere;
        const int untold = run.read(journal_tag_path, elsewhere, 1 << 16);
        if (untold != 0 || elsewhere == journal_in_memory) return;
        directory place;
        const int failed = directory::open(elsewhere, place);
        if (failed != 0) return note(elsewhere, failed);
        add_all(place, run_id, elsewhere);
    }

    /// Whether a process writes the run, or one died that did.
    bool is_live() const noexcept { return is_live_; }
    /// Why points of the run may wait where they cannot be read.
    const error& unread() const noexcept { return unread_; }
    bool empty() const noexcept { return views_.empty(); }

    /// Anew. A journal that cannot be read any more counts as empty.
    void look() {
        for (const auto& view : views_) view->look();
    }
    void add_keys(std::vector<std::string>& keys) const {
        for (const auto& view : views_) view->add_keys(keys);
    }
    /// \return 0 or errno
    int read(std::string_view key, waiting_points& found) const {
        for (const auto& view : views_) {
            if (const int failed = view->read(key, found)) return failed;
        }
        return 0;
    }
    bool has_moved(std::string_view key) const {
        return std::any_of(views_.begin(), views_.end(),
                           [key](const auto& view) { return view->has_moved(key); });
    }

  private:
    void add_all(const directory& place, std::string_view prefix, const std::string& path) {
        std::vector<std::string> seen;
        // Who looks again sees under which name somebody else has claimed a journal.
        bool moved = true;
        for (int look = 0; look < 10 && moved; ++look) {
            moved = false;
            std::vector<std::string> names;
            if (const int failed = place.list(names)) return note(path, failed);
            for (const std::string& name : names) {
                writer ignored;
                if (std::string_view(name).substr(0, prefix.size()) != prefix ||
                    name.find(writer::mark) != prefix.size() || !writer::read_name(name, ignored) ||
                    std::find(seen.begin(), seen.end(), name) != seen.end()) {
                    continue;
                }
                seen.push_back(name);
                is_live_ = true;
                moved = !add(place, name, path + '/' + name) || moved;
            }
        }
    }

    /// \return false for one that has gone
    bool add(const directory& place, const std::string& name, const std::string& path) {
        auto view = std::make_unique<journal_view>();
        const int failed = view->open(place, name);
        if (failed == 0 && !has_file(*view)) views_.push_back(std::move(view));
        if (failed == ENOENT) return false;
        // Half made, or the mark of one in memory.
        if (failed != 0 && !(failed == EINVAL && is_unborn(place, name))) note(path, failed);
        return true;
    }
    /// One that was renamed meanwhile is found twice.
    bool has_file(const journal_view& view) const {
        return std::any_of(views_.begin(), views_.end(),
                           [&view](const auto& other) { return other->is_same(view); });
    }

    void note(const std::string& path, int failed) {
        unread_ = system_error("cannot see the latest points, which wait in", path, failed);
        unread_.message += "; MLflow does not see them either, until they are written or recovered";
    }

    std::vector<std::unique_ptr<journal_view>> views_;
    bool is_live_ = false;
    error unread_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
