#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_matrix.hpp"
#include "support/integer_stream.hpp"
#include "support/small_samplers.hpp"

#include <cmath>
#include <limits>
#include <vector>

// FixedMatrixSampler stands for an L2Sampler that was fed y = A x, and is linear in x.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = FixedMatrixSampler<>;
using Floats = FixedMatrixSampler<float>;
using DeepTrees = FixedMatrixSampler<double, DeepTreePolynomial>;
using Scans = FixedMatrixSampler<float, Scan>;

constexpr Index rows = 900, columns = 17;
const SketchShape shape{.rows = 3, .buckets = 256};

// Both go through |s_i|·|A_ij|·|x_j| summed over the n/b rows of a bucket and d columns, in some order.
template <class S>
Traffic<L2Sampler<typename S::scalar_type, typename S::policies_type>> traffic_of(
    const L2Sampler<typename S::scalar_type, typename S::policies_type>& fed, const Eigen::MatrixXd& a,
    const Eigen::VectorXd& x) {
  using Scalar = typename S::scalar_type;
  Traffic<L2Sampler<Scalar, typename S::policies_type>> traffic(fed);
  Updates<Scalar> products;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) products.push(i, static_cast<Scalar>(a(i, j) * x[j]));
  for (int pass = 0; pass < 3; ++pass) traffic.pass(products);
  return traffic;
}

template <class Scalar>
Updates<Scalar> stream_of_x(Seed seed) {
  return integer_stream<Scalar>(columns, 60, seed);
}

template <class S>
void feed(S& sampler, const Updates<typename S::scalar_type>& updates) {
  for (std::size_t k = 0; k < updates.size(); ++k) sampler.update(updates.indices[k], updates.deltas[k]);
}

template <class S>
S started(Seed seed) {
  return S(integer_matrix(rows, columns, seed), {.seed = seed, .shape = shape});
}

// The L2Sampler that was fed y = A x, one update a row.
template <class S>
auto l2_twin(const Eigen::VectorXd& y, const SamplerOptions& options) {
  using Scalar = typename S::scalar_type;
  L2Sampler<Scalar, typename S::policies_type> twin(y.size(), options);
  twin.update(Eigen::VectorX<Index>::LinSpaced(y.size(), 0, y.size() - 1), y.template cast<Scalar>().eval());
  return twin;
}

template <class S>
void check_twins(const S& sampler, const Eigen::MatrixXd& a) {
  const Eigen::VectorXd y = a * sampler.vector();
  const auto twin = l2_twin<S>(y, sampler.options());
  check_same_integer_image(sampler.image(), twin.image(), traffic_of<S>(twin, a, sampler.vector()));
  const auto draw = sampler.sample(), other = twin.sample();
  REQUIRE((draw && other));
  CHECK(draw->index == other->index);
  CHECK(static_cast<double>(draw->value) == Approx(static_cast<double>(other->value)).epsilon(1e-4));
}

}  // namespace

TEMPLATE_TEST_CASE("The counters of y = A x equal those of an L2Sampler fed y", "[matrix]", Doubles, Floats, DeepTrees,
                   Scans) {
  for (Seed seed = 1; seed <= 5; ++seed) {
    const Eigen::MatrixXd a = integer_matrix(rows, columns, seed);
    auto sampler = started<TestType>(seed);
    feed(sampler, stream_of_x<typename TestType::scalar_type>(seed));
    check_twins(sampler, a);
  }
}

TEMPLATE_TEST_CASE("Pending columns, few or many, give what a refreshed state gives", "[matrix]", Doubles, Floats,
                   DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  const Eigen::MatrixXd a = integer_matrix(rows, columns, 1);
  auto sampler = started<TestType>(1);
  sampler.update(Eigen::VectorX<Scalar>::LinSpaced(columns, 1, columns));
  sampler.refresh();
  // One more column each time: up to four of the seventeen are added to the last contraction.
  for (Index changed = 1; changed <= columns; ++changed) {
    sampler.update((7 * changed) % columns, static_cast<Scalar>(changed));
    TestType refreshed = sampler;
    refreshed.refresh();
    INFO(changed << " columns changed");
    check_twins(sampler, a);
    const auto pending = sampler.sample(), full = refreshed.sample();
    REQUIRE((pending && full));
    CHECK(pending->index == full->index);
    const double unit = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
    CHECK(static_cast<double>(pending->value) == Approx(static_cast<double>(full->value)).epsilon(1000 * unit));
  }
}

TEST_CASE("A column that returned to its value at the last refresh is as if never changed", "[matrix]") {
  auto sampler = started<Doubles>(1);
  sampler.update(2, 5.0);
  sampler.refresh();
  const auto before = sampler.image();
  sampler.update(3, 7.0);
  sampler.update(3, -7.0);
  CHECK(sampler.image().residue == before.residue);
  const auto after = sampler.image();
  CHECK(std::equal(after.scaled.flat().begin(), after.scaled.flat().end(), before.scaled.flat().begin()));
}

TEMPLATE_TEST_CASE("Any order and chopping of the stream of x give the same y", "[matrix]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  const Eigen::MatrixXd a = integer_matrix(rows, columns, 2);
  const auto updates = stream_of_x<Scalar>(2);
  auto sampler = started<TestType>(2), chopped = sampler, whole = sampler;
  feed(sampler, updates);
  feed(chopped, chopped_and_shuffled(updates, 2));
  whole.update(sampler.vector().template cast<Scalar>());
  CHECK(sampler.vector() == chopped.vector());
  CHECK(sampler.vector() == whole.vector());
  check_twins(chopped, a);
  check_twins(whole, a);
}

TEMPLATE_TEST_CASE("Samplers of one A add and subtract their x", "[matrix]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  const Eigen::MatrixXd a = integer_matrix(rows, columns, 3);
  const auto updates = stream_of_x<Scalar>(3);
  auto first = started<TestType>(3), second = first, both = first;
  feed(first, updates.part(0, 25));
  feed(second, updates.part(25, updates.size()));
  feed(both, updates);
  first.refresh();
  auto sum = first;
  sum += second;
  CHECK(sum.vector() == both.vector());
  check_twins(sum, a);
  sum -= second;
  CHECK(sum.vector() == first.vector());
  check_twins(sum, a);
  const auto& itself = sum;
  sum -= itself;
  CHECK(sum.sample().outcome() == Outcome::zero);
  sum = first;
  sum += itself;
  CHECK(sum.vector() == 2 * first.vector());
  check_twins(sum, a);
}

TEMPLATE_TEST_CASE("A matrix sampler saved, loaded and continued equals one that never stopped", "[matrix]", Doubles,
                   Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  const auto updates = stream_of_x<Scalar>(4);
  auto going = started<TestType>(4);
  feed(going, updates.part(0, 20));
  going.refresh();
  feed(going, updates.part(20, 22));
  TestType stopped = TestType::from_bytes(going.to_bytes());
  CHECK(stopped.to_bytes() == going.to_bytes());
  for (const std::size_t end : {std::size_t{24}, updates.size()}) {
    feed(going, updates.part(22, end));
    feed(stopped, updates.part(22, end));
    CHECK(stopped.to_bytes() == going.to_bytes());
    const auto draw = going.sample(), other = stopped.sample();
    REQUIRE((draw && other));
    CHECK((draw->index == other->index && draw->value == other->value));
  }
}

TEST_CASE("Clearing a matrix sampler leaves A and takes x away", "[matrix]") {
  const auto fresh = started<Doubles>(5);
  auto sampler = fresh;
  feed(sampler, stream_of_x<double>(5));
  sampler.refresh();
  sampler.clear();
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK(sampler.to_bytes() == fresh.to_bytes());
  feed(sampler, stream_of_x<double>(5));
  check_twins(sampler, integer_matrix(rows, columns, 5));
}
