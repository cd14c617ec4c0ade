// SPDX-License-Identifier: MIT
/// \file A process that may open so many files more.
#ifndef MLSCRIBE_TESTS_FEW_DESCRIPTORS_HPP
#define MLSCRIBE_TESTS_FEW_DESCRIPTORS_HPP

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <vector>

#include "give_up.hpp"

namespace test {

/// For the length of a scope the next open() beyond `count` fails with EMFILE.
class few_descriptors {
  public:
    explicit few_descriptors(std::size_t count) {
        std::vector<int> next(count + 1);
        for (int& each : next) each = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        for (const int each : next) ::close(each);
        // Of a class that it has not seen yet UndefinedBehaviorSanitizer asks by descriptors.
        static_cast<void>(std::generic_category().message(EMFILE));
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = static_cast<rlim_t>(*std::max_element(next.begin(), next.end()));
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) give_up("no limit of descriptors");
    }
    few_descriptors(const few_descriptors&) = delete;
    few_descriptors& operator=(const few_descriptors&) = delete;
    ~few_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

}  // namespace test

#endif
