// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/tag/git_index.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "git_sandbox.hpp"
#include "seed.hpp"

using mlscribe::detail::git_index_entry;
using mlscribe::detail::git_index_parser;
using mlscribe::detail::git_index_tree;
using mlscribe::detail::hex_text;
using mlscribe::detail::sha1;

namespace {

std::string number(std::uint32_t value) {
    std::string text;
    for (const int shift : {24, 16, 8, 0}) text += static_cast<char>(value >> shift & 0xff);
    return text;
}

/// An entry of version 2 that names the empty file.
std::string entry(const std::string& path, std::uint32_t mode = 0100644, std::uint32_t flags = 0) {
    std::string bytes;
    for (std::uint32_t field = 1; field <= 10; ++field) bytes += number(field == 7 ? mode : field);
    bytes += "\xe6\x9d\xe2\x9b\xb2\xd1\xd6\x43\x4b\x8b\x29\xae\x77\x5a\xd8\xc2\xe4\x8c\x53\x91";
    const auto length = static_cast<std::uint32_t>((std::min)(path.size(), std::size_t{0xfff}));
    bytes += number((flags | length) << 16).substr(0, 2);
    bytes += path;
    bytes.append(8 - bytes.size() % 8, '\0');
    return bytes;
}

std::string sealed(const std::string& bytes) {
    sha1 hash;
    hash.update(bytes);
    return bytes + hash.finish();
}

std::string index_of(const std::vector<std::string>& entries, const std::string& extensions = "",
                     std::uint32_t version = 2) {
    std::string bytes =
        "DIRC" + number(version) + number(static_cast<std::uint32_t>(entries.size()));
    for (const std::string& each : entries) bytes += each;
    return sealed(bytes + extensions);
}

bool parses(const std::string& bytes) {
    std::vector<git_index_entry> entries;
    return git_index_parser(bytes).parse(entries);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_git_index)

BOOST_AUTO_TEST_CASE(entries) {
    std::vector<git_index_entry> found;
    BOOST_REQUIRE(
        git_index_parser(index_of({entry("a"), entry("b/run", 0100755, 0x8000)})).parse(found));
    BOOST_REQUIRE(found.size() == 2u);
    BOOST_TEST(found[0].path == "a");
    BOOST_TEST(found[0].changed[0] == 1u);
    BOOST_TEST(found[0].modified[1] == 4u);
    BOOST_TEST(found[0].inode == 6u);
    BOOST_TEST(found[0].size == 10u);
    BOOST_TEST(!found[0].trusted);
    BOOST_TEST(hex_text(found[0].name) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    BOOST_TEST(found[1].mode == 0100755u);
    BOOST_TEST(found[1].trusted);
    BOOST_TEST(parses(index_of({})));
    BOOST_TEST(parses(index_of({entry("a", 0100644, 0x1000), entry("a", 0100644, 0x2000)})));
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    for (const char* path : {"", "/a", "a/", "../a", "a/../b", "./a", "a//b", "a/.", ".."}) {
        BOOST_TEST(!parses(index_of({entry(path)})), path);
    }
    BOOST_TEST(!parses(index_of({entry("b"), entry("a")})));
    BOOST_TEST(!parses(index_of({entry("a"), entry("a")})));
    BOOST_TEST(!parses(index_of({entry("a", 0100600)})));
    BOOST_TEST(!parses(index_of({entry("a")}, "", 5)));
    BOOST_TEST(!parses(index_of({entry("a")}, "", 1)));
    BOOST_TEST(parses(index_of({entry("a")}, "TREE" + number(2) + "xx")));
    BOOST_TEST(!parses(index_of({entry("a")}, "TREE" + number(3) + "xx")));
    BOOST_TEST(!parses(index_of({entry("a")}, "link" + number(2) + "xx")));
    BOOST_TEST(!parses(index_of({entry("a")}, "junk")));
    BOOST_TEST(!parses(sealed("DIRC" + number(2) + number(0xffffffff))));
    std::string unsealed = index_of({entry("a")});
    unsealed.back() = static_cast<char>(unsealed.back() ^ 1);
    BOOST_TEST(!parses(unsealed));
    BOOST_TEST(parses(unsealed.substr(0, unsealed.size() - 20) + std::string(20, '\0')));
    BOOST_TEST(!parses(""));
    BOOST_TEST(!parses("DIRC"));
}

BOOST_AUTO_TEST_CASE(paths_of_any_memory_are_refused) {
    BOOST_TEST(parses(index_of({entry(std::string(4095, 'p'))})));
    BOOST_TEST(!parses(index_of({entry(std::string(4096, 'p'))})));
    const std::string common(2000, 'p');
    const auto index = [&common](int count) {
        std::vector<std::string> entries;
        for (int i = 10000; i < 10000 + count; ++i) {
            const std::string own = std::to_string(i);
            const bool first = entries.empty();
            entries.push_back(entry(common + own).substr(0, 62) + (first ? '\0' : '\5') +
                              (first ? common : "") + own + '\0');
        }
        return index_of(entries, "", 4);
    };
    BOOST_TEST(parses(index(500)));
    BOOST_TEST(!parses(index(20000)));
}

BOOST_AUTO_TEST_CASE(the_tree_of_an_index) {
    const auto tree = [](const std::vector<std::string>& entries) {
        std::vector<git_index_entry> found;
        BOOST_REQUIRE(git_index_parser(index_of(entries)).parse(found));
        return git_index_tree(found).name();
    };
    BOOST_TEST(tree({}) == "4b825dc642cb6eb9a060e54bf8d69288fbee4904");  // git's empty tree
    BOOST_TEST(tree({entry("a", 0100644, 0x1000)}) == "");
    std::string deep;
    for (int i = 0; i < 300; ++i) deep += "d/";
    BOOST_TEST(tree({entry(deep + "x")}) == "");
}

BOOST_AUTO_TEST_CASE(the_tree_that_git_writes, *boost::unit_test::precondition(test::has_git)) {
    const test::git_sandbox box;
    for (const char* name : {"src.txt", "src-x", "src0", "src/.h", "z/\xC3\xBC/e", "src/deep.x"}) {
        box.write(name, name);
    }
    for (const char* version : {"2", "4"}) {
        box.git("add .");
        box.git(std::string("update-index --index-version ") + version);
        std::vector<git_index_entry> found;
        BOOST_REQUIRE(git_index_parser(test::read_file(box / ".git/index")).parse(found));
        BOOST_TEST(git_index_tree(found).name() == box.git("write-tree"));
    }
}

// Sealed anew, so that what is behind the checksum has to stand it.
BOOST_AUTO_TEST_CASE(damaged_bytes_never_crash_it) {
    std::mt19937 random(test::seed(7));
    const std::string version_2 =
        index_of({entry("a"), entry("b/c"), entry("b/d/e", 0120000)}, "TREE" + number(2) + "xx");
    std::string version_4 = "DIRC" + number(4) + number(2);
    version_4 += entry("abc").substr(0, 62) + std::string("\0abc\0", 5);
    version_4 += entry("abd").substr(0, 62) + std::string("\1d\0", 3);
    version_4 = sealed(version_4);
    BOOST_TEST(parses(version_4));
    int parsed = 0;
    for (const std::string& whole : {version_2, version_4}) {
        const std::string body = whole.substr(0, whole.size() - 20);
        for (int i = 0; i < 20000; ++i) {
            std::string bytes = body;
            if (random() % 4 == 0) bytes.resize(random() % (bytes.size() + 1));
            for (auto flips = random() % 4; flips > 0 && !bytes.empty(); --flips) {
                char& one = bytes[random() % bytes.size()];
                one = static_cast<char>(random() % 3 == 0 ? 0xff : random());
            }
            std::vector<git_index_entry> found;
            if (!git_index_parser(sealed(bytes)).parse(found)) continue;
            ++parsed;
            git_index_tree(found).name();
        }
    }
    BOOST_TEST(parsed > 0);
}

BOOST_AUTO_TEST_SUITE_END()
