// SPDX-License-Identifier: MIT
/// \file Any bytes as what the doctor mends: lines of a metric file, and the meta.yaml of a run.
#include <mlscribe/doctor.hpp>
#include <mlscribe/doctor/meta_salvage.hpp>
#include <mlscribe/doctor/metric_line_repair.hpp>
#include <mlscribe/query.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"
#include "scratch_directory.hpp"

namespace detail = mlscribe::detail;
using mlscribe::damage;
using mlscribe::meta_document;
using test::must_hold;

/// No power fails here, and a disk takes its time.
extern "C" int fsync(int) {
    return 0;
}

namespace {

/// \return how many lines are damaged
std::size_t check_lines(std::string_view text) {
    std::size_t damaged = 0;
    mlscribe::for_each_metric_line(text, [&damaged](const mlscribe::metric_file_line& line) {
        if (line.what == mlscribe::metric_file_line::state::torn) return;
        const auto read = mlscribe::parse_metric_line(line.text);
        const auto found = detail::judge_metric_line(line.text, read);
        must_hold(found || read, "what MLflow refuses is damaged");
        if (!found) return;
        ++damaged;
        if (found->mended.empty()) return;
        const auto mended = mlscribe::parse_metric_line(found->mended);
        must_hold(mended.has_value(), "a mended line is read");
        must_hold(!detail::judge_metric_line(found->mended, mended), "a mended line is sound");
        std::size_t lines = 0;
        mlscribe::for_each_metric_line(found->mended + '\n',
                                       [&lines](const mlscribe::metric_file_line&) { ++lines; });
        must_hold(lines == 1, "a mended line is one line");
    });
    return damaged;
}

void check_meta(std::string_view text) {
    const meta_document found = detail::salvaged_meta(text);
    const std::string written = found.text();
    const auto again = meta_document::parse(written);
    must_hold(again && again->text() == written, "what is salvaged is read as it was written");
    detail::salvaged_stage(found);
    detail::salvaged_status(found);
    detail::salvaged_time(found, "start_time");
}

/// A store with one run, whose metric and meta.yaml are the input in turn.
class store_to_mend {
  public:
    store_to_mend() {
        mlscribe::experiment_meta experiment;
        experiment.experiment_id = "0";
        experiment.name = "Default";
        experiment.artifact_location = "file://" + store_ + "/0";
        experiment.creation_time = experiment.last_update_time = time;
        test::write_file(store_ + "/0/meta.yaml", mlscribe::to_document(experiment).text());
        mlscribe::run_meta run;
        run.run_id = id_;
        run.run_name = "run";
        run.experiment_id = "0";
        run.user_id = "user";
        run.artifact_uri = experiment.artifact_location + '/' + id_ + "/artifacts";
        run.status = mlscribe::run_status::finished;
        run.start_time = time;
        run.end_time = time;
        meta_ = mlscribe::to_document(run).text();
        for (const char* name : {"/metrics", "/params", "/tags", "/artifacts", "/../../.trash"}) {
            std::filesystem::create_directories(folder() + name);
        }
    }

    void mend_metric(std::string_view text) {
        write(folder() + "/meta.yaml", meta_);
        write(folder() + "/metrics/loss", text);
        mend();
    }
    void mend_meta(std::string_view text) {
        write(folder() + "/meta.yaml", text);
        write(folder() + "/metrics/loss", "1700000000000 0.5 1\n");
        mend();
    }

  private:
    static constexpr std::int64_t time = 1700000000000;

    std::string folder() const { return store_ + "/0/" + id_; }

    /// As somebody left it long ago.
    static void write(const std::string& path, std::string_view text) {
        std::filesystem::remove(path);
        test::write_file(path, std::string(text));
        const timespec old[2] = {{time / 1000, 0}, {time / 1000, 0}};
        must_hold(::utimensat(AT_FDCWD, path.c_str(), old, 0) == 0, "a file can be old");
    }

    void mend() {
        mlscribe::repair_options options;
        options.quarantine = scratch_ / "quarantine";
        for (const auto& each : detail::all_damage) options.only.push_back(each.what);
        mlscribe::repair(store_, options);
        const mlscribe::repair_report again = mlscribe::repair(store_, options);
        must_hold(again.changes.empty(), "a second repair has nothing to do");
        for (const mlscribe::finding& left : again.left) {
            const bool is_harmless =
                left.does == mlscribe::harm::untidy || left.does == mlscribe::harm::reads_wrong;
            must_hold(is_harmless, left.message.c_str());
        }
        mlscribe::search_query all;
        all.view = mlscribe::run_view::all;
        must_hold(mlscribe::store(store_).search_runs(all).size() == 1, "the run is found");
        std::filesystem::remove_all(options.quarantine);
    }

    test::scratch_directory scratch_;
    const std::string store_ = scratch_.store();
    const std::string id_ = std::string(32, 'a');
    std::string meta_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static store_to_mend& store = *[] {
        static store_to_mend made;
        return &made;
    }();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t damaged = check_lines(text);
    check_meta(text);
    // A repair takes as long as a thousand looks: a few texts are mended in a store.
    if (text.size() % 64 != 0) return 0;
    if (text.find(": ") != std::string_view::npos) {
        store.mend_meta(text);
    } else if (damaged != 0) {
        store.mend_metric(text);
    }
    return 0;
}
