// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/registry/model_records.hpp>

#include <string>

#include "recorded_texts.hpp"
#include "scratch_directory.hpp"

using mlscribe::meta_document;
using mlscribe::model_version;
using mlscribe::read_model_version;
using mlscribe::read_registered_model;
using mlscribe::registered_model;

namespace {

std::string why_no_version(const std::string& text) {
    std::string why = "(read)";
    const auto document = meta_document::parse(text);
    BOOST_REQUIRE(document.has_value());
    if (read_model_version(*document, why)) return "(read)";
    return why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_model_records)

BOOST_AUTO_TEST_CASE(byte_for_byte_what_mlflow_2_wrote) {
    int compared = 0;
    for (const auto& file : test::golden_files("/models/golden-reg/")) {
        if (file.filename() != "meta.yaml") continue;
        const std::string text = test::read_file(file.string());
        const auto document = meta_document::parse(text);
        BOOST_REQUIRE(document.has_value());
        std::string why;
        const bool of_mlflow_2 = file.string().find("golden_v2") != std::string::npos;
        if (document->find("version") == nullptr) {
            auto model = read_registered_model(*document, why);
            BOOST_REQUIRE_MESSAGE(model, why);
            BOOST_TEST(model->description == "reg: desc");
            model->aliases["champion"] = 1;
            if (of_mlflow_2) BOOST_TEST(to_document(*model).text() == text);
        } else {
            auto version = read_model_version(*document, why);
            BOOST_REQUIRE_MESSAGE(version, why);
            BOOST_TEST(version->version == 1);
            BOOST_TEST(version->current_stage == "None");
            BOOST_TEST(version->model_id.empty() == of_mlflow_2);
            version->aliases = {"champion"};
            if (of_mlflow_2) BOOST_TEST(to_document(*version).text() == text);
        }
        ++compared;
    }
    BOOST_TEST(compared == 6);
}

BOOST_AUTO_TEST_CASE(what_both_need_is_asked_for) {
    BOOST_TEST(why_no_version("creation_timestamp: 1\nname: x\nversion: 1\n") == "(read)");
    BOOST_TEST(why_no_version("creation_timestamp: 1\nname: x\nversion: '1'\n") ==
               "meta.yaml key \"version\" is missing or no number from 1");
    BOOST_TEST(why_no_version("creation_timestamp: 1\nversion: 1\n") ==
               "meta.yaml key \"name\" is missing");
    BOOST_TEST(why_no_version("name: x\nversion: 1\n") ==
               "meta.yaml key \"creation_timestamp\" is missing");
    std::string why;
    BOOST_TEST(!read_registered_model(*meta_document::parse("description: x\n"), why));
    BOOST_TEST(why == "meta.yaml key \"name\" is missing");
}

BOOST_AUTO_TEST_SUITE_END()
