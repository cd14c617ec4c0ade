// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/npy_header_reader.hpp>

#include <cstddef>
#include <string>
#include <vector>

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::npy_header;
using mlscribe::detail::npy_header_text;
using mlscribe::detail::read_npy_header;

namespace {

using lengths = std::vector<std::size_t>;

/// A file with this header and so many bytes of values.
std::string file(const std::string& header, std::size_t values, char version = 1) {
    std::string bytes = "\x93NUMPY";
    bytes += version;
    bytes += '\0';
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
        bytes += static_cast<char>(header.size() >> 8 * i & 0xff);
    }
    return bytes + header + std::string(values, '\0');
}

npy_header sound(const std::string& bytes) {
    npy_header header;
    const error failure = read_npy_header(bytes, header);
    BOOST_TEST(failure.message == "");
    return header;
}

void refused(const std::string& bytes, const std::string& why) {
    npy_header header;
    header.shape = {7};
    const error failure = read_npy_header(bytes, header);
    BOOST_TEST((failure.code == error_code::damaged));
    BOOST_TEST(failure.message.find(why) != std::string::npos, failure.message);
    BOOST_TEST(header.shape == lengths{7}, boost::test_tools::per_element());
}

std::string with_shape(const std::string& shape) {
    return "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_npy_header)

BOOST_AUTO_TEST_CASE(what_is_written_is_numpys_own_and_reads_back) {
    npy_header header;
    header.type = {'i', 2, false};
    header.shape = {3, 4};
    const std::string text = npy_header_text(header);
    BOOST_TEST(text == file("{'descr': '<i2', 'fortran_order': False, 'shape': (3, 4), }" +
                                std::string(58, ' ') + "\n",
                            0));
    const npy_header back = sound(text + std::string(24, 'x'));
    BOOST_TEST(back.shape == header.shape, boost::test_tools::per_element());
    BOOST_TEST(back.type.kind == 'i');
    BOOST_TEST(back.type.size == 2u);
    BOOST_TEST(back.values_begin == text.size());
    for (const lengths& shape : {lengths{}, lengths{0}, lengths{1000000}, lengths(64, 1)}) {
        header.shape = shape;
        const std::string any = npy_header_text(header);
        BOOST_TEST(any.size() % 64 == 0u);
        std::size_t count = 0;
        BOOST_TEST(mlscribe::detail::count_npy_values(shape, count));
        BOOST_TEST(sound(any + std::string(2 * count, 'x')).shape == shape,
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(every_spelling_that_numpy_takes_is_read) {
    const std::string odd = " {\"shape\" : (2L,\t3 ,), 'fortran_order':True,\n'descr':'>u4'} ";
    for (const char version : {'\1', '\2', '\3'}) {
        const npy_header header = sound(file(odd, 24, version));
        BOOST_TEST(header.shape == (lengths{2, 3}), boost::test_tools::per_element());
        BOOST_TEST(header.fortran_order);
        BOOST_TEST(header.type.big_endian);
        BOOST_TEST(header.type.kind == 'u');
    }
    BOOST_TEST(sound(file(with_shape("()"), 8)).shape.empty());
    BOOST_TEST(sound(file(with_shape("(0, 9000000000000000000)"), 0)).shape.size() == 2u);
    for (const std::string type : {"|b1", "|i1", "=i8", "f4", "|u1"}) {
        const std::string text = "{'descr':'" + type + "','fortran_order':False,'shape':(1,)}";
        BOOST_TEST(sound(file(text, static_cast<std::size_t>(type.back() - '0'))).shape.size() ==
                   1u);
    }
}

BOOST_AUTO_TEST_CASE(hostile_headers_are_refused_without_being_believed) {
    refused("", "no .npy file");
    refused("PK\x03\x04", "no .npy file");
    const std::string whole = file(with_shape("(2,)"), 16);
    for (std::size_t length = 6; length < whole.size(); ++length) {
        refused(whole.substr(0, length), "cut short");
    }
    refused(whole + 'x', "too many");
    refused(file(with_shape("(2,)"), 16, 4), "version 4.0");
    std::string longer = whole;
    longer[9] = '\x7f';
    refused(longer, "cut short in its header");
    refused(file(with_shape("(4611686018427387904, 4)"), 16), "too few");
    refused(file(with_shape("(9223372036854775807,)"), 16), "too few");
    refused(file(with_shape("(9223372036854775808,)"), 16), "beyond 64 bits");
    refused(file(with_shape("(99999999999999999999999,)"), 16), "beyond 64 bits");
    refused(file(with_shape("(-1,)"), 16), "negative");
    refused(file(with_shape("(2)"), 16), "is not the dict");
    refused(file(with_shape("2"), 16), "is not the dict");
    refused(file(with_shape("(2,,)"), 16), "is not the dict");
    refused(file(with_shape("(1 1,)"), 16), "is not the dict");
    refused(file(with_shape("(2,").substr(0, 50), 16), "is not the dict");
    std::string many = "(";
    for (int i = 0; i < 65; ++i) many += "1,";
    refused(file(with_shape(many + ")"), 8), "64 dimensions");
    refused(file("__import__('os').system('true')", 8), "is not the dict");
    refused(file("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}", 8),
            "is not the dict");
    refused(file(with_shape("(1,)") + "; import os", 8), "behind its dict");
    refused(file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8), "Python objects");
    refused(file("{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}", 16), "\"<c16\"");
    refused(file("{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", 2), "\"<f2\"");
    refused(file("{'descr': '\x1b[2J', 'fortran_order': False, 'shape': (1,)}", 2), "values of");
    refused(file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", 8), "records");
    refused(file("{'descr': '<f8', 'shape': (1,)}", 8), "must have the keys");
    refused(file("{}", 8), "must have the keys");
    refused(file("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", 8),
            "is not the dict");
    refused(file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", 8), "none of");
    refused(file("{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}", 8), "is not the dict");
}

BOOST_AUTO_TEST_SUITE_END()
