// SPDX-License-Identifier: MIT
/// \file A saved LightGBM model becomes one that MLflow loads; LightGBM itself is not needed.
#ifndef MLSCRIBE_FLAVOR_LIGHTGBM_HPP
#define MLSCRIBE_FLAVOR_LIGHTGBM_HPP

#include <mlscribe/flavor/checked_file.hpp>
#include <mlscribe/flavor/flavor_settings.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// A text file that `LGBM_BoosterSaveModel` or Python's `Booster.save_model` wrote. Loaded, `path`
/// is the file in the model's directory, for `LGBM_BoosterCreateFromModelfile`.
struct lightgbm_file {
    std::string path;
    transfer mode = transfer::copy;
};

namespace detail {

/// What is wrong with a LightGBM model, or "".
inline const char* lightgbm_refusal(checked_file& file) {
    if (file.head(5) != "tree\n") {
        return "is no model that LightGBM saved as text; let LGBM_BoosterSaveModel write it";
    }
    return file.has("\nend of trees\n") ? ""
                                        : "is a LightGBM model that was cut off; save it again";
}

/// What the lines before the trees tell.
class lightgbm_head {
  public:
    explicit lightgbm_head(std::string_view text) : text_(text) {}

    /// What the oldest LightGBM is called that reads it.
    std::string requirement() const { return line("version") == "v4" ? "lightgbm>=4" : "lightgbm"; }

    /// The names that the training data had; Column_0 and so on are LightGBM's own.
    model_signature signature() const {
        std::vector<std::string> names;
        bool given = false;
        std::string_view rest = line("feature_names");
        while (!rest.empty()) {
            const std::size_t blank = (std::min)(rest.find(' '), rest.size());
            names.emplace_back(rest.substr(0, blank));
            given = given || names.back() != "Column_" + std::to_string(names.size() - 1);
            rest.remove_prefix((std::min)(blank + 1, rest.size()));
        }
        const std::size_t count = names.size();
        if (!given) names.clear();
        return table_of_numbers(names, count);
    }

  private:
    std::string_view line(const std::string& key) const noexcept {
        const std::size_t found = text_.find('\n' + key + '=');
        if (found == std::string_view::npos) return {};
        const std::string_view value = text_.substr(found + key.size() + 2);
        return value.substr(0, value.find('\n'));
    }

    std::string_view text_;
};

}  // namespace detail

/// The flavors python_function and lightgbm; the signature has the features of the file.
template <>
struct model_io<lightgbm_file> {
    static void save(const lightgbm_file& model, model_saver& to) {
        detail::checked_file bytes(model.path);
        const error problem = bytes.problem(detail::lightgbm_refusal(bytes));
        if (problem) return to.fail(problem);
        const std::string lines = bytes.head(bytes.find("\n\n"));
        const detail::lightgbm_head head(lines);
        to.add_file(model.path, "model.lgb", model.mode);
        to.add_flavor(
            "python_function",
            detail::flavor_settings({{"loader_module", "mlflow.lightgbm"}, {"data", "model.lgb"}}));
        to.add_flavor("lightgbm",
                      detail::flavor_settings(
                          {{"data", "model.lgb"}, {"model_class", "lightgbm.basic.Booster"}}));
        to.require(head.requirement());
        to.set_signature(head.signature());
    }

    /// Also a Booster that Python's `mlflow.lightgbm.log_model` wrote; a scikit-learn model of
    /// LightGBM's is a Python object. \onfailure damaged: kept
    static lightgbm_file load(model_files& from) {
        const std::string name = detail::flavor_data(from, "lightgbm");
        lightgbm_file loaded{from.file(name)};
        if (from.failure()) return loaded;
        detail::checked_file bytes(loaded.path);
        from.fail(bytes.problem(detail::lightgbm_refusal(bytes)));
        return loaded;
    }
};

MLSCRIBE_NAMESPACE_END

#endif
