/// @file
/// TensorSketch and TensorSparse: norms, inner products and entries of a streamed tensor, and of what is
/// given by its factors only.
#pragma once

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/core/concepts.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/circular_convolution.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/sketch/estimates.hpp"
#include "turnstile/sketch/hashed_keys.hpp"
#include "turnstile/sketch/sketch_state.hpp"
#include "turnstile/sketch/sparse_terms.hpp"
#include "turnstile/sketch/tensor_operator.hpp"

namespace turnstile::inline v0 {

/// S y for a tensor y ∈ ℝ^{n_1 × … × n_q} under updates y_{i_1…i_q} += Δ, rank-one updates
/// y += x_1 ⊗ … ⊗ x_q and, for q = 2, products y += A1 X A2ᵀ, of which only the factors are seen.
///
/// S is TensorSparse (arXiv 2510.03678, Definition 3.1; any q and rectangular sizes here): s independent
/// blocks of b = m/s buckets, in each of them one nonzero a key,
///
///   S_{r·b + t, (i_1, …, i_q)} = Π_k σ_k(i_k, r)/√s   where t = Σ_k h_k(i_k, r) mod b, else 0.
///
/// s = 1 is TensorSketch (Pham and Pagh 2013). Counters hold √s·S y, so that streams of integers stay
/// exact; the root enters where they are read. Reads are those of S: with ⟨·, ·⟩ of all entries,
///
///   E ⟨S y, S z⟩ = ⟨y, z⟩,   Var ⟨S y, S z⟩ ≤ (2(2^q − 1)/m + 2s(3^q − 2^{q+1} + 1)/m²)·‖y‖²‖z‖²,
///   E ŷ_I = y_I,             Var ŷ_I = (‖y‖² − y_I²)/m.
///
/// Proof of the bound: of the second moment's terms σ(I)σ(J)σ(K)σ(L) y_I z_J y_K z_L those stay in which
/// every factor pairs its four indices up, as i=j, i=k or i=l. Patterns of i=j and i=k, or of i=j and
/// i=l, collide with probability 1/b, those with both i=k and i=l with at most 2/b². Each of them sums up
/// to at most ‖y‖²‖z‖² (Cauchy and Schwarz); a block has 1/s² of its variance, and m = s·b.
///
/// The proof uses 2-wise independent h_k and, given them, 4-wise independent σ_k, which `PolynomialHash<4>`
/// reads off one word; Definition 3.1 asks for O(log 1/δ)-wise ones, for embeddings that fail with
/// probability δ; `MixHash` is treated as a random oracle. For large q see Ahle et al. 2020. Scalar is
/// double or float; transforms are in double. Time: as said at each verb. Memory: m counters.
/// Const members may be called from several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   const Eigen::MatrixXd left = Eigen::MatrixXd::Ones(100, 2), right = Eigen::MatrixXd::Ones(50, 3);
///   const Eigen::MatrixXd core = Eigen::MatrixXd::Constant(2, 3, 1.0 / 6);
///   turnstile::TensorSketch<> sketch({100, 50}, 1024, 1, 7);
///   sketch.add_product(left, core, right);  // 100 x 50 ones, never formed
///   sketch.update({3, 4}, 1000.0);
///   const double truth = 4999 + 1001.0 * 1001.0;
///   return std::abs(sketch.squared_norm() / truth - 1) < 0.2 ? 0 : 1;
/// }
/// @endcode
template <class Scalar = double, KeyedHash Hash = MixHash>
class TensorSketch : public SketchState<TensorSketch<Scalar, Hash>, TensorOperator<Hash>, Scalar> {
  using Base = SketchState<TensorSketch, TensorOperator<Hash>, Scalar>;
  using Doubles = detail::InDoubles<Scalar>;
  using Convolution = detail::CircularConvolution<typename Doubles::Real>;
  static_assert(std::is_floating_point_v<Scalar>, "a TensorSketch counts in double or float");

 public:
  static constexpr std::string_view kind = "TensorSketch";
  using hash_type = Hash;
  /// A point is a row.
  using Features = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  /// @param dimensions n_1, …, n_q: at least two, with a product of at most 2⁶², so that every entry has
  ///   an index
  /// @param buckets m, of all blocks together: a multiple of s, at most s·2³⁰/q
  /// @param nonzeros s, from 1 to 63 @param seed all randomness
  /// @throws InvalidArgument for anything else
  explicit TensorSketch(std::vector<Index> dimensions, Index buckets = 1024, Index nonzeros = 1, Seed seed = 0)
      : Base(seed, {std::move(dimensions), buckets, nonzeros, derive_seed(seed, kind)}) {}

  /// y_{i_1…i_q} += Δ. Time: q·s hashes and s adds. @throws InvalidArgument for an index or Δ out of range;
  /// nothing has changed then
  void update(std::span<const Index> indices, Scalar delta) {
    map().check_key(indices);
    detail::check_finite(delta, "update");
    Counters<Scalar>& counters = this->counter_array();
    detail::require_admitted(counters, std::abs(static_cast<double>(delta)));
    map().for_each_cell(indices, [&](Index cell, bool negative) { counters.add(cell, negative, delta); });
  }
  void update(std::initializer_list<Index> indices, Scalar delta) {
    update(std::span(indices.begin(), indices.size()), delta);
  }

  /// y += x_1 ⊗ … ⊗ x_q for vectors x_k ∈ ℝ^{n_k}, dense or sparse, rows or columns: a convolution of
  /// their CountSketches (Pagh 2013), by scattering the products of nonzeros or by transforms, whichever
  /// takes fewer operations (`CircularConvolution`).
  ///
  /// Time: O(s·Σ nnz(x_k) + q·m log b), or less by scattering: s·Π nnz(x_k) for q = 2. Memory: O(m).
  /// @throws InvalidArgument for sizes that do not fit or entries that are not finite, CounterOverflow;
  /// nothing has changed then
  template <class... Factors>
  requires(sizeof...(Factors) >= 2) void add_rank_one(const Factors&... factors) {
    map().check_sizes(std::array{static_cast<Index>(factors.size())...});
    add_rank_one_of(std::array{detail::nonzeros_of(factors, "entry of a factor")...});
  }
  /// The same for a number of factors known at run time.
  void add_rank_one(std::span<const Eigen::VectorX<Scalar>> factors) {
    std::vector<Index> sizes;
    for (const auto& factor : factors) sizes.push_back(factor.size());
    map().check_sizes(sizes);
    std::vector<detail::SparseTerms> terms;
    for (const auto& factor : factors) terms.push_back(detail::nonzeros_of(factor, "entry of a factor"));
    add_rank_one_of(terms);
  }

  /// y += A1 X A2ᵀ for q = 2: A1 is n_1 × d_1, A2 is n_2 × d_2, both dense or sparse, X is d_1 × d_2 and
  /// dense. The product is never formed: the columns of A1 and A2 are sketched, X is multiplied to the
  /// sketch that has more of them, and min(d_1, d_2) convolutions are summed, with one transform back.
  ///
  /// Time: O(s·(nnz(A1) + nnz(A2)) + m·d_1·d_2 + min(d_1, d_2)·m log b). Memory: s·(n_1 + n_2)
  /// buckets and signs, b·(d_1 + d_2) numbers.
  /// @throws InvalidArgument unless q = 2, and as add_rank_one
  template <class Left, class Core, class Right>
  void add_product(const Left& left, const Eigen::MatrixBase<Core>& core, const Right& right) {
    if (degree() != 2) detail::raise("a matrix product needs 2 factors, and this sketch has ", degree());
    map().check_sizes(std::array{static_cast<Index>(left.rows()), static_cast<Index>(right.rows())});
    detail::check_same_size(core.rows(), left.cols(), "column of X");
    detail::check_same_size(core.cols(), right.cols(), "row of X");
    const typename Doubles::Matrix middle = core.template cast<double>();
    for (double value : middle.reshaped()) detail::check_finite(value, "entry of X");
    const detail::HashedKeys left_keys = map().hashed(0), right_keys = map().hashed(1);
    add_image([&](Index block, Convolution& convolution) {
      auto first = left_keys.sketch_columns(block, left), second = right_keys.sketch_columns(block, right);
      if (first.cols() <= second.cols())
        second *= middle.transpose();
      else
        first *= middle;
      for (Index j = 0; j < first.cols(); ++j)
        convolution.add(
            std::array{detail::nonzeros_of(first.col(j), "counter"), detail::nonzeros_of(second.col(j), "counter")});
    });
  }

  /// Of every row x of a matrix the S(x ⊗ … ⊗ x), as a row of m features: ⟨S x^{⊗q}, S z^{⊗q}⟩ estimates
  /// ⟨x, z⟩^q. The counters are neither read nor changed.
  ///
  /// Time: a row as a rank-one update. @throws InvalidArgument unless rows have the size of every factor and
  /// finite entries, CounterOverflow for a feature that no Scalar holds
  template <class Derived>
  Features features(const Eigen::MatrixBase<Derived>& rows) const {
    const auto factors = static_cast<std::size_t>(degree());
    map().check_sizes(std::vector<Index>(factors, rows.cols()));
    std::vector<detail::HashedKeys> keys;
    for (std::size_t k = 0; k < factors; ++k) keys.push_back(map().hashed(k));
    const double root = std::sqrt(static_cast<double>(nonzeros()));
    Convolution convolution(this->shape().buckets, degree());
    std::vector<detail::SparseTerms> sketched(factors);
    Features result(rows.rows(), buckets());
    typename Doubles::RowVector row;
    const auto& points = rows.eval();
    for (Index i = 0; i < points.rows(); ++i) {
      row = points.row(i).template cast<double>();
      for (double value : row) detail::check_finite(value, "entry of a row");
      const std::span<const double> values(row.data(), static_cast<std::size_t>(row.size()));
      for (Index block = 0; block < nonzeros(); ++block) {
        for (std::size_t k = 0; k < factors; ++k) keys[k].sketch(block, values, sketched[k]);
        convolution.add(sketched);
        store(convolution.take(), 1 / root, result.row(i).data() + block * this->shape().buckets);
      }
    }
    return result;
  }

  /// ‖S y‖², an estimate of ‖y‖². Time: O(m).
  double squared_norm() const {
    const double norm = detail::euclidean_norm(this->counters());
    return norm / static_cast<double>(nonzeros()) * norm;
  }

  /// ⟨S y, S z⟩, an estimate of ⟨y, z⟩, for the z of another sketch of the same identity. Time: O(m).
  /// @throws IncompatibleSketch
  double inner_product(const TensorSketch& other) const {
    this->require_same(other, "multiply sketches");
    return detail::median_inner_product(this->counters(), other.counters(), 1) / static_cast<double>(nonzeros());
  }

  /// ŷ_I = ⟨S e_I, S y⟩, the mean of s readings: an estimate of the entry. Time: q·s hashes.
  /// @throws InvalidArgument
  double estimate(std::span<const Index> indices) const {
    map().check_key(indices);
    double sum = 0;
    map().for_each_cell(indices, [&](Index cell, bool negative) {
      sum += detail::with_sign(static_cast<double>(this->counter_array()[cell]), negative);
    });
    return sum / static_cast<double>(nonzeros());
  }
  double estimate(std::initializer_list<Index> indices) const {
    return estimate(std::span(indices.begin(), indices.size()));
  }

  const std::vector<Index>& dimensions() const { return map().dimensions(); }
  Index degree() const { return map().degree(); }        ///< q
  Index buckets() const { return map().cells(); }        ///< m
  Index nonzeros() const { return this->shape().rows; }  ///< s

  /// Its dimension is n_1⋯n_q, its width q, its shape s rows of m/s buckets, and its fixed operand the
  /// fingerprint of (n_1, …, n_q): 4 × 6 and 6 × 4 are different maps.
  Identity identity() const {
    SamplerOptions options;
    options.seed = this->seed();
    options.shape = this->shape();
    constexpr MixHash mix(detail::hash_name("tensor dimensions"));
    std::uint64_t fingerprint = 0;
    for (Index dimension : dimensions()) fingerprint = mix(fingerprint ^ static_cast<std::uint64_t>(dimension));
    return {std::string(kind), std::string(scalar_name<Scalar>()), Hash::name(), map().size(), degree(), options,
            fingerprint};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the q dimensions, the m counters.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) {
      writer.put_array(std::span<const Index>(dimensions()));
      writer.put_array(this->counters());
    });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static TensorSketch from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<TensorSketch>(bytes, Hash::name(), [](io::ByteReader& reader, const Identity& found) {
      const SketchShape& shape = found.options.shape;
      detail::check_shape(shape);
      detail::check_range(found.width, 2, TensorOperator<Hash>::max_degree, "width");
      const Index cells = detail::checked_product(shape.rows, shape.buckets, "sketch");
      reader.expect_rest(cells, sizeof(Scalar), found.width * static_cast<Index>(sizeof(Index)));
      std::vector<Index> dimensions(static_cast<std::size_t>(found.width));
      reader.take_array(std::span(dimensions));
      TensorSketch sketch(std::move(dimensions), cells, shape.rows, found.options.seed);
      reader.take_array(sketch.counter_array().flat());
      return sketch;
    });
  }

  /// Kind, sizes, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const TensorSketch& sketch) {
    out << kind << '(';
    for (Index dimension : sketch.dimensions()) out << dimension << " x ";
    return out << "to " << sketch.buckets() << ", " << sketch.nonzeros() << " nonzeros a key, seed " << sketch.seed()
               << ", " << scalar_name<Scalar>() << ", " << Hash::name() << "): " << sketch.memory_bytes()
               << " bytes, norm about " << std::sqrt(sketch.squared_norm());
  }

 private:
  const TensorOperator<Hash>& map() const { return this->linear_map(); }

  // Numbers times a factor, as counters. @throws CounterOverflow for one that no Scalar holds
  template <class Numbers>
  static void store(const Eigen::ArrayBase<Numbers>& numbers, double factor, Scalar* to) {
    constexpr auto limit = static_cast<double>(detail::counter_limit<Scalar>());
    const double largest = numbers.abs().template maxCoeff<Eigen::PropagateNaN>() * factor;
    if (!(largest <= limit))
      detail::raise<CounterOverflow>("a counter would be ", largest, ", outside its range of ", limit);
    Eigen::Map<Eigen::ArrayX<Scalar>>(to, numbers.size()) = (numbers * factor).template cast<Scalar>();
  }

  void add_rank_one_of(std::span<const detail::SparseTerms> factors) {
    std::vector<detail::HashedKeys> keys;
    for (std::size_t k = 0; k < factors.size(); ++k) keys.push_back(map().hashed(k, factors[k].places()));
    std::vector<detail::SparseTerms> sketched(factors.size());
    add_image([&](Index block, Convolution& convolution) {
      for (std::size_t k = 0; k < keys.size(); ++k) keys[k].sketch(block, factors[k].values(), sketched[k]);
      convolution.add(sketched);
    });
  }

  // Adds what fill(block, convolution) sums up in each block. @throws CounterOverflow; nothing has changed then
  template <class Fill>
  void add_image(Fill&& fill) {
    Counters<Scalar> image(buckets());
    Convolution convolution(this->shape().buckets, degree());
    for (Index block = 0; block < nonzeros(); ++block) {
      fill(block, convolution);
      store(convolution.take(), 1, image.flat().data() + block * this->shape().buckets);
    }
    this->counter_array() += image;
  }
};

}  // namespace turnstile::inline v0
