// SPDX-License-Identifier: MIT
/// \file What the calls of MLflow's REST interface have in common.
#ifndef MLSCRIBE_SYNC_REST_INTERFACE_HPP
#define MLSCRIBE_SYNC_REST_INTERFACE_HPP

#include <mlscribe/sync/remote_json.hpp>
#include <mlscribe/sync/server_call.hpp>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Makes requests of it and reads its answers. \threadsafety one thread at a time
class rest_interface {
  public:
    explicit rest_interface(server_settings settings) : caller_(std::move(settings)) {}

    /// The address for messages, without credentials.
    const std::string& url() const noexcept { return caller_.settings().url; }

  protected:
    using text_pair = std::pair<const char*, std::string_view>;

    static std::string rest(std::string_view method) {
        return "/api/2.0/mlflow/" + std::string(method);
    }
    static server_call post_text(std::string_view what, std::string_view method, std::string body) {
        server_call call{what, {}};
        call.request.method = "POST";
        call.request.path = rest(method);
        call.request.body = std::move(body);
        return call;
    }
    static server_call post(std::string_view what, std::string_view method,
                            const server_json& body) {
        return post_text(what, method, body_text(body));
    }
    static server_call get(std::string_view what, std::string_view method, std::string_view key,
                           std::string_view value) {
        server_call call{what, {}};
        call.request.path = rest(method);
        if (!key.empty()) {
            call.request.path += '?' + std::string(key) + '=' + percent_encoded_path(value);
        }
        return call;
    }
    error change(std::string_view what, std::string_view method,
                 std::initializer_list<text_pair> members) {
        server_json body;
        for (const text_pair& each : members) body[each.first] = std::string(each.second);
        server_json answer;
        return caller_.ask(post(what, method, body), answer);
    }

    error unreadable(std::string_view thing) const {
        return {error_code::unreachable, 0,
                "tracking server " + url() + " describes " + std::string(thing) +
                    " without an id of MLflow's; is it a tracking server?"};
    }
    template <class Remote>
    error read_member(const server_json& answer, const char* key, Remote& into) const {
        const server_json* const member = member_of(answer, key);
        if (member != nullptr && read_remote(*member, into)) return {};
        return unreadable(key);
    }
    // What was made twice before it was looked up is told apart by all who ask.
    template <class Remote, class Older>
    error read_oldest(const server_json& answer, const char* key, std::optional<Remote>& found,
                      const Older& is_older) const {
        bool is_bad = false;
        for_each_item(answer, key, [&found, &is_bad, &is_older](const server_json& item) {
            Remote each;
            is_bad = !read_remote(item, each) || is_bad;
            if (!found || is_older(each, *found)) found = std::move(each);
        });
        return is_bad ? unreadable(key) : error{};
    }
    static error search_body(const std::vector<std::string>& experiment_ids, const char* tag,
                             std::string_view value, server_json& body) {
        // It stands in quotes in a filter.
        if (!is_server_id(value)) {
            return {
                error_code::invalid_value, 0,
                "the id \"" + shown(value) + "\" is none of MLflow's: letters, digits, - and _"};
        }
        body["experiment_ids"] = experiment_ids;
        body["filter"] = std::string("tags.`") + tag + "` = '" + std::string(value) + '\'';
        body["max_results"] = 100;
        return {};
    }

    template <class Remote, class Find>
    error create(std::string_view what, std::string_view method, const server_json& body,
                 const char* key, Remote& made, const Find& find) {
        std::optional<Remote> found;
        server_call call = post(what, method, body);
        call.request.once = true;
        call.look_up = [&found, &find](bool& is_done) {
            error failure = find(found);
            is_done = found.has_value();
            return failure;
        };
        server_json answer;
        if (error failure = caller_.ask(call, answer)) return failure;
        if (!found) return read_member(answer, key, made);
        made = std::move(*found);
        return {};
    }

    template <class Item, class IsKnown>
    static void drop_if(std::vector<Item>& items, const IsKnown& is_known) {
        items.erase(std::remove_if(items.begin(), items.end(), is_known), items.end());
    }

    server_caller caller_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
