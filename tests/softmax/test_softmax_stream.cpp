#include <turnstile/softmax/softmax_sampler.hpp>

#include <Eigen/SparseCore>

#include "softmax_law.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/streams.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

// SoftmaxSampler under streams: the state is that of the scores, however they came about.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class Scalar>
using Vector = Eigen::Vector<Scalar, Eigen::Dynamic>;

template <class Scalar>
Vector<Scalar> scores_in(const SoftmaxSampler<Scalar>& sampler) {
  Vector<Scalar> y(sampler.dimension());
  for (Index i = 0; i < y.size(); ++i) y[i] = sampler.score(i);
  return y;
}

bool equal(const Draw<double>& a, const Draw<double>& b) {
  return a.index == b.index && a.value == b.value && a.probability == b.probability;
}

// All that can be read is the same, to the bit.
template <class Scalar>
void check_same(const SoftmaxSampler<Scalar>& a, const SoftmaxSampler<Scalar>& b) {
  CHECK(a.to_bytes() == b.to_bytes());
  CHECK(a.log_partition() == b.log_partition());
  long different = 0;
  for (Seed seed = 0; seed < 500; ++seed) different += a.sample(seed)->index != b.sample(seed)->index;
  for (Index i = 0; i < a.dimension(); ++i) different += a.probability(i) != b.probability(i);
  CHECK(different == 0);
}

template <class Scalar>
void feed(SoftmaxSampler<Scalar>& sampler, const Stream<Scalar>& stream) {
  for (std::size_t k = 0; k < stream.size(); ++k) sampler.update(stream.indices[k], stream.deltas[k]);
}

}  // namespace

TEMPLATE_TEST_CASE("A softmax sampler kept under updates is the one built offline from its scores", "[softmax]", double,
                   float) {
  for (Index n : {1, 2, 15, 16, 17, 33, 100, 1000}) {
    CAPTURE(n);
    SoftmaxSampler<TestType> kept(Vector<TestType>::Zero(n), 2e5);
    feed(kept, rounded_stream<TestType>(1, 3000, n));
    check_same(kept, SoftmaxSampler<TestType>(scores_in(kept), 2e5));
  }
}

// Integers, so that y comes back exactly; exponentials on the way differ by factors up to e^(10⁸). Turns red: a
// tree kept by adding and subtracting exponentials.
TEST_CASE("After a long cancelling stream a softmax sampler is as new", "[softmax]") {
  constexpr Index n = 500;
  Eigen::VectorXd before(n);
  for (Index i = 0; i < n; ++i) before[i] = static_cast<double>(i % 7 - 3);
  SoftmaxSampler<> sampler(before);
  auto stream = whole_number_stream<double>(7, 200'000, n, 100'000'000);
  feed(sampler, stream);
  CHECK(sampler.log_partition() > 1e8);
  for (double& delta : stream.deltas) delta = -delta;
  feed(sampler, shuffled(stream, 8));
  check_same(sampler, SoftmaxSampler<>(before));
}

TEST_CASE("A maximum may move to 10^300 and back without a trace in the others", "[softmax]") {
  const Eigen::VectorXd before = Eigen::VectorXd::LinSpaced(300, -20, 20);
  const SoftmaxSampler<> untouched(before);
  SoftmaxSampler<> sampler(before);
  for (Index i = 0; i < 300; i += 7) {
    sampler.update(i, -sampler.score(i));
    for (double peak : {1e300, -1e300, 1e300}) {
      sampler.update(i, peak);
      CHECK((sampler.sample(1)->index == i) == (peak > 0));
      CHECK(sampler.probability(i) == (peak > 0 ? 1 : 0));
      sampler.update(i, -peak);
    }
    sampler.update(i, before[i]);
  }
  check_same(sampler, untouched);
}

TEST_CASE("Equal scores and seeds give equal draws, the first of every kind the same", "[softmax]") {
  const SoftmaxSampler<> sampler(Eigen::VectorXd::LinSpaced(100, 0, 4)), twin = sampler;
  Index different = 0;
  for (Seed seed = 0; seed < 200; ++seed) {
    const auto draw = *sampler.sample(seed);
    CHECK(equal(draw, *twin.sample(seed)));
    CHECK(equal(draw, sampler.sample_with_replacement(3, seed).front()));
    CHECK(equal(draw, sampler.sample_without_replacement(3, seed).front()));
    different += draw.index != sampler.sample(seed + 1)->index;
  }
  CHECK(different > 150);
}

TEST_CASE("Softmax draws without replacement are distinct and end with the last coordinate", "[softmax]") {
  const SoftmaxSampler<> sampler(Eigen::VectorXd::LinSpaced(100, 0, 900));
  std::vector<Index> seen;
  for (const auto& draw : sampler.sample_without_replacement(1000, 4)) seen.push_back(draw.index);
  CHECK(seen.size() == 100);
  std::sort(seen.begin(), seen.end());
  CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
  CHECK(sampler.sample_with_replacement(1000, 4).size() == 1000);
}

TEST_CASE("The heaviest scores come largest first", "[softmax]") {
  const auto stream = whole_number_stream<double>(3, 700, 700, 1'000'000'000);
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(stream.deltas.data(), 700);
  const SoftmaxSampler<> sampler(y);
  std::vector<double> descending(y.begin(), y.end());
  std::sort(descending.rbegin(), descending.rend());
  const auto heaviest = sampler.heaviest(1000);
  REQUIRE(heaviest.size() == 700);
  for (std::size_t k = 0; k < heaviest.size(); ++k) {
    CHECK(heaviest[k].value == descending[k]);
    CHECK(y[heaviest[k].index] == heaviest[k].value);
  }
  CHECK(sampler.heaviest(3).size() == 3);
}

TEST_CASE("The partition function is that of the definition", "[softmax]") {
  const Eigen::VectorXd y = Eigen::VectorXd::LinSpaced(200, -1, 1);
  CHECK(SoftmaxSampler<>(y).log_partition() == Approx(std::log(y.array().exp().sum())).epsilon(1e-14));
  CHECK(SoftmaxSampler<>(y, 0.5).log_partition() == Approx(std::log((2 * y.array()).exp().sum())).epsilon(1e-14));
  CHECK(SoftmaxSampler<>(Eigen::VectorXd::Constant(8, 1e300)).log_partition() == 1e300);
  CHECK(SoftmaxSampler<>(Eigen::VectorXd::Constant(8, -1e300), 1e300).log_partition() == Approx(std::log(8) - 1));
}

TEST_CASE("A softmax sampler of a product is that of its scores", "[softmax]") {
  Eigen::MatrixXd a(40, 3);
  for (Index i = 0; i < a.size(); ++i) a.data()[i] = static_cast<double>(i % 11) - 5;
  const Eigen::Vector3d x(1, -2, 0.5);
  const Eigen::SparseMatrix<double> sparse = a.sparseView();
  const Eigen::SparseMatrix<float, Eigen::RowMajor> sparse_floats = sparse.cast<float>();
  const SoftmaxSampler<> expected(Eigen::VectorXd(a * x), 3.0);
  check_same(SoftmaxSampler<>(a, x, 3.0), expected);
  check_same(SoftmaxSampler<>(a.cast<int>(), x.transpose(), 3.0), expected);
  check_same(SoftmaxSampler<>(sparse, x, 3.0), expected);
  check_same(SoftmaxSampler<>(sparse_floats, x, 3.0), expected);
  check_same(SoftmaxSampler<>(a.topRows(40) * x, 3.0), expected);
}

TEST_CASE("Adding softmax samplers adds their scores", "[softmax]") {
  const Eigen::VectorXd a = Eigen::VectorXd::LinSpaced(50, -8, 8), b = Eigen::VectorXd::LinSpaced(50, 16, 0);
  SoftmaxSampler<> sampler(a, 2.0);
  sampler += SoftmaxSampler<>(b, 2.0);
  check_same(sampler, SoftmaxSampler<>(a + b, 2.0));
  sampler -= SoftmaxSampler<>(a, 2.0);
  check_same(sampler, SoftmaxSampler<>((a + b) - a, 2.0));
  sampler += sampler;
  check_same(sampler, SoftmaxSampler<>(2 * ((a + b) - a), 2.0));
  sampler.clear();
  check_same(sampler, SoftmaxSampler<>(Eigen::VectorXd::Zero(50), 2.0));
}

TEST_CASE("A softmax sampler tells what it is and what it takes", "[softmax]") {
  const SoftmaxSampler<> sampler(Eigen::VectorXd::LinSpaced(1'000'000, 0, 1), 0.25);
  CHECK(sampler.dimension() == 1'000'000);
  CHECK(sampler.temperature() == 0.25);
  CHECK(sampler.memory_bytes() >= 8'000'000);
  CHECK(sampler.memory_bytes() <= 10'001'000);
  std::ostringstream text;
  text << sampler;
  CHECK(contains(text.str(), "SoftmaxSampler(n = 1000000, float64, temperature = 0.25): "));
  CHECK(contains(text.str(), std::to_string(sampler.memory_bytes()) + " bytes"));
}
