// SPDX-License-Identifier: MIT
/// \file The series of a run that this process does not log, for its checkpoints.
#ifndef MLSCRIBE_RUN_OTHER_SERIES_HPP
#define MLSCRIBE_RUN_OTHER_SERIES_HPP

#include <mlscribe/journal/metric_file.hpp>
#include <mlscribe/journal/metric_list.hpp>
#include <mlscribe/run/checkpoint_record.hpp>

#include <cerrno>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class other_series {
  public:
    /// Adds to a checkpoint the series on disk that it does not have yet. A file is read again when
    /// another process has written to it. \return 0 or errno
    int mark(const directory& run, checkpoint_record& record) {
        std::vector<std::string> keys;
        if (const int failed = list_metrics(run, keys)) return failed;
        for (const std::string& key : keys) {
            if (record.series.count(key) != 0) continue;
            const metric_file file(run, key);
            known_file& known = known_[key];
            const std::uint64_t length = file.length();
            if (known.length != length) {
                known = {};
                const int failed =
                    file.for_each_row([&known](const point& row) { known.tail.note(row); });
                if (failed == ENOENT) continue;
                if (failed != 0) return failed;
                known.length = length;
            }
            record.mark(key, known.tail);
        }
        return 0;
    }

  private:
    struct known_file {
        std::uint64_t length = 0;
        rows_tail tail = {};
    };

    std::map<std::string, known_file> known_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
