#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "../support/catch.hpp"
#include "support/word_data.hpp"
#include "temporary_folder.hpp"

namespace {

void write_npy(const std::filesystem::path& path, const std::string& descr,
               const std::string& shape, const std::string& data) {
  const std::string header =
      "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  std::ofstream(path, std::ios::binary)
      << std::string("\x93NUMPY\x01\x00", 8) << static_cast<char>(header.size()) << '\0' << header
      << data;
}

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
