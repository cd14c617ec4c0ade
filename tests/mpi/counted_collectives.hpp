// SPDX-License-Identifier: MIT
#ifndef MLSCRIBE_TESTS_MPI_COUNTED_COLLECTIVES_HPP
#define MLSCRIBE_TESTS_MPI_COUNTED_COLLECTIVES_HPP

namespace test {

/// Calls of this process.
struct collectives {
    int blocking = 0;  ///< MPI_Allreduce
    int begun = 0;     ///< MPI_Iallreduce
    int waited = 0;    ///< MPI_Wait
    int others = 0;    ///< other collectives, and messages
};

const collectives& counted_collectives();

}  // namespace test

#endif
