// SPDX-License-Identifier: MIT
/// \file Takes the place of MPI's collectives, as its profiling interface lets one, and counts
/// them.
#include "counted_collectives.hpp"

#include <mpi.h>

namespace {

test::collectives& mutable_counts() {
    static test::collectives counts;
    return counts;
}

}  // namespace

namespace test {

const collectives& counted_collectives() {
    return mutable_counts();
}

}  // namespace test

extern "C" int MPI_Allreduce(const void* from, void* into, int count, MPI_Datatype type, MPI_Op op,
                             MPI_Comm communicator) {
    ++mutable_counts().blocking;
    return PMPI_Allreduce(from, into, count, type, op, communicator);
}

extern "C" int MPI_Iallreduce(const void* from, void* into, int count, MPI_Datatype type, MPI_Op op,
                              MPI_Comm communicator, MPI_Request* request) {
    ++mutable_counts().begun;
    return PMPI_Iallreduce(from, into, count, type, op, communicator, request);
}

extern "C" int MPI_Wait(MPI_Request* request, MPI_Status* status) {
    ++mutable_counts().waited;
    return PMPI_Wait(request, status);
}

#define COUNTED_AS_OTHER(name, parameters, arguments) \
    extern "C" int MPI_##name parameters {            \
        ++mutable_counts().others;                    \
        return PMPI_##name arguments;                 \
    }
COUNTED_AS_OTHER(Barrier, (MPI_Comm communicator), (communicator))
COUNTED_AS_OTHER(Bcast, (void* data, int count, MPI_Datatype type, int root, MPI_Comm communicator),
                 (data, count, type, root, communicator))
COUNTED_AS_OTHER(Reduce,
                 (const void* from, void* into, int count, MPI_Datatype type, MPI_Op op, int root,
                  MPI_Comm communicator),
                 (from, into, count, type, op, root, communicator))
COUNTED_AS_OTHER(Allgather,
                 (const void* from, int count, MPI_Datatype type, void* into, int into_count,
                  MPI_Datatype into_type, MPI_Comm communicator),
                 (from, count, type, into, into_count, into_type, communicator))
COUNTED_AS_OTHER(Gather,
                 (const void* from, int count, MPI_Datatype type, void* into, int into_count,
                  MPI_Datatype into_type, int root, MPI_Comm communicator),
                 (from, count, type, into, into_count, into_type, root, communicator))
COUNTED_AS_OTHER(Send,
                 (const void* from, int count, MPI_Datatype type, int to, int tag,
                  MPI_Comm communicator),
                 (from, count, type, to, tag, communicator))
#undef COUNTED_AS_OTHER
