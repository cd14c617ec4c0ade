// SPDX-License-Identifier: MIT
/// \file What model_registry.hpp is where logging is not compiled out.
#ifndef MLSCRIBE_REGISTRY_ACTIVE_REGISTRY_HPP
#define MLSCRIBE_REGISTRY_ACTIVE_REGISTRY_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/registry/model_source.hpp>
#include <mlscribe/registry/register_model.hpp>
#include <mlscribe/store/tag_file.hpp>
#include <mlscribe/store/tracked_store.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// The model registry of a store, with the names of MLflow's `MlflowClient`. Every call returns
/// false (or nothing) on failure and reports why, or throws `logging_error` under
/// strictness::raise. With MLSCRIBE_MODE=disabled every call returns false (or nothing) without a
/// word. What is new appears whole: another program, a live MLflow too, sees all of it or nothing,
/// and a process that is killed leaves a registry that can be read.
/// \threadsafety any thread; other processes may work on the same store
class registry : detail::tracked_store {
  public:
    /// \param tracking_uri as MLFLOW_TRACKING_URI, which is used when it is empty
    explicit registry(std::string_view tracking_uri = {}, strictness policy = strictness::report,
                      error_handler handler = {})
        : tracked_store(tracking_uri, policy, std::move(handler)) {}

    /// Makes a registered model without versions.
    /// \param name  at most 255 bytes, none of / : % ? @ ' and no control character
    /// \onfailure already_exists, invalid_value
    std::optional<registered_model> create_registered_model(const std::string& name,
                                                            const std::string& description = {}) {
        return guarded("create_registered_model", [&]() -> std::optional<registered_model> {
            registered_model made;
            if (!is_open() || fail(add_model(name, description, made))) return std::nullopt;
            return made;
        });
    }

    /// Adds a version, whose number is the highest one plus 1.
    /// \param source  the model's directory, by any URI that register_model() takes, or a URI that
    ///                leads to another machine (`s3://…`), which is written as it is
    /// \param run_id  of the run that made it, where the URI does not tell
    std::optional<model_version> create_model_version(const std::string& name,
                                                      const std::string& source,
                                                      const std::string& run_id = {},
                                                      const std::string& description = {}) {
        return guarded("create_model_version", [&]() -> std::optional<model_version> {
            model_version made;
            if (!is_open()) return std::nullopt;
            if (!run_id.empty() && !detail::is_run_id(run_id)) {
                fail(detail::illegal_run_id(run_id));
                return std::nullopt;
            }
            made.run_id = run_id;
            made.description = description;
            if (fail(detail::find_source(store_, source, made))) return std::nullopt;
            return add_version(name, std::move(made));
        });
    }

    /// Adds a version to the registered model `name`, which is made where there is none, as
    /// `mlflow.register_model` does. MLflow 2 and 3 both list and load it.
    /// \param model_uri  `runs:/<run_id>/<path>`, `models:/<name>/<version>`,
    ///                   `models:/<name>@<alias>`, `models:/<model_id>`, a path or a `file:` URI;
    ///                   of a directory with a file MLmodel
    std::optional<model_version> register_model(const std::string& model_uri,
                                                const std::string& name) {
        return guarded("register_model", [&]() -> std::optional<model_version> {
            model_version made;
            if (!is_open() || fail(detail::register_model(store_, model_uri, name, made))) {
                return std::nullopt;
            }
            return made;
        });
    }

    /// A registered model; none where it is not there, which is reported.
    std::optional<registered_model> get_registered_model(const std::string& name) {
        registered_model found;
        const auto read = [&found](const detail::model_folder& model) {
            return detail::read_registered_model(model, found);
        };
        return with_model(name, read) ? std::make_optional(std::move(found)) : std::nullopt;
    }

    /// All registered models by name. One that cannot be read is reported and left out; MLflow
    /// lists none beside it.
    std::vector<registered_model> search_registered_models() {
        return guarded("search_registered_models", [&] { return all_models(); });
    }

    /// A version of a model; none where it is not there, which is reported.
    std::optional<model_version> get_model_version(const std::string& name, std::int64_t version) {
        model_version found;
        const auto read = [&](const detail::model_folder& model) {
            return detail::read_model_version(model, version, found);
        };
        return with_model(name, read) ? std::make_optional(std::move(found)) : std::nullopt;
    }

    /// The version that an alias stands for; none likewise.
    std::optional<model_version> get_model_version_by_alias(const std::string& name,
                                                            const std::string& alias) {
        model_version found;
        const auto read = [&](const detail::model_folder& model) {
            std::int64_t number = 0;
            error failure = detail::find_aliased_version(model, alias, number);
            return failure ? failure : detail::read_model_version(model, number, found);
        };
        return with_model(name, read) ? std::make_optional(std::move(found)) : std::nullopt;
    }

    /// Every version of a model, ascending; deleted ones are left out, damaged ones reported.
    std::vector<model_version> model_versions(const std::string& name) {
        return guarded("model_versions", [&] { return versions_of(name); });
    }

    /// The highest version in each of these stages (None, Staging, Production, Archived in any
    /// case), of all stages where none is named. Aliases took the place of stages: they are read
    /// here and not written.
    std::vector<model_version> get_latest_versions(const std::string& name,
                                                   std::vector<std::string> stages = {}) {
        return guarded("get_latest_versions",
                       [&] { return latest_versions(name, std::move(stages)); });
    }

    /// Makes `models:/<name>@<alias>` mean this version; it may have meant another.
    /// \param alias  letters, digits, _ and -; not `latest`, not `v1`
    bool set_registered_model_alias(const std::string& name, const std::string& alias,
                                    std::int64_t version) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::set_alias(model, alias, version);
        });
    }
    /// True also where there is no such alias.
    bool delete_registered_model_alias(const std::string& name, const std::string& alias) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::remove_alias(model, alias);
        });
    }

    /// Sets a tag of the model, or changes it.
    bool set_registered_model_tag(const std::string& name, std::string_view key,
                                  std::string_view value) {
        return with_model(name, [&](const detail::model_folder& model) {
            error failure = detail::write_tag(model.folder, model.path, key, value);
            return failure ? failure : detail::touch_registered_model(model);
        });
    }
    /// True also where there is no such tag.
    bool delete_registered_model_tag(const std::string& name, std::string_view key) {
        return with_model(
            name, [&](const detail::model_folder& model) { return remove_tag(model, "", key); });
    }

    /// Sets a tag of a version, or changes it.
    bool set_model_version_tag(const std::string& name, std::int64_t version, std::string_view key,
                               std::string_view value) {
        return with_version(name, version, [&](const detail::model_folder& model) {
            const std::string below = detail::version_name(version);
            detail::directory folder;
            const std::string path = model.path + '/' + below;
            const int failed = model.folder.open_below(below, detail::missing::fail, folder);
            if (failed != 0) return detail::system_error("cannot open", path, failed);
            error failure = detail::write_tag(folder, path, key, value);
            return failure ? failure : detail::touch_registered_model(model);
        });
    }
    /// True also where there is no such tag.
    bool delete_model_version_tag(const std::string& name, std::int64_t version,
                                  std::string_view key) {
        return with_version(name, version, [&](const detail::model_folder& model) {
            return remove_tag(model, detail::version_name(version) + '/', key);
        });
    }

    /// Sets the description (markdown); an empty one is none.
    bool update_registered_model(const std::string& name, const std::string& description) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::update_registered_model(model, detail::describe(description));
        });
    }
    /// Sets a version's description, likewise.
    bool update_model_version(const std::string& name, std::int64_t version,
                              const std::string& description) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::update_model_version(model, version, detail::describe(description));
        });
    }

    /// Its versions, tags and aliases keep what they are.
    /// \onfailure already_exists, invalid_value
    bool rename_registered_model(const std::string& name, const std::string& new_name) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::rename_model(store_, model, new_name);
        });
    }

    /// Removes the registered model and its versions; the models that they name stay.
    bool delete_registered_model(const std::string& name) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::delete_model(store_, model);
        });
    }
    /// Hides a version for good and removes its aliases; its number is not given again.
    bool delete_model_version(const std::string& name, std::int64_t version) {
        return with_model(name, [&](const detail::model_folder& model) {
            return detail::delete_version(model, version);
        });
    }

  private:
    /// Does something with an open registered model. \return whether it went well
    template <class Task>
    bool with_model(const std::string& name, Task&& task) {
        return guarded("a call of the registry", [&] {
            detail::model_folder model;
            return is_open() && !fail(detail::open_registered_model(store_, name, model)) &&
                   !fail(task(model));
        });
    }

    std::vector<registered_model> all_models() {
        std::vector<registered_model> found;
        std::vector<std::string> names;
        std::vector<error> failures;
        if (!is_open()) return found;
        const int failed = store_.folder().for_each_entry(
            std::string(detail::models_name), [&names](std::string name, bool is_directory) {
                if (is_directory) names.push_back(std::move(name));
            });
        if (failed != 0) {
            fail(detail::system_error("cannot list the models of", store_.path(), failed));
        }
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            detail::model_folder model;
            registered_model record;
            error failure = detail::open_registered_model(store_, name, model);
            if (!failure) failure = detail::read_registered_model(model, record);
            if (!failure) {
                found.push_back(std::move(record));
            } else if (model.folder || failure.code != error_code::not_found) {
                failures.push_back(std::move(failure));
            }
        }
        for (const error& failure : failures) fail(failure);
        return found;
    }

    std::vector<model_version> versions_of(const std::string& name) {
        std::vector<model_version> found;
        std::vector<error> failures;
        with_model(name, [&](const detail::model_folder& model) {
            return detail::read_model_versions(model, found, [&failures](error failure) {
                failures.push_back(std::move(failure));
            });
        });
        for (const error& failure : failures) fail(failure);
        return found;
    }

    std::vector<model_version> latest_versions(const std::string& name,
                                               std::vector<std::string> stages) {
        std::vector<model_version> found;
        if (stages.empty()) stages = {"None", "Staging", "Production", "Archived"};
        for (std::string& stage : stages) {
            std::string canonical = detail::canonical_stage(stage);
            if (canonical.empty()) {
                fail({error_code::invalid_value, 0,
                      "stage \"" + detail::shown(stage) +
                          "\" is none of None, Staging, Production and Archived"});
                return found;
            }
            stage = std::move(canonical);
        }
        std::vector<model_version> all = versions_of(name);
        for (const std::string& stage : stages) {
            for (auto version = all.rbegin(); version != all.rend(); ++version) {
                if (version->current_stage != stage) continue;
                found.push_back(*version);
                break;
            }
        }
        return found;
    }

    template <class Task>
    bool with_version(const std::string& name, std::int64_t version, Task&& task) {
        return with_model(name, [&](const detail::model_folder& model) {
            model_version found;
            error failure = detail::read_model_version(model, version, found);
            return failure ? failure : task(model);
        });
    }

    error add_model(const std::string& name, const std::string& description,
                    registered_model& made) const {
        made.name = name;
        made.description = description;
        made.creation_timestamp = detail::milliseconds_now();
        made.last_updated_timestamp = made.creation_timestamp;
        return detail::add_registered_model(store_, made);
    }

    std::optional<model_version> add_version(const std::string& name, model_version made) {
        made.name = name;
        made.creation_timestamp = detail::milliseconds_now();
        made.last_updated_timestamp = made.creation_timestamp;
        const auto add = [&made](const detail::model_folder& model) {
            return detail::add_model_version(model, made);
        };
        return with_model(name, add) ? std::make_optional(std::move(made)) : std::nullopt;
    }

    /// \param below  "" or the version's folder with a '/' behind it
    static error remove_tag(const detail::model_folder& model, const std::string& below,
                            std::string_view key) {
        if (auto problem = key_problem(key_kind::tag, key)) {
            return {error_code::invalid_key, 0, std::move(*problem)};
        }
        error failure = detail::remove_text(model, below + "tags/" + std::string(key));
        return failure ? failure : detail::touch_registered_model(model);
    }
};

MLSCRIBE_NAMESPACE_END

#endif
