/// @file
/// A vector that a user passed in, as one of the library's own.
#pragma once

#include <Eigen/Core>

#include <string_view>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// The numbers of a row or column vector that must have `size` of them, as a vector of type Plain.
/// @throws InvalidArgument
///
/// The result takes its size from that argument, not from the type of `values`: where g++ 12 sees that a
/// vector on the heap has three entries it warns, wrongly, of Eigen's reading four (-Warray-bounds).
template <class Plain, class V>
Plain plain_copy(const Eigen::MatrixBase<V>& values, Index size, std::string_view what) {
  static_assert(V::IsVectorAtCompileTime, "this takes a vector");
  check_same_size(values.size(), size, what);
  const Eigen::Ref<const typename V::PlainObject, 0, Eigen::InnerStride<>> entries(values.derived());
  Plain plain(size);
  for (Index j = 0; j < size; ++j) plain[j] = static_cast<typename Plain::Scalar>(entries[j]);
  return plain;
}

/// The same as a column.
template <class Scalar, class V>
auto plain_vector(const Eigen::MatrixBase<V>& values, Index size, std::string_view what) {
  return plain_copy<Eigen::Vector<Scalar, Eigen::Dynamic>>(values, size, what);
}

/// The same as a row.
template <class Scalar, class V>
auto plain_row(const Eigen::MatrixBase<V>& values, Index size, std::string_view what) {
  return plain_copy<Eigen::RowVector<Scalar, Eigen::Dynamic>>(values, size, what);
}

}  // namespace turnstile::inline v0::detail
