// SPDX-License-Identifier: MIT
/// \file Any bytes as each file of a git repository.
#include <mlscribe/tag/git_attributes.hpp>
#include <mlscribe/tag/git_commit.hpp>
#include <mlscribe/tag/git_config.hpp>
#include <mlscribe/tag/git_index.hpp>
#include <mlscribe/tag/git_repository.hpp>
#include <mlscribe/tag/inflate.hpp>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "fuzz/scratch_file.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

const std::string commit = "0123456789abcdef0123456789abcdef01234567";

void check_url(const std::string& url) {
    const std::size_t scheme = url.find("://");
    must_hold(scheme == std::string::npos || url.find('@') == std::string::npos,
              "a URL that is seen names no user");
}

/// Repositories that have the input in the place of one of their files. What no reader of that file
/// takes for its own is not written.
class repositories {
  public:
    repositories() {
        file_.call("link/.git");
        for (const char* place : {"HEAD", "packed-refs", "config"}) {
            const std::string folder = std::string(place) + "/.git/";
            write(folder + "objects/info/alternates", "/nowhere\n");
            write(folder + "refs/heads/other", commit + '\n');
            if (place != std::string_view("HEAD")) write(folder + "HEAD", "ref: refs/heads/main\n");
            file_.call(folder + place);
        }
        file_.call("loose/" + commit.substr(0, 2) + '/' + commit.substr(2));
        file_.call("packed/pack/pack-1.idx");
        file_.call("packed/pack/pack-1.pack");
    }

    void read(std::string_view text) {
        if (text.substr(0, 8) == "gitdir: ") open("link", text);
        if (text.substr(0, 5) == "ref: " || text.substr(0, 4) == "0123") open("HEAD", text);
        if (text.find(" refs/heads/main\n") != std::string_view::npos) open("packed-refs", text);
        detail::git_config config;
        if (config.parse(text) && !config.settings().empty()) open("config", text);
        if (text.substr(0, 4) == "\377tOc") find_commit("packed", text);
        constexpr std::size_t most = 65536;
        std::string unpacked;
        if (detail::inflater(text).unpack(most, unpacked)) find_commit("loose", text);
        must_hold(unpacked.size() <= most, "no more is unpacked than is asked for");
    }

  private:
    void open(const std::string& root, std::string_view text) {
        file_.write(text);
        detail::git_repository repository;
        if (!detail::find_git_repository(file_.folder() + '/' + root, repository)) return;
        must_hold(repository.commit.empty() || repository.is_commit(repository.commit),
                  "a commit is one");
        check_url(repository.url());
    }
    void find_commit(const std::string& objects, std::string_view text) {
        file_.write(text);
        must_hold(detail::git_commit_reader(file_.folder() + '/' + objects, commit).tree().empty(),
                  "what has another name is not the commit");
    }
    void write(const std::string& name, const std::string& text) const {
        const std::filesystem::path path = std::filesystem::path(file_.folder()) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path.string()) << text;
    }

    test::scratch_file file_;
};

/// \param text  without the checksum, which nobody guesses: git's index.skipHash leaves zeros
void check_index(std::string_view text) {
    const std::string bytes = std::string(text) + std::string(20, '\0');
    std::vector<detail::git_index_entry> entries;
    if (!detail::git_index_parser(bytes).parse(entries)) return;
    for (const detail::git_index_entry& entry : entries) {
        const std::string path = '/' + entry.path + '/';
        must_hold(path.find("//") == std::string::npos || path.find("//") + 2 == path.size(),
                  "a path has no empty part");
        must_hold(path.find("/../") == std::string::npos, "a path stays below");
    }
    const std::string tree = detail::git_index_tree(entries).name();
    must_hold(tree.empty() || tree.size() == 40, "a tree has a whole name, or none");
}

/// Too many files count as filtered rather than too few.
void check_attributes(std::string_view text) {
    const std::string_view path = "folder/data.bin";
    const auto may_filter = [path](const std::string& attributes) {
        detail::git_attributes read;
        read.parse(attributes);
        return read.may_filter(path);
    };
    const std::string lines(text);
    must_hold(may_filter(lines + "\n*.bin filter=large"), "no line hides another");
    must_hold(may_filter(lines) == may_filter(lines + "\n#* filter\n*.txt ident\n* text"),
              "lines about other files change nothing");
    const bool has_word = lines.find("filter") != std::string::npos ||
                          lines.find("ident") != std::string::npos ||
                          lines.find("encoding") != std::string::npos;
    must_hold(has_word || !may_filter(lines), "other attributes filter nothing");
}

void check_ref(std::string_view name) {
    if (!detail::is_ref_name(name)) return;
    const std::string inside = '/' + std::string(name) + '/';
    must_hold(inside.find("/../") == std::string::npos && inside.find("//") == std::string::npos &&
                  inside.find('\0') == std::string::npos,
              "a ref stays below its folder");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static repositories all;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_url(detail::public_url(text));
    check_ref(text);
    check_index(text);
    check_attributes(text);
    all.read(text);
    return 0;
}
