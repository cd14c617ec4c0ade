// SPDX-License-Identifier: MIT
/// \file What becomes of each finding: told, or mended.
#ifndef MLSCRIBE_DOCTOR_TREATMENT_HPP
#define MLSCRIBE_DOCTOR_TREATMENT_HPP

#include <mlscribe/doctor/quarantine.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where a look at a store is: its parts fill in what they find.
struct checked_place {
    std::string experiment_id = {};
    std::string run_id = {};
    std::string path = {};  ///< below the root

    finding found(damage what, std::string message, std::string remedy = {}) const {
        finding result;
        result.what = what;
        result.does = facts_of(what).does;
        result.at_migration = facts_of(what).at_migration;
        result.experiment_id = experiment_id;
        result.run_id = run_id;
        result.path = path;
        result.message = std::move(message);
        result.remedy = std::move(remedy);
        return result;
    }
    checked_place below(std::string_view name) const {
        checked_place result = *this;
        if (!result.path.empty()) result.path += '/';
        result.path += name;
        return result;
    }
};

/// Takes every finding; where it repairs, has it mended first. \threadsafety one thread at a time
class treatment {
  public:
    /// Only looks.
    treatment(std::string store, std::int64_t silence)
        : silence_(silence), kept_(std::move(store), {}) {}
    treatment(std::string store, const repair_options& options)
        : repairs_(true),
          dry_run_(options.dry_run),
          only_(options.only),
          silence_(options.silence),
          kept_(std::move(store), options.quarantine) {}

    /// Whether this is no mere look, and this damage is one to be mended.
    bool mends(damage what) const {
        if (!repairs_) return false;
        if (only_.empty()) return is_mended_unasked(what);
        return std::find(only_.begin(), only_.end(), what) != only_.end();
    }
    bool writes() const noexcept { return repairs_ && !dry_run_; }
    std::int64_t silence() const noexcept { return silence_; }

    /// \param mend  `error(quarantine&, std::string& kept)`, called where the finding is to be
    /// mended \return whether it was
    template <class Mend>
    bool note(finding found, Mend&& mend) {
        if (!mends(found.what) || found.remedy.empty()) {
            left_.push_back(std::move(found));
            return false;
        }
        std::string kept;
        if (!dry_run_) {
            if (const error failure = mend(kept_, kept)) {
                found.message += "; not mended: " + failure.message;
                left_.push_back(std::move(found));
                return false;
            }
        }
        std::string done = found.remedy;
        changes_.push_back({std::move(found), std::move(done), std::move(kept)});
        return !dry_run_;
    }
    /// Nothing can be done about it here.
    void note(finding found) { left_.push_back(std::move(found)); }

    std::vector<finding> take_left() { return std::move(left_); }
    std::vector<repair_change> take_changes() { return std::move(changes_); }
    const std::string& quarantine_path() const noexcept { return kept_.path(); }

    std::uint64_t experiments = 0;
    std::uint64_t runs = 0;
    std::uint64_t files = 0;

  private:
    const bool repairs_ = false;
    const bool dry_run_ = false;
    const std::vector<damage> only_;
    const std::int64_t silence_;
    quarantine kept_;
    std::vector<finding> left_;
    std::vector<repair_change> changes_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
