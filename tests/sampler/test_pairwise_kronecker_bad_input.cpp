#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/pair_checks.hpp"
#include "support/pair_law.hpp"
#include "support/refused_unchanged.hpp"
#include "support/special_values.hpp"
#include "support/states.hpp"

#include <cstddef>
#include <limits>
#include <string>

// PairwiseKroneckerSampler refuses what it cannot take; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = PairwiseKroneckerSampler<>;
using Floats = PairwiseKroneckerSampler<float>;

constexpr FactorSizes sizes{.n1 = 20, .n2 = 9, .d1 = 4, .d2 = 3};
constexpr SamplerOptions small{.shape = {.rows = 3, .buckets = 16}};

Doubles some_sampler(const SamplerOptions& options = small) {
  const Factors factors = integer_factors(sizes);
  return Doubles(factors.left, factors.right, factors.core, options);
}

std::string refused_factors(const Factors& factors, const SamplerOptions& options = small) {
  return message_of<InvalidArgument>([&] { Doubles(factors.left, factors.right, factors.core, options); });
}

// Written over the first bytes behind the identity: n1, then d1.
Bytes with_sizes(const Doubles& sampler, Index n1, Index d1) {
  const std::size_t at = arrays_at(sampler.identity());
  Bytes bytes = with_number(sampler, at, n1);
  io::store_little(bytes.data() + at + sizeof(Index), d1);
  return repaired(bytes);
}

}  // namespace

TEST_CASE("A pairwise sampler refuses factors that do not fit", "[pairwise kronecker][bad input]") {
  Factors factors = integer_factors(sizes);
  check_core_must_fit(factors, [](const Factors& wrong) { return refused_factors(wrong); });
  factors.right.resize(0, sizes.d2);
  CHECK(contains(refused_factors(factors), "number of rows or columns is 0"));
  factors = integer_factors(sizes);
  factors.right(2, 1) = not_a_number;
  CHECK(contains(refused_factors(factors), "A2(2, 1) is nan"));
  CHECK(contains(refused_factors(integer_factors(sizes), {.power = 3}), "power 3"));
  CHECK(contains(refused_factors(integer_factors(sizes), {.shape = {1, (Index{1} << 30) + 1}}), "number of buckets"));
  constexpr Index many = Index{1} << 32;
  CHECK(contains(message_of<InvalidArgument>([&] {
                   Doubles(Eigen::MatrixXd::Zero(many, 1), Eigen::MatrixXd::Zero(many, 1), Eigen::MatrixXd::Ones(1, 1));
                 }),
                 "4294967296 x 4294967296, more than"));
}

TEST_CASE("A pairwise sampler refuses products beyond the range of its numbers", "[pairwise kronecker][bad input]") {
  const Factors factors = integer_factors(sizes);
  CHECK(contains(refused_factors({1e200 * factors.left, 1e200 * factors.core, factors.right}), "of A1 with the core"));
  CHECK(contains(refused_factors({factors.left, 1e200 * factors.core, 1e200 * factors.right}), "of A2 with the core"));
  CHECK(message_of<CounterOverflow>([&] {
          Doubles(1e200 * factors.left, 1e200 * factors.right, factors.core, small);
        }).find("could pass the range") != std::string::npos);
  Doubles sampler = some_sampler();
  CHECK(contains(refusal<CounterOverflow>(sampler, [](auto& s) { s.update_left(1, 1, 1e304); }), "pass the range"));
  CHECK(contains(refusal<CounterOverflow>(sampler, [](auto& s) { s.update_right(1, 1, -1e304); }), "pass the range"));
  Floats floats(factors.left.cast<float>(), factors.right.cast<float>(), factors.core.cast<float>(), small);
  CHECK(contains(refusal(floats, [](auto& s) { s.update_left(1, 1, 3e38F); }), "A1"));
}

// Whether there is room depends on the seed: asked for, it is there or refused, and nothing has changed.
TEST_CASE("A pairwise sampler admits what it then takes", "[pairwise kronecker][bad input]") {
  Doubles sampler = some_sampler();
  const Bytes before = sampler.to_bytes();
  CHECK(contains(refusal<CounterOverflow>(sampler, [](auto& s) { s.admit_left(1, 1, 1e304); }), "pass the range"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.admit_right_row(9, Eigen::Vector3d::Ones()); }), "row 9"));
  sampler.admit_left(1, 1, 2.0);
  sampler.admit_right(2, 0, -1.0);
  sampler.admit_left_row(3, Eigen::Vector4d::Ones());
  sampler.admit_right_row(4, Eigen::Vector3d::Ones());
  CHECK((sampler.to_bytes() == before));
}

TEST_CASE("A pairwise sampler refuses entries out of range and changes that are not finite",
          "[pairwise kronecker][bad input]") {
  Doubles sampler = some_sampler();
  for (Index row : {Index{-1}, sizes.n1, std::numeric_limits<Index>::max()})
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_left(row, 0, 1.0); }), "row " + std::to_string(row)));
  for (Index column : {Index{-1}, sizes.d2})
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_right(0, column, 1.0); }),
                   "column " + std::to_string(column)));
  for (double delta : {not_a_number, infinity}) {
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_left(0, 0, delta); }), "change is "));
    const Eigen::Vector3d row(1, delta, 2);
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_right_row(0, row); }), "change is "));
  }
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_left_row(0, Eigen::Vector3d::Ones()); }),
                 "row of changes has size 3"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_right_row(9, Eigen::Vector3d::Ones()); }), "row 9"));
  CHECK(contains(message_of<InvalidArgument>([&] { (void)sampler.estimate(0, sizes.n2); }), "column 9"));
  CHECK(contains(message_of<InvalidArgument>([&] { (void)sampler.sample_without_replacement(-1); }),
                 "number of draws is -1"));
}

TEST_CASE("A pairwise sampler refuses to change the factor that it holds fixed", "[pairwise kronecker][bad input]") {
  Doubles sampler = some_sampler();
  const std::string message = refusal(sampler, [](auto& s) { s.update_core(1, 2, 0.5); });
  CHECK(contains(message, "X(1, 2) += 0.5"));
  CHECK(contains(message, "holds X fixed"));
}

TEST_CASE("Pairwise samplers refuse to merge where another factor differs", "[pairwise kronecker][bad input]") {
  Doubles sampler = some_sampler();
  const Factors factors = integer_factors(sizes);
  Doubles other = some_sampler();
  other.update_right(0, 0, 1.0);
  CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s.merge_left(other); }), "A2 differs"));
  other = some_sampler();
  other.update_left(0, 0, 1.0);
  CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s.merge_right(other); }), "A1 differs"));
  const Doubles scaled(factors.left, factors.right, 2 * factors.core, small);
  CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s.merge_left(scaled); }), "X differs"));
  const Doubles seeded = some_sampler({.seed = 9, .shape = small.shape});
  CHECK(
      contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s.merge_left(seeded); }), "seed is 9, expected 0"));
  const Eigen::MatrixXd one = Eigen::MatrixXd::Ones(1, 1);
  const Doubles huge(1e306 * one, 1e-306 * one, one, small);
  Doubles most = huge;
  for (int k = 0; k < 7; ++k) most.merge_left(Doubles(most));  // 128·10³⁰⁶
  CHECK(contains(refusal(most, [&](auto& s) { s.merge_left(Doubles(s)); }), "of A1 with the core"));
}

TEST_CASE("Bytes of a pairwise sampler are refused unless they are whole", "[pairwise kronecker][bad input]") {
  const Doubles sampler = some_sampler();
  const Bytes bytes = sampler.to_bytes();
  for (std::size_t length = 0; length < bytes.size(); length += 97)
    CHECK(refused<Doubles>(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length))));
  CHECK(refused<Floats>(bytes));
  CHECK(refused<PairwiseKroneckerSampler<double, Policies<ExponentialScaling, ScanRecovery>>>(bytes));
  CHECK(refused<ExactKroneckerSampler<>>(bytes));
  CHECK_FALSE(refused<Doubles>(with_sizes(sampler, sizes.n1, sizes.d1)));
  for (const auto& [n1, d1] : {std::pair<Index, Index>{0, 4},
                               {-1, 4},
                               {20, 0},
                               {19, 4},
                               {20, 5},
                               {10, 4},
                               {181, 4},
                               {std::numeric_limits<Index>::max(), 4},
                               {20, 13}})
    CHECK(refused<Doubles>(with_sizes(sampler, n1, d1)));
  Identity identity = sampler.identity();
  identity.options.shape.buckets = Index{1} << 29;  // more than the bytes hold: refused before anything is allocated
  CHECK(refused<Doubles>(with_identity(sampler, identity)));
  identity = sampler.identity();
  identity.dimension = Index{1} << 60;
  CHECK(refused<Doubles>(with_identity(sampler, identity)));
}
