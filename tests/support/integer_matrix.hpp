#pragma once

#include <turnstile/random/mix_hash.hpp>

#include <Eigen/Core>

#include <cstdint>

namespace turnstile::testing {

// Random integers from -9 to 9, of which a third are zero.
inline Eigen::MatrixXd integer_matrix(Index rows, Index columns, Seed seed) {
  const MixHash words(derive_seed(seed, "integer matrix"));
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&](Index i, Index j) {
    const std::uint64_t word = words(static_cast<std::uint64_t>(i * columns + j));
    return word % 3 == 0 ? 0.0 : static_cast<double>((word >> 8) % 19) - 9.0;
  });
}

}  // namespace turnstile::testing
