// SPDX-License-Identifier: MIT
/// \file Any text as what names something: URIs, lists of GPUs, datasets, values of params.
#include <mlscribe/hpc/start_point.hpp>
#include <mlscribe/journal/writer.hpp>
#include <mlscribe/monitor/visible_gpus.hpp>
#include <mlscribe/query/dataset_inputs.hpp>
#include <mlscribe/query/struct_reader.hpp>
#include <mlscribe/query/text_folder.hpp>
#include <mlscribe/reflect/describe.hpp>
#include <mlscribe/registry/model_uri.hpp>
#include <mlscribe/store/list_tag.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "fuzz/scratch_file.hpp"
#include "scratch_directory.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

struct layer {
    int units = 0;
    std::string name;
};
MLSCRIBE_DESCRIBE(layer, units, name)

struct settings {
    double rate = 0;
    std::vector<layer> layers;
    std::optional<layer> head;
    std::vector<int> sizes;
};
MLSCRIBE_DESCRIBE(settings, rate, layers, head, sizes)

void check_paths(std::string_view text) {
    if (!mlscribe::utf8::is_valid(text)) return;
    must_hold(mlscribe::percent_decoded(mlscribe::percent_encoded_path(text)) == text,
              "a path is decoded as it was encoded");
    const std::string path = mlscribe::resolved_path("/work", text);
    must_hold(path.front() == '/' && mlscribe::resolved_path("/", path) == path,
              "a path that is resolved stays");
    const auto back = mlscribe::path_of_uri(mlscribe::file_uri(path));
    must_hold(back && *back == path, "a URI leads back to its path");
}

void check_tracking(std::string_view text) {
    using kind = mlscribe::tracking_location::kind;
    const auto found = mlscribe::parse_tracking_uri(text, "/work");
    must_hold((found.where == kind::local) == found.message.empty(),
              "what is no folder has a reason");
    must_hold((found.where == kind::refused) == found.path.empty(),
              "what is not refused has a folder");
    if (found.path.empty()) return;
    must_hold(found.path.find('\0') == std::string::npos &&
                  mlscribe::resolved_path("/", found.path) == found.path,
              "a folder has a plain path");
}

void check_gpus(std::string_view text) {
    const std::string list(text.substr(0, text.find('\0')));
    const std::vector<std::string> all{"GPU-aa00", "GPU-ab00", "GPU-b"};
    const auto part = [](std::string_view word) {
        return word == "MIG-1" ? std::optional<std::size_t>(1) : std::nullopt;
    };
    const auto seen = detail::visible_gpus(list.c_str(), all, part);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        must_hold(seen[i] < all.size() && (i == 0 || seen[i - 1] < seen[i]),
                  "each GPU is seen once, in order");
    }
}

template <class T>
void check_value(std::string_view text) {
    T value{};
    if (!detail::read_text_value(text, value)) return;
    const std::string written = mlscribe::param_text(value);
    T again{};
    must_hold(detail::read_text_value(written, again) && mlscribe::param_text(again) == written,
              "a value is read as it was written");
}

/// A byte that is not UTF-8 is written as the character of its number.
void check_texts(std::string_view text) {
    std::vector<std::string> value;
    if (!detail::read_text_value(text, value)) return;
    for (const std::string& each : value) {
        if (!mlscribe::utf8::is_valid(each)) return;
    }
    std::vector<std::string> again;
    must_hold(detail::read_text_value(mlscribe::param_text(value), again) && again == value,
              "texts are read as they were written");
}

void check_values(std::string_view text) {
    check_value<bool>(text);
    check_value<char>(text);
    check_value<int>(text);
    check_value<unsigned char>(text);
    check_value<float>(text);
    check_value<double>(text);
    check_value<long double>(text);
    check_value<std::string>(text);
    check_value<std::optional<int>>(text);
    check_value<std::vector<double>>(text);
    check_value<std::vector<bool>>(text);
    check_value<std::array<int, 2>>(text);
    check_texts(text);
}

/// The file of a param or a tag.
void check_decoding(std::string_view text) {
    std::string read(text);
    const bool is_read = detail::decode_value(read);
    must_hold(text.substr(0, read.size()) == read && mlscribe::utf8::is_valid(read),
              "what is read is text that stands there");
    bool is_cut_off = false;
    for (const char* rest : {"", "\x80", "\x80\x80", "\xA0\x80", "\x80\x80\x80", "\x90\x80\x80"}) {
        is_cut_off = is_cut_off || mlscribe::utf8::is_valid(std::string(text) + rest);
    }
    must_hold(is_read == is_cut_off, "a value is UTF-8 that the end may cut off");
}

/// The name of a journal.
void check_writer(std::string_view name) {
    detail::writer found;
    if (!detail::writer::read_name(name, found)) return;
    detail::writer again;
    must_hold(detail::writer::read_name(found.new_name(), again) && again.host == found.host &&
                  again.boot == found.boot && again.pid_namespace == found.pid_namespace &&
                  again.process == found.process && again.started == found.started,
              "a writer is read as it is written");
}

/// Lines of a key and a value.
void check_struct(std::string_view text) {
    std::map<std::string, std::string> params;
    while (!text.empty()) {
        std::string_view value = detail::take_line(text);
        const std::string_view key = detail::take_until(value, '=');
        params.emplace(key, value);
    }
    settings read;
    detail::struct_reader reader(params, {}, '.');
    reader.read(read);
    must_hold(!reader.failure() || !reader.failure().message.empty(),
              "what is no value has a reason");
}

/// A store with one model of each kind, and the files that have the input.
class named_things {
  public:
    named_things() {
        const std::string run = "a0b027bfadc54c49b3659cd870ff79c4";
        must_hold(!detail::store_root::open_for_writing(scratch_.store(), store_), "a store opens");
        write("7/" + run + "/meta.yaml",
              "artifact_uri: file:///old/mlruns/7/" + run +
                  "/artifacts\nend_time: null\nexperiment_id: '7'\nlifecycle_stage: active\n"
                  "run_id: " +
                  run + "\nrun_name: x\nstart_time: 5\nstatus: 3\nuser_id: me\n");
        write("7/" + run + "/artifacts/net/MLmodel", "flavors: {}\n");
        write("models/flowers/meta.yaml",
              "name: flowers\naliases:\n- alias: best\n  version: '1'\n");
        write("models/flowers/version-1/meta.yaml",
              "creation_timestamp: 1\ncurrent_stage: Staging\nname: flowers\nrun_id: " + run +
                  "\nsource: x\nstorage_location: file:///old/mlruns/7/" + run +
                  "/artifacts/net\nversion: 1\n");
        for (const char* name :
             {"tags/list", ".mlscribe-start", "inputs/i/meta.yaml", "aliases/best"}) {
            file_.call("run/" + std::string(name));
        }
        file_.call("datasets/d/meta.yaml");
        must_hold(detail::directory::open(file_.folder(), experiment_) == 0 &&
                      experiment_.open_below("run", detail::missing::fail, run_) == 0,
                  "a folder opens");
    }

    void check_model(std::string_view uri) {
        detail::model_place found;
        const mlscribe::error failure = detail::resolve_model_uri(store_, uri, found);
        must_hold(failure ? !failure.message.empty() : found.path.front() == '/',
                  "a model has a folder, or a reason why not");
    }

    void check_alias(std::string_view text) {
        if (text.find_first_of("0123456789") != 0) return;
        file_.write(text);
        std::int64_t version = -1;
        const bool is_read = detail::read_alias_file(run_, "best", version) == 0;
        const std::string_view digits = text.substr(0, text.find_last_not_of("\r\n") + 1);
        const bool is_number = digits.find_first_not_of("0123456789") == std::string_view::npos;
        must_hold(version >= 0 && (version == 0 || (is_read && is_number)),
                  "an alias names a version by its number");
        constexpr std::size_t most_digits = 18;
        if (!is_read || !is_number || digits.size() > most_digits) return;
        must_hold(version == std::strtoll(std::string(digits).c_str(), nullptr, 10),
                  "an alias names the version that it tells");
    }

    void check_files(std::string_view text) {
        // What is no document at all is told from the first byte.
        const bool is_json = text.substr(0, 1) == "[" || text.substr(0, 1) == "{";
        if (!is_json && text.find("source_") == std::string_view::npos) return;
        file_.write(text);
        mlscribe::document list;
        must_hold(!detail::read_list_tag(run_, "run", "list", list) &&
                      list.type == mlscribe::document::kind::list,
                  "a tag that can be read is a list");
        detail::read_start_point(run_, "start");
        std::vector<detail::dataset_input> inputs;
        const mlscribe::error failure =
            detail::read_dataset_inputs(experiment_, run_, "run", inputs);
        must_hold(!failure || !failure.message.empty(), "what is refused has a reason");
        must_hold(inputs.size() <= 1, "one input is one");
    }

  private:
    void write(const std::string& below, const std::string& text) const {
        test::write_file(scratch_.store() + '/' + below, text);
    }

    test::scratch_directory scratch_;
    detail::store_root store_;
    test::scratch_file file_;
    detail::directory experiment_;
    detail::directory run_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static named_things& things = *[] {
        static named_things made;
        return &made;
    }();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_paths(text);
    check_tracking(text);
    check_gpus(text);
    check_values(text);
    check_decoding(text);
    check_writer(text);
    check_struct(text);
    things.check_alias(text);
    things.check_model(text);
    things.check_files(text);
    return 0;
}
