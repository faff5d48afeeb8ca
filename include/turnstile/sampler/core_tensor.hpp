/// @file
/// The core X of a product Y = X ×₁ A1 ×₂ A2 … and its contractions.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// Σ_j a_j X_{j,…}: the first index is gone.
template <class Real>
Eigen::VectorX<Real> contract_first(const Eigen::VectorX<Real>& x, const Eigen::VectorX<Real>& a) {
  return Eigen::Map<const RowMajorMatrix<Real>>(x.data(), a.size(), x.size() / a.size()).transpose() * a;
}

/// Σ_j X_{…,j} b_j: the last index is gone.
template <class Real>
Eigen::VectorX<Real> contract_last(const Eigen::VectorX<Real>& x, const Eigen::VectorX<Real>& b) {
  return Eigen::Map<const RowMajorMatrix<Real>>(x.data(), x.size() / b.size(), b.size()) * b;
}

/// X_{i,j,k} ↦ Σ_j R_{r,j} X_{i,j,k}, where `outer` runs over i.
template <class Real>
Eigen::VectorX<Real> multiply_middle(const Eigen::VectorX<Real>& x, Index outer, const Eigen::MatrixX<Real>& r) {
  const Index inner = x.size() / (outer * r.cols());
  Eigen::VectorX<Real> product(outer * r.rows() * inner);
  for (Index i = 0; i < outer; ++i)
    Eigen::Map<RowMajorMatrix<Real>>(product.data() + i * r.rows() * inner, r.rows(), inner).noalias() =
        r * Eigen::Map<const RowMajorMatrix<Real>>(x.data() + i * r.cols() * inner, r.cols(), inner);
  return product;
}

}  // namespace detail

/// X ∈ ℝ^{d_1 × … × d_q} under updates of its entries, the last index running fastest; with the exact
/// residues of its entries and a bound on the rounding in it, as a Euclidean norm. Real is double, whatever the
/// counters of the factors are.
template <class Real>
class CoreTensor {
 public:
  /// X = 0. @throws InvalidArgument for sizes that are not positive or too large
  explicit CoreTensor(std::vector<Index> sizes) : sizes_(std::move(sizes)) {
    Index entries = 1;
    for (Index size : sizes_) {
      detail::check_range(size, 1, max_dimension, "size of X");
      entries = detail::checked_product(entries, size, "X");
    }
    values_ = Eigen::VectorX<Real>::Zero(entries);
    residues_.assign(static_cast<std::size_t>(entries), 0);
  }

  const std::vector<Index>& sizes() const { return sizes_; }
  Index degree() const { return std::ssize(sizes_); }
  const Eigen::VectorX<Real>& values() const { return values_; }
  double rounding() const { return rounding_; }

  /// X_j += delta, all or nothing. @throws InvalidArgument if j is out of range or X_j would not stay finite
  void update(std::span<const Index> index, Real delta) {
    const Index at = place(index);
    if (!std::isfinite(values_[at] + delta))
      detail::raise("change ", delta, " of an entry ", values_[at], " of X is or leads to no finite number");
    values_[at] += delta;
    rounding_ += unit_roundoff * std::abs(values_[at]);
    auto& residue = residues_[static_cast<std::size_t>(at)];
    residue = detail::add61(residue, detail::residue61(delta));
  }

  /// X += sign · other, of the same sizes. @throws InvalidArgument if an entry would not stay finite
  void add(const CoreTensor& other, bool negative) {
    const Eigen::VectorX<Real> sum = negative ? (values_ - other.values_).eval() : (values_ + other.values_).eval();
    for (double value : sum) detail::check_finite(value, "entry of X");
    values_ = sum;
    rounding_ += other.rounding_ + unit_roundoff * sum.stableNorm();
    for (std::size_t at = 0; at < residues_.size(); ++at) {
      const std::uint64_t theirs = other.residues_[at];
      residues_[at] = detail::add61(residues_[at], negative ? detail::negate61(theirs) : theirs);
    }
  }

  /// Σ X_{j_1…j_q} r¹_{j_1} … r^q_{j_q} in the field of residues.
  std::uint64_t contract(const std::vector<std::vector<std::uint64_t>>& factors) const {
    std::vector<std::uint64_t> rest = residues_;
    for (std::size_t k = factors.size(); k-- > 0;) {
      const std::size_t width = factors[k].size();
      std::size_t rows = 0;
      for (; rows * width < rest.size(); ++rows) {
        std::uint64_t sum = 0;
        for (std::size_t j = 0; j < width; ++j)
          sum = detail::add61(sum, detail::multiply61(rest[rows * width + j], factors[k][j]));
        rest[rows] = sum;  // not before its own row, which has been read
      }
      rest.resize(rows);
    }
    return rest.front();
  }

  /// Bytes of so many entries in the byte format.
  static Index bytes(Index entries) {
    return detail::checked_product(entries, sizeof(double) + sizeof(std::uint64_t), "X") +
           static_cast<Index>(sizeof(double));
  }

  /// Shows the bound on rounding, the entries, their residues to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.bounds(std::span(&self.rounding_, 1), [&](double additions) {
      return std::vector<double>{self.rounding_ + additions * unit_roundoff * self.values_.stableNorm()};
    });
    visitor.numbers(std::span(self.values_.data(), self.residues_.size()));
    visitor.residues(std::span(self.residues_));
  }

  /// Order in the byte format: as `for_each_array` shows them.
  void put(io::ByteWriter& writer) const { for_each_array(*this, io::ArrayWriter(writer)); }
  void take(io::ByteReader& reader) { for_each_array(*this, io::ArrayReader(reader)); }

  std::size_t heap_bytes() const {
    return residues_.capacity() * (sizeof(double) + sizeof(std::uint64_t)) + sizes_.capacity() * sizeof(Index);
  }

 private:
  static constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2;

  Index place(std::span<const Index> index) const {
    detail::check_same_size(std::ssize(index), degree(), "index into X");
    Index at = 0;
    for (std::size_t k = 0; k < index.size(); ++k) {
      detail::check_index(index[k], sizes_[k], "index into X");
      at = at * sizes_[k] + index[k];
    }
    return at;
  }

  std::vector<Index> sizes_;
  Eigen::VectorX<Real> values_;
  std::vector<std::uint64_t> residues_;
  double rounding_ = 0;
};

}  // namespace turnstile::inline v0
