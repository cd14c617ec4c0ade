// SPDX-License-Identifier: MIT
/// \file Puts a relay between this process' output and where it goes, and takes it away again.
#ifndef MLSCRIBE_ARTIFACT_OUTPUT_CAPTURE_HPP
#define MLSCRIBE_ARTIFACT_OUTPUT_CAPTURE_HPP

#include <mlscribe/artifact/output_options.hpp>
#include <mlscribe/artifact/output_relay.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/directory.hpp>

#if defined(__linux__)
#    include <fcntl.h>
#    include <poll.h>
#    include <stdio_ext.h>
#    include <sys/socket.h>
#    include <sys/stat.h>
#    include <unistd.h>
#endif

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

#if defined(__linux__)

/// The captured output of one run. A second capture puts its relay before the first one's;
/// whichever ends first, all arrives where it went before. \threadsafety any thread
class output_capture {
  public:
    output_capture() = default;
    output_capture(const output_capture&) = delete;
    output_capture& operator=(const output_capture&) = delete;

    /// Nothing, where it has begun. \param run  the run's folder
    /// \param logs  the folder of the logs in it, with a slash at its end
    error start(const directory& run, const std::string& run_id, std::string logs,
                const output_options& options) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (has_begun_.load()) return {};
        logs_ = std::move(logs);
        run_ = "run " + run_id + ": ";
        const std::string what = run_ + "output is not captured: ";
        constexpr std::size_t least = 4096;
        if (options.limit < least) {
            return {error_code::invalid_value, 0,
                    what + "a limit of " + std::to_string(options.limit) +
                        " bytes is too small; give 4096 or more"};
        }
        // The system ends all others of a container with its first process.
        if (::getpid() == 1) {
            return {error_code::invalid_value, 0,
                    what +
                        "this program is process 1 of a container, with which the process that "
                        "passes its last words on would end; start the container with an init "
                        "(docker run --init)"};
        }
        captured fresh[2];
        std::string closed;
        int failed = look_at(fresh, closed);
        if (failed == 0 && !fresh[0].original && !fresh[1].original) {
            return {error_code::invalid_value, 0, what + closed};
        }
        if (failed == 0) failed = start_relay(run, options, fresh);
        if (failed != 0) {
            return {error_code::system, failed, what + std::generic_category().message(failed)};
        }
        flush();
        for (int i = 0; i < 2; ++i) {
            if (!fresh[i].original) continue;
            keep_lines(i);
            ::dup2(fresh[i].entrance.get(), STDOUT_FILENO + i);
            fresh[i].entrance = {};
            streams_[i] = std::move(fresh[i]);
        }
        is_told_gone_ = false;
        has_begun_.store(true);
        return closed.empty() ? error{}
                              : error{error_code::invalid_value, 0,
                                      run_ + "not all output is captured: " + closed};
    }

    /// Puts everything back, when what was printed has arrived and is logged. \param unlogged  how
    /// many bytes the disk refused
    error end(std::uint64_t& unlogged) {
        if (!has_begun_.load()) return {};
        flush();  // may have to wait for heal()
        const std::lock_guard<std::mutex> lock(mutex_);
        put_back();
        error failure;
        relay_answer answer{};
        const ssize_t size = is_gone() ? 0 : ask(answer);
        if (size == static_cast<ssize_t>(sizeof answer)) {
            failure = judge(answer);
            unlogged = answer.unlogged[0] + answer.unlogged[1];
            if (answer.ends) process_copy::wait(relay_, 20000);
        } else if (size < 0) {
            failure = {error_code::system, ETIMEDOUT,
                       run_ +
                           "what was printed last is held up on its way; it will arrive, and "
                           "its log is complete then"};
        } else {
            pass_on_rest(is_told_gone_ ? 0 : patience_for_writers);
            failure = tell_gone();
        }
        for (captured& each : streams_) each = {};
        control_ = {};
        has_begun_.store(false);
        return failure;
    }

    /// Where somebody killed the relay: puts everything back, and passes on what is on the way.
    /// \cost a system call
    error heal() {
        if (!has_begun_.load()) return {};
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!control_ || !is_gone()) return {};
        put_back();
        pass_on_rest(is_told_gone_ ? 0 : patience_for_writers);
        return tell_gone();
    }

  private:
    struct captured {
        descriptor original;  ///< where the stream went
        descriptor entrance;  ///< the end of the pipe that is written to
        /// The other end, which is held so that nobody who prints gets a SIGPIPE when the relay is
        /// killed; heal() empties the pipe then.
        descriptor exit;
        dev_t device = 0;
        ino_t number = 0;
    };

    /// \param closed  tells which stream is left alone, and the way out \return 0 or errno
    static int look_at(captured (&fresh)[2], std::string& closed) {
        for (int i = 0; i < 2; ++i) {
            const int stream = STDOUT_FILENO + i;
            const int flags = ::fcntl(stream, F_GETFD);
            // A file that happened to get the number of a stream that was closed is somebody's own.
            if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
                fresh[i].original = descriptor(::fcntl(stream, F_DUPFD_CLOEXEC, 3));
                if (!fresh[i].original) return errno;
                continue;
            }
            closed += closed.empty() ? "" : " and ";
            closed += i == 0 ? "stdout" : "stderr";
        }
        if (!closed.empty()) closed += " is closed; open /dev/null in its place";
        return 0;
    }

    /// Beyond the three that programs take for their streams, which may be closed.
    static int raise(descriptor& file) noexcept {
        if (file.get() > STDERR_FILENO) return 0;
        file = descriptor(::fcntl(file.get(), F_DUPFD_CLOEXEC, 3));
        return file ? 0 : errno;
    }

    static int open_pipe(captured& stream) noexcept {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
        stream.exit = descriptor(ends[0]);
        stream.entrance = descriptor(ends[1]);
        if (const int failed = raise(stream.exit)) return failed;
        if (const int failed = raise(stream.entrance)) return failed;
        struct stat found {};
        if (::fstat(stream.entrance.get(), &found) != 0) return errno;
        stream.device = found.st_dev;
        stream.number = found.st_ino;
        return 0;
    }

    int start_relay(const directory& run, const output_options& options, captured (&fresh)[2]) {
        const std::unique_ptr<output_relay> relay(new (std::nothrow) output_relay);
        if (!relay) return ENOMEM;
        directory logs;
        if (const int failed = run.open_below(logs_, missing::create, logs)) {
            return failed;
        }
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
        descriptor mine(ends[0]);
        descriptor theirs(ends[1]);
        if (const int failed = raise(mine)) return failed;
        if (const int failed = raise(theirs)) return failed;
        relay->control = theirs.get();
        for (int i = 0; i < 2; ++i) {
            if (!fresh[i].original) continue;
            if (const int failed = open_pipe(fresh[i])) return failed;
            relayed_stream& stream = relay->streams[i];
            const char* const name = i == 0 ? "stdout" : "stderr";
            if (const int failed = stream.log.open(run, logs, name, options.limit)) return failed;
            stream.has_log = true;
            stream.source = fresh[i].exit.get();
            stream.target = fresh[i].original.get();
            struct stat found {};
            stream.steps = ::fstat(stream.target, &found) != 0 || !S_ISREG(found.st_mode);
        }
        const long started = process_copy::start(&output_relay::work, relay.get());
        if (started < 0) return static_cast<int>(-started);
        relay_ = started;
        theirs = {};
        char message = 0;
        if (receive(mine, &message, 1, 10000) != 1) return ESRCH;
        control_ = std::move(mine);
        return 0;
    }

    /// \return how many bytes came; 0 from a process that is gone, -1 after `milliseconds`
    static ssize_t receive(const descriptor& control, void* message, std::size_t size,
                           int milliseconds) noexcept {
        pollfd wait{control.get(), POLLIN, 0};
        int ready = 0;
        do {
            ready = ::poll(&wait, 1, milliseconds);
        } while (ready < 0 && errno == EINTR);
        if (ready <= 0) return -1;
        const ssize_t count = ::recv(control.get(), message, size, MSG_DONTWAIT);
        return count < 0 ? 0 : count;
    }

    /// The C library's buffers, which std::cout shares unless sync_with_stdio(false) was called.
    static void flush() noexcept {
        std::fflush(stdout);
        std::fflush(stderr);
    }

    /// A program whose stdout is a terminal prints line by line, also where it starts to only now.
    void keep_lines(int stream) noexcept {
        if (stream != 0 || ::isatty(STDOUT_FILENO) != 1 || ::__fbufsize(stdout) != 0) return;
        std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    }

    /// What the program itself has put in the place of a stream meanwhile stays.
    void put_back() noexcept {
        for (int i = 0; i < 2; ++i) {
            const captured& stream = streams_[i];
            struct stat found {};
            if (!stream.original || ::fstat(STDOUT_FILENO + i, &found) != 0) continue;
            if (found.st_dev != stream.device || found.st_ino != stream.number) continue;
            ::dup2(stream.original.get(), STDOUT_FILENO + i);
        }
    }

    ssize_t ask(relay_answer& answer) const noexcept {
        constexpr int patience = 2000;
        ::send(control_.get(), &output_relay::finish, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        return receive(control_, &answer, sizeof answer, patience);
    }

    error judge(const relay_answer& answer) const {
        for (int i = 0; i < 2; ++i) {
            if (answer.failure[i] == 0) continue;
            const std::string log = logs_ + (i == 0 ? "stdout.log" : "stderr.log");
            error failure = system_error(run_ + "cannot log all output in", log, answer.failure[i]);
            failure.message += "; " + std::to_string(answer.unlogged[i]) +
                               " bytes were only passed on to where they went before";
            return failure;
        }
        return {};
    }

    bool is_gone() const noexcept {
        pollfd end{control_.get(), 0, 0};
        return ::poll(&end, 1, 0) > 0;
    }

    error tell_gone() {
        process_copy::wait(relay_, 1);
        if (std::exchange(is_told_gone_, true)) return {};
        return {error_code::system, ESRCH,
                run_ + "somebody ended the process \"" + output_relay::process_name +
                    "\": output is not logged any more, and goes where it went before"};
    }

    /// In place of a relay that is gone. Not for ever: a program in the background may go on
    /// printing. \param patience  milliseconds without anything to pass on
    void pass_on_rest(int patience) noexcept {
        blocked_signals no_signals;
        for (captured& stream : streams_) {
            char block[4096];
            pollfd rest{stream.exit.get(), POLLIN, 0};
            for (int blocks = 0; blocks < 256; ++blocks) {
                if (::poll(&rest, 1, patience) <= 0 || (rest.revents & POLLIN) == 0) break;
                const ssize_t count = ::read(stream.exit.get(), block, sizeof block);
                if (count <= 0) break;
                std::size_t written = 0;
                write_all(stream.original.get(), {block, static_cast<std::size_t>(count)}, written,
                          no_signals);
            }
        }
    }

    /// Who waited for room in a pipe goes on writing at once.
    static constexpr int patience_for_writers = 20;

    std::mutex mutex_;
    captured streams_[2];
    descriptor control_;
    long relay_ = 0;  // the process, until it has ended
    std::string run_;
    std::string logs_;
    std::atomic<bool> has_begun_{false};
    bool is_told_gone_ = false;
};

#else

class output_capture {
  public:
    error start(const directory&, const std::string& run_id, const std::string&,
                const output_options&) {
        return {error_code::system, ENOSYS, "run " + run_id + ": only Linux can capture output"};
    }
    error end(std::uint64_t&) { return {}; }
    error heal() { return {}; }
};

#endif

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
