#pragma once

#include <turnstile/random/mix_hash.hpp>

#include <cstdint>
#include <string>

#include "support/word_data.hpp"

/// A text of so many words out of `words` that have a vector of small integers each, so that sums are
/// exact in any order.
template <class Scalar>
examples::WordData<Scalar> small_text(Eigen::Index length, Eigen::Index words = 12, Eigen::Index dimensions = 3) {
  const turnstile::MixHash random(turnstile::derive_seed(1, "small text"));
  examples::WordData<Scalar> data;
  data.vectors.resize(words, dimensions);
  std::uint64_t number = 0;
  for (Eigen::Index i = 0; i < words; ++i) {
    data.vocabulary.push_back("word" + std::to_string(i));
    for (Eigen::Index j = 0; j < dimensions; ++j)
      data.vectors(i, j) = static_cast<Scalar>(random(number++) % 19) - Scalar(9);
  }
  data.tokens.resize(length);
  for (Eigen::Index& token : data.tokens)
    token = static_cast<Eigen::Index>(random(number++) % static_cast<std::uint64_t>(words));
  return data;
}
