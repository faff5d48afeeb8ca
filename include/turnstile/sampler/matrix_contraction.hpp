/// @file
/// What ΨA says of y = A x.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>

#include "turnstile/core/types.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

/// Contracts the image of a matrix with vectors: Ψ(A x) = (ΨA) x. Derived has `residues` and `rounding` as
/// MatrixImage does, and says how ΨA lies in memory: `scaled_rows()`, `plain_rows()`, matrices of d columns, and
/// `charged()`, the cells whose rounding is bounded.
template <class Derived, class Scalar>
class MatrixContraction {
 public:
  /// The image of y = A x, for an x that is known up to `error` in its norm.
  template <class Policies>
  VectorImage<Scalar> times(const SamplerOperator<Policies>& op, const Eigen::VectorXd& x, double error = 0) const {
    VectorImage<Scalar> image = contract(op, x);
    for (std::size_t j = 0; j < self().residues.size(); ++j) {
      const std::uint64_t entry = detail::residue61(x[static_cast<Index>(j)]);
      image.residue = detail::add61(image.residue, detail::multiply61(self().residues[j], entry));
    }
    image.rounding += contraction_rounding(row_norms(), x.stableNorm(), error);
    return image;
  }

  /// Its counters alone.
  template <class Policies>
  VectorImage<Scalar> contract(const SamplerOperator<Policies>& op, const Eigen::VectorXd& x) const {
    VectorImage<Scalar> image(op);
    const Eigen::Vector<Scalar, Eigen::Dynamic> cast = x.template cast<Scalar>();
    image.scaled.as_vector().noalias() = self().scaled_rows() * cast;
    image.plain.as_vector().noalias() = self().plain_rows() * cast;
    return image;
  }

  /// Bounds the rounding in them: |error of a counter| ≤ ‖its row of ΨA‖·(error of x + u(d + 2)‖x‖) + ‖error of
  /// that row‖·‖x‖, for `row_norms()`, the norm of all that was contracted and the error of x in that norm.
  RoundingBound contraction_rounding(RoundingBound norms_of_rows, double norm_of_x, double error_of_x) const {
    const double terms = static_cast<double>(self().width() + 2);
    const double error = error_of_x + VectorImage<Scalar>::unit_roundoff * terms * norm_of_x;
    RoundingBound bound = self().rounding;
    bound *= norm_of_x;
    return bound += norms_of_rows *= error;
  }

  /// The largest norm of the rows of ΨA in each lane.
  RoundingBound row_norms() const {
    const CellRange charged = self().charged();
    RoundingBound rows;
    for (Index cell = charged.first; cell < charged.end; ++cell)
      rows.cover(cell - charged.first, static_cast<double>(self().scaled_rows().row(cell).stableNorm()));
    return rows;
  }

  /// Adds ΨA δ to the counters of the image of some y, for a δ of few entries: δ_k at columns[k].
  void add_columns(std::span<const Index> columns, std::span<const Scalar> deltas, VectorImage<Scalar>& image) const {
    add_columns(self().scaled_rows(), columns, deltas, image.scaled);
    add_columns(self().plain_rows(), columns, deltas, image.plain);
  }

  /// A word for A: equal for equal matrices however they were put together, else different but for a
  /// chance of about 2⁻⁶¹ (and for columns that differ by powers of 2⁶¹, which residues do not see).
  std::uint64_t fingerprint() const {
    constexpr MixHash mix(detail::hash_name("matrix fingerprint"));
    std::uint64_t word = mix(self().residues.size());
    for (std::uint64_t residue : self().residues) word = mix(word ^ residue);
    return word;
  }

 private:
  const Derived& self() const { return static_cast<const Derived&>(*this); }

  // In the order in which the entries lie.
  template <class Rows>
  static void add_columns(const Rows& rows, std::span<const Index> columns, std::span<const Scalar> deltas,
                          Counters<Scalar>& sums) {
    auto cells = sums.as_vector();
    if constexpr (Rows::IsRowMajor) {
      for (Index cell = 0; cell < rows.rows(); ++cell)
        for (std::size_t k = 0; k < columns.size(); ++k) cells[cell] += deltas[k] * rows(cell, columns[k]);
    } else {
      for (std::size_t k = 0; k < columns.size(); ++k) cells += deltas[k] * rows.col(columns[k]);
    }
  }
};

}  // namespace turnstile::inline v0
