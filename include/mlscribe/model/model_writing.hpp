// SPDX-License-Identifier: MIT
/// \file Writes a model into a run: its directory appears whole, then what points to it.
#ifndef MLSCRIBE_MODEL_MODEL_WRITING_HPP
#define MLSCRIBE_MODEL_MODEL_WRITING_HPP

#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/staged_directory.hpp>
#include <mlscribe/model/build_environment.hpp>
#include <mlscribe/model/manifest.hpp>
#include <mlscribe/model/mlmodel_reader.hpp>
#include <mlscribe/model/model_entity.hpp>
#include <mlscribe/model/model_history.hpp>
#include <mlscribe/model/model_io.hpp>
#include <mlscribe/model/model_options.hpp>
#include <mlscribe/model/python_environment.hpp>
#include <mlscribe/model/source_snapshot.hpp>
#include <mlscribe/registry/register_model.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Model, class Options>
class model_writing;

/// Everything about log_model() that does not know the model's type.
class untyped_model_writing : public run_writing {
  public:
    /// \param caller  the file that calls log_model(), as the compiler spells it
    untyped_model_writing(std::string_view name, const model_options& options, const char* caller)
        : name_(name), options_(options), caller_(caller) {}

    error write(const run_place& run) override {
        model_.run_id = run.run_id;
        model_.artifact_path = name_;
        model_.uuid = random_run_id();
        model_.time = model_time();
        if (error failure = write_directory(run)) return about(std::move(failure));
        logged_.uri = "runs:/" + model_.run_id + '/' + name_;
        logged_.model_id = model_.model_id;
        return about(announce(run));
    }

    const logged_model& logged() const noexcept { return logged_; }

  protected:
    ~untyped_model_writing() = default;

  private:
    virtual void save(model_saver& to) = 0;

    error about(error failure) const {
        if (failure) failure.message = "model \"" + name_ + "\": " + failure.message;
        return failure;
    }

    error write_directory(const run_place& run) {
        if (error failure = check_artifact_path(name_, false)) return failure;
        if (error failure = look_at_replaced(run)) return failure;
        staged_directory staged(run.folder, "");
        directory folder;
        int failed = staged.open(folder);
        if (failed != 0) return system_error("cannot make a folder in", run.path, failed);
        const std::string path = present_path(folder, run.path + '/' + staged.path());
        model_saver saver(folder, path);
        save_whole(saver);
        saver.expect_files();
        if (saver.failure()) return saver.failure();
        if (error failure = describe(folder, saver)) return failure;
        failed = staged.replace("artifacts/" + name_);
        if (failed != 0) {
            return system_error("cannot publish", run.path + "/artifacts/" + name_, failed);
        }
        unmoved_ = saver.finish_moves();
        return {};
    }

    /// Libraries write by path, which somebody may have changed since the run began.
    static std::string present_path(const directory& folder, const std::string& otherwise) {
        const std::string path = real_path("/proc/self/fd/" + std::to_string(folder.get()));
        return path.empty() ? otherwise : path;
    }

    /// Writes what belongs to the model beside its own files.
    error describe(const directory& folder, const model_saver& saver) {
        const model_signature& signature =
            options_.signature.empty() ? saver.signature() : options_.signature;
        document example;
        error failure = check_signature(signature);
        if (!failure) failure = write_input_example(folder, options_.example, example);
        if (!failure) failure = write_build_environment(folder);
        if (!failure && options_.source) {
            source_snapshot source(folder,
                                   {options_.source_files, caller_, options_.source_directory});
            failure = source.write();
            missing_source_ = source.missing();
        }
        if (!failure && has_python_flavor(saver.flavors())) {
            failure = write_python_environment(folder, saver.requirements());
        }
        if (!failure) failure = measure(folder);
        if (failure) return failure;
        flavors_ = flavors_of(saver);
        const int failed =
            replace_file(folder, mlmodel_name,
                         mlmodel_text(model_, flavors_, signature, example, options_.metadata));
        if (failed != 0) return system_error("cannot write", mlmodel_name, failed);
        return write_manifest(folder, options_.checksum_up_to);
    }

    error measure(const directory& folder) {
        std::vector<std::string> paths;
        int failed = list_files(folder, ".", paths);
        for (const std::string& path : paths) {
            struct stat found {};
            if (failed == 0) failed = folder.status(path, found);
            model_.bytes += static_cast<std::uint64_t>(found.st_size);
        }
        return failed == 0 ? error{} : system_error("cannot measure", "its files", failed);
    }

    /// Writes what points to a model that is there.
    error announce(const run_place& run) {
        error failure = write_model_history(run.folder, run.path, model_, flavors_);
        if (!failure && options_.logged_model) failure = write_model_entity(run, model_);
        if (!failure && !options_.registered_name.empty()) failure = register_it(run);
        return failure ? failure : remark();
    }

    /// What is not as it should be about a model that is there.
    error remark() {
        if (unmoved_) return std::move(unmoved_);
        if (replaced_ && logged_.registered_version > 1) {
            return {error_code::value_changed, 0,
                    "it replaces the model before it, and versions of \"" +
                        options_.registered_name +
                        "\" that were registered from that lead to this one now; log each version "
                        "under a name of its own"};
        }
        if (missing_source_.empty()) return {};
        error failure{error_code::not_found, 0, "is logged without all of its source"};
        for (const std::string& missing : missing_source_) failure.message += "; " + missing;
        return failure;
    }

    error register_it(const run_place& run) {
        // <store>/<experiment>/<run>
        const std::string experiment = run.path.substr(0, run.path.rfind('/'));
        store_root store;
        if (error failure = store_root::open(experiment.substr(0, experiment.rfind('/')), store)) {
            return failure;
        }
        model_version made;
        error failure = register_model(store, logged_.uri, options_.registered_name, made);
        logged_.registered_version = made.version;
        return failure;
    }

    /// What throws is the user's.
    void save_whole(model_saver& saver) {
#if MLSCRIBE_HAS_EXCEPTIONS
        const auto threw = [&saver](const char* what) {
            saver.fail(
                {error_code::invalid_value, 0, std::string("its save function failed: ") + what});
        };
        try {
            save(saver);
        } catch (const std::exception& thrown) {
            threw(thrown.what());
        } catch (...) {
            threw("it threw something unknown");
        }
#else
        save(saver);
#endif
    }

    /// Only a model is replaced, and only where nobody put files of his own into it.
    error look_at_replaced(const run_place& run) {
        if (options_.logged_model) {
            if (error failure = check_entity_name(name_)) return failure;
            model_.model_id = "m-" + random_run_id();
        }
        const std::string target = "artifacts/" + name_;
        struct stat found {};
        directory old;
        for (std::size_t slash = name_.find('/'); slash != std::string::npos;
             slash = name_.find('/', slash + 1)) {
            const std::string above = name_.substr(0, slash);
            if (run.folder.status("artifacts/" + above + "/MLmodel", found) != 0) continue;
            return {error_code::already_exists, 0,
                    '"' + above +
                        "\" is a model, whose checksums another one in it would break; "
                        "use a name outside of it"};
        }
        if (run.folder.status(target, found) != 0) return {};
        const std::string path = '"' + run.path + '/' + target + "\" ";
        const auto refused = [&path](const std::string& why) {
            return error{error_code::already_exists, 0, path + why + "; use another name"};
        };
        if (run.folder.open_below(target, missing::fail, old) != 0) return refused("is a file");
        yaml_value description;
        if (read_mlmodel(old, run.path + '/' + target, description)) {
            return refused("is a folder with other artifacts");
        }
        std::string stranger;
        if (error failure = find_stranger(old, stranger)) return failure;
        if (!stranger.empty()) {
            return refused("holds \"" + shown(stranger) + "\", which is not of the model there");
        }
        replaced_ = true;
        // MLflow 3's entity of the model that is replaced now stands for the new one. An id becomes
        // the name of a folder.
        const yaml_value* const id = description.find("model_id");
        if (id != nullptr && options_.logged_model && is_store_id(id->text, 255)) {
            model_.model_id = id->text;
        }
        return {};
    }

    const std::string name_;
    const model_options& options_;
    const char* const caller_;
    model_identity model_;
    document flavors_;
    std::vector<std::string> missing_source_;
    error unmoved_;
    bool replaced_ = false;
    logged_model logged_;
};

template <class Model, class Options>
class model_writing final : public untyped_model_writing {
  public:
    model_writing(std::string_view name, const Model& model, const Options& options,
                  const char* caller)
        : untyped_model_writing(name, options, caller), model_(model) {}

  private:
    void save(model_saver& to) override {
        static_assert(
            has_model_io_v<Model>,
            "mlscribe: log_model() does not know how to save this type; give its members "
            "by MLSCRIBE_DESCRIBE, make a C array a std::array, or write save_model() and "
            "load_model() for it (see model_io.hpp)");
        if constexpr (has_model_io_v<Model>) model_io<Model>::save(model_, to);
    }

    const Model& model_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
