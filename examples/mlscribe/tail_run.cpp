// SPDX-License-Identifier: MIT
#include "tail_run.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "json.hpp"
#include "run_choice.hpp"

namespace tool {
namespace {

struct keyed_point {
    std::string key;
    mlscribe::point row;
};

/// Knows how many points of each metric were seen.
class follower {
  public:
    follower(session& of, std::string id, const tail_options& options)
        : of_(of), id_(std::move(id)), options_(options) {}

    /// \return the status at the time of the look; what is new was printed, the first time the last
    ///         lines only
    mlscribe::run_status look() {
        // The status first: who has ended has written all points.
        const mlscribe::run_record run = of_.store().get_run(id_);
        std::vector<keyed_point> fresh;
        for (const auto& entry : run.metrics) {
            if (is_wanted(entry.first)) take(entry.first, fresh);
        }
        std::stable_sort(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) {
            return a.row.timestamp < b.row.timestamp;
        });
        std::size_t next = 0;
        if (first_ && fresh.size() > options_.lines) next = fresh.size() - options_.lines;
        for (; next < fresh.size(); ++next) print(fresh[next]);
        first_ = false;
        of_.out().flush();
        return run.info.status;
    }

  private:
    bool is_wanted(const std::string& key) const {
        const auto& wanted = options_.metrics;
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), key) != wanted.end();
    }

    void take(const std::string& key, std::vector<keyed_point>& fresh) {
        std::uint64_t& seen = seen_[key];
        std::uint64_t count = 0;
        std::deque<mlscribe::point> rows;
        of_.store().for_each_point(id_, key, [&](const mlscribe::point& row) {
            if (++count <= seen) return;
            rows.push_back(row);
            if (first_ && rows.size() > options_.lines) rows.pop_front();
        });
        // Fewer than before where the run was taken back or the metric thinned.
        seen = count;
        for (const mlscribe::point& row : rows) fresh.push_back({key, row});
    }

    void print(const keyed_point& each) {
        output& out = of_.out();
        if (of_.json()) {
            out.write(json_members()
                          .text("key", each.key)
                          .integer("step", each.row.step)
                          .integer("timestamp", each.row.timestamp)
                          .number("value", each.row.value)
                          .object() +
                      '\n');
            return;
        }
        const std::string time = of_.time(each.row.timestamp);
        const std::string key = out.shown(each.key);
        const std::string rest =
            "  " + std::to_string(each.row.step) + "  " + of_.number(each.row.value);
        const std::size_t taken = time.size() + 2 + rest.size();
        const std::size_t room = out.columns() > taken + 1 ? out.columns() - taken : 1;
        out.write(out.painted(time, ink::faint) + "  " +
                  out.painted(cut(key, room, out.letters()), ink::cyan) + rest + '\n');
    }

    session& of_;
    const std::string id_;
    const tail_options& options_;
    std::map<std::string, std::uint64_t> seen_;
    bool first_ = true;
};

/// \return false when standard output has no reader any more
bool wait(std::chrono::milliseconds time) {
    pollfd out{STDOUT_FILENO, 0, 0};
    const int found = ::poll(&out, 1, static_cast<int>(time.count()));
    return found <= 0 || (out.revents & (POLLERR | POLLHUP)) == 0;
}

bool has_ended(mlscribe::run_status status) {
    return status != mlscribe::run_status::running && status != mlscribe::run_status::scheduled;
}

}  // namespace

exit_code tail_run(session& of, const tail_options& options) {
    using clock = std::chrono::steady_clock;
    constexpr int most_failures = 10;
    follower run(of, chosen_run(of, options.run), options);
    int failures = 0;
    while (true) {
        const auto began = clock::now();
        std::optional<mlscribe::run_status> status;
        try {
            status = run.look();
            failures = 0;
        } catch (const mlscribe::logging_error& failed) {
            // What a writer is just at may be whole in a moment.
            const bool may_heal = failed.reason().code == mlscribe::error_code::damaged;
            if (!may_heal || options.once || ++failures > most_failures) throw;
        }
        if (options.once) return exit_code::done;
        if (status && has_ended(*status)) {
            tell(std::string("the run has ended: ") + mlscribe::to_string(*status));
            return exit_code::done;
        }
        // A look at long metrics takes its time: at most a tenth of all.
        const auto spent =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
        if (!wait((std::max)(options.interval, 9 * spent))) return exit_code::done;
    }
}

}  // namespace tool
