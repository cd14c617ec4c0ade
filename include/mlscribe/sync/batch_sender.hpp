// SPDX-License-Identifier: MIT
/// \file Sends points, params and tags in batches; what the server refuses is told apart from the
/// rest.
#ifndef MLSCRIBE_SYNC_BATCH_SENDER_HPP
#define MLSCRIBE_SYNC_BATCH_SENDER_HPP

#include <mlscribe/sync/tracking_server.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A point, a param or a tag on its way.
struct batch_item {
    enum class kind { metric, param, tag };

    kind type = kind::metric;
    std::string key;
    std::string value = {};     ///< of a param or tag
    point row = {};             ///< of a metric
    std::string model_id = {};  ///< the server's; empty for a metric of the run alone
    std::string dataset_name = {};
    std::string dataset_digest = {};
};

/// Collects items of one run and sends them when a batch is full. \threadsafety one thread
class batch_sender {
  public:
    /// Given what the server took, or what it will not take.
    using taken_items = std::function<void(const batch_item*, std::size_t)>;
    using refused_item = std::function<void(const batch_item&, const error&)>;

    /// \param is_dry  nothing is sent; all counts as taken
    batch_sender(tracking_server& server, std::string run_id, bool is_dry, taken_items taken,
                 refused_item refused)
        : server_(server),
          run_id_(std::move(run_id)),
          is_dry_(is_dry),
          taken_(std::move(taken)),
          refused_(std::move(refused)) {}

    /// \onfailure what ends the push of this run; deleted where that was deleted there meanwhile
    error add(batch_item item) {
        if (is_dry_) {
            ++unsent_;
            taken_(&item, 1);
            return {};
        }
        if (!add_to(body_, item)) {
            if (error failure = flush()) return failure;
            if (!add_to(body_, item)) {
                ++settled_;
                refused_(item,
                         {error_code::invalid_value, 0, "it is longer than a request may be"});
                return {};
            }
        }
        items_.push_back(std::move(item));
        return {};
    }

    /// Sends what waits.
    error flush() {
        settled_ += std::exchange(unsent_, 0);
        if (items_.empty()) return {};
        const error failure = send(body_, items_.data(), items_.size());
        body_.clear();
        if (!failure) settled_ += items_.size();
        items_.clear();
        return failure;
    }

    /// How many of the items that were added are done with.
    std::uint64_t settled() const noexcept { return settled_; }
    std::uint64_t added() const noexcept { return settled_ + unsent_ + items_.size(); }

  private:
    static constexpr int most_refusals = 100;

    static bool add_to(batch_body& body, const batch_item& item) {
        switch (item.type) {
            case batch_item::kind::param:
                return body.add_param(item.key, item.value);
            case batch_item::kind::tag:
                return body.add_tag(item.key, item.value);
            default:
                return body.add_metric(item.key, item.row,
                                       {item.model_id, item.dataset_name, item.dataset_digest});
        }
    }

    error send(const batch_body& body, const batch_item* items, std::size_t count) {
        const error failure = server_.log_batch(run_id_, body);
        if (!failure) {
            taken_(items, count);
            return {};
        }
        if (failure.code != error_code::invalid_value &&
            failure.code != error_code::already_exists) {
            return failure;
        }
        if (count == 1) {
            // That one takes nothing until it is restored, and everything then.
            remote_run now;
            if (!server_.get_run(run_id_, now) && now.stage == lifecycle::deleted) {
                return deleted_there();
            }
            refused_(*items, failure);
            return ++refusals_ == most_refusals ? failure : error{};
        }
        // One that it will not take keeps the others out.
        for (std::size_t begin = 0, end = count / 2; begin != count; begin = end, end = count) {
            batch_body part;
            for (std::size_t i = begin; i != end; ++i) add_to(part, items[i]);
            if (error stopped = send(part, items + begin, end - begin)) return stopped;
        }
        return {};
    }

    tracking_server& server_;
    const std::string run_id_;
    const bool is_dry_;
    taken_items taken_;
    refused_item refused_;
    batch_body body_;
    std::vector<batch_item> items_;
    std::uint64_t settled_ = 0;
    std::uint64_t unsent_ = 0;  // where nothing is sent
    int refusals_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
