// Sums of states over ranks are what `+=` of all of them gives.

#include "ranks_here.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <vector>

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Each number of the sum is off by at most (ranks − 1) roundings of the sum of magnitudes, in whatever order it
// was added up, and so is that of `+=`. Bounds are sums of what each rank's own would be after ranks − 1
// additions, all of them positive, in doubles. Residues are exact.
template <class State>
void check_sum(const State& reduced, const std::vector<State>& parts) {
  State joined = parts.front();
  for (std::size_t k = 1; k < parts.size(); ++k) joined += parts[k];
  CHECK(reduced.identity() == joined.identity());
  const double additions = static_cast<double>(parts.size()) - 1;
  const Arrays found = Arrays::of(reduced, additions), expected = Arrays::of(joined, additions);
  std::vector<double> magnitudes(found.numbers.size()), bounds(found.bounds.size());
  for (const State& part : parts) {
    const Arrays arrays = Arrays::of(part, additions);
    for (std::size_t k = 0; k < magnitudes.size(); ++k) magnitudes[k] += std::abs(arrays.numbers[k]);
    for (std::size_t k = 0; k < bounds.size(); ++k) bounds[k] += arrays.bounds_after[k];
  }
  using Scalar = typename State::scalar_type;
  const double roundoff = static_cast<double>(std::numeric_limits<Scalar>::epsilon()) / 2;
  CHECK(found.residues == expected.residues);
  std::size_t far = 0, wrong_bounds = 0;
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    far += std::abs(found.numbers[k] - expected.numbers[k]) > 2 * additions * roundoff * magnitudes[k];
  constexpr double last_bits = 1e-14;
  for (std::size_t k = 0; k < bounds.size(); ++k)
    wrong_bounds += std::abs(found.bounds[k] - bounds[k]) > last_bits * bounds[k] ||
                    found.bounds[k] < expected.bounds[k] * (1 - last_bits);
  CHECK(far == 0);
  CHECK(wrong_bounds == 0);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("every rank receives the sum of all states", "[sum]", EveryLinearState) {
  const auto parts = states_of_all<TestType>();
  auto state = parts[static_cast<std::size_t>(rank())];
  mpi::all_reduce(state, MPI_COMM_WORLD);
  check_sum(state, parts);
}

TEMPLATE_LIST_TEST_CASE("a root receives the sum, and the other ranks keep what they had", "[sum]", EveryLinearState) {
  const auto parts = states_of_all<TestType>();
  for (int root = 0; root < rank_count(); ++root) {
    auto state = parts[static_cast<std::size_t>(rank())];
    const Bytes before = state.to_bytes();
    mpi::reduce(state, root, MPI_COMM_WORLD);
    if (rank() == root)
      check_sum(state, parts);
    else
      CHECK((state.to_bytes() == before));
  }
}

TEMPLATE_LIST_TEST_CASE("a sum of integer counters is, to the last bit, that of one process", "[sum]", ExactSketches) {
  auto state = state_of<TestType>(rank());
  auto whole = empty_state<TestType>({3, 8});
  for (const auto& part : states_of_all<TestType>()) whole += part;
  mpi::all_reduce(state, MPI_COMM_WORLD);
  CHECK((state.to_bytes() == whole.to_bytes()));
}

TEMPLATE_LIST_TEST_CASE("the sum goes on as one that was added up in one process", "[sum]", EveryLinearState) {
  auto state = state_of<TestType>(rank());
  mpi::all_reduce(state, MPI_COMM_WORLD);
  const auto parts = states_of_all<TestType>();
  auto joined = parts.front();
  for (std::size_t k = 1; k < parts.size(); ++k) joined += parts[k];
  Example<TestType>::stream(state);
  Example<TestType>::stream(joined);
  const Arrays found = Arrays::of(state, 0), expected = Arrays::of(joined, 0);
  CHECK(found.residues == expected.residues);
  double largest = 0, difference = 0;
  for (std::size_t k = 0; k < found.numbers.size(); ++k) {
    largest = std::max(largest, std::abs(expected.numbers[k]));
    difference = std::max(difference, std::abs(found.numbers[k] - expected.numbers[k]));
  }
  CHECK(largest > 0);
  CHECK(difference <= largest * (std::is_same_v<typename TestType::scalar_type, float> ? 1e-5 : 1e-14));
}

TEMPLATE_LIST_TEST_CASE("over one rank alone a sum is the state itself", "[sum]", EveryLinearState) {
  auto state = state_of<TestType>(rank());
  if constexpr (requires { state.refresh(); }) state.refresh();
  const Bytes before = state.to_bytes();
  mpi::all_reduce(state, MPI_COMM_SELF);
  CHECK((state.to_bytes() == before));
  mpi::reduce(state, 0, MPI_COMM_SELF);
  CHECK((state.to_bytes() == before));
}

TEST_CASE("all ranks make the draw of a process that saw every stream", "[sum]") {
  constexpr Index n = 1000;
  const SamplerOptions options{.seed = 5, .shape = {5, 256}};
  L2Sampler<> state(n, options), whole(n, options);
  for (int k = 0; k < rank_count(); ++k)
    for (Index i = k; i < n; i += 3) {
      const double delta = static_cast<double>(i % 17) - 8.5 + k;
      if (k == rank()) state.update(i, delta);
      whole.update(i, delta);
    }
  mpi::all_reduce(state, MPI_COMM_WORLD);
  const auto draw = state.sample(), expected = whole.sample();
  CHECK(draw.outcome() == Outcome::sampled);
  if (!draw || !expected) return;
  CHECK(draw->index == expected->index);
  CHECK(draw->value == Approx(expected->value).epsilon(1e-10));
  CHECK(draw->probability == Approx(expected->probability).epsilon(1e-10));
}

TEST_CASE("rows on every rank and a stream of x on every rank make one y", "[sum]") {
  constexpr Index n = 1000, d = 6;
  const SamplerOptions options{.seed = 6, .shape = {5, 256}};
  DynamicSampler<> state(n, d, options), whole(n, d, options);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < d; ++j) {
      const double entry = static_cast<double>((i * 7 + j * 5) % 13) - 6;
      if (i % rank_count() == rank()) state.update_matrix(i, j, entry);
      whole.update_matrix(i, j, entry);
    }
  for (int k = 0; k < rank_count(); ++k) {
    if (k == rank()) state.update_vector(k % d, 0.5 + k);
    whole.update_vector(k % d, 0.5 + k);
  }
  mpi::all_reduce(state, MPI_COMM_WORLD);
  CHECK((state.vector() - whole.vector()).norm() < 1e-12);
  const auto draw = state.sample(), expected = whole.sample();
  CHECK(draw.outcome() == Outcome::sampled);
  if (!draw || !expected) return;
  CHECK(draw->index == expected->index);
  CHECK(draw->value == Approx(expected->value).epsilon(1e-10));
}

TEST_CASE("streams that cancel over ranks are zero, exactly", "[sum]") {
  L2Sampler<> state(100, {.seed = 7, .shape = {3, 64}});
  for (Index i = 0; i < 100; ++i) state.update(i, (rank() % 2 == 0 ? 1.0 : -1.0) / static_cast<double>(i + 3));
  const bool even = rank_count() % 2 == 0;
  mpi::all_reduce(state, MPI_COMM_WORLD);
  CHECK(even == (state.sample().outcome() == Outcome::zero));
}
