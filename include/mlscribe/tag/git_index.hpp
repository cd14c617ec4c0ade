// SPDX-License-Identifier: MIT
/// \file git's index: which files are tracked, and what they looked like when git saw them last.
#ifndef MLSCRIBE_TAG_GIT_INDEX_HPP
#define MLSCRIBE_TAG_GIT_INDEX_HPP

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/sha1.hpp>

#include <limits.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One tracked file.
struct git_index_entry {
    std::string path;  ///< relative, without `.` and `..`; a folder of a sparse index ends in '/'
    std::string name;  ///< the 20 bytes of the content's SHA-1
    std::uint32_t mode = 0;          ///< 0100644, 0100755, 0120000 link, 0160000 submodule
    std::uint32_t size = 0;          ///< modulo 2^32; 0 also where git does not know it
    std::uint32_t inode = 0;         ///< modulo 2^32
    std::uint32_t changed[2] = {};   ///< ctime: seconds modulo 2^32, nanoseconds
    std::uint32_t modified[2] = {};  ///< mtime
    bool unmerged = false;           ///< one side of a conflict
    bool trusted = false;            ///< git was told not to look (assume-unchanged)
    bool skipped = false;            ///< left out of a sparse checkout
    bool intended = false;           ///< `git add -N`: not in the next commit yet
};

/// Reads an index of version 2, 3 or 4 with SHA-1 names. Pure: bytes in, entries out.
class git_index_parser {
  public:
    explicit git_index_parser(std::string_view bytes) noexcept : bytes_(bytes) {}

    /// \return false for a damaged index (its checksum tells) and for one that this does not know,
    ///         such as a split one
    bool parse(std::vector<git_index_entry>& entries) {
        if (bytes_.size() < 12 + hash_size_ || bytes_.substr(0, 4) != "DIRC") return false;
        const std::string_view sum = bytes_.substr(bytes_.size() - hash_size_);
        bytes_.remove_suffix(hash_size_);
        // git's index.skipHash leaves zeros.
        if (sum.find_first_not_of('\0') != std::string_view::npos) {
            sha1 hash;
            hash.update(bytes_);
            if (hash.finish() != sum) return false;
        }
        version_ = number_at(bytes_, 4);
        if (version_ < 2 || version_ > 4) return false;
        const std::uint32_t count = number_at(bytes_, 8);
        if (count > bytes_.size() / least_entry_) return false;
        next_ = 12;
        path_bytes_left_ = 4 * bytes_.size() + (std::size_t{1} << 20);
        entries.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            git_index_entry entry;
            if (!read_entry(entry, entries.empty() ? std::string() : entries.back().path)) {
                return false;
            }
            // Version 4 leaves out what a path has in common with the one before, however much.
            if (entry.path.size() >= PATH_MAX || entry.path.size() > path_bytes_left_) {
                return false;
            }
            path_bytes_left_ -= entry.path.size();
            // One path may stand there up to three times, but only in a conflict.
            if (!entries.empty()) {
                const int order = entries.back().path.compare(entry.path);
                if (order > 0 || (order == 0 && !entry.unmerged)) return false;
            }
            entries.push_back(std::move(entry));
        }
        return extensions_are_known();
    }

  private:
    static constexpr std::size_t hash_size_ = 20;
    static constexpr std::size_t fixed_ = 40 + hash_size_ + 2;
    static constexpr std::size_t least_entry_ = fixed_ + 2;  // of version 4, the shortest

    bool read_entry(git_index_entry& entry, const std::string& before) {
        if (bytes_.size() - next_ < fixed_) return false;
        const std::size_t begin = next_;
        entry.changed[0] = number_at(bytes_, begin);
        entry.changed[1] = number_at(bytes_, begin + 4);
        entry.modified[0] = number_at(bytes_, begin + 8);
        entry.modified[1] = number_at(bytes_, begin + 12);
        entry.inode = number_at(bytes_, begin + 20);
        entry.mode = number_at(bytes_, begin + 24);
        entry.size = number_at(bytes_, begin + 36);
        entry.name = bytes_.substr(begin + 40, hash_size_);
        const std::uint32_t flags = number_at(bytes_, begin + fixed_ - 4) & 0xffff;
        next_ += fixed_;
        entry.trusted = (flags & 0x8000) != 0;
        entry.unmerged = (flags & 0x3000) != 0;
        if ((flags & 0x4000) != 0) {
            if (version_ < 3 || bytes_.size() - next_ < 2) return false;
            const std::uint32_t more = number_at(bytes_, next_ - 2) & 0xffff;
            next_ += 2;
            entry.skipped = (more & 0x4000) != 0;
            entry.intended = (more & 0x2000) != 0;
        }
        std::string_view common;
        if (version_ == 4) {
            std::uint64_t left_out = 0;
            if (!read_length(left_out) || left_out > before.size()) return false;
            common = std::string_view(before).substr(
                0, before.size() - static_cast<std::size_t>(left_out));
        }
        const std::size_t end = bytes_.find('\0', next_);
        if (end == std::string_view::npos) return false;
        entry.path.reserve(common.size() + (end - next_));
        entry.path.append(common).append(bytes_.substr(next_, end - next_));
        next_ = end + 1;
        if (version_ < 4) {
            // Filled up with 1 to 8 zeros to a multiple of 8.
            next_ = begin + ((end - begin) / 8 + 1) * 8;
            if (next_ > bytes_.size()) return false;
        }
        const std::uint32_t length = flags & 0xfff;
        if (length < 0xfff && length != entry.path.size()) return false;
        return is_known_mode(entry) && stays_below(entry.path);
    }

    /// The number that also pack files have, with its odd carry.
    bool read_length(std::uint64_t& value) noexcept {
        for (int i = 0; i < 4; ++i) {
            if (next_ >= bytes_.size()) return false;
            const std::uint32_t byte = byte_at(bytes_, next_++);
            value = (i == 0 ? 0 : (value + 1) << 7) | (byte & 0x7f);
            if ((byte & 0x80) == 0) return true;
        }
        return false;
    }

    static bool is_known_mode(const git_index_entry& entry) noexcept {
        if (entry.mode == 0040000) return entry.path.size() > 1 && entry.path.back() == '/';
        return (entry.mode == 0100644 || entry.mode == 0100755 || entry.mode == 0120000 ||
                entry.mode == 0160000) &&
               !entry.path.empty() && entry.path.back() != '/';
    }

    static bool stays_below(std::string_view path) noexcept {
        while (!path.empty()) {
            const std::size_t slash = path.find('/');
            const std::string_view part = path.substr(0, slash);
            if (part.empty() || part == "." || part == "..") return false;
            if (slash == std::string_view::npos) return true;
            path.remove_prefix(slash + 1);
        }
        return true;
    }

    /// An extension in lower case changes what the entries mean.
    bool extensions_are_known() noexcept {
        while (next_ < bytes_.size()) {
            if (bytes_.size() - next_ < 8) return false;
            const std::string_view kind = bytes_.substr(next_, 4);
            const std::uint32_t size = number_at(bytes_, next_ + 4);
            next_ += 8;
            if (bytes_.size() - next_ < size) return false;
            next_ += size;
            const bool optional = kind[0] >= 'A' && kind[0] <= 'Z';
            if (!optional && kind != "sdir") return false;
        }
        return true;
    }

    std::string_view bytes_;
    std::size_t next_ = 0;
    std::uint32_t version_ = 0;
    std::size_t path_bytes_left_ = 0;
};

/// The tree that a commit of an index would have: git's name of it, computed and not looked up.
class git_index_tree {
  public:
    explicit git_index_tree(const std::vector<git_index_entry>& entries) noexcept
        : entries_(entries) {}

    /// \return 40 hex digits; "" for conflicts and for more than 200 folders in each other
    std::string name() {
        for (const git_index_entry& entry : entries_) {
            if (entry.unmerged) return {};
        }
        std::string found;
        next_ = 0;
        return add_folder(0, 0, found) ? hex_text(found) : std::string();
    }

  private:
    /// Names the folder that begins at the next entry. \param prefix the length of its path
    bool add_folder(std::size_t prefix, int depth, std::string& name) {
        if (depth > 200) return false;
        std::string tree;
        const std::string above = prefix == 0 ? "" : entries_[next_].path.substr(0, prefix);
        while (next_ < entries_.size()) {
            const git_index_entry& entry = entries_[next_];
            if (entry.path.compare(0, prefix, above) != 0) break;
            const std::size_t slash = entry.path.find('/', prefix);
            std::string content = entry.name;
            std::uint32_t mode = entry.mode;
            const std::string part = entry.path.substr(prefix, slash - prefix);
            const bool whole = slash == std::string::npos || slash + 1 == entry.path.size();
            if (whole) {
                ++next_;
                if (entry.intended) continue;
            } else {
                mode = 0040000;
                content.clear();
                if (!add_folder(slash + 1, depth + 1, content)) return false;
                if (content.empty()) continue;
            }
            tree += octal(mode) + ' ' + part + '\0' + content;
        }
        // git keeps no empty folders, but an empty root has a name.
        name = tree.empty() && prefix != 0 ? std::string() : object_name("tree", tree);
        return true;
    }

    static std::string octal(std::uint32_t mode) {
        std::string text;
        for (; mode != 0; mode /= 8) text.insert(text.begin(), static_cast<char>('0' + mode % 8));
        return text;
    }

    const std::vector<git_index_entry>& entries_;
    std::size_t next_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
