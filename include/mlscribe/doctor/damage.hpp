// SPDX-License-Identifier: MIT
/// \file What can be wrong with a store, and what MLflow makes of it (docs/format.md, "meta.yaml",
/// "Keys", "Metric files", "Several writers, and files that nobody expects" and "Migration to a
/// database").
#ifndef MLSCRIBE_DOCTOR_DAMAGE_HPP
#define MLSCRIBE_DOCTOR_DAMAGE_HPP

#include <mlscribe/config/config.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// The kinds of damage. Each has a name for people and command lines: to_string().
enum class damage {
    torn_line,          ///< a metric file ends without a line end: a write that was cut short
    glued_line,         ///< a torn line with the next one behind it
    blank_line,         ///< in a metric file
    nul_bytes,          ///< that a file system left in a metric file after a crash
    wrong_fields,       ///< a metric line that is not `<ms> <value> <step>`
    number_spelling,    ///< a number that Python does not read: `nan(0x8)`, `1.#INF`, `0x1p3`
    decimal_comma,      ///< `1,5`
    float_step,         ///< a step or time stamp `1e+06`, `1.5`
    dataset_line,       ///< five fields: MLflow 2 fails on it, MLflow 3 takes 0 for the step
    duplicate_row,      ///< equal time stamp, step and value, as a database sees them
    empty_metric,       ///< a metric file without a byte
    illegal_key,        ///< a file whose name MLflow refuses as a key
    stray_file,         ///< of an editor or file system, where every file is a metric or value
    dangling_link,      ///< a link in place of a metric, param or tag that leads nowhere
    invalid_utf8,       ///< in a param or tag
    unreadable_mode,    ///< a file or folder that not all can read who can read the store
    broken_run,         ///< a run's meta.yaml that is empty, cut or not as MLflow needs it
    run_without_meta,   ///< a run whose meta.yaml is gone
    foreign_run,        ///< a run's meta.yaml that names another run or experiment
    doubled_run,        ///< two folders with one run id
    missing_folder,     ///< a run without metrics, params or artifacts
    broken_input,       ///< an entry of a run's inputs or outputs that MLflow cannot read
    stale_run,          ///< RUNNING, but nobody has written it for long
    undrained_journal,  ///< points and the end of a run whose process died
    leftover,           ///< a temporary file of a process that died
    moved_store,        ///< an artifact URI that leads to where the store was
    broken_experiment,  ///< an experiment's meta.yaml that is empty, cut or incomplete
    experiment_without_meta,  ///< runs in a folder without meta.yaml
    foreign_experiment,       ///< an experiment's meta.yaml that names another experiment
    doubled_name,             ///< two experiments of one name
    experiment_id,            ///< an id that is no number
    stray_folder,             ///< a folder beside the runs or experiments that is none
    foreign_folder,           ///< a folder in the root with a name that no experiment can have
    missing_trash             ///< a store without `.trash`
};

/// What MLflow makes of it.
enum class harm {
    hides_store,       ///< no experiment can be listed
    hides_experiment,  ///< no run of the experiment can be searched
    hides_run,         ///< the run, or the experiment where there is none, is not seen
    reads_wrong,       ///< MLflow shows something else than was written
    untidy             ///< it reads everything
};

/// What `mlflow migrate-filestore` makes of it.
enum class migration_effect {
    none,
    aborts,  ///< nothing is migrated
    skips,   ///< the run or experiment is left out without a word
};

namespace detail {

struct damage_facts {
    damage what;
    std::string_view name;
    harm does;
    migration_effect at_migration;
};

inline constexpr std::array<damage_facts, 34> all_damage{{
    {damage::torn_line, "torn-line", harm::reads_wrong, migration_effect::aborts},
    {damage::glued_line, "glued-line", harm::hides_experiment, migration_effect::aborts},
    {damage::blank_line, "blank-line", harm::hides_experiment, migration_effect::aborts},
    {damage::nul_bytes, "nul-bytes", harm::hides_experiment, migration_effect::aborts},
    {damage::wrong_fields, "wrong-fields", harm::hides_experiment, migration_effect::aborts},
    {damage::number_spelling, "number-spelling", harm::hides_experiment, migration_effect::aborts},
    {damage::decimal_comma, "decimal-comma", harm::hides_experiment, migration_effect::aborts},
    {damage::float_step, "float-step", harm::hides_experiment, migration_effect::aborts},
    {damage::dataset_line, "dataset-line", harm::reads_wrong, migration_effect::none},
    {damage::duplicate_row, "duplicate-row", harm::untidy, migration_effect::aborts},
    {damage::empty_metric, "empty-metric", harm::hides_experiment, migration_effect::none},
    {damage::illegal_key, "illegal-key", harm::hides_experiment, migration_effect::none},
    {damage::stray_file, "stray-file", harm::reads_wrong, migration_effect::none},
    {damage::dangling_link, "dangling-link", harm::hides_experiment, migration_effect::none},
    {damage::invalid_utf8, "invalid-utf8", harm::hides_experiment, migration_effect::aborts},
    {damage::unreadable_mode, "unreadable-mode", harm::hides_experiment, migration_effect::aborts},
    {damage::broken_run, "broken-run", harm::hides_experiment, migration_effect::skips},
    {damage::run_without_meta, "run-without-meta", harm::hides_run, migration_effect::skips},
    {damage::foreign_run, "foreign-run", harm::hides_experiment, migration_effect::none},
    {damage::doubled_run, "doubled-run", harm::hides_run, migration_effect::aborts},
    {damage::missing_folder, "missing-folder", harm::hides_run, migration_effect::none},
    {damage::broken_input, "broken-input", harm::hides_experiment, migration_effect::none},
    {damage::stale_run, "stale-run", harm::reads_wrong, migration_effect::none},
    {damage::undrained_journal, "undrained-journal", harm::reads_wrong, migration_effect::none},
    {damage::leftover, "leftover", harm::untidy, migration_effect::none},
    {damage::moved_store, "moved-store", harm::reads_wrong, migration_effect::none},
    {damage::broken_experiment, "broken-experiment", harm::hides_store, migration_effect::aborts},
    {damage::experiment_without_meta, "experiment-without-meta", harm::hides_run,
     migration_effect::skips},
    {damage::foreign_experiment, "foreign-experiment", harm::hides_run, migration_effect::none},
    {damage::doubled_name, "doubled-name", harm::reads_wrong, migration_effect::aborts},
    {damage::experiment_id, "experiment-id", harm::untidy, migration_effect::skips},
    {damage::stray_folder, "stray-folder", harm::untidy, migration_effect::none},
    {damage::foreign_folder, "foreign-folder", harm::hides_store, migration_effect::none},
    {damage::missing_trash, "missing-trash", harm::untidy, migration_effect::none},
}};

constexpr const damage_facts& facts_of(damage what) noexcept {
    return all_damage[static_cast<std::size_t>(what)];
}

constexpr bool damage_facts_are_in_order() noexcept {
    for (std::size_t i = 0; i < all_damage.size(); ++i) {
        if (static_cast<std::size_t>(all_damage[i].what) != i) return false;
    }
    return static_cast<std::size_t>(damage::missing_trash) + 1 == all_damage.size();
}
static_assert(damage_facts_are_in_order());

}  // namespace detail

/// "torn-line", "empty-metric" …
constexpr std::string_view to_string(damage what) noexcept {
    return detail::facts_of(what).name;
}

/// \return none for a name that to_string() does not give
constexpr std::optional<damage> find_damage(std::string_view name) noexcept {
    for (const detail::damage_facts& each : detail::all_damage) {
        if (each.name == name) return each.what;
    }
    return std::nullopt;
}

/// Whether repair() mends it without being asked for it by name: MLflow 3 itself writes rows with
/// datasets, who may read a file is its owner's decision, and a store that seems to have moved may
/// only be mounted somewhere else here.
constexpr bool is_mended_unasked(damage what) noexcept {
    return what != damage::dataset_line && what != damage::unreadable_mode &&
           what != damage::moved_store;
}

/// What a damage does, in words.
constexpr std::string_view to_string(harm does) noexcept {
    constexpr std::array<std::string_view, 5> names{"hides the store", "hides the experiment",
                                                    "hides the run", "reads wrong", "untidy"};
    return names[static_cast<std::size_t>(does)];
}

MLSCRIBE_NAMESPACE_END

#endif
