// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure/svg_path.hpp>
#include <mlscribe/figure/text_width.hpp>

#include <string>

using mlscribe::detail::cut;
using mlscribe::detail::shortened;
using mlscribe::detail::svg_path;
using mlscribe::detail::text_width;

namespace {

std::string escaped(std::string_view text) {
    std::string svg;
    mlscribe::detail::append_escaped(svg, text);
    return svg;
}

std::string pixels(double value) {
    std::string svg;
    mlscribe::detail::append_pixels(svg, value);
    return svg;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figure_svg_text)

BOOST_AUTO_TEST_CASE(what_xml_reads_as_its_own_is_escaped) {
    BOOST_TEST(escaped("<script>alert(\"1\" & '2')</script>") ==
               "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
}

BOOST_AUTO_TEST_CASE(what_xml_cannot_hold_is_repaired_or_left_out) {
    BOOST_TEST(escaped("a\nb\tc\r") == "a b c ");
    BOOST_TEST(escaped(std::string_view("a\0\x01\x1b\x7f\xc2\x9f"
                                        "b",
                                        8)) == "ab");
    BOOST_TEST(escaped("\xff|\xc3|\xed\xa0\x80") ==
               "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    BOOST_TEST(escaped("\xef\xbf\xbe\xef\xbf\xbf") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    BOOST_TEST(escaped("\u202Etxt.exe") == "\uFFFDtxt.exe");
    BOOST_TEST(escaped("\xF0\x9F\x94\xA5 \xC3\xA9") == "\xF0\x9F\x94\xA5 \xC3\xA9");
}

BOOST_AUTO_TEST_CASE(coordinates_are_tenths_in_the_fewest_characters) {
    BOOST_TEST(pixels(0) == "0");
    BOOST_TEST(pixels(-0.04) == "0");
    BOOST_TEST(pixels(0.25) == ".3");
    BOOST_TEST(pixels(-0.3) == "-.3");
    BOOST_TEST(pixels(12.34) == "12.3");
    BOOST_TEST(pixels(-640) == "-640");
}

BOOST_AUTO_TEST_CASE(a_path_goes_in_relative_steps_that_do_not_drift) {
    svg_path path;
    path.move_to(10, 20);
    path.line_to(10.04, 20);  // not a tenth away
    path.line_to(12.5, 18.25);
    path.line_to(13, 19);
    path.line_to(12, 19);
    path.dot(1, 1);
    path.rectangle(5, 5, 10.5, 8);
    BOOST_TEST(path.text() == "m10 20l2.5-1.7 .5 .7-1 0m-11-18h0m4 4h5.5v3h-5.5z");
}

BOOST_AUTO_TEST_CASE(a_text_without_room_is_cut_at_its_end_or_inside) {
    BOOST_TEST(text_width("iii", 10) < text_width("WWW", 10) / 2);
    BOOST_TEST(text_width("\xE6\x90\x8D", 10) > 10);
    BOOST_TEST(text_width("e\xCC\x81", 10) == text_width("e", 10));
    BOOST_TEST(shortened("short", 12, 100) == "short");
    BOOST_TEST(shortened("a text that is too long", 12, 80) == "a text that\xE2\x80\xA6");
    BOOST_TEST(shortened("feature_with_a_long_name_17", 12, 100, false, cut::inside) ==
               "feature\xE2\x80\xA6"
               "e_17");
    for (const cut where : {cut::end, cut::inside}) {
        for (double room = 0; room < 200; room += 7) {
            const std::string text =
                shortened("\xD0\xBF\xD0\xBE\xD1\x82\xD0\xB5\xD1\x80\xD1\x8F, 10 epochs", 12, room,
                          true, where);
            BOOST_TEST(mlscribe::utf8::is_valid(text));
            BOOST_TEST((text == "\xE2\x80\xA6" || text_width(text, 12, true) <= room));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
