// SPDX-License-Identifier: MIT
/// \file What lies in tests/data: strings that break careless writers, and trees that MLflow wrote.
#ifndef MLSCRIBE_TESTS_RECORDED_TEXTS_HPP
#define MLSCRIBE_TESTS_RECORDED_TEXTS_HPP

#include <mlscribe/layout/json_object.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace test {

/// The texts of nasty_strings.json, one a line.
inline std::vector<std::string> nasty_strings() {
    std::vector<std::string> texts;
    const char* const directory = std::getenv("MLSCRIBE_TEST_DATA");
    BOOST_REQUIRE_MESSAGE(directory != nullptr, "MLSCRIBE_TEST_DATA names tests/data");
    std::ifstream file(std::string(directory) + "/nasty_strings.json");
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.back() == ',') line.pop_back();
        const auto object = mlscribe::parse_flat_json_object("{\"k\":" + line + "}");
        if (object && object->size() == 1) texts.push_back(object->front().second);
    }
    return texts;
}

/// The files of the golden trees, no artifacts, whose path has `name` in it.
inline std::vector<std::filesystem::path> golden_files(const std::string& name) {
    std::vector<std::filesystem::path> files;
    const char* const golden = std::getenv("MLSCRIBE_GOLDEN");
    BOOST_REQUIRE_MESSAGE(golden != nullptr, "MLSCRIBE_GOLDEN names the unpacked trees");
    for (const char* tree : {"golden_v2/mlruns", "golden_v3/mlruns", "golden_v3/portable_mlruns"}) {
        const std::filesystem::path root = std::filesystem::path(golden) / tree;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
            const std::string path = entry.path().generic_string();
            if (entry.is_regular_file() && path.find(name) != std::string::npos &&
                path.find("/artifacts/") == std::string::npos) {
                files.push_back(entry.path());
            }
        }
    }
    return files;
}

}  // namespace test

#endif
