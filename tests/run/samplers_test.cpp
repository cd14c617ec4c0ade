// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/samplers.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <utility>

using mlscribe::detail::reference;
using mlscribe::detail::sampler;
using mlscribe::detail::samplers;

namespace {

class counting_sampler final : public sampler {
  public:
    explicit counting_sampler(std::function<void()> also = {}) : also_(std::move(also)) {}
    ~counting_sampler() override { ++destroyed; }

    void sample() noexcept override {
        ++taken;
        if (also_) also_();
    }

    std::atomic<int> taken{0};
    static inline std::atomic<int> destroyed{0};

  private:
    std::function<void()> also_;
};
using counting = reference<counting_sampler>;

void add(samplers& to, const counting& by, long milliseconds) {
    to.add(reference<sampler>(by.get()), milliseconds);
}

void wait(long milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

constexpr long hour = 3600000;

}  // namespace

BOOST_AUTO_TEST_SUITE(run_samplers)

BOOST_AUTO_TEST_CASE(each_is_asked_at_once_and_then_behind_its_interval) {
    samplers all;
    all.sample_at(1000);
    const counting seldom(new counting_sampler);
    const counting often(new counting_sampler);
    add(all, seldom, 1000);
    add(all, often, 10);
    for (const int now : {1000, 1001, 1009, 1010, 1013, 1020, 1029}) all.sample_at(now);
    BOOST_TEST(seldom->taken.load() == 1);
    BOOST_TEST(often->taken.load() == 3);
    all.sample_at(2000);
    BOOST_TEST(seldom->taken.load() == 2);
}

BOOST_AUTO_TEST_CASE(a_late_one_moves_no_other_but_missed_intervals_are_not_made_up_for) {
    samplers all;
    const counting one(new counting_sampler);
    add(all, one, 10);
    for (const int now : {1000, 1018, 1019}) all.sample_at(now);
    BOOST_TEST(one->taken.load() == 2);
    all.sample_at(1020);
    BOOST_TEST(one->taken.load() == 3);
    for (const int now : {2000, 2001, 2009}) all.sample_at(now);
    BOOST_TEST(one->taken.load() == 4);
    all.sample_at(2010);
    BOOST_TEST(one->taken.load() == 5);
}

BOOST_AUTO_TEST_CASE(by_the_clock_of_this_machine) {
    samplers all;
    all.sample_due();
    const counting once(new counting_sampler);
    add(all, once, hour);
    all.sample_due();
    all.sample_due();
    BOOST_TEST(once->taken.load() == 1);
}

BOOST_AUTO_TEST_CASE(one_that_is_stopped_is_not_asked_and_let_go) {
    samplers all;
    counting_sampler::destroyed = 0;
    counting gone(new counting_sampler);
    const counting other(new counting_sampler);
    add(all, gone, 1);
    add(all, other, 1);
    gone->stop();
    gone = {};
    BOOST_TEST(counting_sampler::destroyed.load() == 0);
    all.sample_due();
    BOOST_TEST(counting_sampler::destroyed.load() == 1);
    BOOST_TEST(other->taken.load() == 1);
}

BOOST_AUTO_TEST_CASE(none_is_asked_behind_the_end_which_waits_for_who_is_asked) {
    for (int i = 0; i < 50; ++i) {
        samplers all;
        std::atomic<bool> inside{false};
        const counting slow(new counting_sampler([&] {
            inside = true;
            wait(2);
            inside = false;
        }));
        add(all, slow, 1);
        std::thread drain([&] {
            for (int k = 0; k < 5; ++k) all.sample_due();
        });
        while (slow->taken == 0) std::this_thread::yield();
        all.close();
        BOOST_REQUIRE(!inside);
        const int taken = slow->taken;
        drain.join();
        add(all, slow, 1);
        all.sample_due();
        BOOST_REQUIRE(slow->taken == taken);
    }
}

BOOST_AUTO_TEST_CASE(one_may_end_the_run_that_asks_it) {
    samplers all;
    const counting ending(new counting_sampler([&all] { all.close(); }));
    const counting next(new counting_sampler);
    add(all, ending, 1);
    add(all, next, 1);
    all.sample_due();
    BOOST_TEST(ending->taken.load() == 1);
    BOOST_TEST(next->taken.load() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_drains_is_not_asked_again_inside) {
    samplers all;
    const counting draining(new counting_sampler([&all] {
        wait(3);
        std::thread([&all] { all.sample_due(); }).join();
    }));
    add(all, draining, 1);
    all.sample_due();
    BOOST_TEST(draining->taken.load() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
