// SPDX-License-Identifier: MIT
/// \file Any bytes as a metric file that loses its later rows, as that of a run that is resumed.
///
/// The first byte of an input is the step from which rows go, the second the time.
#include <mlscribe/journal/metric_cut.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "scratch_directory.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

/// Without the blanks behind them, which may be padding.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    mlscribe::for_each_metric_line(text, [&lines](const mlscribe::metric_file_line& line) {
        if (line.what == mlscribe::metric_file_line::state::torn) return;
        lines.emplace_back(line.text.substr(0, line.text.find_last_not_of(' ') + 1));
    });
    return lines;
}

detail::row_cut cut_of(std::size_t step, std::size_t time) {
    detail::row_cut cut;
    if (step != 0) cut.from_step = static_cast<std::int64_t>(step);
    if (time != 0) cut.after_time = 1700000000000 + static_cast<std::int64_t>(time);
    // The last pass before is done.
    if (step % 2 == 0) cut.done_step = static_cast<std::int64_t>(step);
    if (time % 2 == 0) cut.done_until = cut.after_time;
    return cut;
}

class cut_run {
  public:
    cut_run() { must_hold(detail::directory::open(scratch_.path(), run_) == 0, "a folder opens"); }

    void check(std::string_view text, const detail::row_cut& cut) {
        for (const char* name : {"metrics", "artifacts"}) {
            std::filesystem::remove_all(scratch_ / name);
        }
        if (text.empty()) return;
        test::write_file(file_, std::string(text));
        const std::vector<std::string> before = lines_of(text);
        const std::size_t gone = cut_once(cut);
        const std::vector<std::string> rest = lines_in(file_);
        const std::vector<std::string> kept = lines_in(shelf_);
        must_hold(gone == kept.size() && rest.size() + kept.size() == before.size(),
                  "each line is in one place");
        std::size_t stayed = 0;
        std::size_t went = 0;
        for (const std::string& line : before) {
            if (stayed != rest.size() && line == rest[stayed]) {
                ++stayed;
            } else {
                must_hold(went != kept.size() && line == kept[went], "lines stay as they are");
                ++went;
            }
        }
        must_hold(cut_once(cut) == 0, "a second cut has nothing to take");
        if (gone == 0) return;
        // As if the process had died before the metric's file was replaced.
        test::write_file(file_, std::string(text));
        must_hold(
            detail::withdraw_cut_rows(run_, "loss", "artifacts/1") == 0 && !test::exists(shelf_),
            "no row is in two places");
    }

  private:
    std::size_t cut_once(const detail::row_cut& cut) {
        std::uint64_t count = 0;
        must_hold(detail::cut_metric(run_, "loss", cut, "artifacts/1", detail::durability::cached,
                                     count) == 0,
                  "a file can be cut");
        return static_cast<std::size_t>(count);
    }
    static std::vector<std::string> lines_in(const std::string& path) {
        return test::exists(path) ? lines_of(test::read_file(path)) : std::vector<std::string>();
    }

    test::scratch_directory scratch_{test::folder_in_memory()};
    detail::directory run_;
    const std::string file_ = scratch_ / "metrics/loss";
    const std::string shelf_ = scratch_ / "artifacts/1/loss.txt";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static cut_run& run = *[] {
        static cut_run made;
        return &made;
    }();
    if (size < 2) return 0;
    run.check({reinterpret_cast<const char*>(data) + 2, size - 2}, cut_of(data[0], data[1]));
    return 0;
}
