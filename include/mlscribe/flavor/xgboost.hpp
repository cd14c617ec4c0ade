// SPDX-License-Identifier: MIT
/// \file A Booster of XGBoost's C API as a model that MLflow loads, and back. Needs XGBoost 1.6.
#ifndef MLSCRIBE_FLAVOR_XGBOOST_HPP
#define MLSCRIBE_FLAVOR_XGBOOST_HPP

#include <mlscribe/flavor/xgboost_file.hpp>

#include <xgboost/c_api.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// A Booster that stays the caller's: `run.log_model("flowers", mlscribe::xgboost_model(booster))`.
struct xgboost_model {
    enum class format { ubj, json };

    explicit xgboost_model(BoosterHandle handle, format as = format::ubj) noexcept
        : booster(handle), saved_as(as) {}

    BoosterHandle booster;
    format saved_as;
};

/// A Booster that frees itself; predict with XGBoost's own calls on get(). Empty where loading
/// failed.
class xgboost_booster {
  public:
    xgboost_booster() noexcept = default;
    explicit xgboost_booster(BoosterHandle owned) noexcept : handle_(owned) {}
    xgboost_booster(xgboost_booster&& other) noexcept
        : handle_(std::exchange(other.handle_, nullptr)) {}
    xgboost_booster& operator=(xgboost_booster other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~xgboost_booster() {
        if (handle_ != nullptr) XGBoosterFree(handle_);
    }

    BoosterHandle get() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

  private:
    BoosterHandle handle_ = nullptr;
};

namespace detail {

inline error xgboost_error(const char* what) {
    return {error_code::invalid_value, 0, std::string(what) + ": " + XGBGetLastError()};
}

inline std::string xgboost_version() {
    int parts[3] = {};
    XGBoostVersion(&parts[0], &parts[1], &parts[2]);
    return std::to_string(parts[0]) + '.' + std::to_string(parts[1]) + '.' +
           std::to_string(parts[2]);
}

/// Whether version `a` has a higher number before its second dot than `b`.
inline bool is_newer_minor(const std::string& a, const std::string& b) noexcept {
    char* left = nullptr;
    char* right = nullptr;
    const long major_a = std::strtol(a.c_str(), &left, 10);
    const long major_b = std::strtol(b.c_str(), &right, 10);
    if (major_a != major_b || *left == '\0' || *right == '\0') return major_a > major_b;
    return std::strtol(left + 1, nullptr, 10) > std::strtol(right + 1, nullptr, 10);
}

/// The names of the features, or how many there are.
inline model_signature xgboost_signature(BoosterHandle booster) {
    bst_ulong count = 0;
    const char** names = nullptr;
    if (XGBoosterGetStrFeatureInfo(booster, "feature_name", &count, &names) != 0) return {};
    const std::vector<std::string> texts(names, names + count);
    if (XGBoosterGetNumFeature(booster, &count) != 0) return {};
    return table_of_numbers(texts, static_cast<std::size_t>(count));
}

}  // namespace detail

/// The flavors python_function and xgboost; the signature has the Booster's features.
template <>
struct model_io<xgboost_model> {
    static void save(const xgboost_model& model, model_saver& to) {
        const std::string format = model.saved_as == xgboost_model::format::json ? "json" : "ubj";
        const std::string name = "model." + format;
        const std::string path = to.file(name);
        if (path.empty()) return;
        if (XGBoosterSaveModel(model.booster, path.c_str()) != 0) {
            return to.fail(detail::xgboost_error("XGBoost cannot save the model"));
        }
        detail::add_xgboost_flavors(to, name, format, detail::xgboost_version());
        to.set_signature(detail::xgboost_signature(model.booster));
    }
};

/// Takes what Python's `mlflow.xgboost.log_model` wrote as well. A model that a newer XGBoost saved
/// is refused: XGBoost reads older models only.
template <>
struct model_io<xgboost_booster> {
    static void save(const xgboost_booster& model, model_saver& to) {
        model_io<xgboost_model>::save(xgboost_model(model.get()), to);
    }

    static xgboost_booster load(model_files& from) {
        xgboost_booster loaded;
        const std::string name = detail::flavor_data(from, "xgboost");
        const std::string bytes = from.read(name);
        if (from.failure()) return loaded;
        // XGBoost 1.7 takes any text for its old binary format.
        constexpr std::size_t edge = detail::xgboost_edges::size;
        const std::string_view all(bytes);
        const detail::xgboost_edges edges(all.substr(0, edge),
                                          all.substr(all.size() - (std::min)(edge, all.size())));
        std::string refusal = edges.refusal();
        // XGBoost 1.7 takes the base score of a model of 3.2 for 0, and does not say so.
        if (refusal.empty() && detail::is_newer_minor(edges.version, detail::xgboost_version())) {
            refusal = "was saved by XGBoost " + edges.version + ", which the XGBoost " +
                      detail::xgboost_version() +
                      " of this program may read wrongly; link one that is not older";
        }
        if (!refusal.empty()) {
            from.fail({error_code::damaged, 0, '"' + from.path() + '/' + name + "\" " + refusal});
            return loaded;
        }
        BoosterHandle handle = nullptr;
        if (XGBoosterCreate(nullptr, 0, &handle) != 0) {
            from.fail(detail::xgboost_error("XGBoost cannot make a Booster"));
            return loaded;
        }
        loaded = xgboost_booster(handle);
        // Not by its path: XGBoost would go by the name's extension, which is .xgb for MLflow 2.
        if (XGBoosterLoadModelFromBuffer(handle, bytes.data(), bytes.size()) != 0) {
            from.fail(detail::xgboost_error("XGBoost cannot load the model"));
            loaded = {};
        }
        return loaded;
    }
};

MLSCRIBE_NAMESPACE_END

#endif
