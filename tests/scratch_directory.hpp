// SPDX-License-Identifier: MIT
/// \file A directory of a test's own, removed with it, and what tests do with files in it.
#ifndef MLSCRIBE_TESTS_SCRATCH_DIRECTORY_HPP
#define MLSCRIBE_TESTS_SCRATCH_DIRECTORY_HPP

#include <mlscribe/mlscribe.hpp>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

#include "give_up.hpp"

namespace test {

/// For whoever writes thousands of small stores: no disk is waited for, where there is one in
/// memory.
inline std::string folder_in_memory() {
    const char* const folder = "/dev/shm";
    struct statvfs found {};
    const bool has_room = ::statvfs(folder, &found) == 0 && ::access(folder, W_OK) == 0 &&
                          found.f_bavail * found.f_frsize > (32U << 20);
    return has_room ? folder : std::filesystem::temp_directory_path().string();
}

class scratch_directory {
  public:
    scratch_directory() : scratch_directory(std::filesystem::temp_directory_path().string()) {}
    explicit scratch_directory(const std::string& above) : path_(above + "/mlscribe-XXXXXX") {
        // Other users may look into it.
        if (::mkdtemp(&path_[0]) == nullptr || ::chmod(path_.c_str(), 0755) != 0) {
            give_up("cannot make " + path_);
        }
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path() const { return path_; }
    std::string operator/(const std::string& name) const { return path() + '/' + name; }
    std::string store() const { return path() + "/mlruns"; }

  private:
    std::string path_;
};

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) give_up("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) give_up("cannot write " + path);
}

inline bool exists(const std::string& path) {
    return std::filesystem::exists(std::filesystem::symlink_status(path));
}

/// The paths below `path`, relative to it: "a/b"; directories end in '/'.
inline std::vector<std::string> tree(const std::string& path) {
    for (;;) {
        std::vector<std::string> found;
        std::error_code failed;
        const std::filesystem::recursive_directory_iterator end;
        for (std::filesystem::recursive_directory_iterator entry(path, failed); entry != end;
             entry.increment(failed)) {
            const bool folder = std::filesystem::is_directory(entry->symlink_status());
            found.push_back(entry->path().string().substr(path.size() + 1) + (folder ? "/" : ""));
        }
        std::sort(found.begin(), found.end());
        if (!failed) return found;
        // Another process has removed a folder that was about to be looked into.
        const bool is_gone = failed == std::errc::no_such_file_or_directory && exists(path);
        if (!is_gone) give_up("cannot list " + path + ": " + failed.message());
    }
}

/// Collects what a run reports.
class error_log {
  public:
    mlscribe::error_handler handler() {
        return [this](const mlscribe::error& failure) {
            const std::lock_guard<std::mutex> lock(mutex_);
            errors_.push_back(failure);
        };
    }
    std::vector<mlscribe::error> all() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return errors_;
    }
    std::size_t count(mlscribe::error_code code) const {
        std::size_t found = 0;
        for (const mlscribe::error& failure : all()) found += failure.code == code ? 1 : 0;
        return found;
    }
    /// Whether one message holds all of these texts.
    bool tells(const std::vector<std::string>& texts) const {
        for (const mlscribe::error& failure : all()) {
            bool whole = true;
            for (const std::string& text : texts) {
                whole = whole && failure.message.find(text) != std::string::npos;
            }
            if (whole) return true;
        }
        return false;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<mlscribe::error> errors_;
};

inline mlscribe::run_options options(const scratch_directory& scratch, error_log& log) {
    mlscribe::run_options chosen;
    chosen.tracking_uri = scratch.store();
    chosen.experiment = "test";
    chosen.run_name = "run";
    chosen.on_error = log.handler();
    return chosen;
}

inline mlscribe::resume_options resuming(const scratch_directory& scratch, error_log& log) {
    mlscribe::resume_options chosen;
    chosen.tracking_uri = scratch.store();
    chosen.on_error = log.handler();
    return chosen;
}

/// Where a run lies.
inline std::string folder(const scratch_directory& scratch, const mlscribe::run& run) {
    return scratch.store() + '/' + std::string(run.experiment_id()) + '/' + std::string(run.id());
}

inline std::vector<mlscribe::point> points(const std::string& run, const std::string& key) {
    std::vector<mlscribe::point> found;
    const std::string text = read_file(run + "/metrics/" + key);
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = text.find('\n', begin);
        if (end == std::string::npos) give_up("torn line in " + key);
        const auto line = mlscribe::parse_metric_line(text.substr(begin, end - begin));
        if (!line || line->fields != 3) give_up("bad line in " + key);
        found.push_back(line->row);
        begin = end + 1;
    }
    return found;
}

inline std::vector<std::int64_t> steps(const std::string& run, const std::string& key) {
    std::vector<std::int64_t> found;
    for (const mlscribe::point& row : points(run, key)) found.push_back(row.step);
    return found;
}

/// The value of a top-level key in meta.yaml.
inline std::string meta(const std::string& folder, const std::string& key) {
    const auto document = mlscribe::meta_document::parse(read_file(folder + "/meta.yaml"));
    if (!document) give_up("bad meta.yaml in " + folder);
    const mlscribe::yaml_value* const value = document->find(key);
    return value == nullptr ? "(missing)" : value->text;
}

}  // namespace test

#endif
