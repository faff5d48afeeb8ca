#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_stream.hpp"
#include "support/small_samplers.hpp"

#include <cmath>
#include <cstdint>

// DynamicSampler stands for an L2Sampler that was fed y = A x, whatever order A and x change in.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = DynamicSampler<>;
using Floats = DynamicSampler<float>;
using DeepTrees = DynamicSampler<double, DeepTreePolynomial>;
using Scans = DynamicSampler<float, Scan>;

constexpr Index rows = 300, columns = 9;

// A sampler beside A and x as they are, and beside the sizes of all that they went through.
template <class S>
struct Tracked {
  using Scalar = typename S::scalar_type;
  using Twin = L2Sampler<Scalar, typename S::policies_type>;

  explicit Tracked(Seed seed) : sampler(rows, columns, options_of(seed)) {}

  void update_matrix(Index row, Index column, Scalar delta) {
    sampler.update_matrix(row, column, delta);
    add(row, column, delta);
  }
  void update_matrix_row(Index row, const Eigen::RowVectorX<Scalar>& delta) {
    sampler.update_matrix_row(row, delta);
    for (Index j = 0; j < columns; ++j) add(row, j, delta[j]);
  }
  void update_vector(Index column, Scalar delta) {
    sampler.update_vector(column, delta);
    x[column] += static_cast<double>(delta);
    passed_x[column] += std::abs(static_cast<double>(delta));
  }
  void update_vector(const Eigen::VectorX<Scalar>& delta) {
    sampler.update_vector(delta);
    x += delta.template cast<double>();
    passed_x += delta.cwiseAbs().template cast<double>();
  }

  // A random verb with integers that keep every y_i exact in a float.
  void step(const MixHash& words, std::uint64_t at) {
    const auto word = [&](std::uint64_t k) { return words(64 * at + k); };
    const auto integer = [&](std::uint64_t k, std::uint64_t most) {
      return static_cast<Scalar>(static_cast<std::int64_t>(word(k) % (2 * most + 1)) - static_cast<std::int64_t>(most));
    };
    const auto row = static_cast<Index>(word(1) % std::uint64_t{rows});
    const auto column = static_cast<Index>(word(2) % std::uint64_t{columns});
    const auto vector = [&](std::uint64_t most) {
      return Eigen::VectorX<Scalar>::NullaryExpr(
                 columns, [&, most](Index j) { return integer(10 + static_cast<std::uint64_t>(j), most); })
          .eval();
    };
    switch (word(0) % 8) {
      case 0:
        return sampler.refresh();
      case 1:
        return update_vector(vector(2));
      case 2:
        return update_vector(column, integer(3, 3));
      case 3:
        return update_matrix_row(row, vector(9).transpose());
      default:
        return update_matrix(row, column, integer(3, 20));
    }
  }
  void steps(int count, Seed seed) {
    const MixHash words(derive_seed(seed, "interleaved updates"));
    for (int k = 0; k < count; ++k) step(words, static_cast<std::uint64_t>(k));
  }

  // Every |A_ij| and |x_j| that the counters and z ever held is below what passed.
  void check() const {
    const Eigen::VectorXd y = a * x;
    Updates<Scalar> final_y, products;
    for (Index i = 0; i < rows; ++i) {
      final_y.push(i, static_cast<Scalar>(y[i]));
      for (Index j = 0; j < columns; ++j) products.push(i, static_cast<Scalar>(passed_a(i, j) * passed_x[j]));
    }
    Twin twin(rows, sampler.options());
    twin.update(final_y.indices, final_y.deltas);
    Traffic<Twin> traffic(twin);
    for (int pass = 0; pass < 3; ++pass) traffic.pass(products);
    CHECK(sampler.vector() == x);
    check_same_integer_image(sampler.image(), twin.image(), traffic);

    const auto draw = sampler.sample(), other = twin.sample();
    REQUIRE(draw.outcome() == other.outcome());
    if (!draw) return;
    CHECK(draw->index == other->index);
    CHECK(static_cast<double>(draw->value) == Approx(static_cast<double>(other->value)).epsilon(1e-4));
  }

  S sampler;
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(rows, columns), passed_a = a;
  Eigen::VectorXd x = Eigen::VectorXd::Zero(columns), passed_x = x;

 private:
  void add(Index row, Index column, Scalar delta) {
    a(row, column) += static_cast<double>(delta);
    passed_a(row, column) += std::abs(static_cast<double>(delta));
  }
};

template <class S>
Tracked<S> tracked(int steps, Seed seed, Seed stream) {
  Tracked<S> result(seed);
  result.steps(steps, stream);
  return result;
}

// What `first` becomes when some of what `second` went through has joined it.
template <class S>
Tracked<S> joined(Tracked<S> first, const Tracked<S>& second, double sign_of_a, double sign_of_x) {
  first.a += sign_of_a * second.a;
  first.x += sign_of_x * second.x;
  first.passed_a += second.passed_a;
  first.passed_x += second.passed_x;
  return first;
}

}  // namespace

TEMPLATE_TEST_CASE("Under interleaved updates of A and x the counters equal those of an L2Sampler fed y", "[dynamic]",
                   Doubles, Floats, DeepTrees, Scans) {
  for (Seed seed = 1; seed <= 5; ++seed) {
    Tracked<TestType> both(seed);
    for (Seed part = 1; part <= 6; ++part) {
      INFO("seed " << seed << ", part " << part);
      both.steps(80, 10 * seed + part);
      both.check();
      Tracked<TestType> refreshed = both;
      refreshed.sampler.refresh();
      refreshed.check();
    }
  }
}

// The last refresh saw an x that is gone, or none; then all of A changes.

TEMPLATE_TEST_CASE("The contraction of the last refresh follows A", "[dynamic]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  Tracked<TestType> both(1);
  both.steps(100, 1);
  both.update_vector(Eigen::VectorX<Scalar>::LinSpaced(columns, 1, columns));
  both.sampler.refresh();
  for (Index j = 0; j < columns; ++j) {
    both.update_vector(j, Scalar(-3));  // few pending columns, then many
    both.update_matrix(j, j, Scalar(5));
    both.update_matrix_row(2 * j, Eigen::RowVectorX<Scalar>::Constant(columns, 2));
    both.check();
  }
}

TEMPLATE_TEST_CASE("A row of changes of A equals its entries", "[dynamic]", Doubles, Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  auto by_rows = tracked<TestType>(50, 2, 2), by_entries = by_rows;
  const auto values = integer_stream<Scalar>(rows, 40 * columns, 2);
  for (Index k = 0; k < 40; ++k) {
    const Index row = values.indices[static_cast<std::size_t>(k)];
    Eigen::RowVectorX<Scalar> delta(columns);
    for (Index j = 0; j < columns; ++j) delta[j] = values.deltas[static_cast<std::size_t>(k * columns + j)] / Scalar(8);
    for (Scalar& value : delta) value = std::floor(value);
    if (k == 20) by_rows.sampler.refresh(), by_entries.sampler.refresh();
    by_rows.update_matrix_row(row, delta);
    for (Index j = 0; j < columns; ++j) by_entries.update_matrix(row, j, delta[j]);
  }
  by_rows.check();
  by_entries.check();
  TestType column_wise = by_rows.sampler, row_wise = by_rows.sampler;
  column_wise.update_matrix_row(3, Eigen::VectorXd::LinSpaced(columns, 1, columns));
  row_wise.update_matrix_row(3, Eigen::RowVectorX<Scalar>::LinSpaced(columns, 1, columns));
  CHECK((column_wise.to_bytes() == row_wise.to_bytes()));
}

// Also right after a refresh, when the contraction at hand is that of the A and x before.

TEMPLATE_TEST_CASE("Matrices and vectors are merged each to its own", "[dynamic]", Doubles, Floats, DeepTrees) {
  const auto second = tracked<TestType>(120, 3, 32);
  for (const bool refreshed : {false, true}) {
    auto first = tracked<TestType>(120, 3, 31);
    if (refreshed) first.sampler.refresh();
    auto matrices = joined(first, second, 1, 0), vectors = joined(first, second, 0, 1);
    matrices.sampler.merge_matrix(second.sampler);
    matrices.check();  // (A + A') x
    vectors.sampler.merge_vector(second.sampler);
    vectors.check();  // A (x + x')
  }
}

// y is bilinear: the sum of two samplers is not the sum of their y.

TEMPLATE_TEST_CASE("Adding samplers adds both streams, which gives (A + A')(x + x')", "[dynamic]", Doubles, Floats,
                   DeepTrees) {
  const auto first = tracked<TestType>(120, 4, 41), second = tracked<TestType>(120, 4, 42);
  auto sum = joined(first, second, 1, 1);
  sum.sampler += second.sampler;
  sum.check();
  const auto both = sum;
  sum = joined(both, second, -1, -1);
  sum.sampler -= second.sampler;
  CHECK(sum.a == first.a);
  sum.check();
  auto twice = joined(first, first, 1, 1);
  twice.sampler += twice.sampler;
  twice.check();
  twice.sampler -= twice.sampler;
  CHECK(twice.sampler.sample().outcome() == Outcome::zero);
  CHECK(twice.sampler.vector().isZero(0));
  auto itself = joined(first, first, 1, 0);
  itself.sampler.merge_matrix(itself.sampler);
  itself.check();
}

TEMPLATE_TEST_CASE("A sampler of both streams saved, loaded and continued equals one that never stopped", "[dynamic]",
                   Doubles, Floats, DeepTrees, Scans) {
  for (Seed seed = 1; seed <= 5; ++seed) {
    auto going = tracked<TestType>(100 + static_cast<int>(seed), 5, seed);
    auto stopped = going;
    stopped.sampler = TestType::from_bytes(going.sampler.to_bytes());
    CHECK((stopped.sampler.to_bytes() == going.sampler.to_bytes()));
    going.steps(60, seed + 50);
    stopped.steps(60, seed + 50);
    CHECK((stopped.sampler.to_bytes() == going.sampler.to_bytes()));
    stopped.check();
    stopped.sampler.refresh();
    going.sampler.refresh();
    REQUIRE(going.sampler.sample());
    CHECK(stopped.sampler.sample()->index == going.sampler.sample()->index);
    CHECK(stopped.sampler.sample()->value == going.sampler.sample()->value);
  }
}

TEST_CASE("Clearing takes both A and x away", "[dynamic]") {
  auto sampler = tracked<Doubles>(100, 1, 1).sampler;
  sampler.clear();
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK((sampler.to_bytes() == Doubles(rows, columns, options_of(1)).to_bytes()));
}
