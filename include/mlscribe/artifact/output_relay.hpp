// SPDX-License-Identifier: MIT
/// \file The process between a program's output and where it goes: it outlives the program, so that
/// the last words of one that crashes arrive.
#ifndef MLSCRIBE_ARTIFACT_OUTPUT_RELAY_HPP
#define MLSCRIBE_ARTIFACT_OUTPUT_RELAY_HPP

#include <mlscribe/artifact/output_log.hpp>

#if defined(__linux__)

#    include <poll.h>
#    include <sys/ioctl.h>
#    include <sys/prctl.h>
#    include <sys/socket.h>

#    include <cstddef>
#    include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What the relay answers when it has logged all that was printed before it was asked.
struct relay_answer {
    std::uint64_t unlogged[2];  ///< bytes of each stream that the disk refused
    int failure[2];             ///< why
    bool ends;                  ///< nobody else prints: the relay is at its end
};

/// One of the two streams, on its way.
struct relayed_stream {
    int source = -1;       ///< the pipe's end
    int target = -1;       ///< where the stream went before; -1: the stream is left alone
    bool steps = false;    ///< the target may hold up more than a little at once
    bool has_log = false;  ///< until the run's end
    output_log log;

    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t owed = 0;  ///< bytes to pass on before the answer
    char bytes[std::size_t{1} << 16];
};

/// Filled in by the run's process; work() runs in a copy of it, which has no threads, locks or
/// heap that could be trusted.
class output_relay {
  public:
    static constexpr const char* process_name = "mlscribe-output";
    /// Messages: of the relay, that it is there; to it, that the run ends.
    static constexpr char ready = 'r';
    static constexpr char finish = 'f';

    relayed_stream streams[2];
    int control = -1;

    MLSCRIBE_IN_COPY static void work(void* self) noexcept {
        static_cast<output_relay*>(self)->run();
    }

  private:
    MLSCRIBE_IN_COPY void run() noexcept {
        // Nothing of the program's is held: no lock, no connection, no directory, no terminal.
        int kept[13];
        int* out = kept;
        *out++ = control;
        for (int i = 0; i < 2; ++i) {
            *out++ = streams[i].source;
            *out++ = streams[i].target;
            out = streams[i].log.list_files(out);
        }
        process_copy::close_others(kept, static_cast<std::size_t>(out - kept));
        process_copy::call(SYS_chdir, "/");
        process_copy::call(SYS_setsid);
        process_copy::call(SYS_prctl, PR_SET_NAME, process_name, 0, 0, 0);
        tell(&ready, 1);
        while (streams[0].source >= 0 || streams[1].source >= 0 || control >= 0) pass_on();
    }

    MLSCRIBE_IN_COPY static bool is_waiting(const relayed_stream& stream) noexcept {
        return stream.begin != stream.end;
    }

    MLSCRIBE_IN_COPY void pass_on() noexcept {
        pollfd waits[3];
        for (int i = 0; i < 2; ++i) {
            const bool writes = is_waiting(streams[i]);
            waits[i].fd = writes ? streams[i].target : streams[i].source;
            waits[i].events = writes ? POLLOUT : POLLIN;
            waits[i].revents = 0;
        }
        waits[2].fd = control;
        waits[2].events = POLLIN;
        waits[2].revents = 0;
        if (process_copy::call(SYS_ppoll, waits, 3, nullptr, nullptr, 0) < 0) return;
        for (int i = 0; i < 2; ++i) {
            if (waits[i].revents == 0) continue;
            if (is_waiting(streams[i])) {
                write(streams[i]);
            } else {
                read(streams[i]);
            }
        }
        if (waits[2].revents != 0) listen();
        if (asked_ && streams[0].owed == 0 && streams[1].owed == 0) answer();
    }

    MLSCRIBE_IN_COPY static void read(relayed_stream& stream) noexcept {
        const long count =
            process_copy::call(SYS_read, stream.source, stream.bytes, sizeof stream.bytes);
        if (count == -EAGAIN) return;
        if (count <= 0) {
            process_copy::close(stream.source);
            stream.owed = 0;
            return;
        }
        stream.begin = 0;
        stream.end = static_cast<std::size_t>(count);
    }

    /// As much as the target takes without holding up the other stream.
    MLSCRIBE_IN_COPY static void write(relayed_stream& stream) noexcept {
        constexpr std::size_t step = 4096;  // which a pipe that is ready takes whole
        const std::size_t left = stream.end - stream.begin;
        const std::size_t most = stream.steps && left > step ? step : left;
        const long count =
            process_copy::call(SYS_write, stream.target, stream.bytes + stream.begin, most);
        if (count == -EAGAIN) return;
        // What the program's own write would have lost is lost.
        stream.begin += count < 0 ? left : static_cast<std::size_t>(count);
        if (stream.begin != stream.end) return;
        if (stream.has_log) stream.log.write(stream.bytes, stream.end);
        stream.owed -= stream.owed < stream.end ? stream.owed : stream.end;
        stream.begin = 0;
        stream.end = 0;
    }

    MLSCRIBE_IN_COPY void listen() noexcept {
        char message = 0;
        const long count =
            process_copy::call(SYS_recvfrom, control, &message, 1, MSG_DONTWAIT, nullptr, nullptr);
        if (count == -EAGAIN) return;
        if (count <= 0) return process_copy::close(control);
        asked_ = true;
        for (relayed_stream& stream : streams) {
            int piped = 0;
            if (stream.source >= 0) process_copy::call(SYS_ioctl, stream.source, FIONREAD, &piped);
            stream.owed = static_cast<std::uint64_t>(piped) + stream.end;
        }
    }

    /// From here on what programs that were started in the background print is passed on alone.
    MLSCRIBE_IN_COPY void answer() noexcept {
        asked_ = false;
        relay_answer text{};
        text.ends = is_closed(streams[0]) && is_closed(streams[1]);
        for (int i = 0; i < 2; ++i) {
            relayed_stream& stream = streams[i];
            text.unlogged[i] = stream.log.unlogged();
            text.failure[i] = stream.log.failure();
            stream.log.close();
            stream.has_log = false;
        }
        tell(&text, sizeof text);
        process_copy::close(control);
    }

    MLSCRIBE_IN_COPY static bool is_closed(const relayed_stream& stream) noexcept {
        pollfd wait{stream.source, POLLIN, 0};
        timespec at_once{0, 0};
        process_copy::call(SYS_ppoll, &wait, 1, &at_once, nullptr, 0);
        return stream.source < 0 || (wait.revents & (POLLIN | POLLHUP)) == POLLHUP;
    }

    MLSCRIBE_IN_COPY void tell(const void* message, std::size_t size) noexcept {
        process_copy::call(SYS_sendto, control, message, size, MSG_DONTWAIT | MSG_NOSIGNAL, nullptr,
                           0);
    }

    bool asked_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
