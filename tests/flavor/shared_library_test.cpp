// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/shared_library.hpp>

#include <string>

#include "model_directory.hpp"
#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(flavor_shared_library)

BOOST_AUTO_TEST_CASE(a_library_is_logged_with_its_data_and_its_loader) {
    const test::scratch_directory scratch;
    const std::string model = scratch / "model";
    const std::string library = scratch / "libforest.so";
    const std::string data = scratch / "trees.bin";
    test::write_file(library,
                     "\x7f"
                     "ELF mlscribe_predictor_predict");
    test::write_file(data, "trees");
    mlscribe::shared_library_model forest{library, {{data, "sub/trees.bin"}}};
    BOOST_TEST(!test::save_model(model, forest));
    BOOST_TEST(
        test::tree(model) ==
            (std::vector<std::string>{"MLmodel", "code/", "code/mlscribe_ctypes_loader.py", "data/",
                                      "data/predictor.so", "data/sub/", "data/sub/trees.bin"}),
        boost::test_tools::per_element());

    mlscribe::error failure;
    const auto place = test::load_model<mlscribe::shared_library_place>(model, failure);
    BOOST_TEST(!failure);
    BOOST_TEST(place.library == model + "/data/predictor.so");
    BOOST_TEST(place.directory == model + "/data");

    const auto refused = [&](const char* why) {
        const std::string message = test::save_model(model, forest).message;
        BOOST_TEST(message.find(why) != std::string::npos, message);
    };
    forest.files[0].name = "predictor.so";
    refused("is the name of the library");
    forest.files[0].name = "../trees.bin";
    refused("must not contain '.' or '..'");
    forest.library = data;
    refused("trees.bin\" exports no predictor");
}

BOOST_AUTO_TEST_SUITE_END()
