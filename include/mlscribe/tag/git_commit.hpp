// SPDX-License-Identifier: MIT
/// \file Which tree a commit has: read from git's loose objects and packs.
#ifndef MLSCRIBE_TAG_GIT_COMMIT_HPP
#define MLSCRIBE_TAG_GIT_COMMIT_HPP

#include <mlscribe/file/directory.hpp>
#include <mlscribe/tag/git_repository.hpp>
#include <mlscribe/tag/inflate.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads up to `size` bytes at a place of a file.
inline std::string bytes_at(const descriptor& file, std::uint64_t place, std::size_t size) {
    if (place >= static_cast<std::uint64_t>(INT64_MAX) - size) return {};
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    read_at(file.get(), &bytes[0], size, place, filled);
    bytes.resize(filled);
    return bytes;
}

/// Looks for one commit of a SHA-1 repository.
class git_commit_reader {
  public:
    /// \param commit 40 hex digits
    git_commit_reader(const std::string& objects, const std::string& commit)
        : hex_(commit), objects_(objects) {
        for (std::size_t i = 0; i + 1 < commit.size(); i += 2) {
            name_ += static_cast<char>(digit(commit[i]) << 4 | digit(commit[i + 1]));
        }
    }

    /// \return the 40 hex digits of its tree; "" where the commit is missing, damaged, packed as a
    ///         difference to another, or above 64 KiB
    std::string tree() {
        std::string content;
        folders_left_ = most_folders_;
        if (!read_from(objects_, 0, content)) return {};
        if (object_name("commit", content) != name_) return {};
        return content.substr(0, 5) == "tree " ? content.substr(5, 40) : std::string();
    }

  private:
    static constexpr std::size_t most_ = 65536;
    static constexpr std::size_t most_packs_ = 100;
    static constexpr std::size_t most_folders_ = 32;

    static unsigned digit(char c) noexcept {
        return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    }

    /// Folders may name each other, and themselves, as the alternates of each other.
    bool read_from(const std::string& objects, int depth, std::string& content) {
        if (folders_left_ == 0) return false;
        --folders_left_;
        if (read_loose(objects, content)) return true;
        std::vector<std::string> names;
        directory packs;
        if (directory::open(objects + "/pack", packs) == 0) packs.list(names);
        std::size_t seen = 0;
        for (const std::string& name : names) {
            if (name.size() < 4 || name.substr(name.size() - 4) != ".idx") continue;
            if (++seen > most_packs_) return false;
            const std::string pack = objects + "/pack/" + name.substr(0, name.size() - 4);
            std::uint64_t place = 0;
            if (find_in_pack(pack + ".idx", place)) return read_packed(pack, place, content);
        }
        std::string others;
        if (depth == 5) return false;
        if (read_linked_file(objects + "/info/alternates", most_, others) != 0) return false;
        for (std::size_t begin = 0; begin < others.size() && folders_left_ != 0;) {
            const std::size_t end = (std::min)(others.find('\n', begin), others.size());
            const std::string other = others.substr(begin, end - begin);
            begin = end + 1;
            if (other.empty() || other.front() == '#' || other.front() == '"') continue;
            const std::string path = other.front() == '/' ? other : objects + '/' + other;
            if (read_from(path, depth + 1, content)) return true;
        }
        return false;
    }

    bool read_loose(const std::string& objects, std::string& content) const {
        std::string packed;
        const std::string path = objects + '/' + hex_.substr(0, 2) + '/' + hex_.substr(2);
        if (read_linked_file(path, most_, packed) != 0) return false;
        std::string object;
        if (!inflater(packed).unpack(most_, object)) return false;
        const std::size_t end = object.find('\0');
        if (end == std::string::npos || object.substr(0, 7) != "commit ") return false;
        content = object.substr(end + 1);
        return true;
    }

    /// Finds the commit in a pack's index of version 2.
    bool find_in_pack(const std::string& path, std::uint64_t& place) const {
        const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        if (!file) return false;
        constexpr std::size_t names = 8 + 4 * 256;
        const std::string head = bytes_at(file, 0, names);
        if (head.size() != names || head.substr(0, 8) != std::string_view("\377tOc\0\0\0\2", 8)) {
            return false;
        }
        const std::size_t first = byte_at(name_, 0);
        const std::uint64_t total = number_at(head, names - 4);
        std::uint64_t low = first == 0 ? 0 : number_at(head, 4 + 4 * first);
        std::uint64_t high = number_at(head, 8 + 4 * first);
        if (low > high || high > total) return false;
        while (low < high) {
            const std::uint64_t middle = low + (high - low) / 2;
            const std::string name = bytes_at(file, names + 20 * middle, 20);
            if (name.size() != 20) return false;
            const int order = std::string_view(name).compare(name_);
            if (order == 0) return read_place(file, names + 24 * total, total, middle, place);
            (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
        }
        return false;
    }

    static bool read_place(const descriptor& file, std::uint64_t table, std::uint64_t total,
                           std::uint64_t which, std::uint64_t& place) {
        const std::string text = bytes_at(file, table + 4 * which, 4);
        if (text.size() != 4) return false;
        place = number_at(text, 0);
        if (place < 0x80000000u) return true;
        const std::uint64_t far_table = table + 4 * total;
        const std::string far_text = bytes_at(file, far_table + 8 * (place & 0x7fffffffu), 8);
        if (far_text.size() != 8) return false;
        place = std::uint64_t{number_at(far_text, 0)} << 32 | number_at(far_text, 4);
        return true;
    }

    static bool read_packed(const std::string& pack, std::uint64_t place, std::string& content) {
        const descriptor file(
            ::open((pack + ".pack").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        if (!file) return false;
        const std::string packed = bytes_at(file, place, most_);
        if (packed.empty() || (byte_at(packed, 0) >> 4 & 7) != 1) return false;
        std::size_t start = 0;
        while (start < packed.size() && (byte_at(packed, start) & 0x80) != 0) ++start;
        if (++start >= packed.size()) return false;
        return inflater(std::string_view(packed).substr(start)).unpack(most_, content);
    }

    std::string hex_;
    std::string name_;
    std::string objects_;
    std::size_t folders_left_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
