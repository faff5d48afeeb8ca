#include <turnstile/softmax/bounded_softmax_product_sampler.hpp>
#include <turnstile/softmax/bounded_softmax_sampler.hpp>

#include "bounded_trials.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/streams.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// Bounded softmax samplers under streams: what they keep, and that y = A x is y.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class State>
bool same(const State& a, const State& b) {
  return a.to_bytes() == b.to_bytes();
}

// One draw or none, of the same coordinate.
template <class A, class B>
bool draw_alike(const A& a, const B& b) {
  const auto one = a.sample(), other = b.sample();
  return one.outcome() == other.outcome() && (!one || one->index == other->index);
}

}  // namespace

// A damaged bound may ask for 2²⁶ positions of a few coordinates: what is kept must not grow with them.
TEST_CASE("Many positions of few coordinates take memory for the coordinates alone", "[softmax][damage]") {
  constexpr Index n = 20;
  BoundedSoftmaxSampler<> sampler(n, 6.0, 0.01);
  CHECK(sampler.positions() > 700'000);
  CHECK(std::ssize(sampler.kept()) == n);
  CHECK(sampler.memory_bytes() <= sizeof(sampler) + n * 20 + 64 * sizeof(std::int32_t));
  for (Index i = 0; i < n; ++i) sampler.update(i, static_cast<double>(i % 3));
  const auto draw = sampler.sample();
  REQUIRE(draw);
  double sum = 0;  // each coordinate comes up some 37 000 times: shares are known to a few per cent
  for (Index i = 0; i < n; ++i) sum += std::exp(static_cast<double>(i % 3));
  CHECK(draw->probability == Approx(std::exp(draw->value) / sum).epsilon(0.03));
  CHECK(same(BoundedSoftmaxSampler<>::from_bytes(sampler.to_bytes()), sampler));
}

TEST_CASE("The number of positions is that of the formula", "[softmax]") {
  using Bounded = BoundedSoftmaxSampler<>;
  CHECK(Bounded::positions_for(0, std::exp(-2.5)) == 3);
  CHECK(Bounded::positions_for(0.5, std::exp(-2)) == static_cast<Index>(std::ceil(2 * std::exp(1.0))));
  CHECK(Bounded(1000, 2, 0.01, 1).positions() == static_cast<Index>(std::ceil(std::exp(4.0) * std::log(100.0))));
  CHECK(Bounded::positions_for(1, 0.999999) == 1);
}

TEMPLATE_TEST_CASE("What is kept depends on the seed and lies within the dimension", "[softmax]",
                   BoundedSoftmaxSampler<>, BoundedSoftmaxSampler<float>) {
  for (Index n : {Index{1}, Index{2}, Index{1000}, max_dimension}) {
    const TestType sampler(n, 1.5, 0.01, 3), twin(n, 1.5, 0.01, 3), other(n, 1.5, 0.01, 4);
    const std::set<Index> kept(sampler.kept().begin(), sampler.kept().end());
    CHECK(kept.size() == sampler.kept().size());
    CHECK(std::ssize(kept) <= std::min(n, sampler.positions()));
    CHECK(*kept.begin() >= 0);
    CHECK(*kept.rbegin() < n);
    CHECK(std::ranges::equal(sampler.kept(), twin.kept()));
    if (n >= 1000) CHECK_FALSE(std::ranges::equal(sampler.kept(), other.kept()));
  }
}

// Quantity: the mean of the s positions' share of 2⁶²; its standard deviation is 2⁶²/√(12 s). Turns red: a
// position reduced modulo n or shifted into it with a bit lost.
TEST_CASE("Positions spread over all of a large dimension", "[softmax]") {
  const BoundedSoftmaxSampler<> sampler(max_dimension, 4, 1e-4, 1);
  double sum = 0;
  for (Index i : sampler.kept()) sum += static_cast<double>(i) / static_cast<double>(max_dimension);
  const auto count = static_cast<double>(sampler.kept().size());
  REQUIRE(count > 20'000);
  CHECK(normal_two_sided_p((sum / count - 0.5) * std::sqrt(12 * count)) >= significance::component);
}

TEST_CASE("A bounded sampler fed a whole stream is the one fed what it keeps", "[softmax]") {
  constexpr Index n = 3000;
  const auto stream = whole_number_stream<double>(5, 30'000, n);
  for (Seed seed = 1; seed <= 20; ++seed) {
    BoundedSoftmaxSampler<> whole(n, 2, 0.01, seed), part(n, 2, 0.01, seed);
    std::vector<double> y(n, 0.0);
    for (std::size_t k = 0; k < stream.size(); ++k) {
      whole.update(stream.indices[k], stream.deltas[k]);
      y[static_cast<std::size_t>(stream.indices[k])] += stream.deltas[k];
    }
    const Eigen::VectorXd scores = whole.kept_scores();
    for (std::size_t slot = 0; slot < whole.kept().size(); ++slot) {
      const Index i = whole.kept()[slot];
      CHECK(scores[static_cast<Index>(slot)] == y[static_cast<std::size_t>(i)]);
      part.update(i, y[static_cast<std::size_t>(i)]);
    }
    CHECK(same(whole, part));
  }
}

TEST_CASE("An equal state gives an equal draw", "[softmax]") {
  const std::vector<double> y(1000, 0.25);
  for (Seed seed = 1; seed <= 100; ++seed) {
    const auto sampler = bounded_sampler(y, 1, 0.3, seed);
    CHECK(draw_alike(sampler, sampler));
    CHECK(draw_alike(sampler, BoundedSoftmaxSampler<>(sampler)));
    CHECK(draw_alike(sampler, bounded_sampler(y, 1, 0.3, seed)));
  }
}

TEST_CASE("Scores at their bound are always accepted", "[softmax]") {
  for (double bound : {0.0, 3.0}) {
    const std::vector<double> y(10, bound);
    for (Seed seed = 1; seed <= 100; ++seed)
      CHECK(bounded_sampler(y, bound, 0.9, seed).sample().outcome() == Outcome::sampled);
  }
}

// 0.1 + 0.2 is above 0.3 by a rounding.
TEST_CASE("A score that only rounding carries past the bound is taken", "[softmax]") {
  BoundedSoftmaxSampler<> sampler(1, 0.3, 0.5, 1);
  sampler.update(0, 0.1);
  sampler.update(0, 0.2);
  REQUIRE(sampler.kept_scores()[0] > 0.3);
  CHECK(sampler.sample()->index == 0);
  sampler.update(0, 1e-12);
  CHECK_THROWS_AS(sampler.sample(), InvalidArgument);
}

// Integers and halves, so that A x is exact: the product sampler draws as one that is fed y itself. With that,
// the law of draws from y is the law of draws from A x. In all orders: A before x, x before A, and mixed.
TEMPLATE_TEST_CASE("A product's bounded draws are those of its scores", "[softmax]", double, float) {
  constexpr Index n = 200, d = 3;
  const auto entries = whole_number_stream<TestType>(9, 2000, n * d, 3);
  const Eigen::Vector<TestType, d> x(0.5, -1, 0.25);
  for (Seed seed = 1; seed <= 30; ++seed) {
    BoundedSoftmaxProductSampler<TestType> fixed_x(n, d, 3, 0.2, seed), fixed_matrix = fixed_x, mixed = fixed_x;
    BoundedSoftmaxSampler<TestType> direct(n, 3, 0.2, seed);
    Eigen::Matrix<TestType, Eigen::Dynamic, d> a = Eigen::Matrix<TestType, Eigen::Dynamic, d>::Zero(n, d);
    for (Index j = 0; j < d; ++j) fixed_x.update_vector(j, x[j]);
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const Index i = entries.indices[k] / d, j = entries.indices[k] % d;
      const TestType delta = entries.deltas[k] - a(i, j);  // entries stay within 3
      a(i, j) += delta;
      fixed_x.update_matrix(i, j, delta);
      mixed.update_matrix(i, j, delta);
      if (k % 100 == 0) mixed.update_vector(j, x[j] / 32);
    }
    for (Index i = 0; i < n; ++i) {
      fixed_matrix.update_matrix_row(i, a.row(i));
      direct.update(i, a.row(i).dot(x) / 2);  // within 1.75·3/2
    }
    for (Index j = 0; j < d; ++j) {
      fixed_matrix.update_vector(j, x[j]);
      mixed.update_vector(j, x[j] - mixed.vector()[j]);
      fixed_x.update_vector(j, -x[j] / 2);
      fixed_matrix.update_vector(j, -x[j] / 2);
      mixed.update_vector(j, -x[j] / 2);
    }
    CHECK(same(fixed_x, fixed_matrix));
    CHECK(same(fixed_x, mixed));
    CHECK(fixed_x.kept_scores() == direct.kept_scores());
    CHECK(draw_alike(fixed_x, direct));
  }
}

TEMPLATE_TEST_CASE("Bounded samplers of two streams add up to one of both", "[softmax]", double, float) {
  constexpr Index n = 300;
  const auto one = whole_number_stream<TestType>(1, 2000, n), two = whole_number_stream<TestType>(2, 2000, n);
  BoundedSoftmaxSampler<TestType> a(n, 2, 0.01, 5), b = a, both = a;
  for (std::size_t k = 0; k < one.size(); ++k) {
    a.update(one.indices[k], one.deltas[k]);
    b.update(two.indices[k], two.deltas[k]);
    both.update(one.indices[k], one.deltas[k]);
    both.update(two.indices[k], two.deltas[k]);
  }
  auto sum = a;
  sum += b;
  CHECK(same(sum, both));
  sum -= a;
  CHECK(same(sum, b));
  sum.clear();
  CHECK(same(sum, BoundedSoftmaxSampler<TestType>(n, 2, 0.01, 5)));
}

TEST_CASE("Bounded product samplers add matrices and vectors, together or alone", "[softmax]") {
  const BoundedSoftmaxProductSampler<> empty(50, 2, 2, 0.01, 5);
  auto a = empty, b = empty, both = empty;
  a.update_matrix_row(7, Eigen::RowVector2d(1, 2));
  b.update_matrix_row(8, Eigen::Vector2d(3, 4));
  for (auto* sampler : {&a, &both}) sampler->update_vector(0, 5);
  for (auto* sampler : {&b, &both}) sampler->update_vector(1, 6);
  both.update_matrix_row(7, Eigen::RowVector2d(1, 2));
  both.update_matrix_row(8, Eigen::RowVector2d(3, 4));
  auto sum = a, parts = a;
  sum += b;
  CHECK(same(sum, both));
  sum -= b;
  CHECK(same(sum, a));
  parts.merge_matrix(b);
  CHECK(parts.vector() == Eigen::Vector2d(5, 0));
  parts.merge_vector(b);
  CHECK(same(parts, both));
  parts.clear();
  CHECK(same(parts, empty));
}

TEST_CASE("Bounded samplers tell what they are and what they take", "[softmax]") {
  const BoundedSoftmaxSampler<> sampler(max_dimension, 2, 0.01, 5);
  CHECK(sampler.dimension() == max_dimension);
  CHECK(sampler.bound() == 2);
  CHECK(sampler.failure() == 0.01);
  CHECK(sampler.seed() == 5);
  CHECK(sampler.columns() == 1);
  CHECK(sampler.memory_bytes() <= sizeof(sampler) + 36 * static_cast<std::size_t>(sampler.positions()));
  const BoundedSoftmaxProductSampler<float> product(max_dimension, 10, 2, 0.01, 5);
  CHECK(product.columns() == 10);
  CHECK(product.memory_bytes() <= sizeof(product) + (28 + 40) * static_cast<std::size_t>(product.positions()) + 40);
  std::ostringstream text;
  text << sampler << '\n' << product;
  CHECK(contains(text.str(),
                 "BoundedSoftmaxSampler(n = 4611686018427387904, d = 1, float64, bound 2, failure 0.01, "
                 "seed 5): "));
  CHECK(contains(text.str(), "BoundedSoftmaxProductSampler(n = 4611686018427387904, d = 10, float32"));
  CHECK(contains(text.str(), std::to_string(product.memory_bytes()) + " bytes, 252 positions"));
}
