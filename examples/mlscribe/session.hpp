// SPDX-License-Identifier: MIT
/// \file What every command works with: the store, standard output, and what all may be told.
#ifndef MLSCRIBE_TOOL_SESSION_HPP
#define MLSCRIBE_TOOL_SESSION_HPP

#include <mlscribe/query.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "exit_code.hpp"
#include "output.hpp"

namespace tool {

struct general_options {
    std::string store;  ///< empty: MLFLOW_TRACKING_URI, else ./mlruns
    bool json = false;
    colour_choice colours = colour_choice::automatic;
};

class session {
  public:
    /// \onfailure throws logging_error where the store cannot be opened
    explicit session(const general_options& options)
        : options_(options), out_(options.colours), store_(options.store) {}

    output& out() noexcept { return out_; }
    const output& out() const noexcept { return out_; }
    const mlscribe::store& store() const noexcept { return store_; }
    /// As it was given.
    const std::string& store_option() const noexcept { return options_.store; }
    bool json() const noexcept { return options_.json; }

    /// By id; deleted ones, too.
    const std::map<std::string, std::string>& experiment_names();
    std::string experiment_name(const std::string& id);

    std::string time(std::int64_t milliseconds) const;
    std::string number(double value) const;
    /// Whole where no eye but a program reads it.
    std::string short_id(const std::string& run_id) const;

    /// A line for stderr, behind all that the command prints: before a long table nobody sees it.
    void note(std::string text) { notes_.push_back(std::move(text)); }
    /// One such line, if there are damaged runs.
    void note_damage(const std::vector<mlscribe::damaged_run>& damaged);
    /// Writes what waits, then the notes. \onfailure throws failure(unreadable)
    void finish();

  private:
    general_options options_;
    output out_;
    mlscribe::store store_;
    std::map<std::string, std::string> experiment_names_;
    std::vector<std::string> notes_;
};

/// How a status is painted.
ink ink_of(mlscribe::run_status status);

/// From the start to the end, or until now.
std::int64_t duration_of(const mlscribe::run_info& run);

}  // namespace tool

#endif
