// SPDX-License-Identifier: MIT
/// \file What client.hpp is with MLSCRIBE_ENABLED=0.
#ifndef MLSCRIBE_STORE_DISABLED_CLIENT_HPP
#define MLSCRIBE_STORE_DISABLED_CLIENT_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/layout/meta_yaml.hpp>

#include <optional>
#include <string>
#include <string_view>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

class client {
  public:
    explicit client(std::string_view = {}, strictness = strictness::report,
                    const error_handler& = {}) {}

    std::optional<experiment_meta> get_experiment_by_name(const std::string&) { return {}; }
    std::string create_experiment(const std::string&) { return {}; }
    bool set_experiment_tag(const std::string&, std::string_view, std::string_view) {
        return false;
    }
    bool set_experiment_description(const std::string&, std::string_view) { return false; }
    bool rename_experiment(const std::string&, const std::string&) { return false; }
    bool delete_experiment(const std::string&) { return false; }
    bool restore_experiment(const std::string&) { return false; }
    bool delete_run(const std::string&) { return false; }
    bool restore_run(const std::string&) { return false; }
};

MLSCRIBE_NAMESPACE_END

#endif

#endif
