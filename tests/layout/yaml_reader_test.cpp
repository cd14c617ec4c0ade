// SPDX-License-Identifier: MIT
#include <mlscribe/layout/meta_yaml.hpp>
#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/layout/yaml_scalar.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "recorded_texts.hpp"
#include "seed.hpp"

namespace {

using mlscribe::read_yaml;
using mlscribe::yaml_value;

// A short form of a value: text of scalars, with a letter for those that are no strings.
std::string shown(const yaml_value& value) {
    std::string out;
    switch (value.type) {
        case yaml_value::kind::null:
            return "null";
        case yaml_value::kind::boolean:
            return "b:" + value.text;
        case yaml_value::kind::integer:
            return "i:" + value.text;
        case yaml_value::kind::real:
            return "r:" + value.text;
        case yaml_value::kind::string:
            return (value.date ? "d:" : "") + ("<" + value.text + ">");
        case yaml_value::kind::mapping:
            for (const auto& entry : value.entries) {
                out += (out.empty() ? "" : ",") + entry.first + "=" + shown(entry.second);
            }
            return "{" + out + "}";
        case yaml_value::kind::sequence:
            for (const auto& item : value.items) out += (out.empty() ? "" : ",") + shown(item);
            return "[" + out + "]";
    }
    return out;
}

/// All of a document, or why there is none. \param before  lines that do not count
std::string read(std::string_view text, std::size_t before = 0) {
    mlscribe::yaml_error why;
    if (const auto value = read_yaml(text, &why)) return shown(*value);
    return "error " + std::to_string(why.line - before) + ": " + why.message;
}

bool refused(std::string_view text) {
    mlscribe::yaml_error why;
    return !read_yaml(text, &why) && why.line != 0 && !why.message.empty();
}

std::string with_other_line_breaks(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
    return out;
}

/// Spellings that take the long ways must mean the same.
void check(const std::string& text) {
    const std::string usual = read(text);
    BOOST_TEST_CONTEXT(mlscribe::yaml_quoted(text)) {
        if (text.find('\r') == std::string::npos) {
            BOOST_REQUIRE(read(with_other_line_breaks(text)) == usual);
        }
        if (text.compare(0, 3, "\xEF\xBB\xBF") != 0) {
            BOOST_REQUIRE(read("# \u00E9\n" + text, 1) == usual);
        }
    }
}

std::vector<std::string> written_documents() {
    std::vector<std::string> documents;
    for (const auto& path : test::golden_files("meta.yaml")) {
        std::ifstream file(path, std::ios::binary);
        documents.emplace_back(std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>());
    }
    mlscribe::run_meta run;
    run.run_id = std::string(32, '7');
    run.experiment_id = "219160639440920645";
    for (const std::string& text : test::nasty_strings()) {
        run.run_name = text;
        documents.push_back(to_document(run).text());
        documents.push_back("a: " + mlscribe::yaml_quoted(text) + "\nb: 1\n");
        documents.push_back("a: " + text + "\nb: 1\n");
    }
    return documents;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_yaml_reader)

BOOST_AUTO_TEST_CASE(top_level_scalars) {
    BOOST_TEST(read("a: b\nc: 'it''s'\nd: \"x\\ty\"\n") == "{a=<b>,c=<it's>,d=<x\ty>}");
    BOOST_TEST(read("a: null\nb: ~\nc:\nd: yes\ne: 0x1F\nf: 1e3\ng: .5\nh: 2024-01-01\n") ==
               "{a=null,b=null,c=null,d=b:yes,e=i:0x1F,f=<1e3>,g=r:.5,h=d:<2024-01-01>}");
    BOOST_TEST(read("a: file:///x/y\nb: a#b\nc: -x\nd: ?x\ne: x:y") ==
               "{a=<file:///x/y>,b=<a#b>,c=<-x>,d=<?x>,e=<x:y>}");
    BOOST_TEST(read("\"a b\": 1\n'c': '2'\n d: 3") == "error 3: a line that is indented too far");
    BOOST_TEST(read("a: x\na: y\nb: z\na: w\n") == "{a=<w>,b=<z>}");
    BOOST_TEST(read("a:\tb\t\nc: 'd'\t# e\n") == "{a=<b>,c=<d>}");
}

BOOST_AUTO_TEST_CASE(frames_of_a_file) {
    BOOST_TEST(read("\xEF\xBB\xBF"
                    "a: b\r\nc: d\r\n") == "{a=<b>,c=<d>}");
    BOOST_TEST(read("a: b\rc: d") == "{a=<b>,c=<d>}");
    BOOST_TEST(read("# c\n\n---\na: b # c\n# d\n...\n") == "{a=<b>}");
    BOOST_TEST(read("--- {a: b}\n") == "{a=<b>}");
    BOOST_TEST(read("   a: b\n   c: d\n") == "{a=<b>,c=<d>}");
    BOOST_TEST(read("{}") == "{}");
    BOOST_TEST(read("a: \xEF\xBB\xBFx") == "{a=<\xEF\xBB\xBFx>}");
}

BOOST_AUTO_TEST_CASE(folded_scalars) {
    BOOST_TEST(read("a: x\n  y\n\n  z\nb: 1\n") == "{a=<x y\nz>,b=i:1}");
    BOOST_TEST(read("a: 'x\n\n  y  z\n  w'\n") == "{a=<x\ny  z w>}");
    BOOST_TEST(read("a: \"x\n  y\\\n  \\  z\\n\n\n\n  w\"\n") == "{a=<x y  z\n\n\nw>}");
    BOOST_TEST(read("a: '\n\n  '\n") == "{a=<\n>}");
    BOOST_TEST(read("a: 'x\xE2\x80\xA8  y'\n") == "{a=<x\xE2\x80\xA8y>}");
    BOOST_TEST(read("a:\n  x\n  y\nb: c") == "{a=<x y>,b=<c>}");
    BOOST_TEST(read("schema: '{\"mlflow_colspec\": [{\"type\": \"double\", \"name\": \"f1\", "
                    "\"required\": true}, {\"type\":\n  \"long\"}]}'\n") ==
               "{schema=<{\"mlflow_colspec\": [{\"type\": \"double\", \"name\": \"f1\", "
               "\"required\": true}, {\"type\": \"long\"}]}>}");
}

BOOST_AUTO_TEST_CASE(escapes) {
    using namespace std::string_literals;
    BOOST_TEST(read(R"(a: "\0\a\b\t\n\v\f\r\e\ \"\/\\\N\_\L\P\x41\u00e9\U0001F600")") ==
               "{a=<\0\a\b\t\n\v\f\r\x1b \"/\\\xC2\x85\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9"
               "A\xC3\xA9\xF0\x9F\x98\x80>}"s);
    for (const char* text : {R"(a: "\q")", R"(a: "\'")", R"(a: "\x4")", R"(a: "\ud83d\ude00")",
                             R"(a: "\U00110000")", R"(a: "\)"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(refused(text));
        }
    }
}

BOOST_AUTO_TEST_CASE(block_scalars) {
    BOOST_TEST(read("a: |\n  x\n   y\n\n  z\nb: c") == "{a=<x\n y\n\nz\n>,b=<c>}");
    BOOST_TEST(read("a: >\n  x\n  y\n\n  z\n   w\n  v\n") == "{a=<x y\nz\n w\nv\n>}");
    BOOST_TEST(read("a: |-\n  x\n\nb: |+\n  y\n\n") == "{a=<x>,b=<y\n\n>}");
    BOOST_TEST(read("a: >2- # c\n   b\n") == "{a=< b>}");
    BOOST_TEST(read("a:\n- |\n  x\n- >-\n  y\n") == "{a=[<x\n>,<y>]}");
    BOOST_TEST(read("a: |\nb: c\n") == "{a=<>,b=<c>}");
    BOOST_TEST(refused("a: | x\n  y\n"));
    BOOST_TEST(refused("a: |\n\tx\n"));
}

BOOST_AUTO_TEST_CASE(nested_blocks) {
    BOOST_TEST(read("aliases:\n  champion: '1'\ntags: {}\n") == "{aliases={champion=<1>},tags={}}");
    BOOST_TEST(read("aliases:\n- champion\n- b\nx: 1\n") == "{aliases=[<champion>,<b>],x=i:1}");
    BOOST_TEST(read("a:\n  - x\n  - y\nb: 1") == "{a=[<x>,<y>],b=i:1}");
    BOOST_TEST(read("a:\n- b: 1\n  c:\n  - d\n-\n  e: 2\n- - f\n  - g\n-\n") ==
               "{a=[{b=i:1,c=[<d>]},{e=i:2},[<f>,<g>],null]}");
    BOOST_TEST(read("a:\n  b:\n    c: d\n  e: f\ng: h") == "{a={b={c=<d>},e=<f>},g=<h>}");
    BOOST_TEST(read("? long key\n: value\n? other\n:\n  a: b\n") ==
               "{long key=<value>,other={a=<b>}}");
}

BOOST_AUTO_TEST_CASE(flow_collections) {
    BOOST_TEST(read("a: []\nb: {}\nc: [1, 'x', \"y\" , z w]\nd: {e: f, \"g\":1, h}\n") ==
               "{a=[],b={},c=[i:1,<x>,<y>,<z w>],d={e=<f>,g=i:1,h=null}}");
    BOOST_TEST(read("a: [x,\n  # c\n\t[y, {z: [w]}],\n]\nb: 1") ==
               "{a=[<x>,[<y>,{z=[<w>]}]],b=i:1}");
    for (const char* text :
         {"a: [", "a: [x", "a: {x", "a: [x, ,]", "a: [,]", "a: [x]y", "a: {a: b}}", "a: [x}",
          "a: {: b}", "a: [\n---\n]", "a: [b]: c", "a: [{k:}]", "a: {k:,l: m}", "a: {k:?x}",
          "a: {k :}", "a: {k\n:[]}", "a: [b\n\tc]", "a:\n  - [b\n  \tc]"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(refused(text));
        }
    }
    BOOST_TEST(read("{a: b\n\tc}") == "{a=<b c>}");
    BOOST_TEST(read("a: {\"k\":,'l' :}\nb: {m:\n}\nc: [n:o, p ?q]") ==
               "{a={k=null,l=null},b={m=null},c=[<n:o>,<p ?q>]}");
    BOOST_TEST(read("a: [b\n \tc,\n\td]") == "{a=[<b c>,<d>]}");
}

BOOST_AUTO_TEST_CASE(what_pyyaml_refuses) {
    for (const char* text : {"",
                             "\n# c\n",
                             "...\n",
                             "just text",
                             "- a",
                             "'a'",
                             "a: 'x",
                             "a: \"x",
                             "a: b: c",
                             "a: - b",
                             "a: ? b",
                             "a: 'x' y",
                             "a: \"x\"y",
                             "a: x\nb",
                             "a\nb: c",
                             "\ta: b",
                             "a:\n\tb: c",
                             "a: b\n\tc",
                             "a: 'x'\n\t# c\nb: c",
                             "a: @x",
                             "a: `x",
                             "a: %x",
                             "a: -",
                             "a: ]",
                             "a: =",
                             "a: <<",
                             "a: 2024-13-45",
                             "a: 0b_",
                             "a: 0x_",
                             "a: x\n---\nb: c",
                             "a: x\n...\nb: c",
                             "a: 'x\n---\ny'",
                             "a: b\n c: d",
                             "a:\n    b: 1\n  c: 2",
                             "a:\n- b\n c: d",
                             "a: \xFF",
                             "a: \xC3",
                             "a: b\x01",
                             "a: \xEF\xBF\xBF",
                             "a: \x7F",
                             "a: 1 # c\n  2"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(refused(text));
        }
    }
    BOOST_TEST(refused(std::string_view("a: b\0", 5)));
    BOOST_TEST(refused("a: " + std::string(4301, '9')));
    BOOST_TEST(refused(std::string(1025, 'k') + ": v"));
    BOOST_TEST(!refused(std::string(1024, 'k') + ": v"));
}

BOOST_AUTO_TEST_CASE(what_is_left_out_says_so) {
    BOOST_TEST(read("a: b\n\xEF\xBB\xBF"
                    "c: d") == "error 2: a byte order mark inside the file");
    for (const char* text : {"a: &x b", "a: *x", "a: !!str b", "<<: {a: b}", "a: [b: c]"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(refused(text));
        }
    }
}

BOOST_AUTO_TEST_CASE(errors_name_the_line) {
    BOOST_TEST(read("a: b\n\nc: 'x\n") == "error 3: a single quote that is never closed");
    BOOST_TEST(read("a: b\r\nc: d\r\n\te: f") == "error 3: a tab; YAML is indented with blanks");
    BOOST_TEST(!read_yaml("a"));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
    const auto nested = [](std::size_t levels) {
        std::string text;
        for (std::size_t i = 0; i < levels; ++i) text += std::string(2 * i, ' ') + "a:\n";
        return text + std::string(2 * levels, ' ') + "b\n";
    };
    BOOST_TEST(!refused(nested(32)));
    BOOST_TEST(refused(nested(33)));
    // Collections of all kinds count, also empty ones, and texts do not.
    for (const char* innermost : {"", "b", "-", "- b", "b:", "b: c", "? b", "[]", "[b]", "{b}"}) {
        std::string items;
        for (int i = 0; i < 30; ++i) items += "- ";
        const bool fits = std::string(innermost).find_first_of("-:?[{") == std::string::npos;
        BOOST_TEST(!refused("a:\n  " + items + innermost));
        BOOST_TEST(refused("a:\n  - " + items + innermost) != fits, innermost);
    }
    for (const char* piece : {"[", "{a: ", "- ", "? ", "[[", "{? "}) {
        std::string text = "a: ";
        std::string lines = "a:\n  ";
        for (int i = 0; i < 200000; ++i) {
            text += piece;
            lines += piece;
        }
        BOOST_TEST(refused(text));
        BOOST_TEST(refused(lines));
    }
}

BOOST_AUTO_TEST_CASE(the_last_of_doubled_keys_wins) {
    BOOST_TEST(read("a: 1\nb: 2\na: 3\n") == "{a=i:3,b=i:2}");
    BOOST_TEST(read("a: 1\nb: 2\nb: 3\n") == "{a=i:1,b=i:3}");
    BOOST_TEST(read("{a: 1, a: 2}\n") == "{a=i:2}");
}

BOOST_AUTO_TEST_CASE(time_is_linear) {
    const auto work = [](const std::string& text) {
        const std::clock_t begin = std::clock();
        (void)read_yaml(text);
        return std::clock() - begin;
    };
    // Sixteen times the text is sixteen times the work, or 256 times where a pass is quadratic.
    const auto is_linear = [&work](const std::string& begin, const auto& piece) {
        std::string text = begin;
        for (int i = 0; i < 4000; ++i) text += piece(i);
        const std::clock_t some = (std::max)(work(text), std::clock_t{CLOCKS_PER_SEC / 1000});
        for (int i = 4000; i < 64000; ++i) text += piece(i);
        return work(text) < 64 * some;
    };
    for (const char* piece : {"\n", " \n", "''", "a\n ", "\\\n", " #\n", "  ", "'\n", "- \n",
                              "\"\n", ": ", "[],", "a: b\n", "\r", "\xE2\x80\xA8"}) {
        for (const char* begin :
             {"a: ", "a: '", "a: \"", "a: |\n  x", "a: >\n x\n", "a: [", "a:\n", "? "}) {
            BOOST_TEST_CONTEXT(begin << " " << piece) {
                BOOST_TEST(is_linear(begin, [piece](int) { return piece; }));
            }
        }
    }
    BOOST_TEST(is_linear("", [](int i) { return "k" + std::to_string(i % 50000) + ": 1\n"; }));
}

BOOST_AUTO_TEST_CASE(no_bytes_crash_it) {
    const char* const pieces[] = {
        "a: ",  "- ",   "? ",   ": ", "\n", "\n  ", " ",        "\t",
        "x",    "#",    "'",    "\"", "|",  ">",    "+",        "-",
        "2",    "[",    "]",    "{",  "}",  ",",    "---",      "...",
        "\r",   "\\",   "\\x4", "&",  "!",  "%",    "\xC2\x85", "\xE2\x80\xA8",
        "\xE2", "\xFF", "é",    "1",  "~",  "="};
    std::mt19937 random(test::seed(1));
    std::size_t accepted = 0;
    for (int i = 0; i < 60000; ++i) {
        std::string text = i % 2 == 0 ? "a: " : "";
        for (auto n = random() % 16; n != 0; --n) {
            if (random() % 20 == 0) {
                text += static_cast<char>(random());
            } else {
                text += pieces[random() % std::size(pieces)];
            }
        }
        mlscribe::yaml_error why;
        const auto value = read_yaml(text, &why);
        if (value) ++accepted;
        BOOST_REQUIRE((value.has_value() || (why.line != 0 && !why.message.empty())));
    }
    BOOST_TEST(accepted > 1000u);
}

BOOST_AUTO_TEST_CASE(documents_mean_the_same_in_unusual_spellings) {
    const std::vector<std::string> written = written_documents();
    BOOST_REQUIRE_GT(written.size(), 500u);
    for (const std::string& document : written) check(document);

    const std::string_view pieces[] = {":",
                                       ": ",
                                       "\n",
                                       "\n\n",
                                       "\n  ",
                                       "\t",
                                       " ",
                                       "#",
                                       " #",
                                       "'",
                                       "\"",
                                       "\\",
                                       "\\n",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       ",",
                                       "-",
                                       "- ",
                                       "---",
                                       "...",
                                       "? ",
                                       "&",
                                       "|",
                                       ">",
                                       "|+\n",
                                       "~",
                                       "null",
                                       "yes",
                                       "=",
                                       "<<",
                                       "017",
                                       "1:30",
                                       "1e3",
                                       ".5",
                                       ".inf",
                                       "\x7F",
                                       "\xC2\x85",
                                       "\xE2\x80\xA8",
                                       "\xC3\xA9",
                                       "\xE2",
                                       "\xEF\xBB\xBF",
                                       "\nstatus: 4",
                                       "2024-02-30"};
    std::mt19937 random(test::seed(2));
    std::size_t accepted = 0;
    for (int i = 0; i != 20000; ++i) {
        std::string text = written[random() % written.size()];
        for (auto n = 1 + random() % 3; n != 0; --n) {
            const std::size_t at = random() % (text.size() + 1);
            const std::string_view piece = pieces[random() % std::size(pieces)];
            text.replace(at, random() % 3 == 0 ? random() % 8 : 0, piece.data(), piece.size());
        }
        check(text);
        if (read_yaml(text)) ++accepted;
    }
    BOOST_TEST(accepted > 2000u);
}

BOOST_AUTO_TEST_CASE(values_are_bounded) {
    const auto flow = [](std::size_t items) {
        std::string text = "a: [x";
        for (std::size_t i = 1; i < items; ++i) text += ",x";
        return text + "]\n";
    };
    const auto block = [](std::size_t items) {
        std::string text = "a:\n";
        for (std::size_t i = 0; i < items; ++i) text += "- x\n";
        return text;
    };
    const auto keys = [](std::size_t count, const char* end) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += std::to_string(i) + end;
        return text;
    };
    // The key `a` is one of them.
    const std::size_t most = mlscribe::max_yaml_values;
    BOOST_TEST(read_yaml(flow(most - 1)).has_value());
    BOOST_TEST(read_yaml(block(most - 1)).has_value());
    BOOST_TEST(read_yaml(keys(most, ":\n")).has_value());
    BOOST_TEST(read_yaml("a: {" + keys(most - 1, ",") + "}\n").has_value());
    for (const std::string& text :
         {flow(most), block(most), keys(most + 1, ":\n"), "a: {" + keys(most, ",") + "}\n"}) {
        mlscribe::yaml_error why;
        BOOST_TEST(!read_yaml(text, &why));
        BOOST_TEST(why.is_limit);
        BOOST_TEST(why.message.find("65536 values") != why.message.npos);
    }
    mlscribe::yaml_error why;
    BOOST_TEST(!read_yaml("a: [", &why));
    BOOST_TEST(!why.is_limit);
}

BOOST_AUTO_TEST_SUITE_END()
