// SPDX-License-Identifier: MIT
/// \file The file that a run's points wait in: blocks for the lanes, and what the drain intends.
#ifndef MLSCRIBE_JOURNAL_JOURNAL_FILE_HPP
#define MLSCRIBE_JOURNAL_JOURNAL_FILE_HPP

#include <mlscribe/file/mapped_file.hpp>
#include <mlscribe/journal/journal_header.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Blocks of a journal file, or of plain memory where no file can be had.
/// \threadsafety any thread, but for the intent, which belongs to one drain at a time
class journal_file {
  public:
    static constexpr std::string_view magic = "mlscribJ";
    static constexpr std::uint32_t version = 2;
    static constexpr std::size_t page = sizeof(journal_block);
    static constexpr std::size_t row_pages = 6;
    static constexpr std::size_t max_rows = row_pages * page / sizeof(point);
    static constexpr std::size_t first_block = 1 + row_pages;

    journal_file() = default;
    journal_file(const journal_file&) = delete;
    journal_file& operator=(const journal_file&) = delete;

    /// \param capacity bytes that the journal may grow to
    int create(const directory& root, const std::string& name, std::size_t capacity) {
        const int failed = mapped_file::create(root, name, first_block * page, capacity, memory_);
        if (failed != 0) return failed;
        initialise();
        header().job.note(name);
        return 0;
    }
    int create_in_memory(std::size_t capacity) {
        int failed = mapped_file::anonymous(capacity, memory_);
        if (failed == 0) failed = memory_.grow(first_block * page);
        if (failed == 0) initialise();
        return failed;
    }
    /// Opens what another process left. \return EINVAL for what is no journal of this version
    int open(const directory& root, const std::string& name) {
        if (const int failed = mapped_file::open(root, name, memory_)) return failed;
        if (memory_.size() < first_block * page ||
            std::memcmp(header().magic, magic.data(), magic.size()) != 0 ||
            header().version != version) {
            return EINVAL;
        }
        blocks_ = memory_.size() / page - first_block;
        handed_out_ = blocks_;
        return 0;
    }

    /// Its first page, behind which the journal is given up: no descriptor and no more memory of it
    /// is held. The header stays where it is while the page lives.
    mapped_file keep_header() noexcept {
        memory_.keep_first(page);
        return std::move(memory_);
    }

    /// Whether the points of a block outlive the process.
    bool lasts(const journal_block& block) const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return lasts_unlocked(block) && block.series < first_unlasting_;
    }
    /// Why the journal goes on in memory; 0 while it does not.
    int refused() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return memory_.refused();
    }
    bool is_open() const noexcept { return memory_.capacity() != 0; }
    const descriptor& file() const noexcept { return memory_.file(); }
    journal_header& header() const noexcept {
        return *reinterpret_cast<journal_header*>(memory_.data());
    }
    /// What the intent is about to append: max_rows points.
    point* rows() const noexcept { return reinterpret_cast<point*>(memory_.data() + page); }

    std::size_t blocks() const noexcept { return handed_out_; }
    journal_block& block(std::size_t index) const noexcept {
        return reinterpret_cast<journal_block*>(memory_.data())[first_block + index];
    }
    std::uint32_t index_of(const journal_block& which) const noexcept {
        return static_cast<std::uint32_t>(&which - &block(0));
    }

    /// Names a series, for whoever recovers the journal. \return 0 or errno; ENOMEM at the bound
    int add_key(std::string_view key, std::uint32_t& series) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const std::size_t size = sizeof(key_entry) + key.size();
        if (size > sizeof(journal_block::points)) return ENAMETOOLONG;
        if (keys_ == nullptr || keys_->count + size > sizeof(journal_block::points)) {
            journal_block* fresh = nullptr;
            if (const int failed = take_unlocked(block_use::keys, 0, fresh)) return failed;
            keys_ = fresh;
            if (!lasts_unlocked(*keys_)) first_unlasting_ = (std::min)(first_unlasting_, series_);
        }
        const key_entry entry{series_, static_cast<std::uint32_t>(key.size())};
        const std::uint32_t used = keys_->count.load(std::memory_order_relaxed);
        char* const out = reinterpret_cast<char*>(keys_->points) + used;
        std::memcpy(out, &entry, sizeof entry);
        std::memcpy(out + sizeof entry, key.data(), key.size());
        keys_->count.store(used + static_cast<std::uint32_t>(size), std::memory_order_release);
        series = series_++;
        return 0;
    }

    /// The series that add_key() named, and their keys.
    std::vector<std::pair<std::uint32_t, std::string>> keys() const {
        std::vector<std::pair<std::uint32_t, std::string>> found;
        for (std::size_t i = 0; i < blocks(); ++i) {
            const journal_block& page_of_keys = block(i);
            if (page_of_keys.use.load(std::memory_order_acquire) != block_use::keys) continue;
            const char* bytes = reinterpret_cast<const char*>(page_of_keys.points);
            std::size_t left = (std::min)(
                static_cast<std::size_t>(page_of_keys.count.load(std::memory_order_acquire)),
                sizeof(journal_block::points));
            key_entry entry{};
            while (left > sizeof entry) {
                std::memcpy(&entry, bytes, sizeof entry);
                bytes += sizeof entry;
                left -= sizeof entry;
                if (entry.length > left) break;
                found.emplace_back(entry.series, std::string(bytes, entry.length));
                bytes += entry.length;
                left -= entry.length;
            }
        }
        return found;
    }

    /// An entry for a series that is thinned. \return 0 or errno; ENOMEM at the bound
    int add_thinned(std::uint32_t series, std::int64_t most, thinned_series*& entry) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (thinned_ == nullptr || thinned_->count == journal_block::capacity) {
            if (const int failed = take_unlocked(block_use::thinned, 0, thinned_)) return failed;
        }
        const std::uint32_t used = thinned_->count.load(std::memory_order_relaxed);
        entry = thinned_entry(*thinned_, used);
        *entry = {series, most, 0};
        thinned_->count.store(used + 1, std::memory_order_release);
        return 0;
    }
    /// The series that are thinned, with their entries.
    std::map<std::uint32_t, thinned_series*> thinned() const {
        std::map<std::uint32_t, thinned_series*> found;
        for (std::size_t i = 0; i < blocks(); ++i) {
            journal_block& entries = block(i);
            if (entries.use.load(std::memory_order_acquire) != block_use::thinned) continue;
            const std::uint32_t count = (std::min)(entries.count.load(), journal_block::capacity);
            for (std::uint32_t k = 0; k < count; ++k) {
                thinned_series* const entry = thinned_entry(entries, k);
                found.emplace(static_cast<std::uint32_t>(entry->series), entry);
            }
        }
        return found;
    }

    /// An empty block for points of a series. \return 0 or errno; ENOMEM at the bound
    int take(std::uint32_t series, journal_block*& taken) {
        const std::lock_guard<std::mutex> lock(mutex_);
        return take_unlocked(block_use::points, series, taken);
    }

    /// A block with room goes to another lane: its next points are later than all others.
    void hand_out_again(journal_block& block) noexcept {
        block.order.store(order_.fetch_add(1, std::memory_order_relaxed),
                          std::memory_order_relaxed);
    }

    /// Takes back a block whose points are all drained and that no lane fills.
    void give_back(journal_block& empty) {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++given_back_;
        empty.use.store(block_use::none, std::memory_order_release);
        free_.push_back(&empty);
    }

    /// How often a block came free.
    std::uint64_t given_back() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return given_back_;
    }

    /// Whether more than half of what may be used is.
    bool is_pressed() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return (handed_out_ - free_.size()) * 2 > most_blocks();
    }

    /// Whether no block is left, and none can be had.
    bool is_exhausted() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return free_.empty() && handed_out_ == blocks_ && grow() != 0;
    }

    /// Notes what will be appended to a file of `length` bytes. \param sources at most max_sources
    /// \param thinned  the series' entry, if any, that will have `given`
    void intend(std::uint32_t series, std::uint64_t length, const std::vector<point>& rows,
                const std::vector<drained_block>& sources, const thinned_series* thinned = nullptr,
                std::uint64_t given = 0) noexcept {
        journal_header& head = header();
        head.intended.store(0, std::memory_order_release);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        std::copy(rows.begin(), rows.end(), this->rows());
        std::copy(sources.begin(), sources.end(), head.sources);
        head.series = series;
        head.rows = static_cast<std::uint32_t>(rows.size());
        head.file_length = length;
        head.thinned = thinned == nullptr ? 0 : offset_of(*thinned);
        head.given = given;
        head.source_count = static_cast<std::uint32_t>(sources.size());
        head.intended.store(1, std::memory_order_release);
    }

    /// The rows of the intent stand in the file.
    void commit() noexcept {
        journal_header& head = header();
        // A journal that lost pages with its host's power may name blocks that it does not have.
        const std::uint32_t count = (std::min)(head.source_count, journal_header::max_sources);
        for (std::uint32_t i = 0; i < count; ++i) {
            const drained_block& source = head.sources[i];
            if (source.block >= most_blocks()) continue;
            block(source.block).drained.store(source.drained, std::memory_order_release);
        }
        const std::uint64_t first = first_block * page;
        if (head.thinned >= first && head.thinned <= memory_.capacity() - sizeof(thinned_series)) {
            std::memcpy(memory_.data() + head.thinned + offsetof(thinned_series, given),
                        &head.given, sizeof head.given);
        }
        head.intended.store(0, std::memory_order_release);
        commits_.fetch_add(1, std::memory_order_relaxed);
    }
    /// How many intents the disk has taken. \threadsafety any thread
    std::uint64_t commits() const noexcept { return commits_.load(std::memory_order_relaxed); }

    /// Nothing of the intent reached the file.
    void withdraw() noexcept { header().intended.store(0, std::memory_order_release); }

  private:
    struct key_entry {
        std::uint32_t series;
        std::uint32_t length;  ///< of the key that follows
    };

    void initialise() noexcept {
        header().version = version;
        // The process may die in between: what has the magic is whole.
        std::atomic_signal_fence(std::memory_order_seq_cst);
        std::memcpy(header().magic, magic.data(), magic.size());
    }

    static thinned_series* thinned_entry(journal_block& entries, std::uint32_t at) noexcept {
        return reinterpret_cast<thinned_series*>(entries.points) + at;
    }
    std::uint64_t offset_of(const thinned_series& entry) const noexcept {
        return static_cast<std::uint64_t>(reinterpret_cast<const char*>(&entry) - memory_.data());
    }

    int take_unlocked(block_use use, std::uint32_t series, journal_block*& taken) {
        if (!free_.empty()) {
            taken = free_.back();
            free_.pop_back();
        } else {
            while (handed_out_ == blocks_) {
                if (const int failed = grow()) return failed;
            }
            taken = &block(handed_out_++);
        }
        taken->series = series;
        hand_out_again(*taken);
        taken->count.store(0, std::memory_order_relaxed);
        taken->drained.store(0, std::memory_order_relaxed);
        taken->use.store(use, std::memory_order_release);
        return 0;
    }

    /// Of another process' journal: those that exist.
    std::size_t most_blocks() const noexcept {
        const std::size_t pages = memory_.capacity() / page;
        return pages > first_block ? pages - first_block : 0;
    }

    /// Two blocks first, then as many as there are, at most a MiB at once.
    int grow() {
        const std::size_t more = (std::min)((std::max)(blocks_, std::size_t{2}), std::size_t{256});
        const std::size_t wanted = (std::min)(blocks_ + more, most_blocks());
        if (wanted == blocks_) return ENOMEM;
        free_.reserve(wanted);
        const int refused_before = memory_.refused();
        if (const int failed = memory_.grow((first_block + wanted) * page)) return failed;
        // The kernel zeroes the rest of a file's last page whenever it writes that.
        if (memory_.refused() != refused_before) ++handed_out_;
        blocks_ = wanted;
        return 0;
    }

    bool lasts_unlocked(const journal_block& block) const noexcept {
        return first_block + index_of(block) < memory_.lasting() / page;
    }

    mapped_file memory_;
    mutable std::mutex mutex_;
    std::size_t blocks_ = 0;      // that exist
    std::size_t handed_out_ = 0;  // of these, that were ever used
    std::vector<journal_block*> free_;
    journal_block* keys_ = nullptr;
    journal_block* thinned_ = nullptr;
    std::uint32_t series_ = 0;
    std::uint32_t first_unlasting_ = UINT32_MAX;  // series whose names a dead process loses
    std::uint64_t given_back_ = 0;
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::uint64_t> order_{0};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
