// SPDX-License-Identifier: MIT
/// \file Reads one entry of `order_by`: `metrics.loss DESC`.
#ifndef MLSCRIBE_QUERY_RUN_ORDER_HPP
#define MLSCRIBE_QUERY_RUN_ORDER_HPP

#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/query/filter_word.hpp>
#include <mlscribe/query/run_field.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct order_key {
    run_field field;
    bool ascending = true;
};

/// The words of `text` as a shell splits them, without quotes. \return nullopt where one has no end
inline std::optional<std::vector<std::string>> shell_words(std::string_view text) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (quote == '\0' && is_blank) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '\\' && quote != '\'') {
            if (++i == text.size()) return std::nullopt;
            const bool kept = quote != '\0' && text[i] != '"' && text[i] != '\\';
            if (kept) words.back() += '\\';
            words.back() += text[i];
        } else {
            words.back() += c;
        }
    }
    if (quote != '\0') return std::nullopt;
    return words;
}

/// Whether all of `entry` is a name, or a name and a word behind it.
inline query_problem check_order(std::string_view entry) {
    using kind = filter_word::kind;
    filter_words words(entry);
    filter_word word = words.take();
    if (word.spaced || (word.what != kind::name && word.what != kind::symbol)) {
        return {"an order begins with what it goes by, as in `metrics.loss DESC`", 0};
    }
    while (words.next().what == kind::period && word.what != kind::text) {
        const filter_word period = words.take();
        word = words.take();
        const bool is_key =
            word.what == kind::name || word.what == kind::symbol || word.what == kind::text;
        if (period.spaced || word.spaced || !is_key) {
            return {
                "behind the period stands a key; one with other characters, or that is a word "
                "of SQL, goes in double quotes or backticks",
                word.position};
        }
    }
    const bool has_direction = words.next().what == kind::name || words.next().what == kind::symbol;
    if (has_direction && words.next().spaced) words.take();
    const filter_word& rest = words.next();
    if (rest.what == kind::end && !rest.spaced) return {};
    return {"an order is one name, and ASC or DESC behind it", rest.position};
}

/// Reads `entry` as MLflow does: quotes go before ASC and DESC as in a shell, else as in a filter.
/// What filter_parser refuses in a name is refused here too, and what MLflow takes for a name only
/// where a direction follows: `params.1 ASC`, `params.x-y "asc"`, `params."a"b ASC`.
inline query_problem parse_order(std::string_view entry, order_key& result) {
    if (query_problem problem = check_order(entry)) return problem;
    std::string text(entry);
    std::replace(text.begin(), text.end(), '`', '"');
    const std::optional<std::vector<std::string>> words = shell_words(text);
    if (!words) return {"a quote in the name has no partner", entry.size()};
    if (words->size() > 2) return {"an order is one name, and ASC or DESC behind it", entry.size()};
    std::string_view name = entry;
    result.ascending = true;
    if (words->size() == 2) {
        result.ascending = is_word_of_any_case((*words)[1], "asc");
        if (!result.ascending && !is_word_of_any_case((*words)[1], "desc")) {
            return {"behind the name stands ASC or DESC", entry.size() - (*words)[1].size()};
        }
        name = python_stripped((*words)[0]);
    }
    if (query_problem problem = read_field(name, 0, result.field)) return problem;
    const bool is_renamed =
        result.field.attribute == run_attribute::run_name && result.field.key != "run_name";
    if (is_renamed) return {"runs are ordered by run_name, under this name", 0};
    if (result.field.entity == run_entity::dataset) return {"runs have no order by datasets", 0};
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
