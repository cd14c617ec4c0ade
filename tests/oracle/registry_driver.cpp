// SPDX-License-Identifier: MIT
/// \file Does what a test asks of the model registry: one call a line, texts as hexadecimal digits
/// behind an 'x'; answers `ok` with JSON as such a text, or `error` with the message.
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/registry.hpp>

#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "oracle/driver_words.hpp"

using test::decoded;
using test::encoded;

namespace {

using words = std::vector<std::string>;

std::string json(const std::string& text) {
    std::string out;
    mlscribe::detail::append_json_string(out, text);
    return out;
}
std::string json(std::int64_t number) {
    return std::to_string(number);
}
std::string json(bool done) {
    return done ? "true" : "false";
}
template <class Value>
std::string json(const std::map<std::string, Value>& values) {
    std::string out;
    for (const auto& [key, value] : values) {
        out += (out.empty() ? "" : ", ") + json(key) + ": " + json(value);
    }
    return '{' + out + '}';
}
std::string json(const mlscribe::registered_model& model);
std::string json(const mlscribe::model_version& version);
template <class Value>
std::string json(const std::vector<Value>& values) {
    std::string out;
    for (const Value& value : values) out += (out.empty() ? "" : ", ") + json(value);
    return '[' + out + ']';
}
std::string json(const mlscribe::registered_model& model) {
    return "{\"name\": " + json(model.name) + ", \"description\": " + json(model.description) +
           ", \"creation_timestamp\": " + json(model.creation_timestamp) +
           ", \"last_updated_timestamp\": " + json(model.last_updated_timestamp) +
           ", \"aliases\": " + json(model.aliases) + ", \"tags\": " + json(model.tags) + '}';
}
std::string json(const mlscribe::model_version& version) {
    return "{\"name\": " + json(version.name) + ", \"version\": " + json(version.version) +
           ", \"description\": " + json(version.description) +
           ", \"creation_timestamp\": " + json(version.creation_timestamp) +
           ", \"last_updated_timestamp\": " + json(version.last_updated_timestamp) +
           ", \"current_stage\": " + json(version.current_stage) +
           ", \"source\": " + json(version.source) + ", \"run_id\": " + json(version.run_id) +
           ", \"status\": " + json(version.status) + ", \"aliases\": " + json(version.aliases) +
           ", \"tags\": " + json(version.tags) + '}';
}

class driver {
  public:
    explicit driver(std::string root)
        : root_(std::move(root)), models_(root_, mlscribe::strictness::raise) {}

    std::string answer(const words& asked) {
        const auto text = [&asked](std::size_t i) { return decoded(asked.at(i)); };
        const auto number = [&text](std::size_t i) { return std::stoll(text(i)); };
        const std::string& call = asked.at(0);
        if (call == "run") return json(run_with(text(1), text(2)));
        if (call == "resolve") return resolved(text(1));
        if (call == "create")
            return json(models_.create_registered_model(text(1), text(2)).value());
        if (call == "version") {
            return json(models_.create_model_version(text(1), text(2), text(3), text(4)).value());
        }
        if (call == "register") return json(models_.register_model(text(1), text(2)).value());
        if (call == "models") return json(models_.search_registered_models());
        if (call == "model") return json(models_.get_registered_model(text(1)).value());
        if (call == "versions") return json(models_.model_versions(text(1)));
        if (call == "latest") return json(models_.get_latest_versions(text(1), {text(2)}));
        if (call == "set_alias") {
            return json(models_.set_registered_model_alias(text(1), text(2), number(3)));
        }
        if (call == "delete_alias") {
            return json(models_.delete_registered_model_alias(text(1), text(2)));
        }
        if (call == "set_tag") {
            return json(models_.set_registered_model_tag(text(1), text(2), text(3)));
        }
        if (call == "delete_tag")
            return json(models_.delete_registered_model_tag(text(1), text(2)));
        if (call == "set_version_tag") {
            return json(models_.set_model_version_tag(text(1), number(2), text(3), text(4)));
        }
        if (call == "delete_version_tag") {
            return json(models_.delete_model_version_tag(text(1), number(2), text(3)));
        }
        if (call == "describe") return json(models_.update_registered_model(text(1), text(2)));
        if (call == "describe_version") {
            return json(models_.update_model_version(text(1), number(2), text(3)));
        }
        if (call == "rename") return json(models_.rename_registered_model(text(1), text(2)));
        if (call == "delete") return json(models_.delete_registered_model(text(1)));
        if (call == "delete_version") return json(models_.delete_model_version(text(1), number(2)));
        throw std::runtime_error("no such call: " + call);
    }

  private:
    /// A run with the files of a directory among its artifacts. \return its id
    std::string run_with(const std::string& source, const std::string& path) const {
        mlscribe::run_options options;
        options.tracking_uri = root_;
        options.experiment = "registry";
        options.errors = mlscribe::strictness::raise;
        mlscribe::run run = mlscribe::start_run(options);
        run.log_artifacts(source, path);
        return std::string(run.id());
    }

    std::string resolved(const std::string& uri) const {
        mlscribe::detail::store_root store;
        mlscribe::detail::model_place place;
        mlscribe::error failure = mlscribe::detail::store_root::open(root_, store);
        if (!failure) failure = mlscribe::detail::resolve_model_uri(store, uri, place);
        if (failure) throw std::runtime_error(failure.message);
        return "{\"path\": " + json(place.path) + ", \"version\": " + json(place.version) +
               ", \"run_id\": " + json(place.run_id) + '}';
    }

    std::string root_;
    mlscribe::registry models_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    driver does(arguments[1]);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        words asked;
        for (std::string word; in >> word;) asked.push_back(word);
        try {
            const std::string answer = does.answer(asked);
            std::cout << "ok " << encoded(answer) << std::endl;
        } catch (const std::exception& failure) {
            std::cout << "error " << encoded(failure.what()) << std::endl;
        }
    }
}
