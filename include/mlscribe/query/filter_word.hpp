// SPDX-License-Identifier: MIT
/// \file Splits a filter into words, where MLflow's SQL tokenizer splits it (docs/format.md,
/// "Filters").
#ifndef MLSCRIBE_QUERY_FILTER_WORD_HPP
#define MLSCRIBE_QUERY_FILTER_WORD_HPP

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/layout/word_characters.hpp>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One word of a filter; `text` lies in the filter.
struct filter_word {
    enum class kind {
        name,        ///< `loss`, `` `val loss` ``, `AND`
        reserved,    ///< a word that is never a name: `IN`, also in `metrics.in`
        symbol,      ///< in double quotes
        text,        ///< in single quotes
        whole,       ///< a number without a point
        decimal,     ///< a number with a point or an exponent
        comparison,  ///< `<=`, `LIKE`, `NOT LIKE`
        period,
        open,
        close,
        comma,
        other,  ///< what no filter has
        end
    };

    kind what = kind::end;
    std::string_view text;
    std::size_t position = 0;  ///< of its first byte
    bool spaced = false;       ///< behind white space

    /// Whether it is the keyword `upper`, in any case.
    bool is(std::string_view upper) const noexcept {
        if (what != kind::name && what != kind::reserved) return false;
        if (text.size() != upper.size()) return false;
        for (std::size_t i = 0; i < upper.size(); ++i) {
            const char c = text[i];
            if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != upper[i]) {
                return false;
            }
        }
        return true;
    }
};

/// Hands out the words of a filter one after the other. \threadsafety one thread at a time
class filter_words {
  public:
    explicit filter_words(std::string_view filter) noexcept : filter_(filter) { advance(); }

    const filter_word& next() const noexcept { return next_; }
    filter_word take() noexcept {
        const filter_word taken = next_;
        advance();
        return taken;
    }
    /// Everything between the first byte of `from` and the last one of `to`.
    std::string_view between(const filter_word& from, const filter_word& to) const noexcept {
        return filter_.substr(from.position, to.position + to.text.size() - from.position);
    }

  private:
    using kind = filter_word::kind;

    static bool is_digit(char c) noexcept { return is_decimal_digit(c); }
    /// What the tokenizer takes for a letter; others are word characters all the same.
    static bool is_letter(char32_t c) noexcept {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0xDC) ||
               (c >= 0xE0 && c <= 0xFC && c != 0xF7) || c == 0x130 || c == 0x131 || c == 0x17F ||
               c == 0x212A || c == 0x212B;
    }

    char at(std::size_t position) const noexcept {
        return position < filter_.size() ? filter_[position] : '\0';
    }
    utf8::step step_at(std::size_t position) const noexcept {
        return utf8::first(filter_.substr(position));
    }
    /// A number does not end before a letter.
    bool letter_at(std::size_t position) const noexcept {
        return position < filter_.size() &&
               (filter_[position] == '_' || is_letter(step_at(position).code));
    }
    std::size_t skip_digits(std::size_t position) const noexcept {
        while (is_digit(at(position))) ++position;
        return position;
    }

    void advance() noexcept {
        const std::size_t behind = position_;
        const std::size_t begin = position_ = skip_spaces(behind);
        next_.position = begin;
        next_.spaced = begin != behind;
        next_.what = begin == filter_.size() ? kind::end : read();
        next_.text = filter_.substr(begin, position_ - begin);
        if (next_.what == kind::name) look_at_name();
    }

    kind take_to(std::size_t end, kind what) noexcept {
        position_ = end;
        return what;
    }

    kind read() noexcept {
        const char c = at(position_);
        if (c == '`') return quoted(kind::name);
        if (c == '\'') return quoted(kind::text);
        if (c == '"') return quoted(kind::symbol);
        if (is_digit(c) || c == '-' || c == '.') {
            const std::size_t begin = position_;
            const kind number = read_number();
            if (position_ != begin) return number;
        }
        if (is_word_character(step_at(position_).code))
            return take_to(skip_word(position_), kind::name);
        if (is_comparison(c)) {
            std::size_t end = position_;
            while (is_comparison(at(end))) ++end;
            return take_to(end, kind::comparison);
        }
        const std::size_t end = position_ + step_at(position_).size;
        return take_to(end, c == '.'   ? kind::period
                            : c == '(' ? kind::open
                            : c == ')' ? kind::close
                            : c == ',' ? kind::comma
                                       : kind::other);
    }

    static bool is_comparison(char c) noexcept {
        return c == '<' || c == '>' || c == '=' || c == '~' || c == '!';
    }

    /// A quote inside is doubled, or behind a backslash where that leaves another one to end with.
    kind quoted(kind what) noexcept {
        const char quote = at(position_);
        std::size_t last_chance = 0;
        for (std::size_t i = position_ + 1; i < filter_.size(); ++i) {
            const bool escaped = quote != '`' && filter_[i] == '\\' && at(i + 1) == quote;
            if (filter_[i] == quote && at(i + 1) != quote) return take_to(i + 1, what);
            if (filter_[i] != quote && !escaped) continue;
            last_chance = escaped ? i + 2 : i + 1;
            ++i;
        }
        return last_chance == 0 ? take_to(position_ + 1, kind::other) : take_to(last_chance, what);
    }

    /// Leaves the position where there is no number. Before a letter, the last of several digits
    /// is not one of the number: no key begins with two.
    kind read_number() noexcept {
        const std::size_t begin = position_ + (at(position_) == '-' ? 1 : 0);
        const std::size_t whole = skip_digits(begin);
        if (at(begin) == '0' && (at(begin + 1) | 0x20) == 'x' && hex_value(at(begin + 2)) >= 0) {
            std::size_t end = begin + 2;
            while (hex_value(at(end)) >= 0) ++end;
            return take_to(end, kind::other);
        }
        if (whole != begin) {
            std::size_t mantissa = whole;
            if (at(whole) == '.' && is_digit(at(whole + 1))) mantissa = skip_digits(whole + 1);
            const std::size_t exponent = mantissa + (at(mantissa + 1) == '-' ? 2 : 1);
            if ((at(mantissa) | 0x20) == 'e' && is_digit(at(exponent))) {
                return take_to(skip_digits(exponent), kind::decimal);
            }
        }
        if (at(whole) == '.') {
            const std::size_t end = skip_digits(whole + 1);
            const std::size_t fewest = whole == begin ? whole + 2 : whole + 1;
            if (end >= fewest && !letter_at(end)) return take_to(end, kind::decimal);
        }
        if (whole != begin && !letter_at(whole)) return take_to(whole, kind::whole);
        if (whole > begin + 1) return take_to(whole - 1, kind::whole);
        return kind::other;
    }

    std::size_t skip_spaces(std::size_t position) const noexcept {
        while (true) {
            const utf8::step step = step_at(position);
            if (step.size == 0 || !is_python_space(step.code)) return position;
            position += step.size;
        }
    }
    std::size_t skip_word(std::size_t position) const noexcept {
        while (true) {
            const utf8::step step = step_at(position);
            if (step.size == 0 || !is_word_character(step.code)) return position;
            position += step.size;
        }
    }

    /// Words that are more than names, but for the key behind a period: `params.like`.
    void look_at_name() noexcept {
        if (next_.text.front() == '`') return;
        for (const char* const word : {"IN", "CASE", "VALUES", "USING", "FROM", "AS"}) {
            if (next_.is(word)) next_.what = kind::reserved;
        }
        const bool is_key = next_.position != 0 && filter_[next_.position - 1] == '.';
        const std::size_t behind = skip_spaces(position_);
        const bool is_entity = at(behind) == '.' && !is_digit(at(behind + 1));
        if (is_key || is_entity) return;
        filter_word comparison = next_;
        const bool negated = next_.is("NOT");
        if (negated) {
            comparison.text = filter_.substr(behind, skip_word(behind) - behind);
            if (behind == position_) return;
        }
        if (comparison.is("LIKE") || comparison.is("ILIKE") || comparison.is("RLIKE")) {
            next_.what = kind::comparison;
            if (negated) position_ = behind + comparison.text.size();
            next_.text = filter_.substr(next_.position, position_ - next_.position);
        }
    }

    std::string_view filter_;
    std::size_t position_ = 0;
    filter_word next_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
