// SPDX-License-Identifier: MIT
/// \file Sends what is new of a run's params and tags.
#ifndef MLSCRIBE_SYNC_TEXT_PUSH_HPP
#define MLSCRIBE_SYNC_TEXT_PUSH_HPP

#include <mlscribe/param/param_writer.hpp>
#include <mlscribe/query/text_folder.hpp>
#include <mlscribe/sync/batch_sender.hpp>
#include <mlscribe/sync/metric_push.hpp>
#include <mlscribe/sync/sync_options.hpp>

#include <cerrno>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's limit of a tag's value, in characters.
inline constexpr std::size_t max_tag_characters = 8000;

/// A value as the server keeps it. \return whether it is cut
inline bool cut_value(std::string& value, std::size_t most) {
    if (value.size() <= most) return false;
    const std::size_t kept = utf8::prefix(value, most).size();
    if (kept == value.size()) return false;
    value.resize(kept);
    return true;
}

/// The texts in a folder, each read by itself: one that is damaged hides no other.
/// \param most   of a longer one so many characters and one more are kept
/// \param fails  told of those that are damaged
template <class Fails>
std::map<std::string, std::string> read_texts(const directory& from, const std::string& folder,
                                              const std::string& path, std::size_t most,
                                              Fails&& fails) {
    std::map<std::string, std::string> values;
    std::vector<std::string> keys;
    if (const int failed = list_files(from, folder, keys)) {
        fails(system_error("cannot read", path + '/' + folder, failed));
    }
    text_folder texts(from, folder, path);
    for (const std::string& key : keys) {
        std::optional<std::string> value;
        if (const auto problem = read_key_problem(key)) {
            fails(error{error_code::damaged, 0,
                        '"' + path + '/' + folder + '/' + shown(key) + "\": " + *problem});
        } else if (error failure = texts.read(key, value)) {
            fails(std::move(failure));
        } else if (value) {
            if (cut_value(*value, most + 1)) value->shrink_to_fit();
            values.emplace_hint(values.end(), key, std::move(*value));
        }
    }
    return values;
}

/// The params and tags of one run.
class text_push {
  public:
    text_push(tracking_server& server, const found_run& run, push_state& state,
              batch_sender& sender, pushed_run& report)
        : server_(server), run_(run), state_(state), sender_(sender), report_(report) {}

    /// Gives those that are new to the sender. \onfailure what ends the push of this run
    error push_params() {
        for (const auto& [key, value] : read("params", max_param_characters)) {
            if (error failure = push(batch_item::kind::param, key, value)) return failure;
        }
        return {};
    }
    /// \param parent  the server's id of the run around this one, or empty
    /// \param is_dry  nothing is removed there
    error push_tags(const std::string& parent, bool is_dry) {
        auto tags = read("tags", max_tag_characters);
        if (!parent.empty()) tags["mlflow.parentRunId"] = parent;
        for (const char* const not_sent : not_sent_tags) tags.erase(not_sent);
        for (const auto& [key, value] : tags) {
            if (error failure = push(batch_item::kind::tag, key, value)) return failure;
        }
        return remove_tags(tags, is_dry);
    }

    /// Notes what the server took.
    static void note(const batch_item& item, push_state& state) {
        auto& digests = item.type == batch_item::kind::param ? state.params : state.tags;
        digests[item.key] = md5_text(item.value);
    }

  private:
    /// The name goes with the status; the others are about this machine, or the push's own.
    static constexpr const char* not_sent_tags[] = {"mlflow.runName", "mlscribe.journal",
                                                    local_run_id_tag};

    std::map<std::string, std::string> read(const std::string& folder, std::size_t most) {
        return read_texts(run_.folder, folder, run_.path, most, [this](error failure) {
            report_.failures.push_back(std::move(failure));
        });
    }

    error push(batch_item::kind type, const std::string& key, std::string value) {
        const bool is_param = type == batch_item::kind::param;
        const std::string name = (is_param ? "param \"" : "tag \"") + shown(key) + '"';
        if (utf8::length(key) > max_remote_key_characters) {
            report_.failures.push_back(
                {error_code::invalid_key, 0,
                 name + ": the server takes keys of at most 250 characters"});
            return {};
        }
        const std::size_t most = is_param ? max_param_characters : max_tag_characters;
        const bool is_cut = cut_value(value, most);
        const auto& digests = is_param ? state_.params : state_.tags;
        const auto known = digests.find(key);
        if (known != digests.end() && known->second == md5_text(value)) return {};
        if (is_cut) {
            report_.notes.push_back(
                {error_code::value_truncated, 0,
                 name + " is cut to the server's " + std::to_string(most) + " characters there"});
        }
        return sender_.add({type, key, std::move(value)});
    }

    /// What cannot be read at the moment is still there.
    bool is_gone(const std::string& tag) const {
        struct stat found {};
        const int failed = run_.folder.status("tags/" + tag, found);
        return failed == ENOENT || failed == ENOTDIR;
    }

    error remove_tags(const std::map<std::string, std::string>& present, bool is_dry) {
        for (auto each = state_.tags.begin(); each != state_.tags.end();) {
            if (present.count(each->first) != 0 || !is_gone(each->first)) {
                ++each;
                continue;
            }
            error failure;
            if (!is_dry) failure = server_.delete_tag(state_.remote_id, each->first);
            if (failure && failure.code != error_code::not_found) return failure;
            each = state_.tags.erase(each);
            ++report_.texts;
        }
        return {};
    }

    tracking_server& server_;
    const found_run& run_;
    push_state& state_;
    batch_sender& sender_;
    pushed_run& report_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
