// SPDX-License-Identifier: MIT
/// \file The same lines through logging libraries, where the build found them.
#ifndef MLSCRIBE_BENCHMARKS_OTHER_LOGGERS_HPP
#define MLSCRIBE_BENCHMARKS_OTHER_LOGGERS_HPP

#if defined(MLSCRIBE_BENCHMARK_SPDLOG)
#    include <spdlog/async.h>
#    include <spdlog/async_logger.h>
#    include <spdlog/logger.h>
#    include <spdlog/sinks/basic_file_sink.h>
#endif
#if defined(MLSCRIBE_BENCHMARK_QUILL)
#    include <quill/Backend.h>
#    include <quill/Frontend.h>
#    include <quill/LogMacros.h>
#    include <quill/Logger.h>
#    include <quill/sinks/FileSink.h>
#endif

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#if defined(MLSCRIBE_BENCHMARK_SPDLOG)
class spdlog_sync {
  public:
    explicit spdlog_sync(const std::string& path)
        : logger_("sync", std::make_shared<spdlog::sinks::basic_file_sink_mt>(path)) {
        logger_.set_pattern("%v");
    }
    void log(std::int64_t time, double value, std::int64_t step) {
        logger_.info("{} {} {}", time, value, step);
    }
    void finish() { logger_.flush(); }

  private:
    spdlog::logger logger_;
};

class spdlog_async {
  public:
    /// \param queue  points that wait before the caller does
    spdlog_async(const std::string& path, std::size_t queue)
        : sink_(std::make_shared<spdlog::sinks::basic_file_sink_mt>(path)), queue_(queue) {
        sink_->set_pattern("%v");
        start();
    }
    void log(std::int64_t time, double value, std::int64_t step) {
        logger_->info("{} {} {}", time, value, step);
    }
    /// Waits for the worker thread.
    void finish() {
        logger_->flush();
        while (pool_->queue_size() != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

  private:
    void start() {
        pool_ = std::make_shared<spdlog::details::thread_pool>(queue_, 1);
        logger_ = std::make_shared<spdlog::async_logger>("async", sink_, pool_,
                                                         spdlog::async_overflow_policy::block);
    }

    std::shared_ptr<spdlog::sinks::basic_file_sink_mt> sink_;
    std::size_t queue_;
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::async_logger> logger_;
};
#endif

#if defined(MLSCRIBE_BENCHMARK_QUILL)
class quill_async {
  public:
    explicit quill_async(const std::string& path) {
        quill::Backend::start();
        auto sink = quill::Frontend::create_or_get_sink<quill::FileSink>(
            path,
            [] {
                quill::FileSinkConfig config;
                config.set_open_mode('w');
                return config;
            }(),
            quill::FileEventNotifier{});
        // A name of its own: quill keeps what it made.
        logger_ = quill::Frontend::create_or_get_logger(
            path, std::move(sink), quill::PatternFormatterOptions{"%(message)"});
    }
    quill_async(const quill_async&) = delete;
    quill_async& operator=(const quill_async&) = delete;
    ~quill_async() { quill::Frontend::remove_logger(logger_); }

    void log(std::int64_t time, double value, std::int64_t step) {
        LOG_INFO(logger_, "{} {} {}", time, value, step);
    }
    void finish() { logger_->flush_log(); }

  private:
    quill::Logger* logger_ = nullptr;
};
#endif

#endif
