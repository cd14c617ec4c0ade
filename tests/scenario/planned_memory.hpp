// SPDX-License-Identifier: MIT
/// \file Has chosen calls of operator new in this program throw.
#ifndef MLSCRIBE_TESTS_SCENARIO_PLANNED_MEMORY_HPP
#define MLSCRIBE_TESTS_SCENARIO_PLANNED_MEMORY_HPP

namespace test {

/// What becomes of the memory that one thread asks for.
struct memory_plan {
    bool is_on = false;
    bool for_good = false;  ///< all requests after, not only one
    long requests_before = 0;
    long met = 0;  ///< how often the plan was carried out
};

/// Of the running thread. planned_memory.cpp looks at it at every request.
memory_plan& planned_memory() noexcept;

/// Refuses memory to the running thread for the length of a scope.
class refuse_memory {
  public:
    refuse_memory(long requests_before, bool for_good) noexcept {
        planned_memory() = {true, for_good, requests_before, 0};
    }
    refuse_memory(const refuse_memory&) = delete;
    refuse_memory& operator=(const refuse_memory&) = delete;
    ~refuse_memory() { planned_memory().is_on = false; }
};

}  // namespace test

#endif
