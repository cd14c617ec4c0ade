// SPDX-License-Identifier: MIT
/// \file The artifacts of a run: shown as far as they fit, else listed.
#ifndef MLSCRIBE_REPORT_ARTIFACT_SECTION_HPP
#define MLSCRIBE_REPORT_ARTIFACT_SECTION_HPP

#include <mlscribe/layout/base64.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/report/artifact_html.hpp>
#include <mlscribe/report/file_kind.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Shows the artifacts of one run within so many bytes, the smallest first, so that most of them
/// are there; they stand in the order of their paths.
class artifact_section {
  public:
    artifact_section(const reported_run& run, std::vector<reported_file> files,
                     std::size_t most_bytes)
        : run_(run), files_(std::move(files)), most_(most_bytes) {
        leave_out_thumbnails();
        shown_.resize(files_.size());
    }

    std::string html() {
        std::vector<std::size_t> order(files_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
            return files_[a].bytes < files_[b].bytes;
        });
        // What is not shown needs a line.
        std::size_t left = most_ - most_ / 8;
        for (const std::size_t i : order) {
            if (left < 256) break;
            show(i, left);
        }
        return assembled();
    }

  private:
    struct shown_file {
        file_kind kind = file_kind::other;
        std::string html;
        std::string why;  ///< it is listed
    };

    /// Those whose pictures are there.
    void leave_out_thumbnails() {
        std::set<std::string> pictures;
        for (const reported_file& each : files_) {
            const logged_image image(each.path);
            if (!image.key.empty() && !image.is_thumbnail) pictures.emplace(image.picture);
        }
        const auto is_needless = [&pictures](const reported_file& each) {
            const logged_image image(each.path);
            return image.is_thumbnail && pictures.count(std::string(image.picture)) != 0;
        };
        files_.erase(std::remove_if(files_.begin(), files_.end(), is_needless), files_.end());
    }

    void show(std::size_t i, std::size_t& left) {
        const reported_file& file = files_[i];
        shown_file& made = shown_[i];
        made.kind = kind_of(file.path);
        // A pipe that was opened and closed would end who writes into it.
        if (!S_ISREG(file.mode)) {
            made.why = S_ISLNK(file.mode) ? "is a link, which is not followed" : "is no plain file";
            return;
        }
        if (made.kind == file_kind::other) return;
        const bool fits = made.kind != file_kind::image || base64_size(file.bytes) <= left;
        if (!fits) {
            made.why = "does not fit into this file";
            return;
        }
        descriptor opened;
        const int failed = run_.open_file(file.path, opened);
        if (failed != 0) {
            made.why = "cannot be read: " + html_text(std::generic_category().message(failed));
            return;
        }
        make(file, opened, made);
        if (made.html.size() <= left) {
            left -= made.html.size();
        } else {
            made.html.clear();
            made.why = "does not fit into this file";
        }
    }

    static void make(const reported_file& file, const descriptor& opened, shown_file& made) {
        std::string bytes;
        const bool is_log = made.kind == file_kind::log;
        const bool whole =
            made.kind == file_kind::image ||
            (made.kind == file_kind::table_or_text && file.bytes <= most_table_bytes);
        const std::size_t wanted = whole ? static_cast<std::size_t>(file.bytes) : most_text_bytes;
        const std::uint64_t from = is_log && file.bytes > wanted ? file.bytes - wanted : 0;
        if (const int failed = read_part(opened, from, wanted, bytes)) {
            made.why = "cannot be read: " + html_text(std::generic_category().message(failed));
            return;
        }
        if (made.kind == file_kind::image) {
            const std::string_view type = image_type(bytes);
            if (type.empty()) {
                made.why = bytes.empty() ? "is empty" : "is no image that a browser shows";
            } else {
                made.html = image_html(file, bytes, type);
            }
            return;
        }
        if (made.kind == file_kind::table_or_text && whole) {
            const auto content = parse_json(bytes);
            if (content) made.html = table_html(file, *content);
            if (!made.html.empty()) return;
            bytes.resize((std::min)(bytes.size(), most_text_bytes));
        }
        made.kind = file_kind::text;
        if (bytes.find('\0') != std::string::npos) {
            made.why = "is no text";
        } else {
            made.html = text_html(file, bytes, is_log);
        }
    }

    std::string assembled() const {
        std::string images;
        std::string others;
        bounded_html listed(most_ / 8);
        std::uint64_t unlisted_bytes = 0;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            const shown_file& each = shown_[i];
            if (each.html.empty()) {
                if (!listed.add(unshown_file(files_[i], each.why))) {
                    unlisted_bytes += files_[i].bytes;
                }
            } else {
                (each.kind == file_kind::image ? images : others) += each.html;
            }
        }
        std::string out;
        if (!images.empty()) out += "<div class=\"images\">\n" + images + "</div>\n";
        out += others;
        if (!listed.empty()) {
            out += "<p class=\"note\">Not shown here:</p>\n<ul class=\"files\">\n" + listed.text() +
                   "</ul>\n";
        }
        if (listed.left_out() != 0) {
            out += left_out_note(listed.left_out(), "files (" + size_text(unlisted_bytes) + ')');
        }
        return out;
    }

    const reported_run& run_;
    std::vector<reported_file> files_;
    std::vector<shown_file> shown_;
    std::size_t most_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
