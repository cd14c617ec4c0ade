// SPDX-License-Identifier: MIT
/// \file Looks at all metric files of a run.
#ifndef MLSCRIBE_DOCTOR_METRIC_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_METRIC_CHECKUP_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/doctor/key_files.hpp>
#include <mlscribe/doctor/metric_rewrite.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What is wrong with lines, in words.
inline std::string_view line_rule(damage what) noexcept {
    switch (what) {
        case damage::torn_line:
            return "has no line end, its last digits may be missing";
        case damage::glued_line:
            return "is a line that was cut short with the next one behind it";
        case damage::blank_line:
            return "is blank, which MLflow refuses";
        case damage::nul_bytes:
            return "is NUL bytes, as a crash of the file system leaves them";
        case damage::decimal_comma:
            return "has a decimal comma";
        case damage::float_step:
            return "has a step or time stamp that is no whole number of 64 bits";
        case damage::number_spelling:
            return "has a number that Python does not read";
        case damage::invalid_utf8:
            return "is not UTF-8";
        case damage::dataset_line:
            return "has a dataset: MLflow 2 fails on it, and MLflow 3 takes 0 for its step";
        case damage::duplicate_row:
            return "repeats a row, which a database refuses";
        default:
            return "is not \"<milliseconds> <value> <step>\"";
    }
}

/// \threadsafety one thread at a time
class metric_checkup {
  public:
    /// \param is_written  whether a process writes the run
    metric_checkup(treatment& taken, const checked_place& place, const directory& run,
                   bool is_written)
        : taken_(taken),
          place_(place),
          run_(run),
          is_written_(is_written),
          keys_(taken, place, run, "metrics", key_kind::metric) {}

    void look() {
        directory metrics;
        std::vector<std::string> names;
        if (run_.open_below("metrics", missing::fail, metrics) != 0) return;
        if (list_metric_files(metrics, names) != 0) return;
        for (const std::string& name : names) look_at(name);
    }

  private:
    void look_at(const std::string& name) {
        descriptor file;
        struct stat status {};
        const int unread = run_.open_file(keys_.below(name), O_RDONLY, file);
        if (unread == 0 && uninterrupted::fstat(file.get(), &status) != 0) return;
        if (unread == 0 && status.st_size == 0) {
            if (const auto key = keys_.check_name(name, false, true)) note_empty(*key, status);
            return;
        }
        metric_file_check check(file);
        const int failed = unread != 0 ? unread : check.look();
        const bool is_stray = failed == 0 && check.rows() == 0 && !is_plain_damage(check);
        const auto key = keys_.check_name(name, is_stray, migrates(check));
        if (!key) return;
        if (failed == 0) check_mode(taken_, place_, run_, keys_.below(*key));
        if (failed != 0) return note_unread(*key, failed);
        note_lines(*key, file, status, check);
    }

    static bool migrates(const metric_file_check& check) {
        for (const auto& each : check.found()) {
            if (!each.second.migrates) return false;
        }
        return true;
    }

    /// Of a file without a row: whether it once was a metric.
    static bool is_plain_damage(const metric_file_check& check) {
        for (const auto& [what, lines] : check.found()) {
            if (what != damage::wrong_fields && what != damage::number_spelling &&
                what != damage::invalid_utf8 && what != damage::blank_line) {
                return true;
            }
        }
        return false;
    }

    void note_unread(const std::string& key, int failed) {
        finding what = keys_.found(
            damage::unreadable_mode, key,
            system_error("cannot read", place_.path + "/metrics/" + key, failed).message);
        taken_.note(std::move(what));
    }

    void note_empty(const std::string& key, const struct stat& status) {
        // MLflow makes the file and then writes it.
        if (is_recent(status.st_mtime)) return;
        note_moved_away(taken_,
                        keys_.found(damage::empty_metric, key,
                                    '"' + place_.path + "/metrics/" + key +
                                        "\" is empty, and MLflow's search fails on it"),
                        run_, keys_.below(key));
    }

    void note_lines(const std::string& key, const descriptor& file, const struct stat& status,
                    metric_file_check& check) {
        std::optional<error> rewritten;
        // Whoever writes a line right now has not ended it.
        const bool leaves_torn = is_written_ || is_recent(status.st_mtime);
        std::string kept_in;
        for (const auto& [kind, lines] : check.found()) {
            if (kind == damage::torn_line && leaves_torn) continue;
            finding what = keys_.found(kind, key, line_message(key, kind, lines));
            what.line = lines.first;
            what.count = lines.count;
            what.at_migration = lines.migrates ? migration_effect::none : migration_effect::aborts;
            const bool is_tidy = kind == damage::duplicate_row;
            if (!is_tidy) what.does = lines.is_read ? harm::reads_wrong : harm::hides_experiment;
            if (is_written_) {
                what.message += "; the run is being written: repair it again when it has ended";
            } else {
                what.remedy = line_remedy(lines, kind);
            }
            const finding named = what;
            taken_.note(std::move(what), [&](quarantine& away, std::string& kept) -> error {
                if (!rewritten) {
                    metric_rewrite again(taken_, run_, keys_.below(key), file, named, leaves_torn);
                    rewritten = again.run(check, away, kept_in);
                }
                kept = kept_in;
                return *rewritten;
            });
        }
    }

    std::string line_message(const std::string& key, damage kind,
                             const counted_lines& lines) const {
        std::string text = '"' + place_.path + "/metrics/" + key + "\" line " +
                           std::to_string(lines.first) + " (\"" + shown(lines.text) + "\") " +
                           std::string(line_rule(kind));
        if (lines.count > 1) text += "; " + std::to_string(lines.count) + " lines are such";
        return text;
    }
    static std::string line_remedy(const counted_lines& lines, damage kind) {
        if (kind == damage::duplicate_row) {
            return lines.count == 1 ? "remove the line" : "remove the lines";
        }
        std::string text = "line " + std::to_string(lines.first);
        text += lines.mended.empty() ? " is removed" : " becomes \"" + shown(lines.mended) + '"';
        if (lines.count > 1) {
            text += ", and so on in " + std::to_string(lines.count - 1) + " more";
        }
        return text;
    }

    treatment& taken_;
    const checked_place& place_;
    const directory& run_;
    const bool is_written_;
    key_folder keys_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
