/// @file
/// The heads of an attention layer where they lie in the user's memory.
#pragma once

#include <Eigen/Core>

#include <type_traits>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// HeadRows for a template over Scalar, whose expressions then wait until somebody uses it (see InDoubles).
template <class Scalar>
using RowsOf = Eigen::Map<const RowMajorMatrix<Scalar>, 0, Eigen::OuterStride<>>;

}  // namespace detail

/// The rows of one head, n × d, row-major: a view of the user's memory.
using HeadRows = detail::RowsOf<float>;

/// H heads of n rows (queries, keys or values) of d floats each, in memory that stays the user's and is
/// not copied. Heads lie side by side in the columns of one matrix, as a projection leaves them, or one
/// below the other.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
///   const Matrix side_by_side = Matrix::Random(100, 4 * 16), below = Matrix::Random(4 * 100, 16);
///   const turnstile::Heads a(side_by_side, 4), b = turnstile::Heads::stacked(below, 4);
///   return a.rows() == 100 && b.rows() == 100 && a[3].cols() == b[3].cols() ? 0 : 1;
/// }
/// @endcode
class Heads {
 public:
  /// Head h is the columns [h·d, (h+1)·d) of a row-major matrix, n × (H·d), that outlives this view.
  /// @throws InvalidArgument unless H ≥ 1 divides the number of columns
  template <class M>
  Heads(const Eigen::DenseBase<M>& matrix, Index heads = 1)
      : Heads(view_of(matrix), heads, divided(matrix.cols(), heads, "columns"), matrix.rows()) {
    head_stride_ = head_size_;
  }

  /// Head h is the rows [h·n, (h+1)·n) of a row-major matrix, (H·n) × d, that outlives this view.
  /// @throws InvalidArgument unless H ≥ 1 divides the number of rows
  template <class M>
  static Heads stacked(const Eigen::DenseBase<M>& matrix, Index heads) {
    Heads view(view_of(matrix), heads, matrix.cols(), divided(matrix.rows(), heads, "rows"));
    view.head_stride_ = view.rows_ * view.row_stride_;
    return view;
  }

  Index count() const { return count_; }
  Index rows() const { return rows_; }
  Index head_size() const { return head_size_; }

  /// The rows of head h.
  HeadRows operator[](Index head) const {
    return {data_ + head * head_stride_, rows_, head_size_, Eigen::OuterStride<>(row_stride_)};
  }

 private:
  Heads(const HeadRows& all, Index heads, Index head_size, Index rows)
      : data_(all.data()), row_stride_(all.outerStride()), count_(heads), head_size_(head_size), rows_(rows) {}

  template <class M>
  static HeadRows view_of(const Eigen::DenseBase<M>& matrix) {
    static_assert(std::is_same_v<typename M::Scalar, float>, "attention takes floats");
    static_assert(M::IsRowMajor, "attention takes row-major matrices: a row of floats for each query or key");
    static_assert(bool(M::Flags & Eigen::DirectAccessBit) && M::InnerStrideAtCompileTime == 1,
                  "attention takes matrices, maps and blocks that lie in memory, not expressions");
    const M& m = matrix.derived();
    return {m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.outerStride())};
  }

  static Index divided(Index size, Index heads, const char* what) {
    if (heads < 1 || size % heads != 0) detail::raise(size, " ", what, " do not make ", heads, " equal heads");
    return size / heads;
  }

  const float* data_;
  Index row_stride_, count_, head_size_, rows_, head_stride_ = 0;
};

}  // namespace turnstile::inline v0
