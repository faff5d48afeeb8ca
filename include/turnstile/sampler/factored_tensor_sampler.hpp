/// @file
/// Draws entries of a Kronecker product of streams, one index after the other.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/core/concepts.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sampler/core_tensor.hpp"
#include "turnstile/sampler/factored_arrivals.hpp"
#include "turnstile/sampler/factored_draws.hpp"
#include "turnstile/sampler/factored_paths.hpp"
#include "turnstile/sampler/kronecker_checks.hpp"
#include "turnstile/sampler/row_sampler.hpp"

namespace turnstile::inline v0 {

/// Draws entry (i_1, …, i_q) of Y = X ×₁ A1 ×₂ A2 … ×_q Aq, that is
///
///     Y_{i_1…i_q} = Σ_j X_{j_1…j_q} (A1)_{i_1 j_1} … (Aq)_{i_q j_q},
///
/// with probability Y²/‖Y‖² while every factor A_k (n_k × d_k) and the core X (d_1 × … × d_q) change by
/// signed updates, from a state that does not grow with any n_k but for the levels of recovery. For
/// q = 2 see `FactoredKroneckerSampler`.
///
/// One index after the other: ‖Y_{i_1,…}‖ = ‖F a_{i_1}‖, a_{i_1} the row of A1 and F = (A2 ⊗ … ⊗ Aq) X_(1)ᵀ, so the
/// first index is a draw of a RowSampler on A1 in that norm. Its row, recovered, is contracted with X, which
/// leaves the same problem with q − 1 factors; the last index is a draw from A_q c for a vector c. The norm
/// sketch Π A_k that a RowSampler keeps stands for A_k in F: E‖Π y‖² = ‖y‖² with a relative variance of
/// 2/768, so a row's share is off by about 5 % (a Johnson-Lindenstrauss map; it need not preserve all of the
/// column space, as no row depends on its signs). The paper (arXiv 2510.03678) leaves this open: its
/// Theorem 7.6 keeps A1 and A2 whole and pays O(n) an update.
///
/// A state stands for one draw: to more of them, the scalings of an index are common, so they are not
/// independent of one another. For independent ones use samplers of other seeds. Const members may be called
/// from several threads at once.
///
/// Time: an update of an entry of A_k L·R + 3 adds, of X one; a draw O(cells·d²) and, for q > 2, products of
/// X with 768-row sketches. Memory: Σ_k (L·R·b + 768)·d_k + 2Πd_k numbers.
template <class Scalar = double, class Policies = FactoredPolicies>
class FactoredTensorSampler {
 public:
  using scalar_type = Scalar;
  using policies_type = Policies;
  using draw_type = TensorDraw<Scalar>;
  static constexpr std::string_view kind = "FactoredTensorSampler";

  /// A_k = 0 ∈ ℝ^{n_k × d_k}, X = 0.
  /// @throws InvalidArgument for fewer than two factors, sizes or options out of range, more than 2⁶² entries
  /// of Y, or a power other than 2, for which the chain of norms does not hold
  FactoredTensorSampler(std::vector<Index> rows, std::vector<Index> columns, const SamplerOptions& options = {})
      : options_(options), core_(std::move(columns)) {
    detail::check_range(core_.degree(), 2, 32, "number of factors");
    detail::check_same_size(std::ssize(rows), core_.degree(), "list of numbers of rows");
    detail::check_product_options(options);
    for (Index n : rows) {
      detail::check_range(n, 1, max_dimension / dimension_, "number of rows");
      dimension_ *= n;
    }
    for (std::size_t k = 0; k < rows.size(); ++k) {
      SamplerOptions own = options;
      own.seed = derive_seed(options.seed, "factor", k);
      factors_.emplace_back(rows[k], core_.sizes()[k], own);
    }
  }

  /// (A_k)_ij += Δ. @throws InvalidArgument if k, i, j or Δ cannot be taken; nothing changes then
  void update(Index factor, Index row, Index column, Scalar delta) { at(factor).update(row, column, delta); }
  /// (A_k)_{i,:} += Δ. @throws InvalidArgument as above
  template <class Row>
  void update_row(Index factor, Index row, const Eigen::MatrixBase<Row>& delta) {
    at(factor).update_row(row, delta);
  }
  /// X_{j_1…j_q} += Δ. @throws InvalidArgument if an index is out of range or X would not stay finite
  void update_core(std::span<const Index> index, Scalar delta) { core_.update(index, static_cast<double>(delta)); }

  /// Refuse what `update` or `update_row` of these arguments would refuse; see `RowSampler::admit`.
  void admit(Index factor, Index row, Index column, Scalar delta) { at(factor).admit(row, column, delta); }
  template <class Row>
  void admit_row(Index factor, Index row, const Eigen::MatrixBase<Row>& delta) {
    at(factor).admit_row(row, delta);
  }

  /// One draw, or `zero` if Y = 0, or `failed` if an index does not stand above the noise.
  DrawResult<draw_type> sample() const {
    auto draws = sample_with_replacement(1, 0);
    if (!draws.empty()) return std::move(draws.front());
    return product_is_zero() ? Outcome::zero : Outcome::failed;
  }

  /// k draws with replacement: every index as `SamplingVerbs::sample_with_replacement` repeats it; the first is
  /// that of `sample()`. Shorter than k only when no further draw can be trusted. @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_with_replacement(Index k, Seed coins) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    return FactoredDraws<Scalar, Policies>(paths()).draw(k, coins);
  }

  /// Successive draws, each in proportion to Y² among the entries not drawn before; the first is that of `sample()`.
  /// Shorter than k only when no further draw can be trusted. No share enters that is estimated: entries come in
  /// the order of exponential arrival times (see `FactoredArrivals`). Which row the next draw is in, and which
  /// entry if the row was drawn from before, follows the law; entries of different rows see the same random
  /// numbers of the later indices, and are not independent of one another.
  /// Time: at most 4k readings of the last index. @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_without_replacement(Index k) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    return FactoredArrivals<Scalar, Policies>(paths()).draw(k);
  }

  /// The k largest |Ŷ| among the first max(4k, k + 16) draws without replacement, largest first; see
  /// `SamplingVerbs::heaviest`. @throws InvalidArgument for k < 0
  std::vector<draw_type> heaviest(Index k) const {
    auto found = sample_without_replacement(detail::draws_to_search(k));
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return std::abs(a.value) > std::abs(b.value); });
    if (std::ssize(found) > k) found.resize(static_cast<std::size_t>(k));
    return found;
  }

  /// Ŷ at an index, from the recovered rows. @throws InvalidArgument if it is out of range
  Scalar estimate(std::span<const Index> index) const {
    detail::check_same_size(std::ssize(index), degree(), "index");
    Eigen::VectorXd rest = core_.values();
    for (std::size_t k = 0; k < index.size(); ++k)
      rest = detail::contract_first<double>(rest, factors_[k].estimate(index[k]).transpose().template cast<double>());
    return static_cast<Scalar>(rest[0]);
  }

  /// An estimate of ‖Y‖², within about 15 % in two of three cases.
  double squared_norm() const {
    const Eigen::MatrixXd factor = paths().norm_factor(core_.values(), 0);
    if (!factor.allFinite()) return std::numeric_limits<double>::infinity();
    return factors_.front().mapped_by(factor).squared_norm();
  }

  /// Adds all streams of the other, each to its own: y is not linear in them together.
  /// @throws IncompatibleSketch, CounterOverflow; nothing has changed then
  FactoredTensorSampler& operator+=(const FactoredTensorSampler& other) { return join(other, false); }
  /// Takes all streams of the other away. @throws IncompatibleSketch, CounterOverflow
  FactoredTensorSampler& operator-=(const FactoredTensorSampler& other) { return join(other, true); }
  /// A_k += the other's A_k; the rest stays. @throws IncompatibleSketch
  void merge_factor(Index factor, const FactoredTensorSampler& other) {
    require_same(other);
    at(factor) += other.factors_[static_cast<std::size_t>(factor)];
  }
  /// X += the other's X; the rest stays. @throws IncompatibleSketch
  void merge_core(const FactoredTensorSampler& other) {
    require_same(other);
    core_.add(other.core_, false);
  }

  /// Shows the arrays that `+=` sums up to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    for (auto& factor : self.factors_) RowSampler<Scalar, Policies>::for_each_array(factor, visitor);
    CoreTensor<double>::for_each_array(self.core_, visitor);
  }

  /// Back to A_k = 0 and X = 0.
  void clear() {
    for (auto& factor : factors_) factor.clear();
    core_ = CoreTensor<double>(core_.sizes());
  }

  /// The number of entries of Y.
  Index dimension() const { return dimension_; }
  /// q
  Index degree() const { return core_.degree(); }
  const SamplerOptions& options() const { return options_; }
  /// The RowSampler on A_k. @throws InvalidArgument if k is out of range
  const RowSampler<Scalar, Policies>& factor(Index k) const {
    detail::check_index(k, degree(), "factor");
    return factors_[static_cast<std::size_t>(k)];
  }
  const CoreTensor<double>& core() const { return core_; }

  std::size_t memory_bytes() const {
    std::size_t bytes = sizeof(*this) + core_.heap_bytes();
    for (const auto& factor : factors_) bytes += factor.memory_bytes();
    return bytes;
  }

  Identity identity() const {
    constexpr MixHash mix(detail::hash_name("tensor sizes"));
    std::uint64_t sizes = mix(factors_.size());
    for (const auto& factor : factors_)
      for (Index size : {factor.dimension(), factor.columns()}) sizes = mix(sizes ^ static_cast<std::uint64_t>(size));
    return {
        std::string(kind), std::string(scalar_name<Scalar>()), Policies::name(), dimension_, degree(), options_, sizes};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: n_k and d_k for each factor; the image of each
  /// (see `MatrixImage::put`); the core (see `CoreTensor::put`).
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) {
      for (const auto& factor : factors_) {
        writer.put(factor.dimension());
        writer.put(factor.columns());
      }
      for (const auto& factor : factors_) factor.streamed().put(writer);
      core_.put(writer);
    });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static FactoredTensorSampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<FactoredTensorSampler>(
        bytes, Policies::name(), [](io::ByteReader& reader, const Identity& found) {
          detail::check_range(found.width, 2, 32, "number of factors");
          std::vector<Index> rows(static_cast<std::size_t>(found.width)), columns = rows;
          for (std::size_t k = 0; k < rows.size(); ++k) {
            rows[k] = reader.take<Index>();
            columns[k] = reader.take<Index>();
          }
          expect_images(reader, rows, columns, found.options);
          FactoredTensorSampler sampler(rows, columns, found.options);
          for (auto& factor : sampler.factors_) factor.take(reader);
          sampler.core_.take(reader);
          return sampler;
        });
  }

  /// Kind, sizes, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const FactoredTensorSampler& sampler) {
    out << kind << '(';
    for (const auto& factor : sampler.factors_) out << factor.dimension() << " x " << factor.columns() << ", ";
    return out << scalar_name<Scalar>() << ", seed " << sampler.options_.seed << ", " << Policies::name()
               << "): " << sampler.memory_bytes() << " bytes, norm of Y about " << std::sqrt(sampler.squared_norm());
  }

 private:
  FactoredPaths<Scalar, Policies> paths() const { return {std::span(factors_), core_}; }

  RowSampler<Scalar, Policies>& at(Index k) {
    detail::check_index(k, degree(), "factor");
    return factors_[static_cast<std::size_t>(k)];
  }

  // Σ u_{i_1} v_{i_2} … Y_{i_1 i_2…} for the hashed weights of the factors, exactly, modulo 2⁶¹ − 1.
  bool product_is_zero() const {
    std::vector<std::vector<std::uint64_t>> residues;
    for (const auto& factor : factors_) residues.push_back(factor.streamed().residues);
    return core_.contract(residues) == 0;
  }

  static void expect_images(const io::ByteReader& reader, const std::vector<Index>& rows,
                            const std::vector<Index>& columns, const SamplerOptions& options) {
    Index numbers = 0, others = 0, entries = 1;  // no sum of 32 sizes below 2⁵⁷ overflows
    for (std::size_t k = 0; k < rows.size(); ++k) {
      detail::check_range(columns[k], 1, max_dimension, "number of columns");
      const SamplerOperator<Policies> op(rows[k], options);
      numbers = numbers + MatrixImage<Scalar>::numbers(op, columns[k]);
      others = others + MatrixImage<Scalar>::fixed_bytes(columns[k]);
      entries = detail::checked_product(entries, columns[k], "X");
    }
    reader.expect_rest(numbers, sizeof(Scalar), others + CoreTensor<double>::bytes(entries));
  }

  FactoredTensorSampler& join(const FactoredTensorSampler& other, bool negative) {
    require_same(other);
    FactoredTensorSampler sum = *this;  // so that nothing changes if one of them is refused
    for (std::size_t k = 0; k < factors_.size(); ++k)
      negative ? sum.factors_[k] -= other.factors_[k] : sum.factors_[k] += other.factors_[k];
    sum.core_.add(other.core_, negative);
    return *this = std::move(sum);
  }

  void require_same(const FactoredTensorSampler& other) const {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), "add samplers");
  }

  SamplerOptions options_;
  CoreTensor<double> core_;
  Index dimension_ = 1;
  std::vector<RowSampler<Scalar, Policies>> factors_;
};

}  // namespace turnstile::inline v0
