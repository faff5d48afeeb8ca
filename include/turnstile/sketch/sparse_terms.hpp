/// @file
/// A vector as the list of its nonzeros.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "turnstile/core/checks.hpp"

namespace turnstile::inline v0::detail {

/// Places and values, one a nonzero; places may repeat, their values then add up.
class SparseTerms {
 public:
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::span<const Index> places() const { return std::span(places_).first(count_); }
  std::span<const double> values() const { return std::span(values_).first(count_); }

  void push(Index place, double value) {
    reserve(count_ + 1);
    places_[count_] = place;
    values_[count_++] = value;
  }

  /// value_of(k) at place_of(k) for k = 0, …, count − 1, without the zeros; by no branch, as which
  /// are zero cannot be predicted.
  template <class PlaceOf, class ValueOf>
  void assign(std::size_t count, PlaceOf&& place_of, ValueOf&& value_of) {
    reserve(count);
    std::size_t nonzeros = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const double value = value_of(k);
      places_[nonzeros] = place_of(k);
      values_[nonzeros] = value;
      nonzeros += value != 0;
    }
    count_ = nonzeros;
  }

 private:
  void reserve(std::size_t count) {
    if (count <= places_.size()) return;
    const std::size_t room = std::max(count, 2 * places_.size());
    places_.resize(room);
    values_.resize(room);
  }

  std::size_t count_ = 0;
  std::vector<Index> places_;
  std::vector<double> values_;
};

/// Calls visit(i, j, value) for the nonzero entries of a matrix, column by column.
/// @throws InvalidArgument for an entry that is not finite
template <class Derived, class Visit>
void for_each_nonzero(const Eigen::MatrixBase<Derived>& matrix, std::string_view what, Visit&& visit) {
  const auto& entries = matrix.eval();
  for (Index j = 0; j < entries.cols(); ++j)
    for (Index i = 0; i < entries.rows(); ++i) {
      const auto value = static_cast<double>(entries(i, j));
      check_finite(value, what);
      if (value != 0) visit(i, j, value);
    }
}

/// The same for a sparse matrix, in the order of its storage.
template <class Derived, class Visit>
void for_each_nonzero(const Eigen::SparseCompressedBase<Derived>& matrix, std::string_view what, Visit&& visit) {
  for (Index outer = 0; outer < matrix.outerSize(); ++outer)
    for (typename Derived::InnerIterator entry(matrix.derived(), outer); entry; ++entry) {
      const auto value = static_cast<double>(entry.value());
      check_finite(value, what);
      if (value != 0) visit(Index{entry.row()}, Index{entry.col()}, value);
    }
}

/// The nonzeros of a vector, dense or sparse, row or column. @throws InvalidArgument
template <class Vector>
SparseTerms nonzeros_of(const Vector& vector, std::string_view what) {
  static_assert(Vector::IsVectorAtCompileTime, "a factor of a rank-one tensor is a vector");
  SparseTerms terms;
  for_each_nonzero(vector, what, [&](Index i, Index j, double value) { terms.push(i + j, value); });
  return terms;
}

}  // namespace turnstile::inline v0::detail
