// The convolution under TensorSketch, scattered and transformed, against its definition.

#include <turnstile/sketch/circular_convolution.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/many_seeds.hpp"
#include "support/streams.hpp"

using namespace turnstile;
using namespace turnstile::testing;
using CircularConvolution = detail::CircularConvolution<double>;
using detail::SparseTerms;

namespace {

// `count` terms at random places, some of them the same, with integer values.
SparseTerms terms(std::size_t count, Index length, Seed seed) {
  const auto stream = whole_number_stream<double>(seed, count, length, 9);
  SparseTerms result;
  result.assign(
      count, [&](std::size_t k) { return stream.indices[k]; }, [&](std::size_t k) { return stream.deltas[k] + 9.5; });
  return result;
}

std::vector<SparseTerms> factors_of(Index degree, std::size_t count, Index length, Seed seed) {
  std::vector<SparseTerms> factors;
  for (Index k = 0; k < degree; ++k) factors.push_back(terms(count, length, seed + static_cast<Seed>(k)));
  return factors;
}

// By the definition, one factor after the other.
Eigen::ArrayXd defined(std::span<const SparseTerms> factors, Index length) {
  Eigen::ArrayXd product = Eigen::ArrayXd::Zero(length);
  product[0] = 1;
  for (const SparseTerms& factor : factors) {
    Eigen::ArrayXd next = Eigen::ArrayXd::Zero(length);
    for (Index t = 0; t < length; ++t)
      for (std::size_t k = 0; k < factor.size(); ++k)
        next[(t + factor.places()[k]) % length] += product[t] * factor.values()[k];
    product = next;
  }
  return product;
}

double mass(std::span<const SparseTerms> factors) {
  double product = 1;
  for (const SparseTerms& factor : factors) {
    double sum = 0;
    for (double value : factor.values()) sum += std::abs(value);
    product *= sum;
  }
  return product;
}

// Transforms err by a few units in the last place for each of their log₂ L stages (Higham 2002, section
// 24.1), relative to the largest that a spectrum can be, the product of the masses; L is at most 2q·b.
double rounding(std::span<const SparseTerms> factors, Index length) {
  const auto q = static_cast<double>(factors.size());
  return std::numeric_limits<double>::epsilon() * (q + 1) * (1 + std::log2(2 * q * static_cast<double>(length))) *
         mass(factors);
}

}  // namespace

// Smooth lengths, odd ones, primes (padded), powers of two, and those too short to transform. Turned red
// by: a fold that forgets the end of the padded transform, or the spectrum of one factor left out.
TEST_CASE("a convolution agrees with its definition whatever the length, the degree and the way", "[sketch][tensor]") {
  for (Index length : {1, 2, 3, 4, 5, 6, 7, 10, 12, 15, 16, 50, 64, 97, 101, 120, 256})
    for (Index degree : {2, 3, 4, 5}) {
      bool scattered = false, transformed = false;
      for (std::size_t count : std::initializer_list<std::size_t>{1, 3, 20, 200, 1000}) {
        const auto factors = factors_of(degree, count, length, 5);
        CircularConvolution convolution(length, degree);
        const bool exact = convolution.scatters(factors);
        (exact ? scattered : transformed) = true;
        convolution.add(factors);
        const Eigen::ArrayXd off = (convolution.take() - defined(factors, length)).abs();
        CAPTURE(length, degree, count, exact, off.maxCoeff());
        CHECK(off.maxCoeff() <= rounding(factors, length));
      }
      CAPTURE(length, degree);
      CHECK((scattered && transformed));
    }
}

TEST_CASE("scattered sums of small integers are exact", "[sketch][tensor]") {
  for (Index length : {12, 97, 1024})
    for (Index degree : {2, 3}) {
      const auto factors = factors_of(degree, 3, length, 8);
      CircularConvolution convolution(length, degree);
      REQUIRE(convolution.scatters(factors));
      convolution.add(factors);
      CHECK((convolution.take() == defined(factors, length)).all());
    }
}

TEST_CASE("summands of both ways add up, and taking the sum begins again", "[sketch][tensor]") {
  constexpr Index length = 128;
  CircularConvolution convolution(length, 2);
  const auto sparse = factors_of(2, 3, length, 1), dense = factors_of(2, 400, length, 2),
             other = factors_of(2, 300, length, 3);
  REQUIRE(convolution.scatters(sparse));
  REQUIRE((!convolution.scatters(dense) && !convolution.scatters(other)));
  for (int round = 0; round < 2; ++round) {
    for (const auto& factors : {dense, sparse, other}) convolution.add(factors);
    const Eigen::ArrayXd expected = defined(dense, length) + defined(sparse, length) + defined(other, length);
    CHECK((convolution.take() - expected).abs().maxCoeff() <= 3 * rounding(dense, length));
  }
  CHECK((convolution.take() == 0).all());
}

TEST_CASE("a factor without nonzeros makes the summand zero", "[sketch][tensor]") {
  CircularConvolution convolution(64, 2);
  convolution.add(std::array{terms(500, 64, 1), SparseTerms()});
  convolution.add(std::array{SparseTerms(), terms(2, 64, 1)});
  CHECK((convolution.take() == 0).all());
}

// The count of operations that the class documents, at the sizes that it is used for.
TEST_CASE("small factors are scattered and large ones transformed", "[sketch][tensor]") {
  const auto scatters = [](Index degree, std::size_t count, Index length) {
    return CircularConvolution(length, degree).scatters(factors_of(degree, count, length, 1));
  };
  CHECK(scatters(2, 64, 1024));
  CHECK(scatters(2, 64, 4096));
  CHECK_FALSE(scatters(2, 256, 1024));
  CHECK_FALSE(scatters(2, 1000, 4096));
  CHECK(scatters(3, 10, 1024));
  CHECK_FALSE(scatters(3, 1000, 1024));
}

// Plans are made and destroyed in every thread at once: FFTW's planner must be locked. Lengths differ from
// call to call, so that none is reused.
TEST_CASE("threads transform at the same time", "[sketch][tensor]") {
  const auto off = for_many_seeds(200, 0, [](Seed seed) {
    const Index length = 64 + 4 * static_cast<Index>(seed % 16);
    const auto factors = factors_of(2, 300, length, seed);
    CircularConvolution convolution(length, 2);
    convolution.add(factors);
    return (convolution.take() - defined(factors, length)).abs().maxCoeff() / rounding(factors, length);
  });
  for (double ratio : off) REQUIRE(ratio <= 1);
}

TEST_CASE("nonzeros are found in dense and sparse vectors and matrices alike", "[sketch][tensor]") {
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(4, 3);
  dense(0, 1) = 2;
  dense(3, 0) = -1;
  dense(2, 2) = 5;
  const auto sum_of = [](const auto& matrix) {
    Eigen::MatrixXd found = Eigen::MatrixXd::Zero(4, 3);
    int visits = 0;
    detail::for_each_nonzero(matrix, "entry", [&](Index i, Index j, double value) {
      found(i, j) += value;
      ++visits;
    });
    CHECK(visits == 3);
    return found;
  };
  CHECK(sum_of(dense) == dense);
  CHECK(sum_of(Eigen::SparseMatrix<double>(dense.sparseView())) == dense);
  CHECK(sum_of(Eigen::SparseMatrix<double, Eigen::RowMajor>(dense.sparseView())) == dense);
  const auto places_of = [](const auto& vector) {
    const SparseTerms found = detail::nonzeros_of(vector, "entry");
    CHECK(std::vector<double>(found.values().begin(), found.values().end()) == std::vector<double>{5});
    return std::vector<Index>(found.places().begin(), found.places().end());
  };
  const std::vector<Index> second{2};
  const Eigen::VectorXd column = dense.col(2);
  CHECK(places_of(column) == second);
  CHECK(places_of(column.transpose()) == second);
  CHECK(places_of(Eigen::SparseVector<double>(column.sparseView())) == second);
  CHECK(places_of(Eigen::SparseVector<double, Eigen::RowMajor>(column.transpose().sparseView())) == second);
}
