// SPDX-License-Identifier: MIT
/// \file Writers who put back what they have read take turns, also where a file system has no
/// locks.
#ifndef MLSCRIBE_JOURNAL_WRITING_TURN_HPP
#define MLSCRIBE_JOURNAL_WRITING_TURN_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/journal/writer.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The turn of one writer, thread or process, in a folder: a file that is linked into it and says
/// whose it is. What the holder writes waits under names that begin as the file says. Who takes the
/// turn from one that has died, or that has not moved for ten seconds, removes these: one that was
/// only stopped cannot put them in place any more, and begins anew.
class writing_turn {
  public:
    static constexpr std::string_view file_name = ".mlscribe-turn";
    static constexpr std::int64_t usual_patience = 10000;

    /// \param folder    outlives the turn
    /// \param patience  with a holder that does not move, in milliseconds
    explicit writing_turn(const directory& folder, std::int64_t patience = usual_patience)
        : folder_(folder),
          patience_(patience),
          name_(staged_name()),
          text_(writer::current().new_name() + '\n' + name_) {}
    writing_turn(const writing_turn&) = delete;
    writing_turn& operator=(const writing_turn&) = delete;
    ~writing_turn() {
        MLSCRIBE_TRY {
            if (held_ && is_mine()) take_away();
        }
        MLSCRIBE_CATCH_ALL {
            give_up();
        }
    }

    /// Waits for it. \return 0 or errno: nobody can write here
    int take() {
        const std::int64_t begin = monotonic_nanoseconds();
        observed_holder other;
        while (true) {
            held_ = true;  // so that it is looked at also where memory is out half way
            const int failed = try_to_take();
            held_ = failed == 0;
            if (failed != EEXIST) return failed;
            const std::int64_t waited = (monotonic_nanoseconds() - begin) / 1'000'000;
            if (waited >= other.next_look) look_at(other, waited);
            // So short that one who takes turn upon turn leaves gaps to be met; longer among many,
            // who would keep the holder from its work.
            const std::int64_t part = (std::clamp)(waited, std::int64_t{2}, std::int64_t{100});
            const timespec pause{0, static_cast<long>(part * 50'000)};
            ::nanosleep(&pause, nullptr);
        }
    }

    /// Opens a file that only the holder can put in place. \return 0, errno, ESTALE: is lost
    int open(staged_file& staged) {
        const int failed = staged.open_as(name_ + '.' + std::to_string(files_++));
        return failed == 0 && !is_mine() ? ESTALE : failed;
    }

    /// As replace_file(). \return ESTALE or ENOENT where the turn is lost
    int replace(std::string_view relative, std::string_view bytes,
                durability wish = durability::cached) {
        staged_file staged(folder_);
        int failed = open(staged);
        if (failed == 0) failed = staged.put(bytes, wish);
        return failed != 0 ? failed : staged.rename_to(relative);
    }

    /// Whether somebody took it: this process was stopped for too long.
    bool is_lost() const { return held_ && !is_mine(); }

    /// Removes the turn of a process that has died. \cost a look for the file
    static void remove_abandoned(const directory& folder) {
        std::string text;
        if (folder.read(file_name, text, longest_text) != 0 || !is_dead(folder, text)) return;
        writing_turn(folder).take_away();
    }

  private:
    static constexpr std::size_t longest_text = 4096;

    struct observed_holder {
        std::string text;
        std::int64_t files = 0;
        std::int64_t moved = 0;  ///< when it was seen to, in milliseconds of waiting
        std::int64_t next_look = 20;
    };

    int try_to_take() {
        struct stat found {};
        if (folder_.status(std::string(file_name), found) == 0) return EEXIST;
        const int failed = publish_file(folder_, file_name, text_);
        // A network may lose the answer to a link that was made.
        return failed == EEXIST && is_mine() ? 0 : failed;
    }

    void look_at(observed_holder& other, std::int64_t waited) {
        other.next_look = waited + (patience_ < 1000 ? 10 : 100);
        std::string text;
        if (folder_.read(file_name, text, longest_text) != 0) text.clear();
        const std::int64_t files = state_of(text);
        if (text != other.text || files != other.files) {
            other.moved = waited;
            other.files = files;
            other.text = std::move(text);
        }
        if (is_dead(folder_, other.text) || waited - other.moved >= patience_) take_away();
    }

    /// How a text of a turn says that its files begin; empty in one that is none.
    static std::string files_of(const std::string& text) {
        const std::size_t end = text.find('\n');
        std::string name = end == std::string::npos ? std::string() : text.substr(end + 1);
        const bool temporary = name.compare(0, staged_prefix.size(), staged_prefix) == 0;
        return temporary ? name + '.' : std::string();
    }

    static bool is_dead(const directory& folder, const std::string& text) {
        writer holder;
        return writer::read_name(text.substr(0, text.find('\n')), holder) &&
               writer::judge(holder, writer::current(), folder, std::string(file_name)) ==
                   liveness::dead;
    }

    /// A number that changes while the holder writes.
    std::int64_t state_of(const std::string& text) const {
        std::int64_t state = 0;
        for_each_file_of(text, [&](const std::string& name) {
            struct stat found {};
            if (folder_.status(name, found) != 0) return;
            state += 1 + found.st_size + found.st_blocks + found.st_mtim.tv_nsec;
        });
        return state;
    }

    template <class Sink>
    void for_each_file_of(const std::string& text, Sink&& sink) const {
        const std::string begin = files_of(text);
        if (begin.empty()) return;
        folder_.for_each_entry(".", [&](const std::string& name, bool is_directory) {
            if (!is_directory && name.compare(0, begin.size(), begin) == 0) sink(name);
        });
    }

    bool is_mine() const {
        std::string text;
        return folder_.read(file_name, text, longest_text) == 0 && text == text_;
    }

    /// Takes the file away where there is no memory, or others would wait for long.
    void give_up() const noexcept {
        const descriptor file(uninterrupted::openat(
            folder_.get(), file_name.data(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
        char text[longest_text];
        const ssize_t size = file ? ::read(file.get(), text, sizeof text) : -1;
        if (size >= 0 && text_ == std::string_view(text, static_cast<std::size_t>(size))) {
            uninterrupted::unlinkat(folder_.get(), file_name.data(), 0);
        }
    }

    /// Takes the file away, whosever it is by now, and makes sure that another does not go on.
    void take_away() {
        const std::string aside = name_ + "-gone";
        std::string text;
        if (uninterrupted::renameat(folder_.get(), std::string(file_name).c_str(), folder_.get(),
                                    aside.c_str()) != 0) {
            // A full disk, say. Nobody is to wait for it.
            if (is_mine()) folder_.remove(std::string(file_name));
            return;
        }
        const int failed = folder_.read(aside, text, longest_text);
        if (failed == 0 && text != text_) {
            for_each_file_of(text, [this](const std::string& name) { folder_.remove(name); });
        }
        folder_.remove(aside);
    }

    const directory& folder_;
    const std::int64_t patience_;
    const std::string name_;
    const std::string text_;
    std::uint64_t files_ = 0;
    bool held_ = false;
};

/// Has `write(writing_turn&)` write what it reads first, which gives an error; again, when its turn
/// was lost meanwhile.
/// \param path  what messages call the folder
template <class Write>
error write_in_turn(const directory& folder, std::string_view path, Write&& write) {
    for (int tries = 0; tries < 100; ++tries) {
        writing_turn turn(folder);
        if (const int failed = turn.take()) {
            return system_error("cannot take a turn to write in", path, failed);
        }
        error failure = write(turn);
        if (!turn.is_lost()) return failure;
    }
    return {error_code::system, EBUSY,
            "other writers took every turn in \"" + std::string(path) + "\""};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
