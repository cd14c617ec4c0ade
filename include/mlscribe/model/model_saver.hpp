// SPDX-License-Identifier: MIT
/// \file The directory that a model is written into before it appears.
#ifndef MLSCRIBE_MODEL_MODEL_SAVER_HPP
#define MLSCRIBE_MODEL_MODEL_SAVER_HPP

#include <mlscribe/artifact/artifact_options.hpp>
#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/copy.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/model/model_signature.hpp>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Refuses the names of what comes along with every model.
inline error check_model_file_name(std::string_view name) {
    constexpr std::string_view own = "mlscribe/";
    constexpr std::string_view taken[] = {"MLmodel",
                                          "requirements.txt",
                                          "conda.yaml",
                                          "python_env.yaml",
                                          "mlscribe",
                                          "input_example.json",
                                          "serving_input_example.json",
                                          "registered_model_meta"};
    const bool is_taken = name.substr(0, own.size()) == own ||
                          std::find(std::begin(taken), std::end(taken), name) != std::end(taken);
    if (!is_taken) return {};
    return {error_code::invalid_path, 0,
            "model file \"" + shown(name) +
                "\" has the name of a file that comes with every model; give it another one"};
}

}  // namespace detail

/// What a model's save function is given: a directory that nobody sees yet, and what to tell of
/// the model. A first failure is kept; the model does not appear then.
class model_saver {
  public:
    /// \param path    of `folder`
    model_saver(const detail::directory& folder, std::string path)
        : folder_(folder), path_(std::move(path)) {}
    model_saver(const model_saver&) = delete;
    model_saver& operator=(const model_saver&) = delete;

    /// Where a file of the model has to be written by whatever library saves it; its folder is
    /// there. \param name  relative, as `model.ubj` or `data/weights.bin`
    /// \onfailure invalid_path: kept, and the path is empty
    std::string file(std::string_view name) {
        if (!is_allowed(name)) return {};
        detail::directory::place found;
        const int failed = folder_.locate(name, detail::missing::create, found);
        if (failed != 0) {
            fail(detail::system_error("cannot make the folder of", shown(name), failed));
            return {};
        }
        promised_.emplace_back(name);
        return shown(name);
    }

    /// Fails where a library has not written a file that file() was asked for: many of them, and
    /// all streams, tell nobody.
    void expect_files() {
        struct stat found {};
        for (const std::string& name : promised_) {
            const int failed = folder_.status(name, found);
            if (failed != 0)
                fail(detail::system_error("save function did not write", name, failed));
        }
    }

    /// Writes a whole file.
    void write(std::string_view name, std::string_view bytes) {
        if (!is_allowed(name)) return;
        const int failed = detail::replace_file(folder_, std::string(name), bytes);
        if (failed != 0) fail(detail::system_error("cannot write", shown(name), failed));
    }

    /// Brings a file that is there already; a large one is better moved or linked. One that is
    /// moved has its old name, too, until the model appears.
    void add_file(const std::string& source, std::string_view name,
                  transfer mode = transfer::copy) {
        if (!is_allowed(name)) return;
        detail::source_file opened;
        int failed = detail::open_source(AT_FDCWD, source, opened);
        if (failed != 0) return fail(detail::system_error("cannot read", source, failed));
        const std::string target(name);
        failed = mode == transfer::copy ? detail::copy_file(opened, folder_, target)
                                        : detail::link_file(opened, folder_, target);
        if (failed != 0) return fail(detail::system_error("cannot bring", source, failed));
        // What a link leads to belongs to somebody else.
        if (mode == transfer::move && !opened.linked)
            moved_.emplace_back(std::move(opened), target);
    }

    /// A flavor of MLmodel: a way to load the model. Of one name the last counts.
    /// \param settings  a map
    void add_flavor(std::string name, document settings) {
        for (auto& flavor : flavors_) {
            if (flavor.first == name) {
                flavor.second = std::move(settings);
                return;
            }
        }
        flavors_.emplace_back(std::move(name), std::move(settings));
    }

    /// A Python package that the flavors need, as `xgboost>=1.7`.
    void require(std::string package) { requirements_.push_back(std::move(package)); }

    /// What the flavor knows of its inputs; the options of the call come before it.
    void set_signature(model_signature signature) { signature_ = std::move(signature); }

    /// Keeps the first failure.
    void fail(error failure) {
        if (failure && !failure_) failure_ = std::move(failure);
    }

    /// Removes the old names of moved files: the model has appeared.
    error finish_moves() {
        error failure;
        for (const auto& [source, target] : moved_) {
            // A file of the model that was replaced: its name is the new one's now.
            if (detail::is_name_of(source, folder_, target)) continue;
            const int failed = detail::remove_source(source);
            if (failed == 0 || failed == ENOENT || failure) continue;
            failure =
                detail::system_error("is logged, but cannot be removed from", source.name, failed);
        }
        moved_.clear();
        return failure;
    }

    const std::string& path() const noexcept { return path_; }
    const error& failure() const noexcept { return failure_; }
    const std::vector<std::pair<std::string, document>>& flavors() const noexcept {
        return flavors_;
    }
    const std::vector<std::string>& requirements() const noexcept { return requirements_; }
    const model_signature& signature() const noexcept { return signature_; }

  private:
    bool is_allowed(std::string_view name) {
        if (failure_) return false;
        fail(detail::check_artifact_path(name, false));
        fail(detail::check_model_file_name(name));
        return !failure_;
    }

    std::string shown(std::string_view name) const { return path_ + '/' + std::string(name); }

    const detail::directory& folder_;
    std::string path_;
    error failure_;
    std::vector<std::string> promised_;
    std::vector<std::pair<detail::source_file, std::string>> moved_;  ///< with the new names
    std::vector<std::pair<std::string, document>> flavors_;
    std::vector<std::string> requirements_;
    model_signature signature_;
};

MLSCRIBE_NAMESPACE_END

#endif
