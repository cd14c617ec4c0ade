// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/reference.hpp>

#include <thread>
#include <utility>
#include <vector>

using mlscribe::detail::reference;

namespace {

class tracked : public mlscribe::detail::counted {
  public:
    explicit tracked(int& alive) : alive_(alive) { ++alive_; }
    ~tracked() override { --alive_; }

  private:
    int& alive_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_reference)

BOOST_AUTO_TEST_CASE(the_last_reference_destroys) {
    int alive = 0;
    reference<tracked> first(new tracked(alive));
    {
        reference<tracked> second = first;
        first = reference<tracked>();
        BOOST_TEST(alive == 1);
        first = std::move(second);
        BOOST_TEST(!second);
    }
    BOOST_TEST(alive == 1);
    first = reference<tracked>(first);
    BOOST_TEST(alive == 1);
    first = reference<tracked>(new tracked(alive));
    BOOST_TEST(alive == 1);
    first = {};
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(shared_by_many_threads) {
    int alive = 0;
    reference<tracked> shared(new tracked(alive));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([shared] {
            for (int k = 0; k < 10000; ++k) const reference<tracked> copy = shared;
        });
    }
    for (std::thread& thread : threads) thread.join();
    threads.clear();
    BOOST_TEST(alive == 1);
    shared = {};
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
