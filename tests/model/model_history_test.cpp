// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/model/model_history.hpp>

#include <cstddef>
#include <string>

using mlscribe::document;
using mlscribe::detail::longest_model_history;
using mlscribe::detail::model_history_with;

namespace {

document list_of(const std::string& items) {
    return mlscribe::parse_json('[' + items + ']').value();
}

std::string with(const std::string& items) {
    mlscribe::detail::model_identity model;
    model.artifact_path = "net";
    return model_history_with(list_of(items), model, {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_model_history)

BOOST_AUTO_TEST_CASE(the_newest_that_have_room_are_kept) {
    const std::string alone = with("");
    const std::string filled =
        "\"" + std::string(longest_model_history - alone.size() - 9, 'x') + "\"";
    const std::string whole = with("12, " + filled);
    BOOST_TEST(whole.size() == longest_model_history - 1);
    BOOST_TEST(whole.find("[12, \"x") == 0u);
    BOOST_TEST(with("123, " + filled).find("[123, \"x") == 0u);
    BOOST_TEST(with("1234, " + filled).find("[\"x") == 0u);
    const std::string large = '"' + std::string(longest_model_history, 'y') + '"';
    BOOST_TEST(with("1, " + large) == alone);
}

BOOST_AUTO_TEST_CASE(a_model_takes_the_place_of_one_of_its_name) {
    const std::string other = R"({"artifact_path": "other"})";
    const std::string same = R"({"artifact_path": "net"})";
    BOOST_TEST(with(same + ", " + other + ", " + same) == with(other));
}

BOOST_AUTO_TEST_CASE(a_list_of_many_is_cut_at_once) {
    std::string many = "0";
    while (many.size() < 500000) many += ",0";
    const std::string text = with(many);
    BOOST_TEST(text.size() > longest_model_history - 3);
    BOOST_TEST(text.size() <= longest_model_history);
}

BOOST_AUTO_TEST_SUITE_END()
