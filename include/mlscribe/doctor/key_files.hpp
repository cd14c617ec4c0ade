// SPDX-License-Identifier: MIT
/// \file What is wrong with a file because of its name or mode, whatever it holds.
#ifndef MLSCRIBE_DOCTOR_KEY_FILES_HPP
#define MLSCRIBE_DOCTOR_KEY_FILES_HPP

#include <mlscribe/doctor/open_writers.hpp>
#include <mlscribe/doctor/stray_name.hpp>
#include <mlscribe/doctor/treatment.hpp>
#include <mlscribe/query/metric_keys.hpp>
#include <mlscribe/tag/mapped_key.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Moves a file or folder with all its bytes away. What a writer who had just opened it adds goes
/// to a new file of its name. \param silence  as refuse_written()
inline error move_away(const finding& what, const directory& owner, const std::string& below,
                       std::int64_t silence, quarantine& away, std::string& kept) {
    directory folder;
    struct stat status {};
    const std::size_t slash = below.rfind('/');
    const std::string_view parent =
        slash == std::string::npos ? std::string_view() : std::string_view(below).substr(0, slash);
    const std::string name = below.substr(slash + 1);
    int failed = owner.open_below(parent, missing::fail, folder);
    if (failed == 0) failed = folder.status(name, status);
    descriptor file;
    if (failed == 0 && S_ISREG(status.st_mode)) failed = folder.open_file(name, O_RDONLY, file);
    if (failed != 0) return system_error("cannot open", what.path, failed);
    if (!file) return away.move(what, folder, name, kept);
    if (error failure = refuse_written(file, what.path, silence)) return failure;
    if (error failure = away.move(what, folder, name, kept)) return failure;
    return keep_late_bytes(file, static_cast<std::uint64_t>(status.st_size), owner, below,
                           what.path);
}

inline bool note_moved_away(treatment& taken, finding what, const directory& owner,
                            const std::string& below) {
    what.remedy = "move it to the quarantine";
    const finding named = what;
    return taken.note(std::move(what), [&](quarantine& away, std::string& kept) {
        return move_away(named, owner, below, taken.silence(), away, kept);
    });
}

/// The folders of one owner, metrics, params or tags: each file below is a key.
class key_folder {
  public:
    /// \param place  of the owner, a run or an experiment. All outlive this
    key_folder(treatment& taken, const checked_place& place, const directory& owner,
               std::string name, key_kind kind)
        : taken_(taken), place_(place), owner_(owner), name_(std::move(name)), kind_(kind) {}

    std::string below(const std::string& key) const { return name_ + '/' + key; }
    finding found(damage what, const std::string& key, std::string message) const {
        finding result = place_.below(below(key)).found(what, std::move(message));
        if (place_.run_id.empty()) result.does = harm::hides_store;
        return result;
    }

    /// Looks at what is no plain file with a key's name.
    /// \param is_stray  whether the bytes are known to be no value
    /// \param migrates  whether a migration can read it
    /// \return the key under which the file can be looked into and mended, if at all
    std::optional<std::string> check_name(const std::string& key, bool is_stray, bool migrates) {
        ++taken_.files;
        struct stat status {};
        struct stat target {};
        if (owner_.status(below(key), status) != 0) return std::nullopt;  // gone meanwhile
        if (S_ISLNK(status.st_mode) &&
            uninterrupted::fstatat(owner_.get(), below(key).c_str(), &target, 0) != 0) {
            return leave_out(key, found(damage::dangling_link, key,
                                        what_of(key) + " is a link that leads nowhere"));
        }
        if (is_stray || is_stray_name(key)) {
            finding what = found(damage::stray_file, key, what_of(key) + stray_message());
            if (!migrates) what.at_migration = migration_effect::aborts;
            if (kind_ == key_kind::metric || read_key_problem(key)) {
                what.does = place_.run_id.empty() ? harm::hides_store : harm::hides_experiment;
            }
            return leave_out(key, std::move(what));
        }
        const auto problem = read_key_problem(key);
        const std::string name = problem ? rename(key, *problem) : key;
        if (S_ISLNK(status.st_mode)) return std::nullopt;
        return name;
    }

  private:
    std::string what_of(const std::string& key) const {
        return '"' + place_.path + '/' + name_ + '/' + shown(key) + '"';
    }
    std::string stray_message() const {
        return kind_ == key_kind::metric
                   ? " is no metric, and MLflow takes every file there for one"
                   : " is no " + std::string(name_of(kind_)) + ", and MLflow shows it as one";
    }

    std::nullopt_t leave_out(const std::string& key, finding what) {
        note_moved_away(taken_, std::move(what), owner_, below(key));
        return std::nullopt;
    }

    /// \return the name that the file has then
    std::string rename(const std::string& key, const std::string& problem) {
        std::string legal = sanitized_key(key);
        struct stat own {};
        struct stat other {};
        if (owner_.status(below(legal), other) == 0 && owner_.status(below(key), own) == 0 &&
            (own.st_ino != other.st_ino || own.st_dev != other.st_dev)) {
            legal = unnested_key(legal);
        }
        finding what = found(damage::illegal_key, key, what_of(key) + ": " + problem);
        what.remedy = "rename it to \"" + legal + "\" and keep the name in a tag";
        const finding named = what;
        const auto mend = [&](quarantine& away, std::string&) -> error {
            // Stopped in between it has both names, or the tag of a name that it does not have yet.
            if (error failure = remember_mapped_key(owner_, place_.path, legal, key))
                return failure;
            staged_file link(owner_);
            directory::place from;
            int failed = owner_.locate(below(key), missing::fail, from);
            if (failed == 0) failed = link.link_from(from.folder, from.leaf, false);
            if (failed == 0) failed = link.link_to(below(legal));
            if (failed == EEXIST && owner_.status(below(legal), other) == 0 &&
                other.st_ino == own.st_ino && other.st_dev == own.st_dev) {
                failed = 0;
            }
            if (failed == 0) failed = owner_.remove(below(key));
            if (failed != 0) return system_error("cannot rename", what_of(key), failed);
            return away.note(named, place_.path + '/' + below(legal), 0, 0, 0);
        };
        return taken_.note(std::move(what), mend) ? legal : key;
    }

    treatment& taken_;
    const checked_place& place_;
    const directory& owner_;
    const std::string name_;
    const key_kind kind_;
};

/// Changes the mode of what was `seen`, which need not be readable, and of nothing that a link
/// leads to which somebody has put there since. \return 0 or errno
inline int change_mode(const directory& folder, const std::string& below, const struct stat& seen,
                       mode_t mode) {
    directory::place at;
    if (const int failed = folder.locate(below, missing::fail, at)) return failed;
    const descriptor file(
        uninterrupted::openat(at.folder, at.leaf.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat now {};
    if (!file || uninterrupted::fstat(file.get(), &now) != 0) return errno;
    if (now.st_ino != seen.st_ino || now.st_dev != seen.st_dev) return EAGAIN;
    const std::string itself = "/proc/self/fd/" + std::to_string(file.get());
    return ::chmod(itself.c_str(), mode) == 0 ? 0 : errno;
}

/// Whether all who can read a folder can read what is in it.
inline void check_mode(treatment& taken, const checked_place& place, const directory& folder,
                       const std::string& below) {
    struct stat of_folder {};
    struct stat status {};
    if (uninterrupted::fstat(folder.get(), &of_folder) != 0 || folder.status(below, status) != 0)
        return;
    if (S_ISLNK(status.st_mode)) return;
    constexpr mode_t everyone = 0444;
    const mode_t readers = (of_folder.st_mode & everyone) | 0400;
    mode_t wanted = readers;
    if (S_ISDIR(status.st_mode)) wanted |= readers >> 2;  // may be entered
    const mode_t lacking = wanted & ~status.st_mode;
    if (lacking == 0) return;
    const auto octal = [](mode_t mode) {
        std::string text;
        for (int shift = 9; shift >= 0; shift -= 3)
            text += static_cast<char>('0' + (mode >> shift & 7));
        return text;
    };
    const mode_t mode = status.st_mode & 07777;
    finding what = place.below(below).found(
        damage::unreadable_mode, '"' + place.path + '/' + shown(below) + "\" has mode " +
                                     octal(mode) +
                                     ": not all who can read its folder can read it, and MLflow "
                                     "fails for them");
    what.remedy = "give it mode " + octal(mode | lacking);
    // A migration runs as one user.
    const bool is_read = ::faccessat(folder.get(), below.c_str(), R_OK, AT_EACCESS) == 0;
    if (is_read) what.at_migration = migration_effect::none;
    taken.note(std::move(what), [&](quarantine&, std::string&) -> error {
        const int failed = change_mode(folder, below, status, mode | lacking);
        if (failed == 0) return {};
        return system_error("cannot change the mode of", place.path + '/' + below, failed);
    });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
