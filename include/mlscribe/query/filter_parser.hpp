// SPDX-License-Identifier: MIT
/// \file Reads MLflow's filter language (docs/format.md, "Filters"): clauses that AND joins.
#ifndef MLSCRIBE_QUERY_FILTER_PARSER_HPP
#define MLSCRIBE_QUERY_FILTER_PARSER_HPP

#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/query/filter_word.hpp>
#include <mlscribe/query/python_list.hpp>
#include <mlscribe/query/run_field.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads a filter clause by clause. What MLflow 3.17 refuses is refused, also where MLflow would
/// notice it only when a run comes so far: `params.lr > '0'` does not depend on the store's runs.
///
/// Also refused is what MLflow's tokenizer lets through by chance, in most cases for a key that
/// cannot be: white space around a period (to MLflow a part of the key), a key that is empty or
/// has an empty part between its periods, without quotes; `::`, `->`, `[…]`, `´…´`, `@…`, `*` and
/// parentheses in a key; a second name, `AS`, `ASC` or `DESC` behind it; comments; a list behind
/// `=` or `!=`; what python_list.hpp refuses in a list; digits and keywords with letters beyond
/// ASCII. The other way round only this: `parameters.1e`, where MLflow wants quotes because
/// PARAMETERS is a word of SQL.
///
/// \threadsafety one thread at a time
class filter_parser {
  public:
    explicit filter_parser(std::string_view filter) noexcept : words_(filter) {}

    query_problem read(std::vector<filter_clause>& clauses) {
        bool joined = true;
        const filter_word first = words_.next();
        if (first.what == kind::end && first.spaced) return at(first, "there is only white space");
        while (words_.next().what != kind::end) {
            if (words_.next().is("AND")) {
                words_.take();
                joined = true;
                continue;
            }
            filter_clause clause;
            if (query_problem problem = read_clause(joined, clause)) return problem;
            joined = clause.how == comparator::is_null || clause.how == comparator::is_not_null;
            clauses.push_back(std::move(clause));
        }
        return {};
    }

  private:
    using kind = filter_word::kind;

    static query_problem at(const filter_word& word, std::string why) {
        return {std::move(why), word.position};
    }
    static std::string shown(const filter_word& word) {
        return word.what == kind::end ? "the end" : '"' + std::string(word.text) + '"';
    }

    /// `metrics.loss`, `"status"`, tags.mlflow.runName: whatever a chain of periods holds together,
    /// up to a text in single quotes.
    query_problem read_identifier(std::string_view& identifier) {
        const filter_word first = words_.next();
        if (first.what != kind::name && first.what != kind::symbol) {
            return at(first, shown(first) +
                                 " begins no clause; a filter is `metrics.loss < 1 AND params.opt "
                                 "= 'adam'`, without OR, NOT or parentheses");
        }
        filter_word last = words_.take();
        while (words_.next().what == kind::period && last.what != kind::text) {
            const filter_word period = words_.take();
            const filter_word part = words_.next();
            if (period.spaced || (part.spaced && part.what != kind::end)) {
                return at(period, "there is white space beside a period");
            }
            if (part.what != kind::name && part.what != kind::symbol && part.what != kind::text) {
                return at(part, shown(part) +
                                    " is no key; keys with other characters, or that are words of "
                                    "SQL, go in double quotes or backticks");
            }
            last = words_.take();
        }
        identifier = words_.between(first, last);
        return {};
    }

    query_problem read_clause(bool joined, filter_clause& clause) {
        const filter_word first = words_.next();
        std::string_view identifier;
        if (query_problem problem = read_identifier(identifier)) return problem;
        if (query_problem problem = read_field(identifier, first.position, clause.field)) {
            return problem;
        }
        const filter_word how = words_.take();
        if (how.what == kind::comparison) return read_comparison(how, clause);
        if (how.is("IS")) return joined ? read_null(how, clause) : not_joined(first);
        const bool negated = how.is("NOT");
        if (negated ? words_.next().is("IN") : how.is("IN")) {
            if (negated) words_.take();
            return joined ? read_list(how, negated, clause) : not_joined(first);
        }
        if (how.what == kind::decimal && how.text.front() == '.') {
            return at(how, "a key with digits behind a period goes in double quotes or backticks");
        }
        return at(how, shown(how) +
                           " is no comparison; write = != < <= > >= LIKE ILIKE IN or IS, and a key "
                           "with / or - or blanks in double quotes or backticks");
    }
    static query_problem not_joined(const filter_word& first) {
        return at(first, "clauses are joined by AND");
    }

    /// `IS NULL`, `IS NOT NULL` with one blank inside, as MLflow has it.
    query_problem read_null(const filter_word& is, filter_clause& clause) {
        filter_word word = words_.take();
        clause.how = comparator::is_null;
        if (word.is("NOT")) {
            clause.how = comparator::is_not_null;
            const filter_word negation = word;
            word = words_.take();
            const std::string_view both = words_.between(negation, word);
            if (word.is("NULL") && (both.size() != 8 || both[3] != ' ')) {
                return at(negation, "IS NOT NULL has one blank between NOT and NULL");
            }
        }
        if (!word.is("NULL")) return at(word, "behind IS stands NULL or NOT NULL");
        const run_entity entity = clause.field.entity;
        if (entity != run_entity::param && entity != run_entity::tag) {
            return at(is, "IS NULL and IS NOT NULL are for params and tags");
        }
        return {};
    }

    query_problem read_list(const filter_word& in, bool negated, filter_clause& clause) {
        clause.how = negated ? comparator::not_in : comparator::in;
        const bool listed = clause.field.entity == run_entity::dataset ||
                            clause.field.attribute == run_attribute::run_id;
        if (!listed) return at(in, "IN is for run_id and datasets");
        const filter_word open = words_.take();
        if (open.what != kind::open) return at(open, "a list stands in parentheses: ('a', 'b')");
        filter_word last = open;
        while (last.what != kind::close) {
            last = words_.take();
            if (last.what == kind::end) return at(open, "the list has no end");
        }
        const std::string_view text = words_.between(open, last);
        if (!read_python_list(text.substr(1, text.size() - 2), clause.list)) {
            return at(open, "a list holds texts in quotes, at least one: ('a', 'b')");
        }
        return {};
    }

    query_problem read_comparison(const filter_word& how, filter_clause& clause) {
        const bool numeric = clause.field.entity == run_entity::metric || clause.field.is_time();
        if (!find_comparator(how, numeric, clause.how)) {
            return at(how, shown(how) + (numeric ? " is not for numbers: write = != < <= > or >="
                                                 : " is not for texts: write = != LIKE or ILIKE"));
        }
        return numeric ? read_number(clause) : read_text(clause);
    }

    static bool find_comparator(const filter_word& how, bool numeric, comparator& result) {
        struct spelling {
            std::string_view text;
            comparator how;
            bool numbers;
            bool texts;
        };
        constexpr spelling spellings[] = {
            {"=", comparator::equal, true, true},    {"!=", comparator::unequal, true, true},
            {"<", comparator::less, true, false},    {"<=", comparator::less_equal, true, false},
            {">", comparator::greater, true, false}, {">=", comparator::greater_equal, true, false},
            {"LIKE", comparator::like, false, true}, {"ILIKE", comparator::ilike, false, true}};
        filter_word word = how;
        word.what = kind::name;
        for (const spelling& each : spellings) {
            if (!word.is(each.text) || !(numeric ? each.numbers : each.texts)) continue;
            result = each.how;
            return true;
        }
        return false;
    }

    query_problem read_number(filter_clause& clause) {
        const filter_word word = words_.take();
        if (word.what != kind::whole && word.what != kind::decimal) {
            return at(word, shown(word) + " is no number; " + clause.field.key +
                                " is compared with one, without quotes");
        }
        clause.number = parse_python_float(word.text).value_or(0.0);
        if (word.what != kind::whole) return {};
        // Beyond 64 bits the nearest double does as well: no time is there.
        const std::optional<std::int64_t> whole = parse_python_int(word.text);
        clause.is_whole = whole.has_value();
        clause.whole = whole.value_or(0);
        return {};
    }

    query_problem read_text(filter_clause& clause) {
        const filter_word word = words_.next();
        std::string_view text = word.text;
        if (word.what == kind::symbol) {
            if (query_problem problem = read_identifier(text)) return problem;
        } else if (word.what == kind::text) {
            words_.take();
        } else {
            return at(word, shown(word) + " is no text in quotes: write 'adam'");
        }
        if (text.front() != text.back()) return at(word, "the text has no end");
        clause.text = without_quotes(text);
        return {};
    }

    filter_words words_;
};

/// Reads `filter`. \param clauses  none for an empty filter, which all runs match
inline query_problem parse_filter(std::string_view filter, std::vector<filter_clause>& clauses) {
    return filter_parser(filter).read(clauses);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
