/// @file
/// Word vectors, their words, and a text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "npy.hpp"

namespace examples {

/// Where the word vectors and a text are. Without a file of scales the matrix is taken as it is.
struct WordFiles {
  std::filesystem::path matrix, scales, vocabulary, tokens;

  /// The files that come with the examples, in `folder`.
  static WordFiles shipped(const std::filesystem::path& folder) {
    return {folder / "words_65536x100_i8.npy", folder / "scales_65536_f32.npy", folder / "vocab.txt",
            folder / "tokens_u16.npy"};
  }
};

/// Word vectors as rows, the word of each row, and a text as row numbers in reading order.
template <class Scalar>
struct WordData {
  RowMajorMatrix<Scalar> vectors;
  std::vector<std::string> vocabulary;
  Eigen::VectorX<Eigen::Index> tokens;

  static WordData load(const WordFiles& files);

  const std::string& word(Eigen::Index row) const { return vocabulary[static_cast<std::size_t>(row)]; }

  /// The row of a word. Throws std::invalid_argument if it has none.
  Eigen::Index row(const std::string& word) const {
    const auto found = std::find(vocabulary.begin(), vocabulary.end(), word);
    if (found == vocabulary.end()) throw std::invalid_argument("there is no vector of " + word);
    return found - vocabulary.begin();
  }

  /// The words of the text from position `first` to before `last`.
  std::string passage(Eigen::Index first, Eigen::Index last) const {
    std::string text;
    for (Eigen::Index t = first; t < last; ++t) text += (t > first ? " " : "") + word(tokens[t]);
    return text;
  }
};

inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

template <class Scalar>
WordData<Scalar> WordData<Scalar>::load(const WordFiles& files) {
  WordData data{NpyArray::read(files.matrix).template matrix<Scalar>(), read_lines(files.vocabulary),
                NpyArray::read(files.tokens).template vector<Eigen::Index>()};
  const auto rows = data.vectors.rows();
  const auto require = [](bool condition, const std::filesystem::path& file, const std::string& problem) {
    if (!condition) throw std::runtime_error(file.string() + ": " + problem);
  };
  require(std::ssize(data.vocabulary) == rows, files.vocabulary,
          std::to_string(data.vocabulary.size()) + " words for " + std::to_string(rows) + " rows of the matrix");
  require((data.tokens.array() >= 0 && data.tokens.array() < rows).all(), files.tokens,
          "a token is not one of the " + std::to_string(rows) + " rows of the matrix");
  if (!files.scales.empty()) {
    const auto scales = NpyArray::read(files.scales).template vector<Scalar>();
    require(scales.size() == rows, files.scales,
            std::to_string(scales.size()) + " scales for " + std::to_string(rows) + " rows of the matrix");
    data.vectors = (scales.asDiagonal() * data.vectors).eval();
  }
  return data;
}

}  // namespace examples
