// SPDX-License-Identifier: MIT
/// \file The store that the calls of a client or a registry are about.
#ifndef MLSCRIBE_STORE_TRACKED_STORE_HPP
#define MLSCRIBE_STORE_TRACKED_STORE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/store/store_root.hpp>
#include <mlscribe/store/tracking.hpp>

#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A store, and where the failures of calls on it go.
/// \threadsafety any thread
class tracked_store {
  protected:
    /// \param tracking_uri as MLFLOW_TRACKING_URI, which is used when it is empty
    tracked_store(std::string_view tracking_uri, strictness policy, error_handler handler)
        : reporter_(policy, std::move(handler)) {
        detail::guarded(reporter_, "opening a store", [&] {
            disabled_ = is_disabled();
            if (!disabled_) fail(open_tracked_store(reporter_, tracking_uri, store_));
        });
    }

    /// What `task()` gives to a call of the user's; false or nothing where it throws, which is
    /// told.
    template <class Task>
    auto guarded(const char* call, Task&& task) {
        decltype(task()) result{};
        detail::guarded(reporter_, call, [&] { result = task(); });
        return result;
    }

    /// Reports where it is not, unless logging is switched off.
    bool is_open() {
        if (store_.folder()) return true;
        if (!disabled_) fail({error_code::not_recording, 0, "the store could not be opened"});
        return false;
    }

    /// Reports what is a failure. \return whether it is one
    bool fail(const error& failure) {
        if (failure) reporter_.fail(failure);
        return static_cast<bool>(failure);
    }

    store_root store_;

  private:
    bool disabled_ = false;
    reporter reporter_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
