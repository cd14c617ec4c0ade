// SPDX-License-Identifier: MIT
/// \file Any bytes as an artifact or a tag that is read again: arrays, tables, JSON, checkpoints;
/// and as a file that a report shows.
#include <mlscribe/artifact/output_log.hpp>
#include <mlscribe/artifact/read_npy.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_object.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/report/artifact_html.hpp>
#include <mlscribe/report/file_kind.hpp>
#include <mlscribe/run/checkpoint_text.hpp>
#include <mlscribe/table/table_outline.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"
#include "scratch_directory.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

template <class T>
void check_array(std::string_view text) {
    mlscribe::array<T> read;
    if (detail::read_npy(text, read)) return;
    std::size_t count = 0;
    must_hold(detail::count_npy_values(read.shape, count) && count == read.values.size(),
              "an array has as many values as its shape says");
}

void check_json(std::string_view text) {
    std::size_t stopped_at = 0;
    if (const auto document = mlscribe::parse_json(text, &stopped_at)) {
        const std::string written = mlscribe::json_text(*document);
        const auto again = mlscribe::parse_json(written);
        must_hold(again && mlscribe::json_text(*again) == written,
                  "a document is read as it was written");
    } else {
        must_hold(stopped_at <= text.size(), "what is refused stands in the text");
    }
    if (mlscribe::parse_flat_json_object(text)) {
        detail::json_scanner whole(text);
        must_hold(detail::skip_json_value(whole), "a flat object is JSON");
    }
}

void check_table(std::string_view text) {
    detail::byte_window window(text);
    detail::table_outline found;
    if (!detail::read_table_outline(window, found)) return;
    must_hold(found.rows_begin <= found.rows_end && found.rows_end < text.size(),
              "the rows of a table stand in it");
}

void check_checkpoint(std::string_view text) {
    const auto record = detail::parse_checkpoint(text);
    if (!record) return;
    const std::string written = detail::checkpoint_text(*record);
    const auto again = detail::parse_checkpoint(written);
    must_hold(again && detail::checkpoint_text(*again) == written,
              "a checkpoint is read as it was written");
}

/// What a page shows is UTF-8 without a control that a text could hide in.
void check_html(const std::string& html) {
    const bool has_controls = std::any_of(html.begin(), html.end(), [](char c) {
        return c >= 0 && c < ' ' && c != '\n' && c != '\t';
    });
    must_hold(mlscribe::utf8::is_valid(html) && !has_controls, "a page is readable");
    must_hold(html.find("<script") == std::string::npos, "a page runs nothing of a file");
}

void check_report(std::string_view text) {
    const bool is_log = detail::kind_of(text) == detail::file_kind::log;
    const std::string_view type = detail::image_type(text);
    must_hold(type != "image/svg+xml" || text.find('\0') == std::string_view::npos,
              "a drawing is a text");
    const detail::logged_image logged(text);
    must_hold(logged.picture.size() <= text.size(), "a picture's name is part of its path");
    must_hold(detail::log_text(text).size() <= text.size(), "a log is not longer than its bytes");
    const detail::reported_file file{std::string(text.substr(0, 64)),
                                     text.size() + (is_log ? 1 : 0), 0};
    check_html(detail::text_html(file, text, true));
    check_html(detail::text_html(file, text, false));
    const auto table = mlscribe::parse_json(text);
    if (table) check_html(detail::table_html(file, *table));
}

/// The log of a run's output, of which a process before left the input.
class left_log {
  public:
    left_log() {
        must_hold(detail::directory::open(scratch_.path(), root_) == 0 &&
                      root_.open_below("logs", detail::missing::create, logs_) == 0,
                  "a folder opens");
    }

    void check(std::string_view text) {
        constexpr std::uint64_t limit = 4096;
        const std::string rest = scratch_ / "logs/stdout.rest.log";
        for (const std::string& path : {rest, scratch_ / "logs/stdout.log"}) {
            std::filesystem::remove(path);
        }
        test::write_file(rest, std::string(text));
        detail::output_log log;
        must_hold(log.open(root_, logs_, "stdout", limit) == 0, "a log opens");
        std::string newest;
        for (int i = 0; i < 400; ++i) newest += "line " + std::to_string(i) + '\n';
        log.write(newest.data(), newest.size());
        must_hold(log.failure() == 0 && log.unlogged() == 0, "a log goes on");
        const std::string now = test::read_file(rest);
        must_hold(now.size() <= limit / 2, "a log is bounded");
        const std::string begin = "[mlscribe: ";
        must_hold(now.compare(0, begin.size(), begin) == 0, "a log tells what is left out");
        const std::string lines = now.substr(now.find('\n') + 1);
        must_hold(lines.size() > limit / 8 && lines.size() < newest.size() &&
                      newest.compare(newest.size() - lines.size(), lines.size(), lines) == 0,
                  "the newest lines are there");
    }

  private:
    test::scratch_directory scratch_{test::folder_in_memory()};
    detail::directory root_;
    detail::directory logs_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static left_log& log = *[] {
        static left_log made;
        return &made;
    }();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_array<double>(text);
    check_array<std::int64_t>(text);
    check_array<bool>(text);
    check_json(text);
    check_table(text);
    check_checkpoint(text);
    check_report(text);
    if (text.substr(0, 11) == "[mlscribe: ") log.check(text);
    return 0;
}
