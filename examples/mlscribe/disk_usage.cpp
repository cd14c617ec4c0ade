// SPDX-License-Identifier: MIT
#include "disk_usage.hpp"

#include <dirent.h>
#include <fts.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "json.hpp"
#include "progress.hpp"
#include "table.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

constexpr std::size_t count_of_parts = 5;
constexpr std::array<const char*, count_of_parts> part_names{"metrics", "params", "tags",
                                                             "artifacts", "other"};
using parts = std::array<std::uint64_t, count_of_parts>;

/// One experiment or run.
struct usage_row {
    std::string experiment_id;  ///< empty: what belongs to none
    std::string run_id;
    std::string name;
    std::uint64_t runs = 0;
    parts bytes{};

    std::uint64_t total() const {
        return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0});
    }
};

std::size_t part_of(std::string_view name) {
    const auto* const found = std::find(part_names.begin(), part_names.end(), name);
    return found == part_names.end() ? count_of_parts - 1
                                     : static_cast<std::size_t>(found - part_names.begin());
}

/// Adds up a store. A file that has several names counts once.
class usage_scan {
  public:
    usage_scan(session& of, const usage_options& options) : of_(of), options_(options) {}

    std::vector<usage_row> rows() {
        const std::string& root = of_.store().path();
        std::vector<std::pair<std::string, std::string>> experiments;  // path, id
        usage_row rest;
        for (const std::string& name : entries(root)) {
            const std::string path = root + '/' + name;
            if (name == ".trash") {
                for (const std::string& each : entries(path)) {
                    experiments.emplace_back(path + '/' + each, each);
                }
            } else if (is_experiment(name)) {
                experiments.emplace_back(path, name);
            } else {
                walk(path, [&](const FTSENT& entry, std::string_view) {
                    rest.bytes[count_of_parts - 1] += bytes_of(entry);
                });
            }
        }
        std::vector<usage_row> found;
        for (const auto& [path, id] : experiments) add_experiment(path, id, found);
        if (rest.total() > 0) {
            rest.name = "(models and other files)";
            found.push_back(std::move(rest));
        }
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return a.total() > b.total(); });
        return found;
    }

    std::uint64_t unread() const noexcept { return unread_; }

  private:
    bool is_experiment(const std::string& name) {
        return of_.experiment_names().count(name) != 0 ||
               (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos);
    }

    std::vector<std::string> entries(const std::string& path) {
        std::vector<std::string> names;
        const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
        if (!folder) {
            ++unread_;
            return names;
        }
        const auto next = [&folder] {
            errno = 0;
            return ::readdir(folder.get());
        };
        while (const dirent* entry = next()) {
            std::string name = entry->d_name;
            if (name != "." && name != "..") names.push_back(std::move(name));
        }
        if (errno != 0) ++unread_;
        std::sort(names.begin(), names.end());
        return names;
    }

    std::uint64_t bytes_of(const FTSENT& entry) {
        const struct stat& status = *entry.fts_statp;
        if (!S_ISDIR(status.st_mode) && status.st_nlink > 1 &&
            !linked_.emplace(status.st_dev, status.st_ino).second) {
            return 0;
        }
        bar_.at(++files_);
        if (options_.apparent) {
            return S_ISDIR(status.st_mode) ? 0 : static_cast<std::uint64_t>(status.st_size);
        }
        return static_cast<std::uint64_t>(status.st_blocks) * 512;
    }

    /// Calls `sink(entry, path below the top)` for all files and folders.
    template <class Sink>
    void walk(const std::string& top, Sink&& sink) {
        std::string path = top;
        char* paths[] = {path.data(), nullptr};
        const std::unique_ptr<FTS, int (*)(FTS*)> tree(
            ::fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, nullptr), ::fts_close);
        if (!tree) {
            ++unread_;
            return;
        }
        while (FTSENT* const entry = ::fts_read(tree.get())) {
            if (entry->fts_info == FTS_DP) continue;
            if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
                entry->fts_info == FTS_NS) {
                // What is removed meanwhile takes no room.
                if (entry->fts_errno != ENOENT) ++unread_;
                continue;
            }
            std::string_view below(entry->fts_path, entry->fts_pathlen);
            below.remove_prefix((std::min)(below.size(), top.size() + 1));
            sink(*entry, below);
        }
    }

    void add_experiment(const std::string& path, const std::string& id,
                        std::vector<usage_row>& found) {
        usage_row whole;
        whole.experiment_id = id;
        whole.name = of_.experiment_name(id);
        usage_row run = whole;
        const auto finish_run = [&] {
            if (options_.by_run && !run.run_id.empty()) found.push_back(run);
            run.bytes = {};
        };
        walk(path, [&](const FTSENT& entry, std::string_view below) {
            const std::string_view first = below.substr(0, below.find('/'));
            const bool is_run =
                entry.fts_level > 1 || (entry.fts_level == 1 && entry.fts_info == FTS_D);
            const bool own = !is_run || first == "tags" || first == "datasets" ||
                             first == "traces" || first == "models";
            const std::string_view inside =
                below.size() > first.size() ? below.substr(first.size() + 1) : std::string_view();
            const std::size_t part =
                own ? count_of_parts - 1 : part_of(inside.substr(0, inside.find('/')));
            if (!own && first != run.run_id) {
                finish_run();
                run.run_id = first;
                ++whole.runs;
            }
            const std::uint64_t bytes = bytes_of(entry);
            if (options_.by_run && !own) {
                run.bytes[part] += bytes;
            } else {
                whole.bytes[part] += bytes;
            }
        });
        finish_run();
        if (!options_.by_run || whole.total() > 0) found.push_back(std::move(whole));
    }

    session& of_;
    const usage_options& options_;
    std::set<std::pair<dev_t, ino_t>> linked_;
    std::uint64_t files_ = 0;
    std::uint64_t unread_ = 0;
    progress bar_{"files"};
};

void print_usage_as_json(output& out, const std::vector<usage_row>& rows, std::uint64_t total) {
    json_members list;
    for (const usage_row& each : rows) {
        json_members row;
        row.text("experiment_id", each.experiment_id).text("name", each.name);
        if (each.run_id.empty()) {
            row.raw("runs", std::to_string(each.runs));
        } else {
            row.text("run_id", each.run_id);
        }
        for (std::size_t i = 0; i < count_of_parts; ++i) {
            row.raw(part_names[i], std::to_string(each.bytes[i]));
        }
        list.item(row.raw("total", std::to_string(each.total())).object());
    }
    out.write(
        json_members().raw("usage", list.list()).raw("total", std::to_string(total)).object() +
        '\n');
}

void print_usage_as_table(output& out, const std::vector<usage_row>& rows, std::uint64_t total,
                          bool by_run) {
    const auto size = [&](std::uint64_t bytes) {
        return out.is_terminal() ? size_text(bytes) : std::to_string(bytes);
    };
    std::vector<table_column> columns{{"total", side::right}};
    for (const char* each : part_names) columns.push_back({each, side::right});
    columns.push_back({by_run ? "run" : "runs", by_run ? side::left : side::right});
    columns.push_back({"experiment"});
    table printed(std::move(columns));
    const auto add = [&](const usage_row& each, std::uint64_t sum) {
        std::vector<table_cell> cells{{size(sum), ink::bold}};
        for (const std::uint64_t part : each.bytes) cells.push_back({size(part)});
        cells.push_back({by_run ? each.run_id : std::to_string(each.runs), ink::cyan});
        cells.push_back({each.name});
        printed.add(std::move(cells));
    };
    usage_row whole;
    whole.name = "(total)";
    for (const usage_row& each : rows) {
        add(each, each.total());
        whole.runs += each.runs;
        for (std::size_t i = 0; i < count_of_parts; ++i) whole.bytes[i] += each.bytes[i];
    }
    add(whole, total);
    printed.print(out);
}

}  // namespace

exit_code print_disk_usage(session& of, const usage_options& options) {
    std::vector<usage_row> rows;
    std::uint64_t unread = 0;
    {
        usage_scan scan(of, options);
        rows = scan.rows();
        unread = scan.unread();
    }
    const std::uint64_t total =
        std::accumulate(rows.begin(), rows.end(), std::uint64_t{0},
                        [](std::uint64_t sum, const auto& row) { return sum + row.total(); });
    if (of.json()) {
        print_usage_as_json(of.out(), rows, total);
    } else {
        print_usage_as_table(of.out(), rows, total, options.by_run);
    }
    if (unread == 0) return exit_code::done;
    tell(counted(unread, "folder") + " cannot be read and are not counted");
    return exit_code::nothing;
}

}  // namespace tool
