// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/registry.hpp>

#include "scratch_directory.hpp"

using mlscribe::logging_error;
using mlscribe::strictness;

BOOST_AUTO_TEST_SUITE(registry_raised)

BOOST_AUTO_TEST_CASE(a_failed_call_throws) {
    const test::scratch_directory scratch;
    mlscribe::registry models(scratch.store(), strictness::raise);
    BOOST_CHECK_THROW(models.register_model("runs:/absent/net", "iris"), logging_error);
    BOOST_CHECK_THROW(models.create_registered_model("a/b"), logging_error);
    BOOST_CHECK_THROW(models.get_registered_model("absent"), logging_error);
    BOOST_CHECK_THROW(models.model_versions("absent"), logging_error);
    BOOST_CHECK_THROW(models.set_registered_model_alias("absent", "champion", 1), logging_error);
    test::write_file(scratch.store() + "/models/damaged/meta.yaml", "name: [\n");
    BOOST_CHECK_THROW(models.search_registered_models(), logging_error);
}

BOOST_AUTO_TEST_SUITE_END()
