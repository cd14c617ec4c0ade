// SPDX-License-Identifier: MIT
/// \file The body of runs/log-batch, filled up to the server's limits.
#ifndef MLSCRIBE_SYNC_BATCH_BODY_HPP
#define MLSCRIBE_SYNC_BATCH_BODY_HPP

#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/layout/point.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Which model and data a metric is about; empty for those of the run alone.
struct metric_about {
    std::string_view model_id;  ///< the server's
    std::string_view dataset_name;
    std::string_view dataset_digest;
};

/// Metrics, params and tags for one call of log_batch(): at most 1000 metrics, 100 params, 100
/// tags, 1000 of all, and a million bytes, which is what MLflow takes at once. \threadsafety one
/// thread at a time
class batch_body {
  public:
    /// \return false where it is full: send it and clear() it first. False while it is empty()
    /// means
    ///         that the server takes no such thing at any time.
    bool add_metric(std::string_view key, const point& row, const metric_about& about = {}) {
        item_.clear();
        begin(key);
        item_ += ",\"value\":";
        append_value(row.value);
        append_integer(",\"timestamp\":", row.timestamp);
        append_integer(",\"step\":", row.step);
        append_where_any(",\"model_id\":", about.model_id);
        append_where_any(",\"dataset_name\":", about.dataset_name);
        append_where_any(",\"dataset_digest\":", about.dataset_digest);
        return take(metrics_, most_metrics);
    }
    bool add_param(std::string_view key, std::string_view value) {
        return add_text(params_, key, value);
    }
    bool add_tag(std::string_view key, std::string_view value) {
        return add_text(tags_, key, value);
    }

    bool empty() const noexcept { return count() == 0; }
    std::size_t metrics() const noexcept { return metrics_.count; }
    std::size_t params() const noexcept { return params_.count; }
    std::size_t tags() const noexcept { return tags_.count; }
    std::size_t count() const noexcept { return metrics() + params() + tags(); }
    void clear() noexcept {
        for (part* each : {&metrics_, &params_, &tags_}) {
            each->text.clear();
            each->count = 0;
        }
    }

    /// The JSON text. \param run_id  the server's
    std::string text(std::string_view run_id) const {
        std::string out = "{\"run_id\":";
        append_json_string(out, run_id);
        append_part(out, "metrics", metrics_);
        append_part(out, "params", params_);
        append_part(out, "tags", tags_);
        out += '}';
        return out;
    }

  private:
    static constexpr std::size_t most_metrics = 1000;
    static constexpr std::size_t most_texts = 100;
    static constexpr std::size_t most_items = 1000;
    // Of MLflow's 1e6 the id of the run and the names of the lists take some.
    static constexpr std::size_t most_bytes = 990'000;

    struct part {
        std::string text;
        std::size_t count = 0;
    };

    void begin(std::string_view key) {
        item_ += "{\"key\":";
        append_json_string(item_, key);
    }
    // A bare NaN is a JSON text that MLflow answers with 200 and stores as 0.0 at time 0.
    void append_value(double value) {
        char text[float_text_capacity];
        const std::string_view digits(text,
                                      static_cast<std::size_t>(write_float(text, value) - text));
        if (digits == "nan") {
            item_ += "\"NaN\"";
        } else if (digits == "inf") {
            item_ += "\"Infinity\"";
        } else if (digits == "-inf") {
            item_ += "\"-Infinity\"";
        } else {
            item_ += digits;
        }
    }
    // As protobuf's JSON writes 64 bits: a number would be read as a double.
    void append_integer(std::string_view name, std::int64_t value) {
        item_ += name;
        item_ += '"';
        item_ += std::to_string(value);
        item_ += '"';
    }
    void append_where_any(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        item_ += name;
        append_json_string(item_, value);
    }
    bool add_text(part& to, std::string_view key, std::string_view value) {
        item_.clear();
        begin(key);
        item_ += ",\"value\":";
        append_json_string(item_, value);
        return take(to, most_texts);
    }
    bool take(part& to, std::size_t most) {
        item_ += '}';
        const std::size_t bytes =
            metrics_.text.size() + params_.text.size() + tags_.text.size() + item_.size() + 1;
        if (to.count == most || count() == most_items || bytes > most_bytes) return false;
        if (to.count != 0) to.text += ',';
        to.text += item_;
        ++to.count;
        return true;
    }
    static void append_part(std::string& out, std::string_view name, const part& from) {
        if (from.count == 0) return;
        ((((out += ",\"") += name) += "\":[") += from.text) += ']';
    }

    part metrics_;
    part params_;
    part tags_;
    std::string item_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
