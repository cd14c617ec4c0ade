// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdlib>
#include <cstring>

#include "exit_code.hpp"

namespace tool {
namespace {

std::string_view variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

const char* code_of(ink colour) {
    switch (colour) {
        case ink::plain:
            return "0";
        case ink::bold:
            return "1";
        case ink::faint:
            return "2";
        case ink::red:
            return "31";
        case ink::green:
            return "32";
        case ink::yellow:
            return "33";
        case ink::blue:
            return "34";
        case ink::magenta:
            return "35";
        case ink::cyan:
            return "36";
    }
    return "0";
}

/// \return what a write to `file` could not do
int write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

}  // namespace

output::output(colour_choice colours)
    : is_terminal_(::isatty(STDOUT_FILENO) == 1), columns_(std::string::npos) {
    std::setlocale(LC_CTYPE, "");
    const std::string_view terminal = variable("TERM");
    const bool wanted =
        is_terminal_ && variable("NO_COLOR").empty() && !terminal.empty() && terminal != "dumb";
    has_colours_ =
        colours == colour_choice::always || (colours == colour_choice::automatic && wanted);
    const unsigned long told = std::strtoul(std::string(variable("COLUMNS")).c_str(), nullptr, 10);
    if (told > 0 && told < 10000) drawing_columns_ = told;
    winsize window{};
    if (is_terminal_ && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0) {
        if (window.ws_col > 0) drawing_columns_ = window.ws_col;
        if (window.ws_row > 0) rows_ = window.ws_row;
    }
    locale_is_utf8_ = std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
    if (!is_terminal_) return;
    columns_ = drawing_columns_;
    if (!locale_is_utf8_) letters_ = charset::ascii;
}

std::string output::shown(std::string_view text) const {
    return printable(text, letters_);
}

std::string output::painted(std::string_view text, ink colour) const {
    if (!has_colours_ || colour == ink::plain || text.empty()) return std::string(text);
    std::string result = "\x1b[";
    result += code_of(colour);
    result += 'm';
    result += text;
    return result + "\x1b[0m";
}

void output::write(std::string_view text) {
    waiting_ += text;
    if (waiting_.size() >= 65536) flush();
}

void output::flush() {
    const int failed = write_all(STDOUT_FILENO, waiting_);
    waiting_.clear();
    if (failed == 0) return;
    throw failure(exit_code::unreadable,
                  std::string("cannot write to standard output: ") + std::strerror(failed));
}

void tell(std::string_view text) {
    std::string line = "mlscribe: ";
    while (true) {
        const std::size_t end = text.find('\n');
        line += printable(text.substr(0, end)) + '\n';
        if (end == std::string_view::npos || end + 1 == text.size()) break;
        text.remove_prefix(end + 1);
    }
    // Nobody is left to be told that stderr refuses.
    write_all(STDERR_FILENO, line);
}

}  // namespace tool
