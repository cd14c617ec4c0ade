// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/lightgbm.hpp>
#include <mlscribe/flavor/torchscript.hpp>
#include <mlscribe/flavor/xgboost_file.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "bounded_memory.hpp"
#include "child_process.hpp"
#include "model_directory.hpp"
#include "scratch_directory.hpp"

using namespace std::string_literals;
using mlscribe::error;
using mlscribe::error_code;

namespace {

const std::string ubj_head = "{L\0\0\0\0\0\0\0\7learner{L"s;
const std::string ubj_tail = "}L\0\0\0\0\0\0\0\7version[#L\0\0\0\0\0\0\0\3i\1i\7i\4}"s;
const std::string json = R"({"learner":{},"version":[3,2,0]})";
const std::string trees =
    "tree\nversion=v4\nnum_class=1\nfeature_names=age Column_1\n\nTree=0\n\nend of trees\n";

struct one_file {
    test::scratch_directory scratch;
    std::string path = scratch / "source";
    std::string model = scratch / "model";
    error failure;

    template <class File>
    bool takes(const std::string& bytes) {
        test::write_file(path, bytes);
        File file;
        file.path = path;
        failure = test::save_model(model, file);
        return !failure;
    }
    bool tells(std::string_view why) const {
        return failure.message.find(path) != std::string::npos &&
               failure.message.find(why) != std::string::npos;
    }
    std::string flavor(const char* name, const char* key) const {
        const auto all = mlscribe::read_yaml(test::read_file(model + "/MLmodel")).value();
        const mlscribe::yaml_value* const found = all.find("flavors")->find(name);
        const mlscribe::yaml_value* const value = found == nullptr ? nullptr : found->find(key);
        return value == nullptr ? "(missing)" : value->text;
    }
};

/// The end of a zip archive whose list of names is these bytes.
std::string zip_of(const std::string& names, bool beyond_32_bits) {
    const auto number = [](std::uint64_t value, int bytes) {
        std::string out;
        for (; bytes-- != 0; value >>= 8) out += static_cast<char>(value & 0xFF);
        return out;
    };
    std::string out = "PK\3\4 a tensor ";
    const std::uint64_t start = out.size();
    out += names;
    if (beyond_32_bits) {
        out += "PK\6\6" + number(44, 8) + number(0, 28) + number(names.size(), 8) +
               number(start, 8) + "PK\6\7" + number(0, 16);
    }
    return out + "PK\5\6" + number(0, 8) + number(names.size(), 4) +
           number(beyond_32_bits ? 0xFFFFFFFF : start, 4) + number(0, 2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flavor_saved_files)

BOOST_FIXTURE_TEST_CASE(a_saved_booster_of_xgboost_tells_its_format_and_version, one_file) {
    BOOST_TEST(takes<mlscribe::xgboost_file>(ubj_head + ubj_tail));
    BOOST_TEST(flavor("xgboost", "xgb_version") == "1.7.4");
    BOOST_TEST(flavor("xgboost", "data") == "model.ubj");
    BOOST_TEST(flavor("python_function", "loader_module") == "mlflow.xgboost");
    BOOST_TEST(takes<mlscribe::xgboost_file>(json + '\n'));
    BOOST_TEST(flavor("xgboost", "xgb_version") == "3.2.0");
    BOOST_TEST(test::load_model<mlscribe::xgboost_file>(model, failure).path ==
               model + "/model.json");
    BOOST_TEST(!failure);
}

BOOST_FIXTURE_TEST_CASE(what_xgboost_did_not_save_whole_is_refused, one_file) {
    for (const std::string& whole : {ubj_head + ubj_tail, json}) {
        for (std::size_t size = 20; size != whole.size(); ++size) {
            BOOST_TEST(!takes<mlscribe::xgboost_file>(whole.substr(0, size)), size);
            BOOST_TEST(tells("was cut off"), failure.message);
        }
    }
    for (const char* text : {"", "learner and version", "{\"version\":[1,7,4]}"}) {
        BOOST_TEST(!takes<mlscribe::xgboost_file>(text), text);
        BOOST_TEST(tells("no model that XGBoost saved"), failure.message);
    }
    failure = test::save_model(model, mlscribe::xgboost_file{scratch / "missing"});
    BOOST_TEST((failure.code == error_code::system), failure.message);
}

BOOST_FIXTURE_TEST_CASE(a_saved_booster_of_lightgbm_tells_its_features, one_file) {
    BOOST_TEST(takes<mlscribe::lightgbm_file>(trees));
    BOOST_TEST(flavor("lightgbm", "model_class") == "lightgbm.basic.Booster");
    const std::string named = test::read_file(model + "/MLmodel");
    BOOST_TEST(named.find("age") != std::string::npos, named);
    const mlscribe::detail::lightgbm_head unnamed(
        "tree\nversion=v3\nfeature_names=Column_0 Column_1 Column_2\n");
    BOOST_TEST(unnamed.requirement() == "lightgbm");
    BOOST_REQUIRE(unnamed.signature().inputs.size() == 1u);
    BOOST_TEST(unnamed.signature().inputs[0].shape.back() == 3);
    // Its end is found wherever the file's pieces meet.
    for (std::size_t size = 65500; size != 65560; ++size) {
        const std::string values(size, ' ');
        BOOST_TEST(takes<mlscribe::lightgbm_file>("tree\n" + values + "\nend of trees\n"), size);
    }
    BOOST_TEST(!takes<mlscribe::lightgbm_file>(trees.substr(0, trees.size() - 1)));
    BOOST_TEST(tells("was cut off"), failure.message);
    BOOST_TEST(!takes<mlscribe::lightgbm_file>("a tree\n"));
    BOOST_TEST(tells("no model that LightGBM saved"), failure.message);
    BOOST_TEST(takes<mlscribe::lightgbm_file>(trees));
    BOOST_TEST(test::load_model<mlscribe::lightgbm_file>(model, failure).path ==
               model + "/model.lgb");
    BOOST_TEST(!failure);
    test::write_file(model + "/model.lgb", trees.substr(0, 20));
    test::load_model<mlscribe::lightgbm_file>(model, failure);
    BOOST_TEST(failure.message.find("was cut off") != std::string::npos, failure.message);
}

BOOST_FIXTURE_TEST_CASE(a_torchscript_file_is_known_by_its_list_of_names, one_file) {
    for (const bool beyond : {false, true}) {
        const std::string script = zip_of("net/data.pkl net/constants.pkl", beyond);
        BOOST_TEST(takes<mlscribe::torchscript_file>(script), failure.message);
        BOOST_TEST(test::read_file(model + "/data/model.pth") == script);
        BOOST_TEST(test::read_file(model + "/data/pickle_module_info.txt") ==
                   "mlflow.pytorch.pickle_module");
        BOOST_TEST(flavor("pytorch", "pytorch_version") == "unknown");
        BOOST_TEST(!takes<mlscribe::torchscript_file>(script.substr(0, script.size() - 1)));
        BOOST_TEST(tells("was cut off"), failure.message);
        BOOST_TEST(!takes<mlscribe::torchscript_file>(zip_of("net/data.pkl net/data/0", beyond)));
        BOOST_TEST(tells("not TorchScript"), failure.message);
    }
    BOOST_TEST(!takes<mlscribe::torchscript_file>("weights"));
    BOOST_TEST(tells("is no TorchScript file"), failure.message);
    BOOST_TEST(takes<mlscribe::torchscript_file>(zip_of("net/data.pkl net/constants.pkl", false)));
    const auto loaded = test::load_model<mlscribe::torchscript_file>(model, failure);
    BOOST_TEST(!failure);
    BOOST_TEST(loaded.path == model + "/data/model.pth");
    BOOST_TEST(loaded.torch_version == "unknown");
    test::write_file(model + "/data/model.pth", zip_of("net/data.pkl", false));
    test::load_model<mlscribe::torchscript_file>(model, failure);
    BOOST_TEST(failure.message.find("not TorchScript") != std::string::npos, failure.message);
}

BOOST_FIXTURE_TEST_CASE(a_list_of_names_as_large_as_the_file_takes_no_memory, one_file) {
    constexpr std::size_t size = std::size_t{128} << 20;
    test::write_file(path, "PK\3\4");
    std::filesystem::resize_file(path, size);
    std::ofstream(path, std::ios::app) << "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\10\0\0\0\0\0\0"s;
    const std::string said = test::in_child([this] {
        test::bound_memory(32);
        return test::save_model(model, mlscribe::torchscript_file{path}).message;
    });
    BOOST_TEST(said.find("not TorchScript") != std::string::npos, said);
}

BOOST_FIXTURE_TEST_CASE(a_flavor_names_a_file_of_its_own_directory, one_file) {
    BOOST_TEST(takes<mlscribe::xgboost_file>(json));
    const auto refused = [this](const std::string& flavors, const char* why) {
        test::write_file(model + "/MLmodel", "flavors:\n" + flavors);
        test::load_model<mlscribe::xgboost_file>(model, failure);
        BOOST_TEST(failure.message.find(why) != std::string::npos, failure.message);
    };
    refused("  xgboost: {data: ../source}\n", "must not contain '.' or '..'");
    refused("  xgboost: {data: /etc/passwd}\n", "must be relative");
    refused("  xgboost: {data: other.json}\n", "other.json\": No such file");
    refused("  xgboost: {}\n", "without \"data\"");
    refused("  onnx: {}\n  sklearn: {}\n", "has no flavor xgboost; it has onnx, sklearn");
}

BOOST_AUTO_TEST_SUITE_END()
