// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/protobuf_writer.hpp>

#include <string>
#include <string_view>

using namespace std::string_view_literals;
using mlscribe::detail::protobuf_writer;

BOOST_AUTO_TEST_SUITE(flavor_protobuf_writer)

BOOST_AUTO_TEST_CASE(fields_have_the_bytes_that_protobuf_gives_them) {
    const std::string written = protobuf_writer()
                                    .number(1, 150)
                                    .bytes(2, "testing")
                                    .message(3, protobuf_writer().number(1, -1))
                                    .number(20, 0)
                                    .str();
    const bool same = written ==
                      "\x08\x96\x01\x12\x07testing\x1a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                      "\x01\xa0\x01\x00"sv;
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_SUITE_END()
