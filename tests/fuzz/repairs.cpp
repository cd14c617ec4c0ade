// SPDX-License-Identifier: MIT
/// \file Any bytes in a store that the doctor mends: as a metric file, and as the meta.yaml of a
/// run, also of one whose store was moved.
#include <mlscribe/doctor.hpp>
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
using test::must_hold;

/// No power fails here, and a disk takes its time.
extern "C" int fsync(int) {
    return 0;
}

namespace {

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
        relocate();
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

    /// Leads artifacts to this store, whatever place they were at.
    void relocate() {
        write(folder() + "/artifacts/file", "");
        const mlscribe::relocation moved = mlscribe::relocate(store_);
        must_hold(moved.failures.empty(), "each URI can be written");
        const auto uri = mlscribe::file_uri(store_);
        for (const auto& change : moved.changes) {
            must_hold(change.new_uri.compare(0, uri.size() + 1, uri + '/') == 0 ||
                          change.new_uri.compare(0, store_.size() + 1, store_ + '/') == 0,
                      "a URI leads to this store");
        }
        must_hold(mlscribe::relocate(store_).changes.empty(), "a second move has nothing to do");
        std::filesystem::remove(folder() + "/artifacts/file");
    }

    test::scratch_directory scratch_{test::folder_in_memory()};
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
    if (text.find(": ") != std::string_view::npos) {
        store.mend_meta(text);
    } else {
        store.mend_metric(text);
    }
    return 0;
}
