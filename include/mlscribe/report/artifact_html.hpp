// SPDX-License-Identifier: MIT
/// \file One artifact as a page shows it.
#ifndef MLSCRIBE_REPORT_ARTIFACT_HTML_HPP
#define MLSCRIBE_REPORT_ARTIFACT_HTML_HPP

#include <mlscribe/layout/base64.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/report/logged_image.hpp>
#include <mlscribe/report/page_section.hpp>
#include <mlscribe/report/reported_run.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Of a text so much is shown.
inline constexpr std::size_t most_text_bytes = 16384;
/// A JSON file up to this size is looked at: it may be a table.
inline constexpr std::size_t most_table_bytes = 4 << 20;

inline std::string file_title(const reported_file& file) {
    return html_text(file.path) + " <small>" + size_text(file.bytes) + "</small>";
}

/// A file that is there and cannot be shown. \param why  HTML
inline std::string unshown_file(const reported_file& file, std::string_view why) {
    std::string out = "<li data-path=\"" + html_text(file.path) + "\">" + file_title(file);
    return out.append(why.empty() ? "" : ": ").append(why).append("</li>\n");
}

/// Reads at most `most` bytes from `from` on. \return 0 or errno
inline int read_part(const descriptor& file, std::uint64_t from, std::size_t most,
                     std::string& bytes) {
    bytes.resize(most);
    std::size_t filled = 0;
    const int failed = read_at(file.get(), &bytes[0], most, from, filled);
    bytes.resize(filled);
    return failed;
}

inline std::string image_html(const reported_file& file, std::string_view bytes,
                              std::string_view type) {
    const std::string name = html_text(file.path);
    // The text in a drawing is to be read.
    std::string out = "<figure class=\"image";
    if (type == "image/svg+xml") out += " drawing";
    out += "\" data-path=\"" + name + "\"><img alt=\"" + name + "\" src=\"data:";
    out.append(type).append(";base64,").append(base64(bytes)).append("\"><figcaption>");
    const logged_image logged(file.path);
    out += logged.key.empty()
               ? file_title(file)
               : html_text(logged.key) + " <small>step\u00A0" + html_text(logged.step) + "</small>";
    return out + "</figcaption></figure>\n";
}

/// What a terminal would show of a log: without colours, of a line that was written over and over
/// the last state.
inline std::string log_text(std::string_view bytes) {
    std::string out;
    std::size_t line = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\x1b' && i + 1 < bytes.size() && bytes[i + 1] == '[') {
            i += 2;
            while (i < bytes.size() && (bytes[i] < '@' || bytes[i] > '~')) ++i;
        } else if (c == '\r') {
            const bool ends = i + 1 == bytes.size() || bytes[i + 1] == '\n';
            if (!ends) out.resize(line);
        } else {
            out += c;
            if (c == '\n') line = out.size();
        }
    }
    return out;
}

/// \param bytes  the front of the file, or for a log its end
inline std::string text_html(const reported_file& file, std::string_view bytes, bool is_log) {
    const bool whole = bytes.size() >= file.bytes;
    std::string summary = file_title(file);
    if (!whole) {
        // No line that was cut.
        const std::size_t edge = is_log ? bytes.find('\n') : bytes.rfind('\n');
        if (edge != std::string_view::npos) {
            bytes = is_log ? bytes.substr(edge + 1) : bytes.substr(0, edge);
        }
        summary += is_log ? ", its last " : ", its first ";
        summary += size_text(bytes.size());
    }
    std::string out = "<details class=\"text\" data-path=\"" + html_text(file.path) + "\">";
    out += "<summary>" + summary + "</summary>\n<pre tabindex=\"0\">";
    // The parser drops a line feed that stands first.
    out += '\n';
    append_html(out, is_log ? log_text(bytes) : std::string(bytes));
    return out + "</pre></details>\n";
}

/// A list of lists as `log_table` writes it; empty for any other document.
inline std::string table_html(const reported_file& file, const document& content) {
    constexpr std::size_t most_rows = 50;
    constexpr std::size_t most_columns = 50;
    constexpr std::size_t most_shown = 200;
    const document* columns = nullptr;
    const document* data = nullptr;
    for (const document_entry& entry : content.entries) {
        if (entry.value.type != document::kind::list) return {};
        (entry.key.text == "columns" ? columns : data) = &entry.value;
    }
    if (content.entries.size() != 2 || columns == nullptr || data == nullptr) return {};
    const auto cell = [](const document& value) {
        const bool is_text = value.type == document::kind::text;
        return html_front(is_text ? value.text : json_line(value), most_shown);
    };
    const std::size_t width = (std::min)(columns->items.size(), most_columns);
    std::string head;
    for (std::size_t i = 0; i < width; ++i) {
        head += "<th scope=\"col\">" + cell(columns->items[i]) + "</th>";
    }
    std::string rows;
    for (std::size_t i = 0; i < (std::min)(data->items.size(), most_rows); ++i) {
        rows += "<tr>";
        const std::vector<document>& values = data->items[i].items;
        for (std::size_t j = 0; j < width; ++j) {
            rows += "<td>" + (j < values.size() ? cell(values[j]) : std::string()) + "</td>";
        }
        rows += "</tr>\n";
    }
    std::string out = "<details class=\"table\" data-path=\"" + html_text(file.path) + "\" open>";
    out += "<summary>" + file_title(file) + ", ";
    if (data->items.size() > most_rows) out += std::to_string(most_rows) + " of ";
    out += count_text(data->items.size()) + " rows";
    if (width < columns->items.size()) {
        out +=
            ", " + std::to_string(width) + " of " + count_text(columns->items.size()) + " columns";
    }
    out += "</summary>\n";
    return out + wide_table("table", head, rows) + "</details>\n";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
