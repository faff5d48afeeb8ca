/// @file
/// What a language model forecasts of a text.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "byte_lm.hpp"

namespace examples {

/// The loss of a model's logits, the mean of −ln of what the true byte was given, and its likeliest bytes.
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
    for (std::size_t i = 0; i < likeliest.size(); ++i) same += likeliest[i] == other.likeliest[i] ? 1 : 0;
    return same / static_cast<double>(likeliest.size());
  }
};

}  // namespace examples
