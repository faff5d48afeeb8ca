/// @file
/// Sketches a matrix that is read in blocks of rows.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <cmath>
#include <ostream>
#include <utility>

#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/policies.hpp"
#include "turnstile/sampler/streamed_image.hpp"
#include "turnstile/sketch/row_blocks.hpp"

namespace turnstile::inline v0 {

template <class Scalar, class Policies>
class FixedMatrixSampler;

/// ΨA for an n × d matrix A that need not fit in memory: blocks of rows, dense or sparse, in any
/// order, each given once (rows given twice add up). Shards built apart, by threads or machines, are
/// joined with +=; shards joined in a fixed order give the same bits whatever built them. One builder takes the
/// blocks of one thread at a time; its const members may be called from several at once.
///
/// Time: L·R + 3 adds of a row for each row, or of an entry for each nonzero. Memory: that of the
/// sampler, whatever n is.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::FixedMatrixBuilder<> builder(1000, 3, {.seed = 1});
///   for (turnstile::Index first = 0; first < 1000; first += 100)
///     builder.add_rows(first, Eigen::MatrixXd::Ones(100, 3));
///   auto sampler = std::move(builder).build();
///   sampler.update(0, 1.0);
///   return sampler.sample() ? 0 : 1;
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class FixedMatrixBuilder : public StreamedImage<FixedMatrixBuilder<Scalar, Policies>, MatrixImage<Scalar>, Policies> {
  using Base = StreamedImage<FixedMatrixBuilder, MatrixImage<Scalar>, Policies>;

 public:
  static constexpr std::string_view kind = "FixedMatrixBuilder";

  /// A = 0. @throws InvalidArgument for dimensions or options out of range
  FixedMatrixBuilder(Index rows, Index columns, const SamplerOptions& options = {}) : Base(rows, columns, options) {}

  /// A_{first + k, :} += block_{k, :}, a dense block.
  /// @throws InvalidArgument if rows or columns do not fit or an entry cannot be taken; A is unchanged
  template <class Block>
  void add_rows(Index first, const Eigen::MatrixBase<Block>& block) {
    const detail::MatrixRef<Block> values(block.derived());
    check_block(first, values.rows(), values.cols());
    this->mutable_image().reserve(this->linear_map(), checked_mass(first, values));
    this->mutable_image().add_rows(this->linear_map(), first, values);
  }

  /// The same for a sparse block.
  template <class Block>
  void add_rows(Index first, const Eigen::SparseMatrixBase<Block>& block) {
    const Eigen::SparseMatrix<typename Block::Scalar, Eigen::RowMajor> values = block;
    check_block(first, values.rows(), values.cols());
    double mass = 0;
    for (Index i = 0; i < values.outerSize(); ++i)
      for (typename decltype(values)::InnerIterator entry(values, i); entry; ++entry)
        mass += check_entry(first + i, entry.col(), static_cast<double>(entry.value()));
    this->mutable_image().reserve(this->linear_map(), mass);
    this->mutable_image().add_rows(this->linear_map(), first, values);
  }

  /// The sampler of y = A x, with x = 0; the builder is empty afterwards, its memory freed.
  FixedMatrixSampler<Scalar, Policies> build() && {
    return FixedMatrixSampler<Scalar, Policies>(this->linear_map(), std::move(this->mutable_image()));
  }

  Index rows() const { return this->linear_map().dimension(); }
  Index columns() const { return this->streamed().width(); }
  const SamplerOptions& options() const { return this->linear_map().options(); }

  /// Kind, shape, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const FixedMatrixBuilder& builder) {
    const SketchShape& shape = builder.options().shape;
    return out << kind << "(A is " << builder.rows() << " x " << builder.columns() << ", "
               << builder.linear_map().table().levels() << " x " << shape.rows << " x " << shape.buckets << " rows of "
               << scalar_name<Scalar>() << ", seed " << builder.options().seed << ", " << Policies::name()
               << "): " << builder.memory_bytes() << " bytes";
  }

 private:
  friend Base;
  using Base::Base;

  void check_block(Index first, Index block_rows, Index block_columns) const {
    detail::check_same_size(block_columns, columns(), "block's rows");
    detail::check_range(first, 0, rows(), "first row");
    detail::check_range(block_rows, 0, rows() - first, "number of rows of the block");
  }

  // The sum of the largest |entries| of the rows.
  template <class Block>
  static double checked_mass(Index first, const Block& block) {
    double mass = 0;
    detail::for_each_row_block<double>(block, [&](Index begin, const auto& rows) {
      if (!detail::all_finite(detail::entries_of(rows)))
        for (Index k = 0; k < rows.rows(); ++k)
          for (Index j = 0; j < rows.cols(); ++j) check_entry(first + begin + k, j, rows(k, j));
      if (rows.size() != 0) mass += rows.cwiseAbs().rowwise().maxCoeff().sum();
    });
    return mass;
  }

  static double check_entry(Index row, Index column, double value) {
    if (!std::isfinite(value)) detail::raise("entry (", row, ", ", column, ") is ", value, ", not a finite number");
    return std::abs(value);
  }
};

}  // namespace turnstile::inline v0
