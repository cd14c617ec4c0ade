// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/protobuf_reader.hpp>
#include <mlscribe/flavor/protobuf_writer.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace std::string_view_literals;
using mlscribe::detail::byte_window;
using mlscribe::detail::protobuf_field;
using mlscribe::detail::protobuf_reader;
using mlscribe::detail::protobuf_writer;

namespace {

/// Whether a message is read to its end.
bool is_whole(std::string_view bytes) {
    byte_window source(bytes);
    protobuf_reader reader(source, 0, bytes.size());
    protobuf_field field;
    while (reader.next(field)) {
    }
    return !reader.damaged();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flavor_protobuf_reader)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    const std::int64_t numbers[] = {0,
                                    1,
                                    127,
                                    128,
                                    300,
                                    -1,
                                    std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min()};
    protobuf_writer writer;
    for (const std::int64_t number : numbers) writer.number(7, number);
    writer.bytes(536870911, std::string(300, 'x'));
    byte_window source(writer.str());
    protobuf_reader reader(source, 0, writer.str().size());
    protobuf_field field;
    for (const std::int64_t number : numbers) {
        BOOST_TEST_REQUIRE(reader.next(field));
        BOOST_TEST((field.number == 7 && !field.has_bytes && field.value == number));
    }
    BOOST_TEST_REQUIRE(reader.next(field));
    BOOST_TEST(field.number == 536870911);
    BOOST_TEST((field.has_bytes && field.end - field.begin == 300));
    BOOST_TEST(!reader.next(field));
    BOOST_TEST(!reader.damaged());
}

BOOST_AUTO_TEST_CASE(fixed_numbers_are_stepped_over) {
    BOOST_TEST(is_whole("\x0d\1\2\3\4\x09\1\2\3\4\5\6\7\x08\x08\x01"sv));
    BOOST_TEST(!is_whole("\x0d\1\2\3"sv));
    BOOST_TEST(!is_whole("\x09\1\2\3\4\5\6\7"sv));
}

BOOST_AUTO_TEST_CASE(damage_is_told) {
    BOOST_TEST(is_whole(""sv));
    BOOST_TEST(!is_whole("\x08"sv));          // no number
    BOOST_TEST(!is_whole("\x08\x80"sv));      // a number without an end
    BOOST_TEST(!is_whole("\x12\x05test"sv));  // fewer bytes than told
    BOOST_TEST(!is_whole("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv));
    BOOST_TEST(!is_whole("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv));
    BOOST_TEST(!is_whole("\x02\x00"sv));  // field 0
    BOOST_TEST(!is_whole("\x0b\x0c"sv));  // a group
    BOOST_TEST(!is_whole("\xf8\xff\xff\xff\xff\x01\x01"sv));
}

BOOST_AUTO_TEST_CASE(a_number_does_not_reach_beyond_its_message) {
    byte_window source("\x08\x80\x01"sv);
    protobuf_reader reader(source, 0, 2);
    protobuf_field field;
    BOOST_TEST(!reader.next(field));
    BOOST_TEST(reader.damaged());
}

BOOST_AUTO_TEST_SUITE_END()
