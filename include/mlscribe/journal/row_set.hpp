// SPDX-License-Identifier: MIT
/// \file A set of rows for the drain, which empties and fills it every few milliseconds.
#ifndef MLSCRIBE_JOURNAL_ROW_SET_HPP
#define MLSCRIBE_JOURNAL_ROW_SET_HPP

#include <mlscribe/layout/point.hpp>
#include <mlscribe/layout/row_identity.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What makes two rows of a metric the same one.
struct row_key {
    std::int64_t timestamp;
    std::int64_t step;
    std::uint64_t bits;

    explicit row_key(const point& row) noexcept
        : timestamp(row.timestamp), step(row.step), bits(identity_bits(row.value)) {}

    friend bool operator==(const row_key& a, const row_key& b) noexcept {
        return a.timestamp == b.timestamp && a.step == b.step && a.bits == b.bits;
    }

    std::size_t hash() const noexcept {
        std::uint64_t mixed = bits * 0x9E3779B97F4A7C15u;
        mixed ^= static_cast<std::uint64_t>(step) + (mixed >> 29);
        mixed = mixed * 0xBF58476D1CE4E5B9u + static_cast<std::uint64_t>(timestamp);
        mixed *= 0x94D049BB133111EBu;
        return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
};

/// Rows in one array: a node and an allocation a row cost more than all the rest of a drain.
/// \threadsafety one thread at a time
class row_set {
  public:
    /// \return whether the row is new. Throws where memory is out, then nothing has changed.
    bool insert(const row_key& row) {
        if (size_ * 2 >= places_.size()) grow();
        place& found = find(row);
        if (found.filled == filling_) return false;
        found = {row, filling_};
        ++size_;
        return true;
    }
    bool contains(const row_key& row) const noexcept {
        return size_ != 0 && const_cast<row_set*>(this)->find(row).filled == filling_;
    }
    std::size_t size() const noexcept { return size_; }

    /// \cost nothing, but for a set that was very large
    void clear() noexcept {
        size_ = 0;
        if (places_.size() > largest_kept || ++filling_ == 0) {
            std::vector<place>().swap(places_);
            filling_ = 1;
        }
    }

  private:
    struct place {
        row_key row;
        std::uint32_t filled;  // a place is empty unless this is the set's present filling
    };
    static constexpr std::size_t smallest = 64;
    static constexpr std::size_t largest_kept = std::size_t{1} << 16;

    place& find(const row_key& row) noexcept {
        const std::size_t mask = places_.size() - 1;
        std::size_t at = row.hash() & mask;
        while (places_[at].filled == filling_ && !(places_[at].row == row)) at = (at + 1) & mask;
        return places_[at];
    }

    void grow() {
        const place empty{row_key(point{0, 0, 0}), 0};
        std::vector<place> before(places_.empty() ? smallest : 2 * places_.size(), empty);
        before.swap(places_);
        for (const place& each : before) {
            if (each.filled == filling_) find(each.row) = each;
        }
    }

    std::vector<place> places_;  // a power of two of them
    std::size_t size_ = 0;
    std::uint32_t filling_ = 1;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
