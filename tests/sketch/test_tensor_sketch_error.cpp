// The errors of a TensorSketch against their variances, from both sides: factors or blocks whose hashes
// are related err more, or less, than independent ones.

#include <turnstile/sketch/tensor_sketch.hpp>

#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "support/catch.hpp"
#include "support/many_seeds.hpp"
#include "support/significance.hpp"
#include "support/sketch_kinds.hpp"
#include "support/statistics.hpp"
#include "support/streams.hpp"
#include "support/trials.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// A tensor by its factors or entries, and how a sketch takes it in.
struct Tensor {
  const char* name;
  std::vector<Index> dimensions;
  std::vector<double> entries;  // in the order of the keys, the last index fastest

  std::vector<Index> key(std::size_t entry) const {
    std::vector<Index> indices(dimensions.size());
    auto rest = static_cast<Index>(entry);
    for (std::size_t k = dimensions.size(); k-- > 0; rest /= dimensions[k]) indices[k] = rest % dimensions[k];
    return indices;
  }
  double dot(const Tensor& other) const {
    return std::inner_product(entries.begin(), entries.end(), other.entries.begin(), 0.0);
  }
};

struct Products {
  Eigen::MatrixXd left, core, right;
  Eigen::MatrixXd y() const { return left * core * right.transpose(); }
};

Tensor tensor_of(const char* name, const Eigen::MatrixXd& y) {
  Tensor tensor{name, {y.rows(), y.cols()}, {}};
  for (Index i = 0; i < y.rows(); ++i)
    for (Index j = 0; j < y.cols(); ++j) tensor.entries.push_back(y(i, j));
  return tensor;
}

Eigen::MatrixXd values(Index rows, Index columns, Seed seed) {
  const MixHash words(seed);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&](Index i, Index j) {
    return 10.0 + small_integer(words(static_cast<std::uint64_t>(i * columns + j)), 60);
  });
}

// Low rank, where rows and columns are alike and the variance comes close to its bound, and a diagonal,
// where it is a third of it and where hashes that the factors share would show.
Products low_rank(Seed seed) { return {values(6, 1, seed), values(1, 1, seed + 1), values(4, 1, seed + 2)}; }
Products diagonal() {
  return {Eigen::MatrixXd::Identity(6, 4), Eigen::Vector4d(3, -2, 4, 3).asDiagonal(), Eigen::MatrixXd::Identity(4, 4)};
}
Products generic(Seed seed) { return {values(6, 2, seed), values(2, 3, seed + 1), values(4, 3, seed + 2)}; }

Tensor cube(Seed seed) {
  Tensor tensor{"2 x 3 x 4", {2, 3, 4}, {}};
  const Eigen::MatrixXd entries = values(24, 1, seed);
  tensor.entries.assign(entries.data(), entries.data() + 24);
  return tensor;
}

// Var⟨S y, S z⟩ by its definition: the sum of y_I z_J y_K z_L over I ≠ J and K ≠ L, times the expected
// product of signs and collisions. In each factor the four indices must pair up. Where i ≠ j, the pair
// (k, l) is (i, j) or (j, i): all collide at once with probability 1/b if all are of one kind, else with
// 1/b², or 2/b² for an even b, in which an element other than 0 is its own inverse.
double variance(const Tensor& y, const Tensor& z, Index buckets, Index nonzeros) {
  const Index length = buckets / nonzeros;
  const auto b = static_cast<double>(length);
  const double mixed = (length % 2 == 0 ? 2 : 1) / (b * b);
  std::vector<std::vector<Index>> keys;
  for (std::size_t entry = 0; entry < y.entries.size(); ++entry) keys.push_back(y.key(entry));
  const auto chance = [&](std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
    bool same = false, swapped = false;
    for (std::size_t f = 0; f < y.dimensions.size(); ++f) {
      const Index a = keys[i][f], c = keys[j][f], d = keys[k][f], e = keys[l][f];
      if (a == c) {
        if (d != e) return 0.0;
      } else if (a == d && c == e) {
        same = true;
      } else if (a == e && c == d) {
        swapped = true;
      } else {
        return 0.0;
      }
    }
    return same && swapped ? mixed : 1 / b;
  };
  double sum = 0;
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < keys.size(); ++j) {
      if (i == j || y.entries[i] * z.entries[j] == 0) continue;
      for (std::size_t k = 0; k < keys.size(); ++k)
        for (std::size_t l = 0; l < keys.size(); ++l)
          if (k != l) sum += chance(i, j, k, l) * y.entries[i] * z.entries[j] * y.entries[k] * z.entries[l];
    }
  return sum / static_cast<double>(nonzeros);
}

// The same of ‖S Y‖² for a matrix of any size, the four sums over i1 ≠ j1 and i2 ≠ j2 worked out.
double variance(const Eigen::MatrixXd& y, Index buckets, Index nonzeros) {
  const auto b = static_cast<double>(buckets / nonzeros);
  const auto fourth_powers = [](const auto& norms) { return norms.array().square().sum(); };
  const double rows = fourth_powers(y.rowwise().squaredNorm()), columns = fourth_powers(y.colwise().squaredNorm()),
               entries = y.array().pow(4).sum(), gram = (y * y.transpose()).squaredNorm(),
               whole = y.squaredNorm() * y.squaredNorm();
  const double one_kind = whole - rows - columns + entries + (gram - rows) + (gram - columns);
  const double both = gram - rows - columns + entries;
  return (2 * one_kind / b + 2 * ((buckets / nonzeros) % 2 == 0 ? 2 : 1) * both / (b * b)) /
         static_cast<double>(nonzeros);
}

// The bound that the class documents.
double bound(const Tensor& y, const Tensor& z, Index buckets, Index nonzeros) {
  const auto q = static_cast<double>(y.dimensions.size()), m = static_cast<double>(buckets),
             s = static_cast<double>(nonzeros);
  return (2 * (std::exp2(q) - 1) / m + 2 * s * (std::pow(3, q) - std::exp2(q + 1) + 1) / (m * m)) * y.dot(y) * z.dot(z);
}

struct Sizes {
  Index buckets, nonzeros;
};
// One block and four; b = 32, 9 (odd) and 8.
constexpr Sizes sizes[] = {{32, 1}, {9, 1}, {32, 4}};

// A tensor and another one of the same dimensions; the factors where they are matrices.
struct Pair {
  Tensor y, z;
  std::optional<Products> factors_of_y, factors_of_z;

  // Of y or of z: through its factors if there are some, else entry by entry.
  template <class Hash>
  TensorSketch<double, Hash> sketch(bool first, Sizes size, Seed seed) const {
    TensorSketch<double, Hash> result(y.dimensions, size.buckets, size.nonzeros, seed);
    const Tensor& tensor = first ? y : z;
    if (const auto& factors = first ? factors_of_y : factors_of_z)
      result.add_product(factors->left, factors->core, factors->right);
    else
      for (std::size_t entry = 0; entry < tensor.entries.size(); ++entry)
        result.update(tensor.key(entry), tensor.entries[entry]);
    return result;
  }
};

Pair pair_of(const char* name, const Products& y, const Products& z) {
  return {tensor_of(name, y.y()), tensor_of(name, z.y()), y, z};
}

const std::vector<Pair>& pairs() {
  static const std::vector<Pair> all{pair_of("low rank", low_rank(1), low_rank(4)),
                                     pair_of("diagonal", diagonal(), diagonal()),
                                     pair_of("generic", generic(1), generic(7)),
                                     {cube(1), cube(2), {}, {}}};
  return all;
}

const std::size_t comparisons = 2 * pairs().size() * std::size(sizes);

// Mean and variance of a reading over seeds, each against what it should be.
template <class Read>
void check_moments(const char* name, Sizes size, double mean, double expected_variance, const Read& read) {
  const auto readings = for_many_seeds(trials(10'000), 0, read);
  std::vector<double> squares;
  for (double reading : readings) squares.push_back((reading - mean) * (reading - mean));
  const MeanTest centre = mean_test(readings, mean), spread = mean_test(squares, expected_variance);
  CAPTURE(name, size.buckets, size.nonzeros, mean, centre.mean, expected_variance, spread.mean);
  CHECK(centre.p_value > significance::each_of(significance::component, comparisons));
  CHECK(spread.p_value > significance::each_of(significance::component, comparisons));
}

}  // namespace

// Quantity: ‖S y‖² and its squared error. Law: mean ‖y‖², variance by the definition above; central limit
// theorem. Trials: 10 000 seeds. Significance: component, over tensors, sizes, mean and variance. Sees: a
// mean off by 2 to 4 % of ‖y‖², a variance by 10 to 30 %. Turned red by: one seed for all factors (the
// diagonal), one seed for all blocks, a factor's sign left out, 1/s forgotten.
TEMPLATE_TEST_CASE("the squared norm of a tensor is unbiased with its exact variance", "[sketch][tensor][error]",
                   MixHash, Polynomial) {
  for (const Pair& pair : pairs())
    for (const Sizes& size : sizes)
      check_moments(pair.y.name, size, pair.y.dot(pair.y), variance(pair.y, pair.y, size.buckets, size.nonzeros),
                    [&](Seed seed) { return pair.sketch<TestType>(true, size, seed).squared_norm(); });
}

// Quantity: ⟨S y, S z⟩ and its squared error; the rest as above.
TEMPLATE_TEST_CASE("the inner product of two tensors is unbiased with its exact variance", "[sketch][tensor][error]",
                   MixHash, Polynomial) {
  for (const Pair& pair : pairs())
    for (const Sizes& size : sizes)
      check_moments(
          pair.y.name, size, pair.y.dot(pair.z), variance(pair.y, pair.z, size.buckets, size.nonzeros), [&](Seed seed) {
            return pair.sketch<TestType>(true, size, seed).inner_product(pair.sketch<TestType>(false, size, seed));
          });
}

// Quantity: the estimate of an entry and its squared error. Law: mean y_I, variance (‖y‖² − y_I²)/m; the rest
// as above. Turned red by: readings summed up instead of averaged, signs of one factor only.
TEMPLATE_TEST_CASE("the estimate of an entry is unbiased with the variance of the formula", "[sketch][tensor][error]",
                   MixHash, Polynomial) {
  constexpr std::size_t entry = 5;
  for (const Pair& pair : pairs())
    for (const Sizes& size : sizes) {
      const double own = pair.y.entries[entry];
      check_moments(pair.y.name, size, own, (pair.y.dot(pair.y) - own * own) / static_cast<double>(size.buckets),
                    [&](Seed seed) { return pair.sketch<TestType>(true, size, seed).estimate(pair.y.key(entry)); });
    }
}

TEST_CASE("no variance exceeds the documented bound, and a tensor of rank one comes close", "[sketch][tensor]") {
  for (const Pair& pair : pairs())
    for (const Sizes& size : sizes) {
      CAPTURE(pair.y.name, size.buckets, size.nonzeros);
      CHECK(variance(pair.y, pair.z, size.buckets, size.nonzeros) <=
            bound(pair.y, pair.z, size.buckets, size.nonzeros));
    }
  const Eigen::MatrixXd ones = Eigen::MatrixXd::Ones(60, 60);
  const Tensor flat = tensor_of("flat", ones);
  CHECK(variance(ones, 32, 1) >= 0.95 * bound(flat, flat, 32, 1));
  CHECK(variance(ones, 32, 1) <= bound(flat, flat, 32, 1));
}

TEST_CASE("the variance of a matrix agrees with its definition", "[sketch][tensor]") {
  for (const Products& product : {low_rank(1), diagonal(), generic(1)})
    for (const Sizes& size : sizes) {
      const Tensor tensor = tensor_of("", product.y());
      CHECK(variance(product.y(), size.buckets, size.nonzeros) ==
            Approx(variance(tensor, tensor, size.buckets, size.nonzeros)));
    }
}

// Quantity: ‖S A1 X A2ᵀ‖² and its squared error at a size where factors are transformed, three spectra of Y.
// Law: mean ‖Y‖²_F, variance by the closed form. Trials: 3000 seeds. Significance: component, over spectra,
// two sizes, mean and variance. Sees: a variance off by 15 to 25 %. Turned red by: a sum of transforms that
// takes in a column twice.
TEST_CASE("the norm of a product of factors has its exact variance", "[sketch][tensor][error]") {
  for (Index rank : {1, 3, 8})
    for (const Sizes& size : {Sizes{128, 1}, Sizes{256, 4}}) {
      const Products p{values(60, rank, 1), values(rank, rank + 1, 2), values(80, rank + 1, 3)};
      const Eigen::MatrixXd y = p.y();
      const double mean = y.squaredNorm(), expected = variance(y, size.buckets, size.nonzeros);
      const auto readings = for_many_seeds(trials(3'000), 0, [&](Seed seed) {
        TensorSketch<> sketch({60, 80}, size.buckets, size.nonzeros, seed);
        sketch.add_product(p.left, p.core, p.right);
        return sketch.squared_norm();
      });
      std::vector<double> squares;
      for (double reading : readings) squares.push_back((reading - mean) * (reading - mean));
      const MeanTest centre = mean_test(readings, mean), spread = mean_test(squares, expected);
      CAPTURE(rank, size.buckets, size.nonzeros, mean, centre.mean, expected, spread.mean);
      CHECK(centre.p_value > significance::each_of(significance::component, 12));
      CHECK(spread.p_value > significance::each_of(significance::component, 12));
    }
}

// Quantity: ⟨S x^{⊗q}, S z^{⊗q}⟩ of two rows of features and its squared error. Law: mean ⟨x, z⟩^q, variance
// by the definition. Trials: 10 000 seeds. Significance: component, over degrees and sizes. Turned red by: the
// root of s left out.
TEST_CASE("features estimate the power of an inner product with its exact variance", "[sketch][tensor][error]") {
  const Eigen::MatrixXd rows = values(2, 4, 3);
  for (Index degree : {2, 3})
    for (const Sizes& size : sizes) {
      Tensor powers[2] = {{"power", std::vector<Index>(static_cast<std::size_t>(degree), 4), {}}, {}};
      powers[1].dimensions = powers[0].dimensions;
      for (Index which : {0, 1}) {
        Tensor& power = powers[which];
        power.entries.assign(degree == 2 ? 16 : 64, 1.0);
        for (std::size_t entry = 0; entry < power.entries.size(); ++entry)
          for (Index i : power.key(entry)) power.entries[entry] *= rows(which, i);
      }
      check_moments("power", size, std::pow(rows.row(0).dot(rows.row(1)), static_cast<double>(degree)),
                    variance(powers[0], powers[1], size.buckets, size.nonzeros), [&](Seed seed) {
                      const TensorSketch<> map(powers[0].dimensions, size.buckets, size.nonzeros, seed);
                      const auto features = map.features(rows);
                      return features.row(0).dot(features.row(1));
                    });
    }
}
