// SPDX-License-Identifier: MIT
/// \file A file system without locks, to be loaded before the C library (LD_PRELOAD).
#include <cerrno>

extern "C" int flock(int, int) {
    errno = ENOSYS;
    return -1;
}
