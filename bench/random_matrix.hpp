// Matrices for benchmarks.
#pragma once

#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/variates.hpp>

#include <Eigen/Core>

#include <cstdint>

namespace bench {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Entries uniform on [−1, 1].
inline Matrix random_matrix(turnstile::Index rows, turnstile::Index columns, turnstile::Seed seed) {
  const turnstile::MixHash words(turnstile::derive_seed(seed, "random matrix"));
  return Matrix::NullaryExpr(rows, columns, [&](turnstile::Index i, turnstile::Index j) {
    return 2 * turnstile::uniform_variate(words(static_cast<std::uint64_t>(i * columns + j))) - 1;
  });
}

}  // namespace bench
