// SPDX-License-Identifier: MIT
/// \file The one place that calls MPI: a communicator of our own, and one collective at a time.
#ifndef MLSCRIBE_HPC_RANK_CHANNEL_HPP
#define MLSCRIBE_HPC_RANK_CHANNEL_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/hpc/rank_values.hpp>

// MPI's constants are macros that cast as C does; its header may come by -I.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wcast-function-type"
#include <mpi.h>
#include <sys/types.h>
#include <unistd.h>

#include <climits>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread, which the program's level of MPI threads lets call MPI
class rank_channel {
  public:
    rank_channel() noexcept = default;
    rank_channel(const rank_channel&) = delete;
    rank_channel& operator=(const rank_channel&) = delete;
    ~rank_channel() = default;

    /// Collective. What is sent here does not mix with the program's own messages.
    error open(MPI_Comm communicator) {
        int begun = 0;
        MPI_Initialized(&begun);
        if (begun == 0 || is_over()) {
            return refused("MPI is not at work; make it between MPI_Init and MPI_Finalize");
        }
        if (communicator == MPI_COMM_NULL) return refused("the communicator is MPI_COMM_NULL");
        int failed = MPI_Comm_dup(communicator, &communicator_);
        // What fails here is told; by what the program chose it might end the job.
        if (failed == MPI_SUCCESS)
            failed = MPI_Comm_set_errhandler(communicator_, MPI_ERRORS_RETURN);
        if (failed == MPI_SUCCESS) failed = MPI_Comm_rank(communicator_, &rank_);
        if (failed == MPI_SUCCESS) failed = MPI_Comm_size(communicator_, &size_);
        if (failed == MPI_SUCCESS) {
            failed = MPI_Type_contiguous(doubles_of_rank_values, MPI_DOUBLE, &type_);
        }
        if (failed == MPI_SUCCESS) failed = MPI_Type_commit(&type_);
        // Not commutative: sums are in the order of the ranks.
        if (failed == MPI_SUCCESS) failed = MPI_Op_create(&rank_channel::merge, 0, &merging_);
        return failed == MPI_SUCCESS ? error{} : refused(text_of(failed));
    }

    bool is_open() const noexcept { return size_ > 0; }
    int rank() const noexcept { return rank_; }
    int size() const noexcept { return size_; }

    /// Nothing of MPI may be any more: MPI_Finalize was called, or this is a forked child, and MPI
    /// is its parent's.
    bool is_over() const noexcept {
        int over = 0;
        MPI_Finalized(&over);
        return over != 0 || ::getpid() != process_;
    }

    /// Collective. \return MPI's error code
    int lowest(int (&values)[2]) noexcept {
        return MPI_Allreduce(MPI_IN_PLACE, values, 2, MPI_INT, MPI_MIN, communicator_);
    }

    /// Begins a collective that all ranks take part in with as many values; both vectors stay as
    /// they are until end(). \param overlapping  as on all ranks
    int begin(const rank_values* mine, rank_values* all, std::size_t count,
              bool overlapping) noexcept {
        if (count > std::size_t{INT_MAX}) return MPI_ERR_COUNT;
        const int values = static_cast<int>(count);
        if (!overlapping) return MPI_Allreduce(mine, all, values, type_, merging_, communicator_);
        return MPI_Iallreduce(mine, all, values, type_, merging_, communicator_, &request_);
    }
    int end() noexcept {
        return request_ == MPI_REQUEST_NULL ? MPI_SUCCESS : MPI_Wait(&request_, MPI_STATUS_IGNORE);
    }

    /// Collective. \param with_all  false where the other ranks do not come here: the communicator,
    ///                              which only all can free, stays
    void close(bool with_all) noexcept {
        if (type_ != MPI_DATATYPE_NULL) MPI_Type_free(&type_);
        if (merging_ != MPI_OP_NULL) MPI_Op_free(&merging_);
        if (with_all && communicator_ != MPI_COMM_NULL) MPI_Comm_free(&communicator_);
        size_ = 0;
    }

    static error refused(const std::string& why) {
        return {error_code::invalid_value, 0, "metrics across ranks: " + why};
    }
    static std::string text_of(int failed) {
        char text[MPI_MAX_ERROR_STRING] = {};
        int length = 0;
        MPI_Error_string(failed, text, &length);
        return text;
    }

  private:
    /// MPI gives the values of lower ranks first.
    static void merge(void* lower, void* higher, int* count, MPI_Datatype*) {
        const auto* const from = static_cast<const rank_values*>(lower);
        auto* const into = static_cast<rank_values*>(higher);
        for (int i = 0; i < *count; ++i) {
            rank_values both = from[i];
            both.merge(into[i]);
            into[i] = both;
        }
    }

    MPI_Comm communicator_ = MPI_COMM_NULL;
    MPI_Datatype type_ = MPI_DATATYPE_NULL;
    MPI_Op merging_ = MPI_OP_NULL;
    MPI_Request request_ = MPI_REQUEST_NULL;
    const pid_t process_ = ::getpid();
    int rank_ = 0;
    int size_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#pragma GCC diagnostic pop

#endif
