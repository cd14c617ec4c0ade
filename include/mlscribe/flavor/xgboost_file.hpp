// SPDX-License-Identifier: MIT
/// \file A saved XGBoost model becomes one that MLflow loads; XGBoost itself is not needed.
#ifndef MLSCRIBE_FLAVOR_XGBOOST_FILE_HPP
#define MLSCRIBE_FLAVOR_XGBOOST_FILE_HPP

#include <mlscribe/flavor/checked_file.hpp>
#include <mlscribe/flavor/flavor_settings.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// A file that XGBoost (1.6 or newer) saved as `.ubj` or `.json`. Loaded, `path` is the file in the
/// model's directory.
struct xgboost_file {
    std::string path;
    transfer mode = transfer::copy;
};

namespace detail {

/// The first and last bytes of a saved Booster, which hold its version (`1.7.4`) whole or not at
/// all.
struct xgboost_edges {
    static constexpr std::size_t size = 64;

    std::string format;   ///< ubj or json; "" for anything else
    std::string version;  ///< "" where the file was cut off

    xgboost_edges(std::string_view head, std::string_view tail) {
        using namespace std::string_view_literals;
        if (head.find("learner") > 16) return;
        format = head.substr(0, 2) == "{L" ? "ubj" : head.substr(0, 1) == "{" ? "json" : "";
        const bool binary = format == "ubj";
        const std::string_view before = binary ? "version[#L\0\0\0\0\0\0\0\3"sv : "\"version\":["sv;
        const std::size_t found = tail.rfind(before);
        if (found == std::string_view::npos) return;
        tail.remove_prefix(found + before.size());
        while (!tail.empty() && (tail.back() == '\n' || tail.back() == ' ')) tail.remove_suffix(1);
        const std::string_view after = binary ? "}" : "]}";
        if (tail.size() < after.size() || tail.substr(tail.size() - after.size()) != after) return;
        tail.remove_suffix(after.size());
        if (!binary) version = tail;
        for (std::size_t at = 1; binary && at < tail.size(); at += 2) {
            version += ',' + std::to_string(static_cast<unsigned char>(tail[at]));
        }
        if (binary) version.erase(0, 1);
        for (char& c : version) c = c == ',' ? '.' : c;
    }

    /// What is wrong, or "".
    const char* refusal() const noexcept {
        if (format.empty()) {
            return "is no model that XGBoost saved as .ubj or .json; let XGBoosterSaveModel write "
                   "it under such a name";
        }
        return version.empty() ? "is an XGBoost model that was cut off; save it again" : "";
    }
};

/// \param version  of the XGBoost that saved it: an older one may not read it
inline void add_xgboost_flavors(model_saver& to, const std::string& name, const std::string& format,
                                const std::string& version) {
    to.add_flavor("python_function",
                  flavor_settings({{"loader_module", "mlflow.xgboost"}, {"data", name}}));
    to.add_flavor("xgboost", flavor_settings({{"data", name},
                                              {"model_class", "xgboost.core.Booster"},
                                              {"model_format", format},
                                              {"xgb_version", version}}));
    to.require("xgboost>=" + version);
}

}  // namespace detail

/// The flavors python_function and xgboost.
template <>
struct model_io<xgboost_file> {
    static void save(const xgboost_file& model, model_saver& to) {
        detail::checked_file bytes(model.path);
        const detail::xgboost_edges edges(bytes.head(detail::xgboost_edges::size),
                                          bytes.tail(detail::xgboost_edges::size));
        const error problem = bytes.problem(edges.refusal());
        if (problem) return to.fail(problem);
        const std::string name = "model." + edges.format;
        to.add_file(model.path, name, model.mode);
        detail::add_xgboost_flavors(to, name, edges.format, edges.version);
    }

    static xgboost_file load(model_files& from) {
        return {from.file(detail::flavor_data(from, "xgboost"))};
    }
};

MLSCRIBE_NAMESPACE_END

#endif
