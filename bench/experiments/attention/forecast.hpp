// What a language model forecasts of a text, and how two of its forecasts agree.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "attention/byte_lm.hpp"
#include "support/npy.hpp"

namespace bench {

// The first bytes of the text of a folder.
inline std::vector<std::uint8_t> text_bytes(const std::filesystem::path& folder, Eigen::Index count) {
  const auto text = examples::NpyArray::read(folder / "persuasion_bytes_32768_u8.npy").vector<std::uint8_t>();
  return {text.data(), text.data() + count};
}

struct Forecast {
  double loss = 0;
  std::vector<Eigen::Index> likeliest;

  Forecast(const Activations& logits, const std::vector<std::uint8_t>& bytes) {
    for (Eigen::Index i = 0; i < logits.rows(); ++i) {
      Eigen::Index best = 0;
      const float largest = logits.row(i).maxCoeff(&best);
      const double sum = (logits.row(i).array() - largest).cast<double>().exp().sum();
      loss += std::log(sum) + double{largest - logits(i, Eigen::Index{bytes[static_cast<std::size_t>(i)]})};
      likeliest.push_back(best);
    }
    loss /= static_cast<double>(logits.rows());
  }

  double agreement(const Forecast& other) const {
    double same = 0;
    for (std::size_t i = 0; i < likeliest.size(); ++i) same += likeliest[i] == other.likeliest[i];
    return same / static_cast<double>(likeliest.size());
  }
};

}  // namespace bench
