// SPDX-License-Identifier: MIT
/// \file Sends what is new of a run's metrics, streamed from where the last push ended.
#ifndef MLSCRIBE_SYNC_METRIC_PUSH_HPP
#define MLSCRIBE_SYNC_METRIC_PUSH_HPP

#include <mlscribe/query/run_metrics.hpp>
#include <mlscribe/sync/batch_sender.hpp>
#include <mlscribe/sync/file_edges.hpp>
#include <mlscribe/sync/push_state.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's limit of a key, in characters.
inline constexpr std::size_t max_remote_key_characters = 250;

/// The metrics of one run. \cost memory for a batch and for what waits in journals
class metric_push {
  public:
    using failure_sink = std::function<void(error)>;

    /// \param every   of the points that many-th is sent; the last one, too, where `is_last`
    /// \param fails   told what cannot be sent
    /// \param noted   called when `state` has changed
    metric_push(const directory& run, run_metrics& metrics, push_state& state, batch_sender& sender,
                std::uint64_t every, bool is_last, failure_sink fails, std::function<void()> noted)
        : metrics_(metrics),
          state_(state),
          sender_(sender),
          every_(every == 0 ? 1 : every),
          is_last_(is_last),
          fails_(std::move(fails)),
          noted_(std::move(noted)) {
        run.open_below("metrics", missing::fail, files_);
    }

    /// Gives all to the sender, which is flushed and settle() called behind it.
    /// \onfailure what ends the push of this run
    error push() {
        if (state_.every != every_) state_.metrics.clear();
        state_.every = every_;
        std::vector<std::string> keys;
        if (error unread = metrics_.keys(keys)) {
            fails_(std::move(unread));
        } else {
            forget_refused(keys);
        }
        for (const std::string& key : keys) {
            if (utf8::length(key) > max_remote_key_characters) {
                fails_({error_code::invalid_key, 0,
                        "metric \"" + shown(key) +
                            "\": the server takes keys of at most 250 characters"});
                continue;
            }
            if (error failure = push(key)) return failure;
        }
        return {};
    }

    /// Notes what has reached the server.
    void settle() {
        const auto is_sent = [this](const pending_metric& each) {
            return each.settled_at <= sender_.settled();
        };
        auto first = pending_.begin();
        for (; first != pending_.end() && is_sent(*first); ++first) {
            first->sent.edges = edges_of(files_, first->key, first->sent.bytes);
            state_.metrics[first->key] = std::move(first->sent);
        }
        pending_.erase(pending_.begin(), first);
    }

  private:
    static constexpr std::uint64_t from_journal = UINT64_MAX;

    struct pending_metric {
        std::uint64_t settled_at;
        std::string key;
        sent_metric sent;
    };
    struct held_row {
        point row;
        std::uint64_t begin;
    };

    /// The rows of one metric on their way.
    class reading {
      public:
        reading(metric_push& push, const std::string& key, sent_metric before)
            : push_(push), key_(key), before_(std::move(before)), index_(before_.rows) {
            rows_in_file_ = before_.rows;
            // Rows that were sent from the journal stand in the file by now, or wait still.
            is_holding_ = before_.ahead != 0;
        }

        void take(const point& row, std::uint64_t begin) {
            if (!is_holding_) return take(row, begin, false);
            held_.push_back({row, begin});
            if (held_.size() == before_.ahead) release();
        }
        error finish() {
            if (is_holding_) release();
            if (push_.is_last_ && left_out_) send(left_out_->row);
            return std::move(stopped_);
        }
        sent_metric sent(std::uint64_t bytes) {
            // The last one may still turn out to be the last of all.
            if (!push_.is_last_ && left_out_ && left_out_->begin != from_journal) {
                return {left_out_->begin, rows_in_file_ - 1};
            }
            return {bytes, rows_in_file_, {}, ahead_, ahead_ == 0 ? "" : ahead_digest_.finish()};
        }

      private:
        void release() {
            is_holding_ = false;
            md5 digest;
            for (const held_row& each : held_) add_to(digest, each.row);
            const bool sent =
                held_.size() == before_.ahead && digest.finish() == before_.ahead_digest;
            for (const held_row& each : held_) take(each.row, each.begin, sent);
            held_.clear();
        }
        void take(const point& row, std::uint64_t begin, bool is_sent) {
            if (stopped_) return;
            const std::uint64_t index = index_++;
            if (begin == from_journal) {
                ++ahead_;
                add_to(ahead_digest_, row);
            } else {
                ++rows_in_file_;
            }
            if (index % push_.every_ != 0) {
                left_out_ = {row, begin};
                return;
            }
            left_out_.reset();
            if (is_sent) return;
            const std::uint64_t settled = push_.sender_.settled();
            send(row);
            if (begin != from_journal && settled != push_.sender_.settled()) {
                push_.note_part(key_, {begin, index});
            }
        }
        void send(const point& row) {
            if (!stopped_) stopped_ = push_.sender_.add({batch_item::kind::metric, key_, {}, row});
        }
        static void add_to(md5& digest, const point& row) {
            digest.update({reinterpret_cast<const char*>(&row), sizeof row});
        }

        metric_push& push_;
        const std::string& key_;
        const sent_metric before_;
        std::uint64_t index_;
        std::uint64_t rows_in_file_;
        bool is_holding_;
        std::vector<held_row> held_;
        std::optional<held_row> left_out_;
        std::uint64_t ahead_ = 0;
        md5 ahead_digest_;
        error stopped_;
    };

    error push(const std::string& key) {
        sent_metric before;
        const auto known = state_.metrics.find(key);
        // A file that was written anew is sent anew: the server keeps what it has once.
        if (known != state_.metrics.end() && is_same_file(key, known->second)) {
            before = known->second;
        } else {
            state_.refused.erase(key);
        }
        std::uint64_t bytes = before.bytes;
        const std::uint64_t ahead = before.ahead;
        reading rows(*this, key, before);
        error unread = metrics_.for_each_row_behind(
            key, bytes, [&rows](const point& row, std::uint64_t begin) { rows.take(row, begin); });
        if (error failure = rows.finish()) return failure;
        if (unread) fails_(std::move(unread));
        sent_metric sent = rows.sent(bytes);
        if (sent.bytes != before.bytes || sent.ahead != ahead) {
            pending_.push_back({sender_.added(), key, std::move(sent)});
        }
        settle();
        return {};
    }

    /// Of metrics that are not there any more. \param keys  sorted
    void forget_refused(const std::vector<std::string>& keys) {
        for (auto each = state_.refused.begin(); each != state_.refused.end();) {
            const bool is_there = std::binary_search(keys.begin(), keys.end(), each->first);
            each = is_there ? std::next(each) : state_.refused.erase(each);
        }
    }

    bool is_same_file(const std::string& key, const sent_metric& sent) const {
        return sent.bytes == 0 ||
               (!sent.edges.empty() && sent.edges == edges_of(files_, key, sent.bytes));
    }

    /// All rows in front of this place have reached the server.
    void note_part(const std::string& key, sent_metric sent) {
        settle();
        sent.edges = edges_of(files_, key, sent.bytes);
        state_.metrics[key] = std::move(sent);
        noted_();
    }

    directory files_;
    run_metrics& metrics_;
    push_state& state_;
    batch_sender& sender_;
    const std::uint64_t every_;
    const bool is_last_;
    failure_sink fails_;
    std::function<void()> noted_;
    std::vector<pending_metric> pending_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
