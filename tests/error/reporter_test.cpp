// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/error/reporter.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::logging_error;
using mlscribe::strictness;
using mlscribe::detail::reporter;

namespace {

error failure(const std::string& text) {
    return {error_code::damaged, 0, text};
}

/// Catches what is written to stderr.
class captured_stderr {
  public:
    captured_stderr() : before_(::dup(STDERR_FILENO)) {
        const int file = ::open((scratch_ / "stderr").c_str(), O_RDWR | O_CREAT | O_APPEND, 0600);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
    }
    captured_stderr(const captured_stderr&) = delete;
    captured_stderr& operator=(const captured_stderr&) = delete;
    ~captured_stderr() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
    }
    std::string text() const { return test::read_file(scratch_ / "stderr"); }

  private:
    test::scratch_directory scratch_;
    int before_;
};

/// Has stderr take nothing, as a terminal that is stopped.
class blocked_stderr {
  public:
    blocked_stderr() : before_(::dup(STDERR_FILENO)) {
        BOOST_REQUIRE(::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) == 0);
        const std::string page(4096, '.');
        while (::write(ends_[1], page.data(), page.size()) > 0) {
        }
        for (const int end : ends_) ::fcntl(end, F_SETFL, 0);
        ::dup2(ends_[1], STDERR_FILENO);
        ::close(ends_[1]);
    }
    blocked_stderr(const blocked_stderr&) = delete;
    blocked_stderr& operator=(const blocked_stderr&) = delete;
    ~blocked_stderr() {
        ::close(before_);
        ::close(ends_[0]);
    }

    /// What was written, once everybody's write has come to its end.
    std::string released() {
        ::dup2(before_, STDERR_FILENO);
        std::string text;
        char bytes[4096];
        for (ssize_t size = 0; (size = ::read(ends_[0], bytes, sizeof bytes)) > 0;) {
            text.append(bytes, static_cast<std::size_t>(size));
        }
        return text.substr(text.find_first_not_of('.'));
    }

  private:
    int before_;
    int ends_[2];
};

bool is_asleep(long thread) {
    const std::string text = test::read_file("/proc/self/task/" + std::to_string(thread) + "/stat");
    const std::size_t name = text.rfind(") ");
    return name != std::string::npos && text[name + 2] == 'S';
}

std::string thrown_by(reporter& failures) {
    try {
        failures.raise_kept();
    } catch (const logging_error& raised) {
        return raised.what();
    }
    return "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error_reporter)

BOOST_AUTO_TEST_CASE(a_line_a_second_and_the_rest_at_the_end) {
    const captured_stderr captured;
    std::string first;
    {
        reporter failures;
        for (int i = 0; i < 20; ++i) failures.report(failure("text " + std::to_string(i)));
        first = captured.text();
    }
    BOOST_TEST(first == "mlscribe: text 0\n");
    const std::string all = captured.text();
    BOOST_TEST(std::count(all.begin(), all.end(), '\n') == 20);
    BOOST_TEST(all.find("mlscribe: text 19\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_later_the_next_line_tells_how_many_wait) {
    const captured_stderr captured;
    reporter failures;
    for (int i = 0; i < 3; ++i) failures.report(failure("text " + std::to_string(i)));
    ::usleep(1050 * 1000);
    failures.report(failure("later"));
    const std::string text = captured.text();
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2);
    BOOST_TEST(text.find("mlscribe: later (and 2 more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_is_told_once) {
    const captured_stderr captured;
    {
        reporter failures;
        for (int i = 0; i < 1000; ++i) failures.report(failure("again"));
    }
    BOOST_TEST(captured.text() == "mlscribe: again\n");
}

BOOST_AUTO_TEST_CASE(what_is_held_back_is_bounded) {
    const captured_stderr captured;
    {
        reporter failures;
        for (int i = 0; i < 100000; ++i) failures.report(failure("text " + std::to_string(i)));
    }
    BOOST_TEST(captured.text().size() < 20000u);
}

BOOST_AUTO_TEST_CASE(a_handler_hears_everything_and_stderr_nothing) {
    const captured_stderr captured;
    std::vector<std::string> heard;
    {
        reporter failures(strictness::report,
                          [&heard](const error& told) { heard.push_back(told.message); });
        for (int i = 0; i < 3; ++i) failures.report(failure("again"));
        failures.fail(failure("last"));
        failures.raise_kept();
    }
    const std::vector<std::string> expected = {"again", "again", "again", "last"};
    BOOST_TEST(heard == expected, boost::test_tools::per_element());
    BOOST_TEST(captured.text().empty());
}

BOOST_AUTO_TEST_CASE(what_a_handler_throws_is_swallowed) {
    int calls = 0;
    reporter failures(strictness::report, [&calls](const error&) {
        ++calls;
        throw std::runtime_error("from the handler");
    });
    failures.report(failure("first"));
    BOOST_CHECK_NO_THROW(failures.fail(failure("second")));
    BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(raise_throws_now_or_at_the_next_call_that_may) {
    reporter failures(strictness::raise, {});
    BOOST_CHECK_EXCEPTION(failures.fail(failure("now")), logging_error, [](const auto& raised) {
        return raised.reason().code == error_code::damaged && std::string(raised.what()) == "now";
    });
    BOOST_TEST(thrown_by(failures) == "nothing");
    failures.report(failure("kept"));
    failures.report(failure("second"));
    BOOST_TEST(thrown_by(failures) == "kept");
    BOOST_TEST(thrown_by(failures) == "nothing");
}

BOOST_AUTO_TEST_CASE(what_nobody_raised_is_printed) {
    const captured_stderr captured;
    {
        reporter failures(strictness::raise, {});
        failures.report(failure("kept"));
        BOOST_TEST(captured.text().empty());
    }
    BOOST_TEST(captured.text() == "mlscribe: kept\n");
}

BOOST_AUTO_TEST_CASE(or_handed_to_the_handler) {
    const captured_stderr captured;
    std::string heard;
    {
        reporter failures(strictness::raise, [&heard](const error& told) { heard = told.message; });
        failures.report(failure("kept"));
        BOOST_TEST(heard.empty());
    }
    BOOST_TEST(heard == "kept");
    BOOST_TEST(captured.text().empty());
}

BOOST_AUTO_TEST_CASE(a_forked_child_waits_for_no_lock) {
    const captured_stderr captured;
    std::string heard;
    reporter plain(strictness::raise, {});
    reporter handled(strictness::raise, [&heard](const error& told) { heard += told.message; });
    for (int i = 0; i < 2; ++i) {
        plain.report_in_child(failure("plain"));
        handled.report_in_child(failure("handled"));
    }
    BOOST_TEST(captured.text() == "mlscribe: plain\nmlscribe: plain\n");
    BOOST_TEST(heard == "handledhandled");
    BOOST_TEST(thrown_by(plain) == "nothing");
    BOOST_TEST(thrown_by(handled) == "nothing");
    // The handler reports itself, under whatever lock.
    reporter* self = nullptr;
    int depth = 0;
    reporter nested(strictness::report, [&](const error& told) {
        if (++depth < 3) self->report_in_child(told);
    });
    self = &nested;
    nested.report_in_child(failure("nested"));
    BOOST_TEST(depth == 3);
}

BOOST_AUTO_TEST_CASE(a_stderr_that_takes_nothing_holds_up_one_thread) {
    const captured_stderr captured;
    blocked_stderr blocked;
    std::string written;
    int told = 0;
    {
        reporter failures;
        std::atomic<int> returned{0};
        std::atomic<long> ids[2] = {};
        std::vector<std::thread> threads;
        for (std::atomic<long>& id : ids) {
            threads.emplace_back([&] {
                id = static_cast<long>(::gettid());
                failures.report(failure(std::to_string(id)));
                ++returned;
            });
        }
        // Who comes first waits for stderr. The other has its line held back and is done.
        for (int looks = 0; looks < 200 && returned == 0;) {
            const bool all_sleep =
                ids[0] != 0 && ids[1] != 0 && is_asleep(ids[0]) && is_asleep(ids[1]);
            looks = all_sleep ? looks + 1 : 0;
            ::usleep(5000);
        }
        told = returned;
        written = blocked.released();
        for (std::thread& thread : threads) thread.join();
    }
    BOOST_TEST(told == 1);
    BOOST_TEST(std::count(written.begin(), written.end(), '\n') == 1);
    const std::string later = captured.text();
    BOOST_TEST(std::count(later.begin(), later.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(any_thread_may_report) {
    const captured_stderr captured;
    {
        reporter failures;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&failures, i] {
                for (int k = 0; k < 20; ++k) {
                    failures.report(failure(std::to_string(i) + '/' + std::to_string(k)));
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
    }
    const std::string text = captured.text();
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 80);
}

BOOST_AUTO_TEST_SUITE_END()
