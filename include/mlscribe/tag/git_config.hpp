// SPDX-License-Identifier: MIT
/// \file git's config file, and the URL in it without what is secret.
#ifndef MLSCRIBE_TAG_GIT_CONFIG_HPP
#define MLSCRIBE_TAG_GIT_CONFIG_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One line of a config file.
struct git_setting {
    std::string section;     ///< lower case
    std::string subsection;  ///< as it stands
    std::string key;         ///< lower case
    std::string value;
};

/// Reads git's syntax: sections, comments, quotes, continued lines. `include` is not followed.
class git_config {
  public:
    /// \return false for what git calls a bad config line
    bool parse(std::string_view text) {
        text_ = text;
        next_ = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
        std::string section;
        std::string subsection;
        while (true) {
            skip_blank();
            if (next_ >= text_.size()) return true;
            const char start = text_[next_];
            if (start == '#' || start == ';') {
                next_ = (std::min)(text_.find('\n', next_), text_.size());
            } else if (start == '[') {
                ++next_;
                if (!read_section(section, subsection)) return false;
            } else if (section.empty() || !read_setting(section, subsection)) {
                return false;
            }
        }
    }

    /// The last value of a key, as git takes it; null where there is none.
    const std::string* find(std::string_view section, std::string_view subsection,
                            std::string_view key) const noexcept {
        const std::string* found = nullptr;
        for (const git_setting& each : settings_) {
            if (each.section == section && each.subsection == subsection && each.key == key) {
                found = &each.value;
            }
        }
        return found;
    }

    /// A yes or no in git's spellings. \param otherwise where the key is missing
    bool flag(std::string_view section, std::string_view key, bool otherwise) const {
        const std::string* const value = find(section, "", key);
        if (value == nullptr) return otherwise;
        const std::string text = lower(*value);
        return !(text.empty() || text == "false" || text == "no" || text == "off" || text == "0");
    }

    const std::vector<git_setting>& settings() const noexcept { return settings_; }

    static std::string lower(std::string_view text) {
        std::string result;
        for (const char c : text) {
            result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        return result;
    }

  private:
    static bool is_name(char c) noexcept {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    }

    void skip_blank() noexcept {
        while (next_ < text_.size() &&
               std::string_view(" \t\r\n").find(text_[next_]) != std::string_view::npos) {
            ++next_;
        }
    }

    bool at(char c) const noexcept { return next_ < text_.size() && text_[next_] == c; }

    bool read_section(std::string& section, std::string& subsection) {
        const std::size_t begin = next_;
        while (next_ < text_.size() && (is_name(text_[next_]) || text_[next_] == '.')) ++next_;
        section = lower(text_.substr(begin, next_ - begin));
        subsection.clear();
        // The old spelling [section.subsection] is in lower case.
        if (const std::size_t dot = section.find('.'); dot != std::string::npos) {
            subsection = section.substr(dot + 1);
            section.resize(dot);
        }
        while (at(' ') || at('\t')) ++next_;
        if (at('"')) {
            for (++next_; !at('"'); ++next_) {
                if (at('\\')) ++next_;
                if (next_ >= text_.size() || at('\n')) return false;
                subsection += text_[next_];
            }
            ++next_;
        }
        if (!at(']')) return false;
        ++next_;
        return !section.empty();
    }

    bool read_setting(const std::string& section, const std::string& subsection) {
        const std::size_t begin = next_;
        while (next_ < text_.size() && is_name(text_[next_])) ++next_;
        git_setting made{section, subsection, lower(text_.substr(begin, next_ - begin)), "true"};
        if (made.key.empty()) return false;
        while (at(' ') || at('\t') || at('\r')) ++next_;
        if (at('=')) {
            ++next_;
            made.value.clear();
            if (!read_value(made.value)) return false;
        } else if (next_ < text_.size() && !at('\n') && !at('#') && !at(';')) {
            return false;
        }
        settings_.push_back(std::move(made));
        return true;
    }

    bool read_value(std::string& value) {
        bool quoted = false;
        std::size_t kept = 0;  // blanks at the end are not the value's
        while (at(' ') || at('\t')) ++next_;
        for (; next_ < text_.size() && !at('\n'); ++next_) {
            char c = text_[next_];
            if (c == '"') {
                quoted = !quoted;
                kept = value.size();
                continue;
            }
            if (!quoted && (c == '#' || c == ';')) {
                next_ = (std::min)(text_.find('\n', next_), text_.size());
                break;
            }
            const bool blank = !quoted && (c == ' ' || c == '\t' || c == '\r');
            if (c == '\\') {
                ++next_;
                if (at('\r')) ++next_;
                if (next_ >= text_.size()) return false;
                c = text_[next_];
                if (c == '\n') continue;
                const std::size_t escape = std::string_view("ntb\\\"").find(c);
                if (escape == std::string_view::npos) return false;
                c = "\n\t\b\\\""[escape];
            }
            value += c;
            if (!blank) kept = value.size();
        }
        value.resize(kept);
        return !quoted;
    }

    std::string_view text_;
    std::size_t next_ = 0;
    std::vector<git_setting> settings_;
};

/// A remote's URL fit to be seen: what stands before `@` in a URL is left out, as MLflow does, and
/// so are a query and a fragment. `git@host:path` keeps its user.
/// \return "" for what might carry a secret in another place, or is no URL
inline std::string public_url(std::string_view url) {
    constexpr std::size_t none = std::string_view::npos;
    for (const char c : url) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\') return {};
    }
    const std::size_t scheme = url.find("://");
    if (scheme == none) {
        const std::size_t at = url.find('@');
        const std::size_t colon = url.find(':');
        // A forgotten scheme (user:token@host/path) or a helper's name before the URL.
        if (url.find("::") != none || (at != none && colon < at)) return {};
        if (at != none && url.find('@', at + 1) != none) return {};
        return std::string(url);
    }
    const std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (const char c : url.substr(0, scheme)) {
        if (letters.find(c) == none && c != '+' && c != '-' && c != '.') return {};
    }
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("?#"));
    const std::size_t slash = (std::min)(rest.find('/'), rest.size());
    std::string_view host = rest.substr(0, slash);
    if (const std::size_t at = host.rfind('@'); at != none) host.remove_prefix(at + 1);
    // A token with a slash in it ends the host early: what is left of it is no host and port.
    std::string_view port = host;
    if (!host.empty() && host.front() == '[') {
        const std::size_t close = host.find(']');
        if (close == none || host.find_first_not_of("0123456789abcdefABCDEF:.", 1) != close) {
            return {};
        }
        port.remove_prefix(close + 1);
    } else {
        for (std::size_t i = 0; i < host.size() && host[i] != ':'; ++i) {
            if (letters.find(host[i]) == none && host[i] != '-' && host[i] != '.' &&
                host[i] != '_') {
                return {};
            }
        }
        port.remove_prefix((std::min)(host.find(':'), host.size()));
    }
    if (!port.empty() && (port.front() != ':' || port.find_first_not_of("0123456789", 1) != none)) {
        return {};
    }
    if (host.empty() && url.substr(0, scheme) != "file") return {};
    // user:to/ken@host: the part with the token looks like a path.
    if (rest.find('@', slash) != none) return {};
    return std::string(url.substr(0, scheme + 3)).append(host).append(rest.substr(slash));
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
