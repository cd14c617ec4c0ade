// SPDX-License-Identifier: MIT
/// \file The command line of this process, without what looks like a secret.
#ifndef MLSCRIBE_MODEL_COMMAND_LINE_HPP
#define MLSCRIBE_MODEL_COMMAND_LINE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/file/directory.hpp>
#include <mlscribe/layout/uri.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether an option's name says that its value is a secret: `--api-key`, `db_password`. Whole
/// words count: `--max-tokens` and `--tokenizer` are none.
inline bool names_secret(std::string_view option) {
    std::string before;
    std::string word;
    for (std::size_t i = 0; i <= option.size(); ++i) {
        const char c = i < option.size() ? option[i] : '-';
        if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
            continue;
        }
        if (c != '-' && c != '_' && c != '.' && c != ':') {
            word += c;
            continue;
        }
        for (const std::string_view secret :
             {"password", "passwd", "passphrase", "secret", "token", "credential", "credentials",
              "apikey", "pass", "pwd", "auth", "authorization", "bearer"}) {
            if (word == secret) return true;
        }
        if (word == "key" && (before == "api" || before == "access" || before == "private")) {
            return true;
        }
        before.swap(word);
        word.clear();
    }
    return false;
}

/// Puts `***` for the values of options that names_secret() knows, and for the
/// user and the query of URLs.
inline void hide_secrets(std::vector<std::string>& arguments) {
    bool value_is_secret = false;
    for (std::string& argument : arguments) {
        if (value_is_secret) {
            argument = hidden_text;
            value_is_secret = false;
            continue;
        }
        const bool is_option = argument.substr(0, 1) == "-";
        const std::size_t equals = argument.find('=');
        const bool named = names_secret(std::string_view(argument).substr(0, equals));
        value_is_secret = named && is_option && equals == std::string::npos;
        if (named && equals != std::string::npos) {
            argument.replace(equals + 1, std::string::npos, hidden_text);
        }
        argument = without_credentials(argument);
    }
}

/// The arguments of this process, the program's name first; none where the system does not tell.
inline std::vector<std::string> command_line() {
    directory process;
    std::string text;
    std::vector<std::string> arguments;
    if (directory::open("/proc/self", process) != 0 || process.read("cmdline", text) != 0) {
        return arguments;
    }
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = (std::min)(text.find('\0', begin), text.size());
        arguments.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    hide_secrets(arguments);
    for (const char* const name : {"MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD"}) {
        const std::string secret = environment(name);
        for (std::string& argument : arguments) {
            const bool is_told = !secret.empty() && argument.find(secret) != std::string::npos;
            if (is_told) argument = hidden_text;
        }
    }
    return arguments;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
