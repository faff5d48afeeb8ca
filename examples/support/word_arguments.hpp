/// @file
/// What a program that reads word vectors and a text is told on its command line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "word_data.hpp"

namespace examples {

/// The files to read, by default those in `data`, and the folder for results, by default `output`
/// beside the program.
struct WordArguments {
  WordFiles files;
  std::filesystem::path output;

  /// `words` are those of the command line, the program's name first. Throws std::invalid_argument,
  /// with the usage, if they are not understood.
  static WordArguments parse(const std::vector<std::string>& words, const std::filesystem::path& data) {
    const std::filesystem::path program = std::filesystem::absolute(words.at(0));
    WordArguments arguments{WordFiles::shipped(data), program.parent_path() / "output"};
    for (std::size_t k = 1; k < words.size(); k += 2)
      if (k + 1 == words.size() || !arguments.take(words[k], words[k + 1]))
        throw std::invalid_argument("usage: " + program.filename().string() +
                                    " [--matrix FILE.npy --vocab FILE.txt] [--tokens FILE.npy]"
                                    " [--output FOLDER]");
    return arguments;
  }

 private:
  bool take(const std::string& name, const std::string& value) {
    if (name == "--matrix") {
      files.matrix = value;
      files.scales.clear();
    } else if (name == "--vocab") {
      files.vocabulary = value;
    } else if (name == "--tokens") {
      files.tokens = value;
    } else if (name == "--output") {
      output = value;
    } else {
      return false;
    }
    return true;
  }
};

}  // namespace examples
