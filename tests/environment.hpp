// SPDX-License-Identifier: MIT
/// \file Environment variables for the length of a scope.
#ifndef MLSCRIBE_TESTS_ENVIRONMENT_HPP
#define MLSCRIBE_TESTS_ENVIRONMENT_HPP

#include <cstdlib>
#include <string>

namespace test {

/// Sets a variable (or unsets it) and puts back what it was. The tests of one program run in turn.
class variable {
  public:
    variable(const char* name, const char* value) : name_(name) {
        const char* const before = std::getenv(name);
        was_set_ = before != nullptr;
        if (was_set_) before_ = before;
        set(value);
    }
    variable(const variable&) = delete;
    variable& operator=(const variable&) = delete;
    ~variable() { set(was_set_ ? before_.c_str() : nullptr); }

  private:
    void set(const char* value) {
        if (value == nullptr) {
            ::unsetenv(name_);
        } else {
            ::setenv(name_, value, 1);
        }
    }

    const char* name_;
    std::string before_;
    bool was_set_ = false;
};

}  // namespace test

#endif
