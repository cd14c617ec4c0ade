// SPDX-License-Identifier: MIT
#include <mlscribe/layout/meta_document.hpp>

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "small_stack.hpp"

using mlscribe::meta_document;
using mlscribe::yaml_value;

BOOST_AUTO_TEST_SUITE(layout_meta_document)

BOOST_AUTO_TEST_CASE(keys_are_sorted_and_spelled_as_mlflow_does) {
    meta_document document;
    document.set_string("run_name", "parent: run #1");
    document.set_string("experiment_id", "219160639440920645");
    document.set_integer("status", 3);
    document.set_null("end_time");
    document.set_string("entry_point_name", "");
    document.set_string("Zeta", "é");
    yaml_value tags;
    tags.type = yaml_value::kind::sequence;
    document.set("tags", tags);
    BOOST_TEST(
        document.text() ==
        "Zeta: é\nend_time: null\nentry_point_name: ''\nexperiment_id: '219160639440920645'\n"
        "run_name: 'parent: run #1'\nstatus: 3\ntags: []\n");
    BOOST_TEST(meta_document().text() == "{}\n");
}

BOOST_AUTO_TEST_CASE(changes_touch_their_key_alone) {
    const std::string text =
        "aliases:\n  champion: '1'\nother: {a: [1, x], b: ~}\nstatus: 1\nunknown: 0x1F\nwhen: "
        "2024-01-01\n";
    auto document = meta_document::parse(text);
    BOOST_REQUIRE(document);
    document->set_integer("status", 3);
    document->set_string("added", "yes");
    BOOST_TEST(document->erase("aliases"));
    BOOST_TEST(!document->erase("aliases"));
    BOOST_TEST(document->find("aliases") == nullptr);
    BOOST_REQUIRE(document->find("status") != nullptr);
    BOOST_TEST(document->find("status")->text == "3");
    BOOST_TEST(document->text() ==
               "added: 'yes'\nother:\n  a:\n  - 1\n  - x\n  b: null\nstatus: 3\nunknown: 0x1F\n"
               "when: 2024-01-01\n");
}

BOOST_AUTO_TEST_CASE(nested_values_are_written_as_pyyaml_does) {
    const std::string text =
        "a:\n- b: 1\n  c:\n  - d\n  - e: f\n- - g\n  - - h\n- []\n- {}\n- null\n- 'yes'\n"
        "k:\n  l:\n    m: n\n  o: p\n  q: {}\n"
        "? "
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
        "kkkk"
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: v\n";
    const auto document = meta_document::parse(text);
    BOOST_REQUIRE(document);
    BOOST_TEST(document->text() == text);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_not_its_type_is_written_as_text) {
    meta_document document;
    yaml_value lie;
    lie.type = yaml_value::kind::integer;
    lie.text = "1\nevil: 2";
    document.set("a", lie);
    BOOST_TEST(document.text() == "a: \"1\\nevil: 2\"\n");
}

BOOST_AUTO_TEST_CASE(damage_is_told_with_its_line) {
    mlscribe::yaml_error why;
    BOOST_TEST(!meta_document::parse("a: 1\nb: 'x\n", &why));
    BOOST_TEST(why.line == 2u);
    BOOST_TEST(!meta_document::parse(""));
}

// Files of the real MLflow: read and written again, nothing changes.
BOOST_AUTO_TEST_CASE(golden_files_are_kept) {
    namespace fs = std::filesystem;
    const char* const golden = std::getenv("MLSCRIBE_GOLDEN");
    BOOST_REQUIRE_MESSAGE(golden != nullptr, "MLSCRIBE_GOLDEN names the unpacked trees");
    std::size_t equal = 0;
    std::size_t folded = 0;
    for (const char* tree : {"golden_v2/mlruns", "golden_v3/mlruns", "golden_v3/portable_mlruns"}) {
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(golden) / tree)) {
            const fs::path& path = entry.path();
            if (!entry.is_regular_file() || path.extension() != ".yaml") continue;
            if (path.string().find("/artifacts/") != std::string::npos) continue;
            std::ifstream file(path, std::ios::binary);
            const std::string text((std::istreambuf_iterator<char>(file)), {});
            BOOST_TEST_CONTEXT(path) {
                mlscribe::yaml_error why;
                const auto document = meta_document::parse(text, &why);
                BOOST_REQUIRE_MESSAGE(document, why.line << ": " << why.message);
                if (document->text() == text) {
                    ++equal;
                    continue;
                }
                // Only texts that PyYAML folded differ, and only by that.
                ++folded;
                BOOST_TEST(text.find("\n  ") != std::string::npos);
                BOOST_TEST(path.parent_path().parent_path().filename() == "datasets");
                const auto again = meta_document::parse(document->text());
                BOOST_REQUIRE(again);
                BOOST_REQUIRE(again->entries().size() == document->entries().size());
                for (const auto& key : document->entries()) {
                    BOOST_TEST(again->find(key.first)->text == key.second.text);
                }
            }
        }
    }
    BOOST_TEST(equal > 50u);
    BOOST_TEST(folded == 2u);
}

BOOST_AUTO_TEST_CASE(scalars_keep_their_kind) {
    const std::string text = "a: true\nb: 1.5\nc: 7\nd: .inf\ne: 'true'\n";
    const auto document = meta_document::parse(text);
    BOOST_REQUIRE(document);
    BOOST_TEST(document->text() == text);
}

BOOST_AUTO_TEST_CASE(as_deep_as_it_is_read_on_a_small_stack) {
    const auto nested = [](const std::string& open, const std::string& close, std::size_t levels) {
        std::string text = "a: ";
        for (std::size_t i = 0; i != levels; ++i) text += open;
        text += '1';
        for (std::size_t i = 0; i != levels; ++i) text += close;
        return text + '\n';
    };
    const auto steps = [](std::size_t levels) {
        std::string text;
        for (std::size_t i = 0; i != levels; ++i) text += std::string(i, ' ') + "a:\n";
        return text;
    };
    const auto read = [](const std::string& text) {
        return test::on_a_small_stack([&text]() -> std::string {
            mlscribe::yaml_error why;
            const auto document = meta_document::parse(text, &why);
            return document ? document->text().substr(0, 2) : why.message;
        });
    };
    for (const std::size_t levels : {31u, 32u}) {
        const std::string expected = levels == 31 ? "a:" : "more than 32 levels";
        BOOST_TEST(read(nested("[", "]", levels)) == expected);
        BOOST_TEST(read(nested("{a: ", "}", levels)) == expected);
        BOOST_TEST(read("a:\n" + nested("- ", "", levels).substr(3)) == expected);
        BOOST_TEST(read(steps(levels + 1)) == expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()
