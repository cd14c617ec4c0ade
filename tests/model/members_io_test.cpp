// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/members_io.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::model_files;
using mlscribe::model_io;
using mlscribe::model_saver;

namespace {

enum class activation { identity, relu = 7 };

struct layer {
    std::vector<std::vector<float>> weights;
    std::vector<float> bias;
    activation act = activation::identity;
};
MLSCRIBE_DESCRIBE(layer, weights, bias, act)

struct network {
    std::string name;
    std::vector<layer> layers;
    std::array<double, 3> mean{};
    double rate = 0;
    float tiny = 0;
    std::uint64_t seed = 0;
    bool trained = false;
    std::optional<double> dropout;
    std::vector<std::string> classes;
    std::map<std::string, std::vector<int>> vocabulary;
    std::vector<std::vector<double>> ragged;
    std::pair<int, std::string> version;
    std::vector<bool> mask;
};
MLSCRIBE_DESCRIBE(network, name, layers, mean, rate, tiny, seed, trained, dropout, classes,
                  vocabulary, ragged, version, mask)

struct narrow {
    std::int8_t count = 0;
};
MLSCRIBE_DESCRIBE(narrow, count)

struct wide {
    int count = 0;
};
MLSCRIBE_DESCRIBE(wide, count)

struct wider {
    int count = 0;
    std::optional<int> later;
};
MLSCRIBE_DESCRIBE(wider, count, later)

struct other {
    int count = 0;
    int size = 0;
};
MLSCRIBE_DESCRIBE(other, count, size)

struct raw_text {
    std::string text;
};
MLSCRIBE_DESCRIBE(raw_text, text)

/// What is asked of a matrix of Eigen's, column by column in memory.
template <int Rows, int Columns>
struct matrix {
    using Scalar = double;
    static constexpr int RowsAtCompileTime = Rows;
    static constexpr int ColsAtCompileTime = Columns;
    static constexpr bool IsVectorAtCompileTime = Rows == 1 || Columns == 1;
    std::ptrdiff_t height = 0;
    std::vector<double> values = {};

    matrix() = default;
    matrix(std::ptrdiff_t rows, std::vector<double> all) : height(rows), values(std::move(all)) {}

    std::ptrdiff_t rows() const { return height; }
    std::ptrdiff_t cols() const {
        return height == 0 ? 0 : static_cast<std::ptrdiff_t>(values.size()) / height;
    }
    void resize(std::ptrdiff_t rows, std::ptrdiff_t columns) {
        height = rows;
        values.resize(static_cast<std::size_t>(rows * columns));
    }
    double operator()(std::ptrdiff_t row, std::ptrdiff_t column) const {
        return values[static_cast<std::size_t>(column * height + row)];
    }
    double& operator()(std::ptrdiff_t row, std::ptrdiff_t column) {
        return values[static_cast<std::size_t>(column * height + row)];
    }
};

/// Eigen's index may be chosen.
struct short_matrix : matrix<-1, -1> {
    short_matrix() = default;
    int rows() const { return static_cast<int>(height); }
};

struct matrices {
    matrix<-1, -1> weights;
    matrix<-1, 1> bias;
    matrix<1, -1> row;
};
MLSCRIBE_DESCRIBE(matrices, weights, bias, row)

struct other_matrices {
    matrix<-1, 1> weights;
    matrix<-1, 1> bias;
    matrix<1, -1> row;
};
MLSCRIBE_DESCRIBE(other_matrices, weights, bias, row)

struct two_layers {
    std::array<layer, 2> layers;
};
MLSCRIBE_DESCRIBE(two_layers, layers)

struct three_layers {
    std::array<layer, 3> layers;
};
MLSCRIBE_DESCRIBE(three_layers, layers)

struct saved_models {
    test::scratch_directory scratch;
    mlscribe::detail::directory folder;

    saved_models() {
        BOOST_REQUIRE_EQUAL(mlscribe::detail::directory::open(scratch.path(), folder), 0);
    }
    template <class Model>
    error save(const Model& model) const {
        model_saver to(folder, scratch.path());
        model_io<Model>::save(model, to);
        return to.failure();
    }
    template <class Model>
    error load(Model& model) const {
        model_files from(folder, scratch.path(), {});
        model = model_io<Model>::load(from);
        return from.failure();
    }
    template <class Model>
    Model loaded() const {
        Model model{};
        const error failure = load(model);
        BOOST_TEST(!failure, failure.message);
        return model;
    }
    /// \param texts  all stand in the message
    template <class Model>
    void refuses(const std::vector<std::string>& texts) const {
        Model model{};
        const error failure = load(model);
        for (const std::string& text : texts) {
            BOOST_TEST((failure.message.find(text) != std::string::npos), failure.message);
        }
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(model_members_io)

BOOST_FIXTURE_TEST_CASE(every_kind_of_value_comes_back, saved_models) {
    network made;
    made.name = "caf\xC3\xA9 \"x\"\n";
    made.layers = {{{{1.5f, -0.0f}, {3e-40f, 4}}, {0.1f, 0.2f}, activation::relu}, {{}, {}, {}}};
    made.mean = {0.1, 1e300, std::numeric_limits<double>::denorm_min()};
    made.rate = -std::numeric_limits<double>::infinity();
    made.tiny = 0.1f;
    made.seed = std::numeric_limits<std::uint64_t>::max();
    made.trained = true;
    made.classes = {"a", ""};
    made.vocabulary = {{"", {1}}, {"x/../y", {}}, {"z.a", {2, 3}}};
    made.ragged = {{1}, {2, 3}, {}};
    made.version = {2, "b"};
    made.mask = {true, false, true};
    BOOST_TEST(!save(made));
    const auto back = loaded<network>();
    BOOST_TEST(back.name == made.name);
    BOOST_REQUIRE(back.layers.size() == 2u);
    BOOST_TEST((back.layers[0].weights == made.layers[0].weights));
    BOOST_TEST(std::signbit(back.layers[0].weights[0][1]));
    BOOST_TEST(back.layers[0].bias == made.layers[0].bias, boost::test_tools::per_element());
    BOOST_TEST((back.layers[0].act == activation::relu));
    BOOST_TEST(back.layers[1].weights.empty());
    BOOST_TEST(back.mean == made.mean, boost::test_tools::per_element());
    BOOST_TEST(back.rate == made.rate);
    BOOST_TEST(back.tiny == made.tiny);
    BOOST_TEST(back.seed == made.seed);
    BOOST_TEST(back.trained);
    BOOST_TEST(!back.dropout.has_value());
    BOOST_TEST(back.classes == made.classes, boost::test_tools::per_element());
    BOOST_TEST((back.vocabulary == made.vocabulary));
    BOOST_TEST((back.ragged == made.ragged));
    BOOST_TEST((back.version == made.version));
    BOOST_TEST((back.mask == made.mask));
    made.rate = std::numeric_limits<double>::quiet_NaN();
    made.dropout = 0.5;
    BOOST_TEST(!save(made));
    BOOST_TEST(std::isnan(loaded<network>().rate));
    BOOST_TEST(loaded<network>().dropout.value() == 0.5);
}

BOOST_FIXTURE_TEST_CASE(an_array_alone_is_a_model, saved_models) {
    const std::array<std::array<double, 2>, 3> made = {{{1, 2}, {3, 4}, {5, 6}}};
    BOOST_TEST(!save(made));
    BOOST_TEST(test::tree(scratch.path()) ==
                   (std::vector<std::string>{"data/", "data/model.json", "data/value.npy"}),
               boost::test_tools::per_element());
    BOOST_TEST(test::read_file(scratch / "data/model.json") == "\"value.npy\"");
    BOOST_TEST((loaded<std::array<std::array<double, 2>, 3>>() == made));
    refuses<std::array<std::array<double, 3>, 3>>({"value.npy", "(3, 2)"});
    refuses<std::vector<float>>({"value.npy"});
}

BOOST_FIXTURE_TEST_CASE(a_type_that_has_changed_is_told, saved_models) {
    BOOST_TEST(!save(wide{300}));
    BOOST_TEST(loaded<wider>().count == 300);
    refuses<narrow>({"\"count\" is 300", "cannot hold"});
    refuses<other>({"no member \"size\"", "std::optional"});
    BOOST_TEST(!save(other{1, 2}));
    refuses<wide>({"has members that this program's type does not have"});
    refuses<std::vector<int>>({"another kind of value"});
    BOOST_TEST(!save(raw_text{"x"}));
    refuses<wide>({"no member \"count\""});
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_kept_whole_is_refused, saved_models) {
    const error failure = save(raw_text{"caf\xE9"});
    BOOST_TEST((failure.code == error_code::invalid_value));
    BOOST_TEST((failure.message.find("\"text\"") != std::string::npos), failure.message);
}

BOOST_FIXTURE_TEST_CASE(damaged_files_are_named, saved_models) {
    network made;
    made.layers.push_back({{{1, 2}}, {3}, {}});
    BOOST_TEST(!save(made));
    const std::string json = test::read_file(scratch / "data/model.json");
    const std::string array = test::read_file(scratch / "data/mean.npy");
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, json.size() / 2, json.size() - 1}) {
        test::write_file(scratch / "data/model.json", json.substr(0, size));
        refuses<network>({"data/model.json is no JSON"});
    }
    test::write_file(scratch / "data/model.json", json);
    for (const std::size_t size : {std::size_t{0}, std::size_t{9}, array.size() - 1}) {
        test::write_file(scratch / "data/mean.npy", array.substr(0, size));
        refuses<network>({"\"mean\"", "mean.npy"});
    }
    test::write_file(scratch / "data/mean.npy", array);
    std::string leaving = json;
    leaving.replace(leaving.find("mean.npy"), 8, "../../../etc/passwd");
    test::write_file(scratch / "data/model.json", leaving);
    refuses<network>({"must not contain '.' or '..'"});
    std::filesystem::remove(scratch / "data/model.json");
    refuses<network>({"data/model.json", "No such file"});
}

BOOST_FIXTURE_TEST_CASE(a_file_is_one_array, saved_models) {
    using arrays = std::map<std::string, std::vector<float>>;
    BOOST_TEST(!save(arrays{{"a", {1, 2}}, {"b", {3}}}));
    BOOST_TEST(loaded<arrays>().at("b").front() == 3);
    test::write_file(scratch / "data/model.json", R"({"a": "a.npy", "b": "a.npy"})");
    refuses<arrays>({"\"b\" is the file \"a.npy\"", "another array"});
}

BOOST_FIXTURE_TEST_CASE(an_array_of_nothing_takes_no_memory, saved_models) {
    using cube = std::vector<std::vector<std::vector<double>>>;
    BOOST_TEST(!save(cube{{{1}}}));
    mlscribe::detail::npy_header header;
    header.shape = {1000, 1000, 0};
    test::write_file(scratch / "data/value.npy", mlscribe::detail::npy_header_text(header));
    refuses<cube>({"value.npy", "(1000, 1000, 0)"});
    header.shape = {1000, 0};
    test::write_file(scratch / "data/value.npy", mlscribe::detail::npy_header_text(header));
    BOOST_TEST(loaded<std::vector<std::vector<double>>>().size() == 1000u);
}

BOOST_FIXTURE_TEST_CASE(matrices_come_back_in_their_shape, saved_models) {
    const matrices made = {{2, {1, 4, 2, 5, 3, 6}}, {2, {7, 8}}, {1, {9, 10, 11}}};
    BOOST_TEST(!save(made));
    const auto back = loaded<matrices>();
    BOOST_TEST(back.weights.height == 2);
    BOOST_TEST(back.weights.values == made.weights.values, boost::test_tools::per_element());
    BOOST_TEST(back.bias.height == 2);
    BOOST_TEST(back.bias.values == made.bias.values, boost::test_tools::per_element());
    BOOST_TEST(back.row.height == 1);
    BOOST_TEST(back.row.values == made.row.values, boost::test_tools::per_element());
    // A matrix is no vector, and a fixed size is one.
    refuses<other_matrices>({"weights", "(2, 3)"});
    BOOST_TEST(!save(made.weights));
    BOOST_TEST((loaded<matrix<2, -1>>().values == made.weights.values));
    refuses<matrix<3, -1>>({"value.npy", "(2, 3)"});
    refuses<matrix<-1, 2>>({"value.npy", "(2, 3)"});
}

BOOST_FIXTURE_TEST_CASE(a_matrix_of_nothing_takes_no_time, saved_models) {
    BOOST_TEST((!save(matrix<-1, -1>{2, {1, 2}})));
    const auto claim = [this](std::size_t rows, std::size_t columns) {
        mlscribe::detail::npy_header header;
        header.shape = {rows, columns};
        test::write_file(scratch / "data/value.npy", mlscribe::detail::npy_header_text(header));
    };
    constexpr std::size_t many = std::size_t{1} << 62;
    claim(many, 0);
    BOOST_TEST((static_cast<std::size_t>(loaded<matrix<-1, -1>>().rows()) == many));
    claim(0, many);
    BOOST_TEST((loaded<matrix<-1, -1>>().rows() == 0));
    claim(std::size_t{1} << 31, 0);
    refuses<short_matrix>({"value.npy", "(2147483648, 0)"});
}

BOOST_FIXTURE_TEST_CASE(a_list_of_fixed_length_has_that_length, saved_models) {
    two_layers made;
    made.layers[1].bias = {1, 2};
    BOOST_TEST(!save(made));
    BOOST_TEST(loaded<two_layers>().layers[1].bias == made.layers[1].bias,
               boost::test_tools::per_element());
    refuses<three_layers>({"\"layers\" has 2 elements, this program's type 3"});
}

BOOST_AUTO_TEST_SUITE_END()
