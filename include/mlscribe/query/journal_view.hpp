// SPDX-License-Identifier: MIT
/// \file Looks into the journal of a live or dead process without touching it.
#ifndef MLSCRIBE_QUERY_JOURNAL_VIEW_HPP
#define MLSCRIBE_QUERY_JOURNAL_VIEW_HPP

#include <mlscribe/file/directory.hpp>
#include <mlscribe/journal/journal_file.hpp>
#include <mlscribe/layout/key_rules.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a metric's journals have beyond its file.
struct waiting_points {
    std::vector<point>
        intended;  ///< as they are being appended: part of them may stand in the file
    std::uint64_t file_length = UINT64_MAX;  ///< behind which these may stand
    std::vector<point> stored;               ///< of the others, as the journal has them
};

/// A journal, read by pread() alone: another process may fill, drain, cut or remove it meanwhile,
/// and what stands in it is believed within its bounds only. look() notes where points wait; what
/// read() then takes holds if has_moved() afterwards says no. Calls give 0 or errno.
/// \threadsafety one thread at a time
class journal_view {
  public:
    /// \return EINVAL for what is no journal of this version; EFBIG beyond 4 GiB
    int open(const directory& place, const std::string& name) {
        if (const int failed = place.open_file(name, O_RDONLY, file_)) return failed;
        return look();
    }

    /// Notes anew where points wait. \cost reads the journal twice
    int look() {
        blocks_.clear();
        keys_.clear();
        named_.clear();
        unsettled_.clear();
        intent_ = {};
        struct stat found {};
        if (uninterrupted::fstat(file_.get(), &found) != 0) return errno;
        if (!S_ISREG(found.st_mode) || found.st_size < journal_begin) return EINVAL;
        if (found.st_size > journal_most) return EFBIG;
        if (const int failed = read_intent(intent_)) return failed;
        const std::size_t end = static_cast<std::size_t>(found.st_size) / journal_file::page;
        // A lane fills one block, then the next: who reads them one by one may see the second
        // filled and the first not yet. So the second reading tells what is in them, and of the
        // blocks those count that had been handed out by the end of the first.
        std::vector<seen_block> before;
        std::uint64_t latest = 0;
        // Not kept: a run may have many journals.
        const std::unique_ptr<journal_block[]> chunk(new journal_block[at_once]);
        int failed =
            for_each_block(chunk.get(), end, [&](std::size_t index, const journal_block& block) {
                const seen_block seen = head_of(index, block);
                if (seen.has_points) latest = (std::max)(latest, seen.order);
                if (seen.waits()) before.push_back(seen);
                return 0;
            });
        if (failed != 0) return failed;
        auto known = before.cbegin();
        return for_each_block(chunk.get(), end, [&](std::size_t index, const journal_block& block) {
            if (block.use.load(std::memory_order_relaxed) == block_use::keys) {
                return note_keys(index, block.count.load(std::memory_order_relaxed));
            }
            seen_block seen = head_of(index, block);
            if (const int unread = settle(seen)) return unread;
            if (seen.waits() && seen.order <= latest) blocks_[seen.series].push_back(seen);
            if (known == before.cend() || known->index != index) return 0;
            // It went to another lane or series, with what it had or without.
            if (seen.order != known->order) unsettled_.insert(known->series);
            ++known;
            return 0;
        });
    }

    /// Whether both are of one file.
    bool is_same(const journal_view& other) const noexcept {
        struct stat own {};
        struct stat found {};
        return uninterrupted::fstat(file_.get(), &own) == 0 &&
               uninterrupted::fstat(other.file_.get(), &found) == 0 && own.st_ino == found.st_ino &&
               own.st_dev == found.st_dev;
    }

    /// The metrics of which points wait.
    void add_keys(std::vector<std::string>& keys) const {
        for (const auto& [key, all] : keys_) {
            const bool waits = std::any_of(all.begin(), all.end(), [this](std::uint32_t series) {
                return blocks_.count(series) != 0 || is_intended(intent_, series);
            });
            if (waits) keys.push_back(key);
        }
    }

    /// Adds the points that waited when look() was called.
    int read(std::string_view key, waiting_points& found) const {
        const auto named = keys_.find(key);
        if (named == keys_.end()) return 0;
        for (const std::uint32_t series : named->second) {
            const bool intended = is_intended(intent_, series);
            if (intended) {
                found.file_length = (std::min)(found.file_length, intent_.file_length);
                const int failed = add_points(found.intended, intent_.rows, offset(1));
                if (failed != 0) return failed;
            }
            const auto own = blocks_.find(series);
            if (own == blocks_.end()) continue;
            for (const seen_block& each : own->second) {
                std::uint32_t begin = each.drained;
                if (intended) begin = (std::max)(begin, intent_.drained_of(each.index));
                if (begin >= each.count) continue;
                const std::uint64_t first = offset(journal_file::first_block + each.index) +
                                            offsetof(journal_block, points) + begin * sizeof(point);
                const int failed = add_points(found.stored, each.count - begin, first);
                if (failed != 0) return failed;
            }
        }
        return 0;
    }

    /// Whether points of the metric went to the file, or are on their way, since look().
    bool has_moved(std::string_view key) const {
        const auto named = keys_.find(key);
        if (named == keys_.end()) return false;
        intent now;
        if (read_intent(now) != 0) return true;
        for (const std::uint32_t series : named->second) {
            if (unsettled_.count(series) != 0) return true;
            if (is_intended(now, series) != is_intended(intent_, series)) return true;
            if (is_intended(now, series) && !(now == intent_)) return true;
            const auto own = blocks_.find(series);
            if (own == blocks_.end()) continue;
            for (const seen_block& each : own->second) {
                seen_block again;
                if (read_head(each.index, again) != 0 || !again.follows(each)) return true;
            }
        }
        return false;
    }

  private:
    static constexpr off_t journal_begin =
        static_cast<off_t>(journal_file::first_block * journal_file::page);
    static constexpr off_t journal_most = off_t{4} << 30;
    static constexpr std::size_t at_once = 63;

    /// A block as it was at an instant; at most `capacity` points count.
    struct seen_block {
        std::uint32_t index = 0;
        bool has_points = false;
        std::uint32_t series = 0;
        std::uint32_t count = 0;
        std::uint32_t drained = 0;
        std::uint64_t order = 0;

        bool waits() const noexcept { return has_points && drained < count; }
        /// Whether nothing but new points came since `before`.
        bool follows(const seen_block& before) const noexcept {
            return has_points == before.has_points && series == before.series &&
                   count >= before.count && drained == before.drained && order == before.order;
        }
    };

    struct intent {
        bool open = false;
        std::uint32_t series = 0;
        std::uint32_t rows = 0;
        std::uint64_t file_length = 0;
        std::vector<drained_block> sources = {};

        std::uint32_t drained_of(std::uint32_t block) const noexcept {
            for (const drained_block& each : sources) {
                if (each.block == block) return each.drained;
            }
            return 0;
        }
        friend bool operator==(const intent& a, const intent& b) noexcept {
            return a.open == b.open && a.series == b.series && a.rows == b.rows &&
                   a.file_length == b.file_length &&
                   std::equal(a.sources.begin(), a.sources.end(), b.sources.begin(),
                              b.sources.end(), [](const drained_block& c, const drained_block& d) {
                                  return c.block == d.block && c.drained == d.drained;
                              });
        }
    };

    static bool is_intended(const intent& which, std::uint32_t series) noexcept {
        return which.open && which.series == series;
    }
    static std::uint64_t offset(std::size_t page) noexcept { return page * journal_file::page; }

    /// What lies behind the end of a journal that was cut is zero.
    int read_at(void* out, std::size_t size, std::uint64_t from) const noexcept {
        char* const bytes = static_cast<char*>(out);
        std::size_t filled = 0;
        const int failed = detail::read_at(file_.get(), bytes, size, from, filled);
        if (failed == 0 && filled != size) std::memset(bytes + filled, 0, size - filled);
        return failed;
    }

    int read_intent(intent& result) const {
        alignas(journal_header) unsigned char page[journal_file::page];
        if (const int failed = read_at(page, sizeof page, 0)) return failed;
        const auto& head = *reinterpret_cast<const journal_header*>(page);
        if (std::memcmp(head.magic, journal_file::magic.data(), journal_file::magic.size()) != 0 ||
            head.version != journal_file::version) {
            return EINVAL;
        }
        result.open = head.intended.load(std::memory_order_relaxed) != 0;
        if (!result.open) return 0;
        result.series = head.series;
        result.rows = (std::min)(head.rows, static_cast<std::uint32_t>(journal_file::max_rows));
        result.file_length = head.file_length;
        const std::uint32_t count = (std::min)(head.source_count, journal_header::max_sources);
        result.sources.assign(head.sources, head.sources + count);
        return 0;
    }

    static seen_block head_of(std::size_t index, const journal_block& found) noexcept {
        return {static_cast<std::uint32_t>(index),
                found.use.load(std::memory_order_relaxed) == block_use::points,
                found.series,
                (std::min)(found.count.load(std::memory_order_relaxed), journal_block::capacity),
                found.drained.load(std::memory_order_relaxed),
                found.order.load(std::memory_order_relaxed)};
    }
    int read_head(std::size_t index, seen_block& result) const {
        journal_block found{};
        const std::uint64_t from = offset(journal_file::first_block + index);
        const int failed =
            read_at(static_cast<void*>(&found), offsetof(journal_block, points), from);
        result = head_of(index, found);
        return failed;
    }

    /// A block that goes to another series may have been seen half.
    int settle(seen_block& seen) const {
        while (seen.waits()) {
            seen_block again;
            if (const int failed = read_head(seen.index, again)) return failed;
            if (again.follows(seen)) break;
            seen = again;
        }
        return 0;
    }

    /// Hands the blocks up to page `end`, `at_once` of them in `chunk`, to `sink(index, block)`,
    /// which gives 0 or errno.
    template <class Sink>
    int for_each_block(journal_block* chunk, std::size_t end, Sink&& sink) {
        for (std::size_t page = journal_file::first_block; page < end; page += at_once) {
            const std::size_t pages = (std::min)(at_once, end - page);
            int failed =
                read_at(static_cast<void*>(chunk), pages * journal_file::page, offset(page));
            for (std::size_t i = 0; i != pages && failed == 0; ++i) {
                failed = sink(page + i - journal_file::first_block, chunk[i]);
            }
            if (failed != 0) return failed;
        }
        return 0;
    }

    /// The bytes are read behind their count: by then they are there.
    int note_keys(std::size_t index, std::uint32_t count) {
        std::string bytes((std::min)(std::size_t{count}, sizeof(journal_block::points)), '\0');
        const std::uint64_t from =
            offset(journal_file::first_block + index) + offsetof(journal_block, points);
        if (const int failed = read_at(&bytes[0], bytes.size(), from)) return failed;
        std::uint32_t entry[2];  // the series, and the length of the key that follows
        for (std::string_view rest = bytes; rest.size() > sizeof entry;) {
            std::memcpy(entry, rest.data(), sizeof entry);
            rest.remove_prefix(sizeof entry);
            if (entry[1] > rest.size()) break;
            std::string key(rest.substr(0, entry[1]));
            rest.remove_prefix(entry[1]);
            if (key_problem(key_kind::metric, key) || !named_.insert(entry[0]).second) continue;
            keys_[std::move(key)].push_back(entry[0]);
        }
        return 0;
    }

    int add_points(std::vector<point>& points, std::uint32_t count, std::uint64_t from) const {
        const std::size_t before = points.size();
        points.resize(before + count);
        return read_at(points.data() + before, count * sizeof(point), from);
    }

    descriptor file_;
    std::map<std::uint32_t, std::vector<seen_block>> blocks_;
    std::map<std::string, std::vector<std::uint32_t>, std::less<>> keys_;
    std::set<std::uint32_t> named_;      // in keys_: a series has one name
    std::set<std::uint32_t> unsettled_;  // of which look() may have missed points
    intent intent_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
