// SPDX-License-Identifier: MIT
/// \file One damage, where it is, and what can be done about it.
#ifndef MLSCRIBE_DOCTOR_FINDING_HPP
#define MLSCRIBE_DOCTOR_FINDING_HPP

#include <mlscribe/doctor/damage.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// One damage. Lines of one file with the same damage are one finding.
struct finding {
    damage what = damage::torn_line;
    harm does = harm::untidy;
    migration_effect at_migration = migration_effect::none;
    std::string experiment_id = {};  ///< the name of its folder; empty: of the root
    std::string run_id = {};         ///< the name of its folder; empty: of no run
    std::string path = {};           ///< below the root
    std::uint64_t line = 0;          ///< the first, from 1; 0: the whole file
    std::uint64_t count = 1;         ///< lines, from that one on
    std::string message = {};        ///< the thing and the rule
    std::string remedy = {};         ///< what repair() can do about it; empty: nothing
};

/// Told now and then during long work: runs that were looked at, and how many there are.
using checkup_progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What a store was found to have.
struct examination {
    std::vector<finding> findings = {};
    std::uint64_t experiments = 0;  ///< that were looked at
    std::uint64_t runs = 0;
    std::uint64_t files = 0;  ///< metrics, params and tags
};

/// How long a run may be silent, and who is told of the work's progress.
struct examine_options {
    /// Milliseconds without a write after which a RUNNING run counts as dead, where its process
    /// cannot be asked for. A run that ends later still gets its own status and end.
    std::int64_t silence = std::int64_t{24} * 60 * 60 * 1000;
    checkup_progress on_progress = {};
};

/// What is mended, and where what is removed goes.
struct repair_options {
    std::vector<damage> only = {};  ///< empty: what is_mended_unasked()
    bool dry_run = false;           ///< tells what would be done and changes nothing
    /// Where every removed byte goes, outside the store; empty: `<store>-quarantine` beside it.
    std::string quarantine = {};
    /// As examine_options; and after which a file is at rest where the system does not tell who has
    /// it open, as over a network.
    std::int64_t silence = std::int64_t{24} * 60 * 60 * 1000;
    checkup_progress on_progress = {};
};

/// Something that was mended, or would be.
struct repair_change {
    finding what;
    std::string done;  ///< what was done
    std::string kept;  ///< the file or folder in the quarantine; empty: nothing was removed
};

/// What a repair did, and what it left.
struct repair_report {
    std::vector<repair_change> changes = {};
    std::vector<finding> left = {};  ///< whose messages say why
    std::string quarantine = {};     ///< the folder of this repair; empty: nothing was removed
    std::uint64_t experiments = 0;
    std::uint64_t runs = 0;
    std::uint64_t files = 0;
};

MLSCRIBE_NAMESPACE_END

#endif
