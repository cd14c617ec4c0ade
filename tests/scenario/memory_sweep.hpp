// SPDX-License-Identifier: MIT
/// \file Has each request for memory that a call makes refused in turn.
#ifndef MLSCRIBE_TESTS_SCENARIO_MEMORY_SWEEP_HPP
#define MLSCRIBE_TESTS_SCENARIO_MEMORY_SWEEP_HPP

#include <mlscribe/error/strictness.hpp>

#include <climits>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <new>
#include <string>
#include <utility>

#include "planned_memory.hpp"

namespace test {

/// What may leave a call where memory is out.
enum class may_throw {
    nothing,
    logging_error,  ///< strictness::raise asked for it
    bad_alloc,      ///< or logging_error: a call that gives a plain value
};

/// One call of the library, and what it leaves.
struct swept_call {
    std::string name;
    std::function<void()> act;
    /// Whether all that it does is done; asked where it told nothing. None: nothing is to be told.
    std::function<bool()> is_done = {};
    std::function<void()> prepare = [] {};
    std::function<void()> clean = [] {};
    /// How many requests are refused, where those behind them are another call's.
    long most = LONG_MAX;
};

#if defined(__cpp_exceptions)

/// Has each request for memory of calls refused, alone and with all that follow it.
class memory_sweep {
  public:
    /// \param told  how many failures were told so far
    explicit memory_sweep(std::function<std::size_t()> told, may_throw allowed = may_throw::nothing)
        : told_(std::move(told)), allowed_(allowed) {}

    /// What raises the error that a call which never throws had to keep.
    void raise_kept_by(std::function<void()> next) { next_ = std::move(next); }

    void refuse(const swept_call& of) {
        for (const bool for_good : {false, true}) {
            long request = 0;
            while (request != of.most && refuse_one(of, request, for_good)) ++request;
        }
    }

    /// What went wrong, in words; the first of its kind.
    const std::string& complaints() const noexcept { return complaints_; }
    /// How many calls met a refusal.
    long met() const noexcept { return met_; }
    /// How many of them threw what they may.
    long raised() const noexcept { return raised_; }

  private:
    bool refuse_one(const swept_call& of, long request, bool for_good) {
        prepare(of);
        const std::size_t told_before = told_();
        long met = 0;
        const auto refused = [&] {
            const refuse_memory refusal(request, for_good);
            of.act();
            met = planned_memory().met;
        };
        std::string wrong = what_is_wrong(refused, met);
        const bool has_thrown = has_thrown_;
        if (wrong.empty() && !has_thrown && next_) wrong = what_is_wrong(next_, met);
        const bool is_silent = !has_thrown_ && told_() == told_before;
        if (wrong.empty() && is_silent && of.is_done && !of.is_done()) {
            wrong = "did not do all, and told nothing";
        }
        if (!wrong.empty()) complain(of.name, request, for_good, wrong);
        of.clean();
        met_ += met == 0 ? 0 : 1;
        raised_ += has_thrown_ ? 1 : 0;
        return met != 0;
    }

    /// \param met  how many refusals there were, also where the call threw
    template <class Call>
    std::string what_is_wrong(const Call& call, long& met) {
        has_thrown_ = false;
        std::string thrown;
        try {
            call();
            return {};
        } catch (const mlscribe::logging_error& raised) {
            has_thrown_ = true;
            if (allowed_ == may_throw::nothing) thrown = raised.what();
        } catch (const std::bad_alloc& refusal) {
            has_thrown_ = true;
            if (allowed_ != may_throw::bad_alloc) thrown = refusal.what();
        } catch (const std::exception& other) {
            thrown = other.what();
        } catch (...) {
            thrown = "something";
        }
        met = planned_memory().met;
        return thrown.empty() ? thrown : "threw " + thrown;
    }

    /// What a call that never throws had to keep is raised by the next that may.
    static void prepare(const swept_call& of) {
        try {
            of.prepare();
        } catch (const mlscribe::logging_error&) {
            of.prepare();
        }
    }

    void complain(const std::string& call, long request, bool for_good, const std::string& what) {
        if (!complained_.emplace(call + what, request).second) return;
        complaints_ += "\n  " + call + ", request " + std::to_string(request) +
                       (for_good ? " and all after it: " : ": ") + what;
    }

    const std::function<std::size_t()> told_;
    const may_throw allowed_;
    std::function<void()> next_;
    std::map<std::string, long> complained_;
    std::string complaints_;
    bool has_thrown_ = false;
    long met_ = 0;
    long raised_ = 0;
};

#endif

}  // namespace test

#endif
