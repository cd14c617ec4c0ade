// SPDX-License-Identifier: MIT
/// \file The records behind meta.yaml: a run and an experiment, to a document and back.
#ifndef MLSCRIBE_LAYOUT_META_YAML_HPP
#define MLSCRIBE_LAYOUT_META_YAML_HPP

#include <mlscribe/layout/meta_document.hpp>
#include <mlscribe/layout/run_status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// What a run's meta.yaml says. Times are milliseconds since 1970-01-01 UTC.
struct run_meta {
    std::string run_id;         ///< the name of the run's directory; MLflow's are 32 hex digits
    std::string run_name;       ///< empty: MLflow shows the tag `mlflow.runName`
    std::string experiment_id;  ///< the name of its directory; MLflow's are decimal digits
    std::string user_id;
    std::string artifact_uri;
    run_status status = run_status::running;
    std::int64_t start_time = 0;
    std::optional<std::int64_t> end_time;  ///< none while the run runs
    lifecycle lifecycle_stage = lifecycle::active;
};

/// What an experiment's meta.yaml says. Times are milliseconds since 1970-01-01 UTC.
struct experiment_meta {
    std::string experiment_id;
    std::string name;
    std::string artifact_location;
    lifecycle lifecycle_stage = lifecycle::active;
    std::optional<std::int64_t> creation_time;
    std::optional<std::int64_t> last_update_time;
};

namespace detail {

/// Takes the fields of a record out of a document; keeps the first reason why one cannot be.
class meta_fields {
  public:
    explicit meta_fields(const meta_document& document) noexcept : document_(document) {}

    bool failed() const noexcept { return !why_.empty(); }
    const std::string& why() const noexcept { return why_; }

    enum class need { required, not_empty, optional };

    void text(std::string_view key, need how, std::string& out) {
        const yaml_value* value = document_.find(key);
        if (value == nullptr || value->type == yaml_value::kind::null) {
            if (how != need::optional) refuse(key, value == nullptr ? "is missing" : "is null");
            return;
        }
        if (is_collection(*value)) return refuse(key, "is no text");
        out = value->text;
        if (how == need::not_empty && out.empty()) refuse(key, "is empty");
    }

    /// An id: unlike other texts, digits without quotes are refused where MLflow would break.
    void identifier(std::string_view key, bool number_allowed, std::string& out) {
        text(key, need::not_empty, out);
        if (failed()) return;
        const yaml_value* const value = document_.find(key);
        if (value == nullptr || (value->type == yaml_value::kind::string && !value->date)) return;
        const std::optional<std::int64_t> number = to_integer(*value);
        if (!number_allowed || !number) return refuse(key, "is not a text; put it in quotes");
        out = std::to_string(*number);
    }

    /// MLflow takes whole numbers and floats as times.
    void time(std::string_view key, std::int64_t& out) {
        std::optional<std::int64_t> time;
        optional_time(key, time);
        if (failed()) return;
        if (!time) return refuse(key, document_.find(key) == nullptr ? "is missing" : "is null");
        out = *time;
    }

    void optional_time(std::string_view key, std::optional<std::int64_t>& out) {
        const yaml_value* value = document_.find(key);
        if (value == nullptr || value->type == yaml_value::kind::null) return;
        out = to_integer(*value);
        if (!out && value->type == yaml_value::kind::real) out = whole_part(value->text);
        if (!out) refuse(key, "is not a number of milliseconds");
    }

    void stage(bool optional, lifecycle& out) {
        const std::string_view key = "lifecycle_stage";
        const yaml_value* value = document_.find(key);
        if (value == nullptr) {
            if (!optional) refuse(key, "is missing");
            return;
        }
        if (value->type != yaml_value::kind::string ||
            (value->text != "active" && value->text != "deleted")) {
            return refuse(key, "is neither active nor deleted");
        }
        out = value->text == "active" ? lifecycle::active : lifecycle::deleted;
    }

    void status(run_status& out) {
        const yaml_value* value = document_.find("status");
        if (value == nullptr) return;
        const std::optional<std::int64_t> number = to_integer(*value);
        if (!number || *number < 1 || *number > 5) {
            return refuse("status", "is not a number from 1 (RUNNING) to 5 (KILLED)");
        }
        out = static_cast<run_status>(*number);
    }

    void refuse(std::string_view key, std::string_view what) {
        if (failed()) return;
        why_ = "meta.yaml key \"";
        why_ += key;
        why_ += "\" ";
        why_ += what;
    }

  private:
    static bool is_collection(const yaml_value& value) noexcept {
        return value.type == yaml_value::kind::mapping || value.type == yaml_value::kind::sequence;
    }

    /// Of `1700000000000.5`; other spellings of a float are no times.
    static std::optional<std::int64_t> whole_part(std::string_view text) {
        yaml_value whole;
        whole.text = text.substr(0, text.find('.'));
        const std::size_t sign = whole.text.find_first_of("+-") == 0 ? 1 : 0;
        const std::string_view digits = std::string_view(whole.text).substr(sign);
        const bool decimal = digits.find_first_not_of("0123456789_") == std::string_view::npos;
        const bool exponent = text.find_first_of("eE") != std::string_view::npos;
        if (digits.empty() || !decimal || exponent) return std::nullopt;
        // A leading zero would make it octal.
        const std::size_t zeros = digits.find_first_not_of("0_");
        whole.text.erase(sign, zeros == std::string_view::npos ? digits.size() - 1 : zeros);
        if (zeros == std::string_view::npos) whole.text[sign] = '0';
        whole.type = yaml_value::kind::integer;
        return to_integer(whole);
    }

    const meta_document& document_;
    std::string why_;
};

}  // namespace detail

/// The document of a run that MLflow 2 and 3 both read, with the keys that MLflow 2 writes.
inline meta_document to_document(const run_meta& run) {
    constexpr std::int64_t local = 4;  // MLflow's source type of a script
    meta_document document;
    document.set_string("artifact_uri", run.artifact_uri);
    if (run.end_time) {
        document.set_integer("end_time", *run.end_time);
    } else {
        document.set_null("end_time");
    }
    document.set_string("entry_point_name", "");
    document.set_string("experiment_id", run.experiment_id);
    document.set_string("lifecycle_stage", to_string(run.lifecycle_stage));
    document.set_string("run_id", run.run_id);
    document.set_string("run_name", run.run_name);
    document.set_string("run_uuid", run.run_id);
    document.set_string("source_name", "");
    document.set_integer("source_type", local);
    document.set_string("source_version", "");
    document.set_integer("start_time", run.start_time);
    document.set_integer("status", static_cast<std::int64_t>(run.status));
    yaml_value no_tags;
    no_tags.type = yaml_value::kind::sequence;
    document.set("tags", std::move(no_tags));
    document.set_string("user_id", run.user_id);
    return document;
}

/// The document of an experiment that MLflow 2 and 3 both read. An unset time is null.
inline meta_document to_document(const experiment_meta& experiment) {
    meta_document document;
    const auto set_time = [&document](const char* key, const std::optional<std::int64_t>& time) {
        if (time) {
            document.set_integer(key, *time);
        } else {
            document.set_null(key);
        }
    };
    document.set_string("artifact_location", experiment.artifact_location);
    set_time("creation_time", experiment.creation_time);
    document.set_string("experiment_id", experiment.experiment_id);
    set_time("last_update_time", experiment.last_update_time);
    document.set_string("lifecycle_stage", to_string(experiment.lifecycle_stage));
    document.set_string("name", experiment.name);
    return document;
}

/// Reads a run as MLflow does: a missing status is RUNNING, a missing lifecycle stage active, and
/// `run_uuid` stands in for a missing `run_id`. \param why  gets the key and its rule on a failure
/// \onfailure nullopt where MLflow's search of the whole experiment would break on this file
inline std::optional<run_meta> read_run_meta(const meta_document& document,
                                             std::string* why = nullptr) {
    using need = detail::meta_fields::need;
    run_meta run;
    detail::meta_fields fields(document);
    const bool old = document.find("run_id") == nullptr && document.find("run_uuid") != nullptr;
    fields.identifier(old ? "run_uuid" : "run_id", false, run.run_id);
    fields.identifier("experiment_id", true, run.experiment_id);
    fields.text("run_name", need::optional, run.run_name);
    fields.text("user_id", need::required, run.user_id);
    fields.text("artifact_uri", need::optional, run.artifact_uri);
    fields.status(run.status);
    fields.time("start_time", run.start_time);
    const yaml_value* end = document.find("end_time");
    if (end == nullptr) {
        fields.refuse("end_time", "is missing");
    } else if (end->type != yaml_value::kind::string || !end->text.empty()) {
        fields.optional_time("end_time", run.end_time);
    }
    fields.stage(true, run.lifecycle_stage);
    if (!fields.failed()) return run;
    if (why != nullptr) *why = fields.why();
    return std::nullopt;
}

/// Reads an experiment as MLflow does; the times may be missing or null.
/// \param why  gets the key and its rule on a failure
/// \onfailure nullopt where MLflow could not list the whole store because of this file
inline std::optional<experiment_meta> read_experiment_meta(const meta_document& document,
                                                           std::string* why = nullptr) {
    using need = detail::meta_fields::need;
    experiment_meta experiment;
    detail::meta_fields fields(document);
    fields.identifier("experiment_id", true, experiment.experiment_id);
    fields.text("name", need::required, experiment.name);
    fields.text("artifact_location", need::required, experiment.artifact_location);
    fields.stage(false, experiment.lifecycle_stage);
    fields.optional_time("creation_time", experiment.creation_time);
    fields.optional_time("last_update_time", experiment.last_update_time);
    if (!fields.failed()) return experiment;
    if (why != nullptr) *why = fields.why();
    return std::nullopt;
}

MLSCRIBE_NAMESPACE_END

#endif
