// SPDX-License-Identifier: MIT
/// \file Where everything goes that a repair takes out of a store, and the list of it.
#ifndef MLSCRIBE_DOCTOR_QUARANTINE_HPP
#define MLSCRIBE_DOCTOR_QUARANTINE_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/doctor/finding.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/copy.hpp>
#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/layout/uri.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A folder outside the store that has what a repair removed under the path that it had, and
/// `MANIFEST.jsonl`: a line for each piece. It is made with the first piece. \threadsafety one
/// thread at a time
class quarantine {
  public:
    /// \param store   the root
    /// \param chosen  where the user wants it; empty: `<store>-quarantine`
    quarantine(std::string store, std::string chosen)
        : store_(std::move(store)), place_(std::move(chosen)) {
        if (place_.empty()) place_ = store_ + "-quarantine";
    }

    /// The folder of this repair; empty where nothing was removed.
    const std::string& path() const noexcept { return path_; }

    /// Keeps a copy of these bytes. \param kept  gets where
    error keep(const finding& what, std::string_view bytes, std::string& kept) {
        if (error failure = open()) return failure;
        const std::string name = free_name(what.path);
        kept = path_ + '/' + name;
        if (const int failed = publish_file(folder_, name, bytes, durability::synced)) {
            return refused(what.path, failed);
        }
        return note(what, kept, what.line, 0, bytes.size());
    }

    /// Moves a file, a link or a folder with all that is in it.
    error move(const finding& what, const directory& from, const std::string& name,
               std::string& kept) {
        if (error failure = open()) return failure;
        const std::string as = free_name(what.path);
        kept = path_ + '/' + as;
        directory::place to;
        int failed = folder_.locate(as, missing::create, to);
        if (failed == 0 &&
            uninterrupted::renameat(from.get(), name.c_str(), to.folder, to.leaf.c_str()) != 0) {
            failed = errno;
        }
        if (failed == EXDEV) failed = move_far(from, name, as);
        if (failed != 0) return refused(what.path, failed);
        return note(what, kept, 0, 0, 0);
    }

    /// One line of the list. \param offset, size  in the file that it was
    error note(const finding& what, const std::string& kept, std::uint64_t line,
               std::uint64_t offset, std::uint64_t size) {
        if (error failure = open()) return failure;
        std::string text = "{\"path\": ";
        append_json_string(text, what.path);
        text += ", \"damage\": ";
        append_json_string(text, to_string(what.what));
        if (line != 0) text += ", \"line\": " + std::to_string(line);
        text += ", \"offset\": " + std::to_string(offset);
        text += ", \"size\": " + std::to_string(size) + ", \"kept\": ";
        append_json_string(text, kept);
        text += "}\n";
        std::size_t written = 0;
        int failed = write_all(manifest_.get(), text, written);
        if (failed == 0) failed = settle(manifest_);
        return failed == 0 ? error{}
                           : system_error("cannot write", path_ + "/MANIFEST.jsonl", failed);
    }

    /// Removes pieces that did not have to be taken after all.
    void discard(const std::string& kept) {
        if (kept.size() > path_.size()) folder_.remove(kept.substr(path_.size() + 1));
    }

    /// Keeps a meta.yaml as it is now.
    error keep_meta(const finding& what, const directory& folder, std::string& kept) {
        std::string bytes;
        if (const int failed = folder.read("meta.yaml", bytes)) {
            return system_error("cannot read", what.path, failed);
        }
        return keep(what, bytes, kept);
    }

    /// Opens a file for the removed pieces of one file. \param kept  gets where
    error open_pieces(const finding& what, descriptor& file, std::string& kept) {
        if (error failure = open()) return failure;
        const std::string name = free_name(what.path);
        kept = path_ + '/' + name;
        directory::place to;
        int failed = folder_.locate(name, missing::create, to);
        if (failed == 0) {
            file = descriptor(
                uninterrupted::openat(to.folder, to.leaf.c_str(),
                                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
            if (!file) failed = errno;
        }
        return failed == 0 ? error{} : refused(what.path, failed);
    }

  private:
    error open() {
        if (folder_) return {};
        if (is_inside()) {
            return {error_code::invalid_path, 0,
                    "quarantine \"" + place_ + "\" lies in the store; name a folder outside it"};
        }
        const bool is_path = place_.find('\0') == place_.npos;
        directory shelf;
        int code = is_path ? make_directories(place_) : 0;
        if (code == 0) code = directory::open(place_, shelf);
        const std::string name = utc_time() + '-' + std::to_string(::getpid());
        for (int i = 0; code == 0 && i < 1000; ++i) {
            const std::string attempt = i == 0 ? name : name + '-' + std::to_string(i);
            const int taken = shelf.make(attempt);
            if (taken == EEXIST) continue;
            code = taken != 0 ? taken : shelf.open_below(attempt, missing::fail, folder_);
            path_ = place_ + '/' + attempt;
            break;
        }
        if (code == 0 && folder_) {
            // What was private in the store stays so.
            if (uninterrupted::fchmod(folder_.get(), 0700) != 0) code = errno;
            manifest_ = descriptor(uninterrupted::openat(
                folder_.get(), "MANIFEST.jsonl", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
            if (!manifest_) code = errno;
        }
        if (code == 0) return {};
        folder_ = {};
        path_.clear();
        error failure = system_error("cannot make the quarantine", place_, code);
        failure.message += "; name a folder that can be written, outside the store";
        return failure;
    }

    bool is_inside() const {
        filesystem::error_code ignored;
        const std::string store = filesystem::weakly_canonical(store_, ignored).string();
        const std::string place =
            filesystem::weakly_canonical(
                resolved_path(filesystem::current_path(ignored).string(), place_), ignored)
                .string();
        return (place + '/').compare(0, store.size() + 1, store + '/') == 0;
    }

    /// A name that nothing has in the quarantine: a file may lose lines twice.
    std::string free_name(const std::string& path) const {
        struct stat found {};
        std::string name = path;
        for (int i = 1; folder_.status(name, found) == 0; ++i)
            name = path + '~' + std::to_string(i);
        return name;
    }

    /// Copies to another disk, then removes.
    int move_far(const directory& from, const std::string& name, const std::string& as) const {
        source_file source;
        if (const int failed = open_source(from.get(), name, source)) return failed;
        if (source.linked) return EXDEV;
        if (const int failed = copy_file(source, folder_, as)) return failed;
        descriptor copy;
        if (const int failed = folder_.open_file(as, O_RDONLY, copy)) return failed;
        if (uninterrupted::fsync(copy.get()) != 0) return errno;
        return remove_source(source);
    }

    error refused(const std::string& path, int failed) const {
        error failure = system_error("cannot move to the quarantine", path, failed);
        if (failed == EXDEV || failed == EISDIR) {
            failure.message += "; name a quarantine on the disk of the store";
        }
        return failure;
    }

    static std::string utc_time() {
        const std::time_t seconds = static_cast<std::time_t>(milliseconds_now() / 1000);
        std::tm parts{};
        ::gmtime_r(&seconds, &parts);
        char text[32];
        const std::size_t size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
        return std::string(text, size);
    }

    std::string store_;
    std::string place_;
    std::string path_;
    directory folder_;
    descriptor manifest_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
