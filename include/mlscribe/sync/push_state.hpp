// SPDX-License-Identifier: MIT
/// \file What a server was sent of a run or model, as it is remembered until the next push.
#ifndef MLSCRIBE_SYNC_PUSH_STATE_HPP
#define MLSCRIBE_SYNC_PUSH_STATE_HPP

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_text.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A metric takes some eighty bytes and eight values, a file of the artifacts a hundred and five.
inline constexpr std::size_t max_push_state_bytes = std::size_t{64} << 20;
inline constexpr std::size_t max_push_state_values = std::size_t{1} << 20;

/// How far a metric's file was sent.
struct sent_metric {
    std::uint64_t bytes = 0;  ///< from its beginning
    std::uint64_t rows = 0;   ///< in these
    std::string edges = {};   ///< digest of how they begin and end: whether it still is that file
    std::uint64_t ahead = 0;  ///< rows behind these that were sent from a journal
    std::string ahead_digest = {};
};

/// A file that was sent.
struct sent_file {
    std::uint64_t size = 0;
    std::int64_t time = 0;  ///< of its last change, in nanoseconds
    std::string digest;     ///< empty where it was too large for one
};

/// Noted only after the server's answer: what is missing in it is sent again, which changes
/// nothing there. So it may be lost at any time.
struct push_state {
    std::string remote_id;
    std::string artifact_uri;
    std::string experiment;   ///< the server's, and when it was made
    bool adopted = false;     ///< found there: it may hold more than is noted here
    bool deleted = false;     ///< by a push
    std::uint64_t every = 1;  ///< of the metrics' points
    std::string look;         ///< the run's files when all of them were sent; empty: they were not
    std::string told;         ///< name, status and end as the server knows them
    std::map<std::string, sent_metric> metrics;
    std::map<std::string, std::string> params;  ///< digests
    std::map<std::string, std::string> tags;    ///< likewise
    std::set<std::string> inputs;               ///< names in inputs/
    std::set<std::string> outputs;              ///< names in outputs/
    std::map<std::string, sent_file> artifacts;
    std::map<std::string, std::string> refused;  ///< metrics with points it will not take, and why
};

/// Writes a state as JSON.
class state_text {
  public:
    explicit state_text(const push_state& state) {
        out_ = "{\"version\":1";
        text("remote_id", state.remote_id);
        text("artifact_uri", state.artifact_uri);
        text("experiment", state.experiment);
        number("adopted", state.adopted ? 1 : 0);
        number("deleted", state.deleted ? 1 : 0);
        number("every", state.every);
        text("look", state.look);
        text("told", state.told);
        texts("params", state.params);
        texts("tags", state.tags);
        texts("refused", state.refused);
        names("inputs", state.inputs);
        names("outputs", state.outputs);
        entries("metrics", state.metrics, [this](const sent_metric& each) {
            out_ += std::to_string(each.bytes) + ',' + std::to_string(each.rows) + ',';
            append_json_string(out_, each.edges);
            out_ += ',' + std::to_string(each.ahead) + ',';
            append_json_string(out_, each.ahead_digest);
        });
        entries("artifacts", state.artifacts, [this](const sent_file& each) {
            out_ += std::to_string(each.size) + ',' + std::to_string(each.time) + ',';
            append_json_string(out_, each.digest);
        });
        out_ += "}\n";
    }

    const std::string& str() const noexcept { return out_; }

  private:
    void key(std::string_view name) {
        out_ += ",\n";
        append_json_string(out_, name);
        out_ += ':';
    }
    void text(std::string_view name, const std::string& value) {
        key(name);
        append_json_string(out_, value);
    }
    void number(std::string_view name, std::uint64_t value) {
        key(name);
        out_ += std::to_string(value);
    }
    void texts(std::string_view name, const std::map<std::string, std::string>& values) {
        key(name);
        char before = '{';
        for (const auto& [each, value] : values) {
            out_ += before;
            append_json_string(out_, each);
            out_ += ':';
            append_json_string(out_, value);
            before = ',';
        }
        out_ += values.empty() ? "{}" : "}";
    }
    void names(std::string_view name, const std::set<std::string>& values) {
        key(name);
        char before = '[';
        for (const std::string& each : values) {
            out_ += before;
            append_json_string(out_, each);
            before = ',';
        }
        out_ += values.empty() ? "[]" : "]";
    }
    template <class Values, class Write>
    void entries(std::string_view name, const Values& values, Write&& write) {
        key(name);
        char before = '{';
        for (const auto& [each, value] : values) {
            out_ += before;
            append_json_string(out_, each);
            out_ += ":[";
            write(value);
            out_ += ']';
            before = ',';
        }
        out_ += values.empty() ? "{}" : "}";
    }

    std::string out_;
};

/// Reads what state_text wrote. What is anything else counts as nothing sent.
class state_reader {
  public:
    static push_state read(std::string_view text) {
        push_state state;
        const std::optional<document> root = parse_json(text, nullptr, max_push_state_values);
        if (!root || number_of<int>(*root, "version") != 1) return state;
        state.remote_id = text_of(*root, "remote_id");
        state.artifact_uri = text_of(*root, "artifact_uri");
        state.experiment = text_of(*root, "experiment");
        state.adopted = number_of<int>(*root, "adopted") != 0;
        state.deleted = number_of<int>(*root, "deleted") != 0;
        state.every = number_of<std::uint64_t>(*root, "every");
        state.look = text_of(*root, "look");
        state.told = text_of(*root, "told");
        read_texts(*root, "params", state.params);
        read_texts(*root, "tags", state.tags);
        read_texts(*root, "refused", state.refused);
        read_names(*root, "inputs", state.inputs);
        read_names(*root, "outputs", state.outputs);
        for_each(*root, "metrics", [&state](const std::string& key, const document& value) {
            if (value.items.size() != 5) return;
            state.metrics[key] = {size_of(value.items[0]), size_of(value.items[1]),
                                  value.items[2].text, size_of(value.items[3]),
                                  value.items[4].text};
        });
        for_each(*root, "artifacts", [&state](const std::string& path, const document& value) {
            if (value.items.size() != 3) return;
            state.artifacts[path] = {size_of(value.items[0]), number<std::int64_t>(value.items[1]),
                                     value.items[2].text};
        });
        return state;
    }

  private:
    template <class Integer>
    static Integer number(const document& value) {
        Integer read = 0;
        std::from_chars(value.text.data(), value.text.data() + value.text.size(), read);
        return read;
    }
    static std::uint64_t size_of(const document& value) { return number<std::uint64_t>(value); }
    template <class Integer>
    static Integer number_of(const document& root, std::string_view key) {
        const document* const found = root.find(key);
        return found == nullptr ? 0 : number<Integer>(*found);
    }
    static std::string text_of(const document& root, std::string_view key) {
        const document* const found = root.find(key);
        return found == nullptr ? std::string() : found->text;
    }
    template <class Sink>
    static void for_each(const document& root, std::string_view key, Sink&& sink) {
        const document* const found = root.find(key);
        if (found == nullptr) return;
        for (const document_entry& each : found->entries) sink(each.key.text, each.value);
    }
    static void read_texts(const document& root, std::string_view key,
                           std::map<std::string, std::string>& texts) {
        for_each(root, key, [&texts](const std::string& name, const document& value) {
            texts[name] = value.text;
        });
    }
    static void read_names(const document& root, std::string_view key,
                           std::set<std::string>& names) {
        const document* const found = root.find(key);
        if (found == nullptr) return;
        for (const document& each : found->items) names.insert(each.text);
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
