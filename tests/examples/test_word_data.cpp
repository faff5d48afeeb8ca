#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "../support/catch.hpp"
#include "../support/refusal.hpp"
#include "npy_bytes.hpp"
#include "support/word_data.hpp"
#include "temporary_folder.hpp"

namespace {

/// The files of three words in two dimensions.
struct ThreeWords {
  TemporaryFolder folder;
  examples::WordFiles files = examples::WordFiles::shipped(folder.path());

  ThreeWords() {
    write_npy(files.matrix, "|i1", "(3, 2)", "\1\2\3\4\5\6");
    write_npy(files.scales, "<f4", "(3,)", std::string("\0\0\x80\x3F\0\0\0\x40\0\0\0\x3F", 12));
    write_npy(files.tokens, "<u2", "(4,)", std::string("\2\0\0\0\1\0\2\0", 8));
    std::ofstream(files.vocabulary) << "the\nof\nand\n";
  }
};

}  // namespace

TEST_CASE("word vectors are rows times scales, with words and tokens beside them", "[examples]") {
  const ThreeWords words;
  const auto data = examples::WordData<double>::load(words.files);
  CHECK(data.vectors == (Eigen::MatrixXd(3, 2) << 1, 2, 6, 8, 2.5, 3).finished());
  CHECK(data.vocabulary == std::vector<std::string>{"the", "of", "and"});
  CHECK(data.tokens == (Eigen::VectorX<Eigen::Index>(4) << 2, 0, 1, 2).finished());

  examples::WordFiles unscaled = words.files;
  unscaled.scales.clear();
  CHECK(examples::WordData<float>::load(unscaled).vectors.row(2) == Eigen::RowVector2f(5, 6));
}

TEST_CASE("a word is found by its row and a row by its word", "[examples]") {
  const ThreeWords words;
  const auto data = examples::WordData<float>::load(words.files);
  for (Eigen::Index row = 0; row < 3; ++row) CHECK(data.row(data.word(row)) == row);
  CHECK(data.word(1) == "of");
  CHECK_THROWS_AS(data.row("off"), std::invalid_argument);
  CHECK_THROWS_AS(data.row(""), std::invalid_argument);
  const auto message = turnstile::testing::message_of<std::invalid_argument>([&] { data.row("whale"); });
  CHECK(turnstile::testing::contains(message, "whale"));
}

TEST_CASE("a passage is the words between two positions of the text", "[examples]") {
  const ThreeWords words;
  const auto data = examples::WordData<float>::load(words.files);
  CHECK(data.passage(0, 4) == "and the of and");
  CHECK(data.passage(1, 3) == "the of");
  CHECK(data.passage(3, 4) == "and");
  CHECK(data.passage(2, 2).empty());
}

TEST_CASE("the word vectors that come with the examples are as their description says", "[examples]") {
  const auto folder = std::filesystem::path(__FILE__).parent_path() / "../../examples/data";
  const auto files = examples::WordFiles::shipped(folder);
  const auto data = examples::WordData<float>::load(files);
  CHECK(data.vectors.rows() == 65'536);
  CHECK(data.vectors.cols() == 100);
  CHECK(data.tokens.size() == 138'950);
  CHECK(data.vocabulary.size() == 65'536);
  CHECK(data.word(data.row("darcy")) == "darcy");
  CHECK(data.passage(0, 3) == "pride and prejudice");
  // The scale of a row is its largest absolute entry / 127.
  const auto scales = examples::NpyArray::read(files.scales).vector<float>();
  CHECK(data.vectors.cwiseAbs().rowwise().maxCoeff() == 127 * scales);
}

TEST_CASE("word files that do not belong together are refused", "[examples]") {
  const ThreeWords words;
  const auto load = [&] { examples::WordData<float>::load(words.files); };
  SECTION("a word too few") { std::ofstream(words.files.vocabulary) << "the\nof\n"; }
  SECTION("a word too many") { std::ofstream(words.files.vocabulary) << "the\nof\nand\nto\n"; }
  SECTION("no vocabulary") { std::filesystem::remove(words.files.vocabulary); }
  SECTION("a scale too few") { write_npy(words.files.scales, "<f4", "(2,)", "12345678"); }
  SECTION("a token without a row") { write_npy(words.files.tokens, "|u1", "(1,)", "\3"); }
  SECTION("a negative token") { write_npy(words.files.tokens, "|i1", "(1,)", "\xFF"); }
  CHECK_THROWS_AS(load(), std::runtime_error);
}
