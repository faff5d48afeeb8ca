/// @file
/// Factors of Y = A1 X A2ᵀ that are kept whole: as arguments, as bytes, and at a glance.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <ostream>
#include <span>

#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/kronecker_checks.hpp"

namespace turnstile::inline v0 {

/// A1, X and A2 by rows.
template <class Scalar>
struct FactorMatrices {
  using Matrix = detail::RowMajorMatrix<Scalar>;

  Matrix left, core, right;

  /// @throws InvalidArgument for sizes that do not fit, n1·n2 > 2⁶², or an entry that is not finite
  template <class A1, class A2, class X>
  static FactorMatrices checked(const A1& left, const A2& right, const X& core) {
    detail::check_factor_sizes(left, right, core);
    return {detail::finite_matrix<Scalar>(left, "A1"), detail::finite_matrix<Scalar>(core, "X"),
            detail::finite_matrix<Scalar>(right, "A2")};
  }

  /// Order in the byte format: n1, d1, then A1, A2 and X by rows.
  static void put(io::ByteWriter& writer, const Matrix& left, const Matrix& core, const Matrix& right) {
    writer.put(left.rows());
    writer.put(core.rows());
    for (const Matrix* matrix : {&left, &right, &core})
      writer.put_array(std::span(matrix->data(), static_cast<std::size_t>(matrix->size())));
  }

  /// Reads what `put` wrote, of a state of dimension n1·n2 and width d1·d2 in which so many more numbers and bytes
  /// follow. @throws InvalidArgument or CorruptState for sizes that the bytes do not bear out
  static FactorMatrices take(io::ByteReader& reader, const Identity& found, Index more_numbers, Index more_bytes) {
    const auto n1 = reader.take<Index>(), d1 = reader.take<Index>();
    detail::check_range(n1, 1, found.dimension, "n1");
    detail::check_range(d1, 1, found.width, "d1");
    const Index n2 = found.dimension / n1, d2 = found.width / d1;
    reader.expect_rest(detail::checked_product(n1, d1, "A1") + detail::checked_product(n2, d2, "A2") +
                           detail::checked_product(d1, d2, "X") + more_numbers,
                       sizeof(Scalar), more_bytes);
    FactorMatrices factors{Matrix(n1, d1), Matrix(d1, d2), Matrix(n2, d2)};
    for (Matrix* matrix : {&factors.left, &factors.right, &factors.core})
      reader.take_array(std::span(matrix->data(), static_cast<std::size_t>(matrix->size())));
    return factors;
  }

  /// "A1 is 3 x 2, X 2 x 2, A2 4 x 2 float64"
  static void describe(std::ostream& out, const Matrix& left, const Matrix& core, const Matrix& right) {
    const auto size = [&out](const Matrix& matrix) -> std::ostream& {
      return out << matrix.rows() << " x " << matrix.cols();
    };
    out << "A1 is ";
    size(left) << ", X ";
    size(core) << ", A2 ";
    size(right) << ' ' << scalar_name<Scalar>();
  }
};

}  // namespace turnstile::inline v0
