// SPDX-License-Identifier: MIT
/// \file A repair is killed, or refused by the disk, at every system call: nothing sound is lost,
/// what was removed is kept, readers see the old file or the new, and the next repair ends it.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>

#include <errno.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr unsigned every_call = test::call_write | test::call_ftruncate | test::call_fsync |
                                test::call_linkat | test::call_renameat | test::call_unlinkat;

/// Makes everything look as if nobody was at work on it.
void age(const std::string& root) {
    const auto past = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    for (const std::string& each : test::tree(root)) {
        std::filesystem::last_write_time(root + '/' + each, past);
    }
    std::filesystem::last_write_time(root, past);
}

/// Two experiments of one name, one with an id that is no number, and runs with damage of each kind
/// that a repair writes, moves, renames or makes.
struct damaged_store {
    test::scratch_directory scratch;
    std::string run;    ///< below the root
    std::string other;  ///< a run without a meta.yaml

    damaged_store() {
        test::error_log log;
        for (std::string* const each : {&run, &other}) {
            mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
            for (int step = 0; step != 5; ++step) made.log_metric("loss", step, step);
            made.log_param("opt", "adam");
            *each = test::folder(scratch, made).substr(scratch.store().size() + 1);
        }
        const std::string root = scratch.store();
        const std::string loss = test::read_file(root + '/' + run + "/metrics/loss");
        test::write_file(root + '/' + run + "/metrics/loss",
                         loss.substr(0, loss.find('\n') + 1) + "not a row\n\n" + "1,5 2\n" +
                             loss.substr(loss.find('\n') + 1) + "1700000000000 0,5 9\n1700000");
        test::write_file(root + '/' + run + "/metrics/a@b", "1700000000000 0.5 1\n");
        test::write_file(root + '/' + run + "/metrics/.DS_Store", "of a desktop");
        test::write_file(root + '/' + run + "/metrics/empty", "");
        test::write_file(root + '/' + run + "/params/who", "J\xFCrgen");
        test::write_file(root + '/' + run + "/meta.yaml", "run_name: run\nsta");
        std::filesystem::remove(root + '/' + other + "/meta.yaml");
        std::filesystem::remove_all(root + '/' + other + "/params");
        const std::string experiment = run.substr(0, run.find('/'));
        std::string meta = test::read_file(root + '/' + experiment + "/meta.yaml");
        for (std::size_t at = meta.find(experiment); at != std::string::npos;
             at = meta.find(experiment)) {
            meta.replace(at, experiment.size(), "my-runs");
        }
        test::write_file(root + "/my-runs/meta.yaml", meta);
        test::write_file(root + "/lost+found/kept", "kept");
        age(root);
    }

    std::string copy() const {
        const std::string place = scratch / "copies/mlruns";
        std::filesystem::remove_all(scratch / "copies");
        std::filesystem::create_directories(scratch / "copies");
        std::filesystem::copy(scratch.store(), place, std::filesystem::copy_options::recursive);
        age(place);
        return place;
    }
};

using files = std::map<std::string, std::string>;

files files_of(const std::string& root) {
    files found;
    for (const std::string& each : test::tree(root)) {
        found[each] = each.back() == '/' ? std::string() : test::read_file(root + '/' + each);
    }
    return found;
}

/// The files of a store, in which one experiment was given an id: that depends on the name which it
/// had then.
files mended_files(const std::string& root, const damaged_store& store) {
    const files found = files_of(root);
    const std::string known = store.run.substr(0, store.run.find('/'));
    std::string given;
    for (const auto& [name, text] : found) {
        const bool is_meta = name.find("/meta.yaml") == name.find('/');
        if (!is_meta || text.find("name: ") == std::string::npos) continue;
        const std::string id = name.substr(0, name.find('/'));
        if (id != known && id != "0" && id != ".trash" && id != "models") given = id;
    }
    files result;
    const auto renamed = [&given](std::string text) {
        for (std::size_t at = text.find(given); !given.empty() && at != std::string::npos;
             at = text.find(given)) {
            text.replace(at, given.size(), "GIVEN");
        }
        return text;
    };
    for (const auto& [name, text] : found) result[renamed(name)] = renamed(text);
    return result;
}

/// Whether these bytes are somewhere in the quarantine, in as many folders as repairs began.
bool is_kept(const std::string& root, const std::string& bytes) {
    for (const auto& [name, text] : files_of(root + "-quarantine")) {
        if (name.find("MANIFEST") == std::string::npos && text.find(bytes) != std::string::npos) {
            return true;
        }
    }
    return false;
}

const char* const removed[] = {"not a row\n\n1,5 2\n", "1700000000000 0,5 9\n1700000",
                               "of a desktop", "J\xFCrgen", "run_name: run\nsta"};

/// Every row that MLflow could read, whatever has been done so far.
void check_sound_rows(const std::string& root, const damaged_store& store) {
    for (const std::string& run : {store.run, store.other}) {
        const std::string loss = test::read_file(root + '/' + run + "/metrics/loss");
        for (int step = 0; step != 5; ++step) {
            const std::string end =
                ' ' + std::to_string(step) + ".0 " + std::to_string(step) + '\n';
            BOOST_REQUIRE(loss.find(end) != std::string::npos);
        }
    }
    for (const char* const bytes : removed) {
        bool is_there = is_kept(root, bytes);
        for (const auto& [name, text] : files_of(root)) {
            is_there = is_there || text.find(bytes) != std::string::npos;
        }
        BOOST_REQUIRE_MESSAGE(is_there, "lost: " << bytes);
    }
}

/// Repairs copies, each stopped at a later call, until one is not stopped.
/// \param stop  plans for the n-th call, and repairs \return whether it was stopped
template <class Stop>
void stop_at_every_call(Stop&& stop) {
    const damaged_store store;
    std::string root = store.copy();
    mlscribe::repair(root);
    BOOST_TEST(mlscribe::examine(root).findings.empty());
    const files whole = mended_files(root, store);
    for (const char* const bytes : removed) BOOST_TEST(is_kept(root, bytes), bytes);
    long call = 0;
    for (bool stopped = true; stopped; ++call) {
        root = store.copy();
        stopped = stop(root, call);
        check_sound_rows(root, store);
        age(root);
        mlscribe::repair(root);
        const files mended = mended_files(root, store);
        for (const auto& [name, text] : mended) {
            const auto wanted = whole.find(name);
            BOOST_REQUIRE_MESSAGE(wanted != whole.end(), "call " << call << ": " << name);
            BOOST_REQUIRE_MESSAGE(wanted->second == text,
                                  "call " << call << ": " << name << ": " << text);
        }
        BOOST_REQUIRE(mended.size() == whole.size());
        for (const char* const bytes : removed) BOOST_REQUIRE(is_kept(root, bytes));
    }
    BOOST_TEST(call > 30);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stopped_repairs)

BOOST_AUTO_TEST_CASE(killed_at_any_call) {
    stop_at_every_call([](const std::string& root, long call) {
        test::child_process child([&root, call] {
            const auto end =
                call % 2 == 0 ? test::call_end::died_before : test::call_end::half_died;
            const test::plan_calls plan(every_call, end, 0, call, false);
            mlscribe::repair(root);
            return std::string();
        });
        return child.result() == "signal 9";
    });
}

BOOST_AUTO_TEST_CASE(refused_by_a_full_disk_from_any_call_on) {
    stop_at_every_call([](const std::string& root, long call) {
        const test::plan_calls plan(test::call_write | test::call_fsync | test::call_linkat,
                                    test::call_end::refused, ENOSPC, call, true);
        const auto done = mlscribe::repair(root);
        for (const mlscribe::finding& each : done.left) {
            BOOST_REQUIRE(each.message.find("not mended: ") != std::string::npos);
        }
        return test::plan_calls::met() != 0;
    });
}

BOOST_AUTO_TEST_CASE(readers_see_the_old_file_or_the_new) {
    const damaged_store store;
    const std::string root = store.copy();
    const std::string path = root + '/' + store.run + "/metrics/loss";
    const std::string before = test::read_file(path);
    std::atomic<bool> done{false};
    std::vector<std::string> seen;
    std::thread reader([&] {
        while (!done) {
            std::string now = test::read_file(path);
            if (seen.empty() || seen.back() != now) seen.push_back(std::move(now));
        }
    });
    mlscribe::repair(root);
    const std::string after = test::read_file(path);
    done = true;
    reader.join();
    BOOST_TEST(after != before);
    for (const std::string& each : seen) BOOST_TEST((each == before || each == after));
}

BOOST_AUTO_TEST_SUITE_END()
