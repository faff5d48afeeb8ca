/// @file
/// Draws entries of A1 X A2ᵀ with a scale factor for every entry.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/image_view.hpp"
#include "turnstile/sampler/kronecker_state.hpp"
#include "turnstile/sampler/line_change.hpp"
#include "turnstile/sampler/pair_recovery.hpp"
#include "turnstile/sampler/projected_factor.hpp"
#include "turnstile/sampler/row_change.hpp"

namespace turnstile::inline v0 {

/// Draws entry (i, c) of Y = A1 X A2ᵀ with probability |y|ᵖ/‖Y‖ₚᵖ while entries of A1 ∈ ℝ^{n1×d1} and A2 ∈ ℝ^{n2×d2}
/// change and X ∈ ℝ^{d1×d2} is fixed: Algorithm 2 and Theorem 7.6 of arXiv 2510.03678 (its block of i is
/// (i−1)n + 1 … in; and both factors may change here, one at a time). An update of A1_ij changes row i of Y by
/// Δ·(X A2ᵀ)_j; each of its n2 entries has a scale factor of its own and goes to bucket h1(i) + h2(c). A2 likewise.
///
/// The reference among the engines: the law of one sampler is that of L2Sampler on vec(Y), any p, and draws
/// without replacement; `Policies<UniformScaling, …, ThresholdAcceptance>` are the paper's own tests. It has no
/// other advantage: `FactoredKroneckerSampler` updates in no n and keeps no n, `ExactKroneckerSampler` keeps about
/// as much and draws without error.
///
/// Time: an update of an entry or of a row of A1 O(n2·R + R·b + d1·d2), of A2 the same with n1; n2·d1 more for a row.
/// A draw O((n1 + n2)·R), with ScanRecovery O(n1·n2·R). To begin with, O(n2·(R + d1)) for every row of A1 that is
/// not 0. Memory: (n1 + n2)(d1 + d2) numbers and 4(n1 + n2)(R + 5) bytes of hashed places, and 3R·b counters.
///
/// Y is the product of the factors as they are kept: an entry becomes the Scalar nearest to A1_ij + Δ. There is no `+=`
/// (Y is bilinear): `merge_left` adds streams of A1 where A2 is common, `merge_right` those of A2. Const members may
/// be called from several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   const Eigen::MatrixXd a1 = Eigen::MatrixXd::Zero(3, 2), a2 = Eigen::MatrixXd::Identity(4, 2);
///   turnstile::PairwiseKroneckerSampler<> sampler(a1, a2, Eigen::MatrixXd::Identity(2, 2), {.seed = 1});
///   sampler.update_left(2, 1, 5.0);  // Y is 0 but for Y_21 = 5
///   if (auto draw = sampler.sample()) std::cout << draw->row << ' ' << draw->col << ' ' << draw->value << '\n';
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class PairwiseKroneckerSampler {
  using Factor = ProjectedFactor<Scalar>;
  using Row = typename Factor::Row;
  using Change = RowChange<Scalar>;
  using Image = VectorImage<Scalar>;
  using Factors = FactorMatrices<Scalar>;
  static_assert(std::is_floating_point_v<Scalar>, "counters are double or float");

 public:
  using scalar_type = Scalar;
  using policies_type = Policies;
  using draw_type = PairDraw<Scalar>;
  using matrix_type = typename Factor::Matrix;
  static constexpr std::string_view kind = "PairwiseKroneckerSampler";

  /// A1, A2 and X. @throws InvalidArgument for sizes that do not fit, n1·n2 > 2⁶², entries (of the factors, of A1 X or
  /// of A2 Xᵀ) that are not finite, options out of range or more than 2³⁰ buckets; CounterOverflow
  template <class A1, class A2, class X>
  PairwiseKroneckerSampler(const Eigen::MatrixBase<A1>& left, const Eigen::MatrixBase<A2>& right,
                           const Eigen::MatrixBase<X>& core, const SamplerOptions& options = {})
      : PairwiseKroneckerSampler(Factors::checked(left, right, core), options) {
    for (Index i = 0; i < rows(); ++i)
      if (left_.norms()[i] != 0) add_to_line({Side::left, i}, this->left().row(i).template cast<double>());
  }

  /// (A1)_ij += Δ. @throws InvalidArgument if i or j is out of range, or Δ cannot be taken; nothing changes then
  void update_left(Index row, Index column, Scalar delta) {
    make(Side::left, Change::of_entry(left_, row, column, delta));
  }
  /// (A2)_ij += Δ. @throws InvalidArgument as above
  void update_right(Index row, Index column, Scalar delta) {
    make(Side::right, Change::of_entry(right_, row, column, delta));
  }
  /// (A1)_{i,:} += Δ ∈ ℝ^{d1}. @throws InvalidArgument as above, and for another size
  template <class Delta>
  void update_left_row(Index row, const Eigen::MatrixBase<Delta>& delta) {
    make(Side::left, Change::of_row(left_, row, delta));
  }
  /// (A2)_{i,:} += Δ ∈ ℝ^{d2}. @throws InvalidArgument as above
  template <class Delta>
  void update_right_row(Index row, const Eigen::MatrixBase<Delta>& delta) {
    make(Side::right, Change::of_row(right_, row, delta));
  }
  /// Refuse what the update of these arguments would refuse, and leave the factors as they are; after them that update
  /// does not throw. So that several samplers take a change, or none. Time: O(n + d1·d2).
  void admit_left(Index row, Index column, Scalar delta) {
    reserve(Side::left, Change::of_entry(left_, row, column, delta));
  }
  void admit_right(Index row, Index column, Scalar delta) {
    reserve(Side::right, Change::of_entry(right_, row, column, delta));
  }
  template <class Delta>
  void admit_left_row(Index row, const Eigen::MatrixBase<Delta>& delta) {
    reserve(Side::left, Change::of_row(left_, row, delta));
  }
  template <class Delta>
  void admit_right_row(Index row, const Eigen::MatrixBase<Delta>& delta) {
    reserve(Side::right, Change::of_row(right_, row, delta));
  }

  /// X is held fixed. @throws InvalidArgument always
  void update_core(Index row, Index column, Scalar delta) {
    detail::raise("X(", row, ", ", column, ") += ", delta, ": ", kind, " holds X fixed");
  }

  /// One draw, or `zero` if Y = 0, or `failed` if no entry stands above the noise. See SamplingVerbs, as for all verbs.
  DrawResult<draw_type> sample() const {
    const auto draw = view().sample();
    if (!draw) return draw.outcome();
    return as_pair(*draw);
  }
  std::vector<draw_type> sample_without_replacement(Index k) const {
    return as_pairs(view().sample_without_replacement(k));
  }
  std::vector<draw_type> sample_with_replacement(Index k, Seed coins) const {
    return as_pairs(view().sample_with_replacement(k, coins));
  }
  std::vector<draw_type> heaviest(Index k) const { return as_pairs(view().heaviest(k)); }

  /// Ŷ_ic, as it is read off the sketch. @throws InvalidArgument if i or c is out of range
  Scalar estimate(Index row, Index col) const {
    detail::check_index(row, rows(), "row");
    detail::check_index(col, cols(), "column");
    return image_.estimate(operator_, operator_.table().key({Side::left, row}, col));
  }

  /// An estimate of ‖Y‖_F², within about 10 % in two of three cases.
  double squared_norm() const {
    const double norm = euclidean_norm(operator_, image_);
    return norm * norm;
  }

  /// A1 += the other's A1, where both have the same A2. @throws IncompatibleSketch if A2, X or the identity
  /// differ, InvalidArgument if a sum is not finite; nothing has changed then
  void merge_left(const PairwiseKroneckerSampler& other) { merge(Side::left, other); }
  /// A2 += the other's A2, where both have the same A1. @throws IncompatibleSketch and InvalidArgument as above
  void merge_right(const PairwiseKroneckerSampler& other) { merge(Side::right, other); }

  /// Back to A1 = 0 and A2 = 0; X stays.
  void clear() {
    Factors zero{matrix_type::Zero(rows(), core_.rows()), core_, matrix_type::Zero(cols(), core_.cols())};
    *this = PairwiseKroneckerSampler(std::move(zero), options());
  }

  Index rows() const { return left_.matrix().rows(); }          ///< n1
  Index cols() const { return right_.matrix().rows(); }         ///< n2
  Index dimension() const { return operator_.dimension(); }     ///< n1·n2, the number of entries of Y
  const matrix_type& left() const { return left_.matrix(); }    ///< A1
  const matrix_type& right() const { return right_.matrix(); }  ///< A2
  const matrix_type& core() const { return core_; }             ///< X
  const SamplerOptions& options() const { return operator_.options(); }

  std::size_t memory_bytes() const {
    return sizeof(*this) + operator_.heap_bytes() + left_.heap_bytes() + right_.heap_bytes() +
           static_cast<std::size_t>(core_.size()) * sizeof(Scalar) + image_.heap_bytes();
  }

  /// dimension is n1·n2, width d1·d2.
  Identity identity() const {
    return {std::string(kind),
            std::string(scalar_name<Scalar>()),
            Policies::name(),
            dimension(),
            core_.size(),
            options(),
            0};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the factors (see FactorMatrices::put), and the image of
  /// Y (see VectorImage::put). A1 X and A2 Xᵀ are not in it, being functions of the factors.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) {
      Factors::put(writer, left(), core(), right());
      image_.put(writer);
    });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static PairwiseKroneckerSampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<PairwiseKroneckerSampler>(
        bytes, Policies::name(), [](io::ByteReader& reader, const Identity& found) {
          const Index numbers = detail::pair_map_cells<Policies>(found.options);
          auto factors = Factors::take(reader, found, numbers, Image::fixed_bytes());
          PairwiseKroneckerSampler sampler(std::move(factors), found.options);
          sampler.image_.take(reader);
          return sampler;
        });
  }

  /// Kind, sizes, seed, bytes and state at a glance.
  friend std::ostream& operator<<(std::ostream& out, const PairwiseKroneckerSampler& sampler) {
    const SketchShape& shape = sampler.options().shape;
    out << kind << '(';
    Factors::describe(out, sampler.left(), sampler.core(), sampler.right());
    return out << ", " << sampler.operator_.table().levels() << " x " << shape.rows << " x " << shape.buckets
               << ", seed " << sampler.options().seed << ", p = " << sampler.options().power << ", " << Policies::name()
               << "): " << sampler.memory_bytes() << " bytes, norm of Y about " << std::sqrt(sampler.squared_norm());
  }

 private:
  // Y's image is left at 0.
  PairwiseKroneckerSampler(Factors factors, const SamplerOptions& options)
      : operator_(detail::pair_map<Policies>(factors.left.rows(), factors.right.rows(), options)),
        core_(std::move(factors.core)),
        left_(std::move(factors.left), core_.template cast<double>(), "A1", derive_seed(options.seed, "left residues")),
        right_(std::move(factors.right), core_.transpose().template cast<double>(), "A2",
               derive_seed(options.seed, "right residues")),
        image_(operator_) {}

  Factor& of(Side side) { return side == Side::left ? left_ : right_; }
  const Factor& of(Side side) const { return side == Side::left ? left_ : right_; }

  void make(Side side, const Change& change) {
    add_to_line({side, change.index}, change.difference);
    of(side).set_row(change.index, change.row, change.product);
  }

  // |Δ| of each entry of a line, or more, when the row that it comes from changes so.
  Eigen::VectorXd bounds_of(const MatrixLine& line, const Eigen::VectorXd& difference) const {
    const Factor& across = of(opposite(line.side));
    return across.stretch(difference) * across.norms();
  }

  void reserve(Side side, const Change& change) {
    image_.reserve(operator_, bounds_of({side, change.index}, change.difference).sum());
  }

  // Adds to Y's image what a change of that row makes of the line. @throws CounterOverflow; nothing has changed then
  void add_to_line(const MatrixLine& line, const Eigen::VectorXd& difference) {
    const Eigen::VectorXd bounds = bounds_of(line, difference);
    image_.reserve(operator_, bounds.sum());
    const auto terms = static_cast<double>(core_.rows() + core_.cols() + 2);
    detail::add_line(operator_, line, of(opposite(line.side)).times(difference), bounds, terms, image_);
  }

  void merge(Side side, const PairwiseKroneckerSampler& other) {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), "merge states");
    if (core_ != other.core_) detail::raise<IncompatibleSketch>("cannot merge states: X differs");
    if (of(opposite(side)).matrix() != other.of(opposite(side)).matrix())
      detail::raise<IncompatibleSketch>("cannot merge states: ", of(opposite(side)).name(), " differs");
    PairwiseKroneckerSampler sum = *this;  // so that nothing changes if a row is refused
    sum.image_ += other.image_;
    for (Index i = 0; i < of(side).matrix().rows(); ++i)
      if (other.of(side).norms()[i] != 0) sum.merge_row({side, i}, other.of(side).matrix().row(i));
    *this = std::move(sum);
  }

  // The factor's row += another, whose part of Y's image is there already. What rounding keeps from the sum is not
  // in the factor, and so must not be in the image.
  void merge_row(const MatrixLine& line, const Row& other) {
    Factor& factor = of(line.side);
    const Row row = factor.matrix().row(line.index), sum = row + other;
    const Row added = sum - row;
    const Row lost = (row - (sum - added)) + (other - added);  // exact (Knuth's TwoSum)
    const Row product = factor.product_of(line.index, sum);
    if (!lost.isZero(0)) add_to_line(line, -lost.template cast<double>());
    factor.set_row(line.index, sum, product);
  }

  // For the verbs: Y's image, with its fingerprint.
  ImageView<Image, PairPolicies<Policies>> view() const {
    Image image = image_;
    image.residue = product_residue(left_.residues(), core_, right_.residues());
    return {operator_, std::move(image)};
  }

  draw_type as_pair(const Draw<Scalar>& draw) const {
    return {draw.index / cols(), draw.index % cols(), draw.value, draw.probability, draw.standard_error};
  }
  std::vector<draw_type> as_pairs(const std::vector<Draw<Scalar>>& draws) const {
    std::vector<draw_type> pairs;
    for (const auto& draw : draws) pairs.push_back(as_pair(draw));
    return pairs;
  }

  SamplerOperator<PairPolicies<Policies>> operator_;
  matrix_type core_;
  Factor left_;   // with A1 X
  Factor right_;  // with A2 Xᵀ
  Image image_;
};

}  // namespace turnstile::inline v0
