// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/error/reporter.hpp>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::logging_error;
using mlscribe::strictness;
using mlscribe::detail::guarded;

namespace {

/// Keeps what fails, as a run with strictness::report does.
struct listener {
    strictness chosen = strictness::report;
    std::vector<error> told = {};

    strictness policy() const noexcept { return chosen; }
    void fail(error failure) {
        told.push_back(failure);
        if (chosen == strictness::raise) throw logging_error(failure);
    }
};

/// The reason that `task` has a call raise under strictness::raise.
template <class Task>
error raised_by(listener& to, Task&& task) {
    try {
        guarded(to, "log_param", task);
    } catch (const logging_error& raised) {
        return raised.reason();
    }
    return {};
}

const error refusal{error_code::invalid_key, 0, "metric \"a@b\": write another character"};

}  // namespace

BOOST_AUTO_TEST_SUITE(error_guarded)

BOOST_AUTO_TEST_CASE(what_goes_well_tells_nothing) {
    listener to;
    int calls = 0;
    guarded(to, "log_param", [&calls] { ++calls; });
    BOOST_TEST(calls == 1);
    BOOST_TEST(to.told.empty());
}

BOOST_AUTO_TEST_CASE(refused_memory_is_told_as_the_systems) {
    listener to;
    guarded(to, "log_param", [] { throw std::bad_alloc(); });
    BOOST_REQUIRE(to.told.size() == 1u);
    BOOST_TEST((to.told[0].code == error_code::system));
    BOOST_TEST(to.told[0].system_code == ENOMEM);
    BOOST_TEST(to.told[0].message == "log_param did not do all it should: out of memory");
}

BOOST_AUTO_TEST_CASE(what_a_users_type_throws_is_told_with_its_words) {
    listener to;
    guarded(to, "log_param", [] { throw std::out_of_range("no such layer"); });
    guarded(to, "set_tag", [] { throw 7; });
    BOOST_REQUIRE(to.told.size() == 2u);
    for (const error& each : to.told) {
        BOOST_TEST((each.code == error_code::invalid_value));
        BOOST_TEST(each.system_code == 0);
    }
    BOOST_TEST(to.told[0].message == "log_param did not do all it should: no such layer");
    BOOST_TEST(to.told[1].message ==
               "set_tag did not do all it should: something unknown was thrown");
}

BOOST_AUTO_TEST_CASE(a_logging_error_keeps_its_reason) {
    listener to;
    guarded(to, "log_param", [] { throw logging_error(refusal); });
    BOOST_REQUIRE(to.told.size() == 1u);
    BOOST_TEST((to.told[0].code == refusal.code));
    BOOST_TEST(to.told[0].message == refusal.message);
}

BOOST_AUTO_TEST_CASE(under_raise_all_becomes_a_logging_error) {
    listener to{strictness::raise};
    const error raised = raised_by(to, [] { throw logging_error(refusal); });
    BOOST_TEST((raised.code == refusal.code));
    BOOST_TEST(raised.message == refusal.message);
    BOOST_TEST(to.told.empty());  // it passes
    BOOST_TEST(raised_by(to, [] { throw std::bad_alloc(); }).system_code == ENOMEM);
    BOOST_TEST((raised_by(to, [] { throw 7; }).code == error_code::invalid_value));
    BOOST_TEST(to.told.size() == 2u);
    BOOST_TEST((raised_by(to, [] {}).code == error_code::ok));
}

BOOST_AUTO_TEST_CASE(a_reporter_is_told_as_well) {
    std::vector<error> heard;
    mlscribe::detail::reporter to(strictness::report,
                                  [&heard](const error& failure) { heard.push_back(failure); });
    guarded(to, "flush", [] { throw std::bad_alloc(); });
    BOOST_REQUIRE(heard.size() == 1u);
    BOOST_TEST(heard[0].message == "flush did not do all it should: out of memory");
}

BOOST_AUTO_TEST_SUITE_END()
