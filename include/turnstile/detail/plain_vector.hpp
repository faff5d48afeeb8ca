/// @file
/// A vector that a user passed in, as one of the library's own.
#pragma once

#include <Eigen/Core>

#include <string_view>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// The numbers of a row or column vector that must have `size` of them. @throws InvalidArgument
///
/// The result takes its size from that argument, not from the type of `values`: where g++ 12 sees that a
/// vector on the heap has three entries it warns, wrongly, of Eigen's reading four (-Warray-bounds).
template <class Scalar, class V>
Eigen::Vector<Scalar, Eigen::Dynamic> plain_vector(const Eigen::MatrixBase<V>& values, Index size,
                                                   std::string_view what) {
  static_assert(V::IsVectorAtCompileTime, "this takes a vector");
  check_same_size(values.size(), size, what);
  const auto& entries = values.derived().eval();
  Eigen::Vector<Scalar, Eigen::Dynamic> plain(size);
  for (Index j = 0; j < size; ++j) plain[j] = static_cast<Scalar>(entries[j]);
  return plain;
}

}  // namespace turnstile::inline v0::detail
