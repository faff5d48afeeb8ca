#pragma once

#include <turnstile/random/mix_hash.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "game_score.hpp"
#include "support/streams.hpp"

// Words that Alice sends through the diagonal of a matrix, and what sharing its columns costs Bob.

namespace turnstile::testing {

using Word = std::vector<bool>;

inline Word random_word(Index bits, Seed seed) {
  const MixHash words(derive_seed(seed, "Alice's word"));
  Word v;
  for (Index j = 0; j < bits; ++j) v.push_back((words(static_cast<std::uint64_t>(j)) >> 63) != 0);
  return v;
}

// Bob's i, one of the first `places`.
inline Index random_place(Index places, Seed seed) {
  return static_cast<Index>(below(derive_seed(seed, "Bob's place"), static_cast<std::size_t>(places)));
}

// diag(v)·S, where S adds column j to column j mod m. Words are random, so it does not matter which columns share.
inline Eigen::MatrixXd shared_diagonal(const Word& v, Index columns) {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(std::ssize(v), columns);
  for (Index j = 0; j < std::ssize(v); ++j) matrix(j, j % columns) = v[static_cast<std::size_t>(j)] ? 1 : 0;
  return matrix;
}

// How often Bob is right where q indices are drawn in proportion to the squares of column i's entries, and he says
// 1 if any of them is i. If v_i = 0, none ever is. If v_i = 1, it is one of K = 1 + Bin(d/m − 1, ½) equal entries:
// ½ + ½ E[1 − (1 − 1/K)^q]. For q = 1 that is ½ + (m/d)(1 − 2^{−d/m}).
inline double shared_columns_win_rate(Index bits, Index columns, int indices) {
  const auto others = static_cast<double>(bits / columns - 1);
  double named = 0, share = std::exp2(-others);  // share = Pr[K = k + 1]
  for (double k = 0; k <= others; ++k) {
    named += share * (1 - std::pow(1 - 1 / (k + 1), indices));
    share *= (others - k) / (k + 1);
  }
  return 0.5 + named / 2;
}

}  // namespace turnstile::testing
