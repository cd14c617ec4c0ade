// SPDX-License-Identifier: MIT
/// \file Brings a directory below `artifacts/`: every file it can, and a report of each it cannot.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_TREE_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_TREE_HPP

#include <mlscribe/artifact/artifact_writer.hpp>
#include <mlscribe/layout/plain_locale.hpp>

#include <fnmatch.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Walks by descriptors, so that a folder that is renamed meanwhile stays the same one and no path
/// is too long. It ends: a folder inside itself (through a link) and the artifacts' own folder are
/// not entered. `Report` hears of every entry that could not be brought.
template <class Report>
class artifact_tree {
  public:
    artifact_tree(const directory& run, const artifact_options& options, Report& report)
        : run_(run), options_(options), report_(report) {}

    void bring(std::string source, std::string_view path) {
        if (error failure = check_artifact_path(path, true)) return report_(failure);
        while (source.size() > 1 && source.back() == '/') source.pop_back();
        directory top;
        if (const int failed = directory::open(source, top))
            return report_(unlisted(source, failed));
        directory goal;
        struct stat here {};
        int failed = run_.open_below(below_artifacts(path, ""), missing::create, goal);
        if (failed == 0 && uninterrupted::fstat(goal.get(), &goal_) != 0) failed = errno;
        if (failed != 0) {
            return report_(system_error("cannot make artifact folder", path, failed));
        }
        if (uninterrupted::fstat(top.get(), &here) != 0) return report_(unlisted(source, errno));
        if (is_same_file(here, goal_)) return;  // everything is where it should be
        const position start{source, "", std::string(path), 0};
        if (options_.mode == transfer::move) {
            // What links lead to is copied before it is moved away itself.
            pass_ = pass::links;
            walk(top, here, start);
            pass_ = pass::rest;
        }
        walk(top, here, start);
    }

  private:
    /// Where the walk is.
    struct position {
        std::string source;  ///< as the user would name it
        std::string below;   ///< relative to the directory that was named; with a '/' behind it
        std::string path;    ///< below `artifacts/`
        int links;           ///< how many links to directories led here
    };

    enum class pass { all, links, rest };

    /// What both passes meet is told of by the last one.
    void tell(const error& failure, const position& at) {
        if (pass_ != pass::links || at.links != 0) report_(failure);
    }

    /// Links to directories inside each other; more would be a tree that doubles at each of them.
    static constexpr int most_links = 8;

    static error unlisted(const std::string& source, int failed) {
        return system_error("cannot list artifacts in", source, failed);
    }

    void refuse(const position& at, const char* why) {
        error failure{error_code::invalid_path, 0, "artifact folder \""};
        failure.message.append(at.source).append("\": ").append(why);
        tell(failure, at);
    }

    void walk(const directory& here, const struct stat& status, const position& at) {
        if (is_same_file(status, goal_)) {
            return refuse(at, "is where these artifacts go; it is left out");
        }
        for (const struct stat& above : above_) {
            if (is_same_file(status, above)) {
                return refuse(at, "is a link back to a folder that it lies in; left out");
            }
        }
        std::vector<std::string> names;
        if (const int failed = here.list(names)) return tell(unlisted(at.source, failed), at);
        std::sort(names.begin(), names.end());
        above_.push_back(status);
        for (const std::string& name : names) entry(here, name, at);
        above_.pop_back();
    }

    void entry(const directory& here, const std::string& name, const position& at) {
        const bool ours = name.compare(0, staged_prefix.size(), staged_prefix) == 0;
        if (ours || (!options_.hidden && name.front() == '.')) return;
        if (matches(options_.except, name, at)) return;
        struct stat found {};
        const std::string source = at.source + (at.source == "/" ? "" : "/") + name;
        if (const int failed = here.status(name, found)) {
            return tell(system_error("cannot read artifact", source, failed), at);
        }
        const bool link = S_ISLNK(found.st_mode);
        if (link && (options_.links == symlinks::skip || pass_ == pass::rest)) return;
        // A link that leads nowhere is told of by transfer_artifact().
        if (link && uninterrupted::fstatat(here.get(), name.c_str(), &found, 0) != 0)
            found.st_mode = S_IFLNK;
        if (S_ISDIR(found.st_mode))
            return folder(here, name, link, {source, "", at.path, at.links}, at);
        if (pass_ == pass::links && !link && at.links == 0) return;
        if (!options_.only.empty() && !matches(options_.only, name, at)) return;
        // What lies behind a link belongs to somebody else.
        const transfer mode = pass_ == pass::links ? transfer::copy : options_.mode;
        if (error failure = transfer_artifact(run_, here.get(), name, source, at.path, mode)) {
            report_(failure);
        }
    }

    void folder(const directory& here, const std::string& name, bool link, position inside,
                const position& at) {
        if (link && options_.links == symlinks::follow_files) return;
        inside.links += link ? 1 : 0;
        if (error failure = check_artifact_path(name, false)) {
            failure.message += " (\"" + inside.source + "\")";
            return tell(failure, inside);
        }
        inside.below = at.below + name + '/';
        inside.path += (at.path.empty() ? "" : "/") + name;
        if (inside.links > most_links) {
            return refuse(inside, "more than 8 links to folders led here; left out");
        }
        directory child;
        struct stat status {};
        int failed =
            link ? here.open_followed(name, child) : here.open_below(name, missing::fail, child);
        if (failed == 0 && uninterrupted::fstat(child.get(), &status) != 0) failed = errno;
        if (failed != 0) return tell(unlisted(inside.source, failed), inside);
        directory made;
        // Empty folders come too, as with MLflow, unless certain files were asked for.
        if (options_.only.empty()) {
            failed = is_entered(status)
                         ? 0
                         : run_.open_below(below_artifacts(inside.path, ""), missing::create, made);
        }
        if (failed != 0) {
            return tell(system_error("cannot make artifact folder", inside.path, failed), inside);
        }
        walk(child, status, inside);
        // Succeeds for a folder that is empty now.
        if (pass_ == pass::rest) here.remove_directory(name);
    }

    /// Whether walk() will refuse the folder.
    bool is_entered(const struct stat& status) const noexcept {
        if (is_same_file(status, goal_)) return true;
        return std::any_of(above_.begin(), above_.end(), [&status](const struct stat& above) {
            return is_same_file(status, above);
        });
    }

    static bool matches(const std::string& pattern, const std::string& name, const position& at) {
        if (pattern.empty()) return false;
        const bool whole = pattern.find('/') != std::string::npos;
        const std::string text = whole ? at.below + name : name;
        const plain_locale_scope one_meaning_everywhere;
        return ::fnmatch(pattern.c_str(), text.c_str(), whole ? FNM_PATHNAME : 0) == 0;
    }

    const directory& run_;
    const artifact_options& options_;
    Report& report_;
    pass pass_ = pass::all;
    struct stat goal_ = {};
    std::vector<struct stat> above_;
};

/// Brings the tree below `source` to `artifacts/<path>/`; `report(const error&)` hears of every
/// entry that could not be brought, and the others are.
template <class Report>
void copy_artifact_tree(const directory& run, std::string source, std::string_view path,
                        Report&& report, const artifact_options& options = {}) {
    artifact_tree<Report>(run, options, report).bring(std::move(source), path);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
