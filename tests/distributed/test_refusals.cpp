// A sum that cannot be is refused on every rank, whichever rank it is that does not fit, and changes nothing.

#include "ranks_here.hpp"
#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"

#include <cstdint>
#include <limits>
#include <string>

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Every rank's exception, of type E, names `part`; the states are as before, and the ranks still work together.
template <class E, class State>
void check_refused_everywhere(State& state, const std::string& part) {
  for (int root = -1; root < rank_count(); ++root) {
    const std::string message = refusal<E>(
        state, [&](State& s) { root < 0 ? mpi::all_reduce(s, MPI_COMM_WORLD) : mpi::reduce(s, root, MPI_COMM_WORLD); });
    INFO("rank " << rank() << ", root " << root << ": " << message);
    CHECK(contains(message, part));
    CHECK(on_all(contains(message, part)));
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a rank of another seed makes every rank refuse", "[refusal]", EveryLinearState) {
  for (int other = 0; other < rank_count(); ++other) {
    auto state = used_state<TestType>({3, 8}, rank() == other ? 2 : 1);
    if (state.identity().options.seed == used_state<TestType>({3, 8}, 7).identity().options.seed) return;
    check_refused_everywhere<IncompatibleSketch>(state, "seed is ");
  }
}

TEST_CASE("a rank of another size or operand makes every rank refuse", "[refusal]") {
  const int last = rank_count() - 1;
  const bool differs = rank() == last;
  const std::string whose = "rank " + std::to_string(last);
  L2Sampler<> sampler(differs ? 101 : 100, {.seed = 1, .shape = {1, 8}});
  check_refused_everywhere<IncompatibleSketch>(sampler, whose + " to that of rank 0: dimension is 101, expected 100");
  FixedVectorSampler<> fixed(9, Eigen::Vector2d(1, differs ? 2 : 3), {.seed = 1, .shape = {1, 8}});
  check_refused_everywhere<IncompatibleSketch>(fixed, "fixed operand is ");
  SamplerBank<L2Sampler<>> bank(differs ? 2 : 3, {.seed = 1, .shape = {1, 8}}, Index{9});
  check_refused_everywhere<IncompatibleSketch>(bank, "fixed operand is ");
}

TEST_CASE("a rank with a state of another kind makes every rank refuse", "[refusal]") {
  CountSketch<> sketch({1, 2}, 1);
  AmsSketch<> other({1, 2}, 1);
  if (rank() == 1)
    check_refused_everywhere<IncompatibleSketch>(other, "kind is AmsSketch, expected CountSketch");
  else
    check_refused_everywhere<IncompatibleSketch>(sketch, "kind is AmsSketch, expected CountSketch");
  mpi::all_reduce(sketch, MPI_COMM_WORLD);  // the ranks are in step
}

TEST_CASE("integer counters that would pass their range are refused on every rank", "[refusal]") {
  constexpr std::int64_t limit = std::int64_t{1} << 62;
  CountSketch<std::int64_t> sketch({3, 4}, 1);
  sketch.update(5, rank() == 0 ? limit - 1 : 1);
  check_refused_everywhere<CounterOverflow>(sketch, "pass the range of 4.61");
  sketch.clear();
  sketch.update(5, limit / rank_count() / 2);
  mpi::all_reduce(sketch, MPI_COMM_WORLD);
  CHECK(sketch.estimate(5) == limit / 2);
}

TEST_CASE("a sum is known to the range that later updates are checked against", "[refusal]") {
  constexpr std::int64_t limit = std::int64_t{1} << 62;
  CountSketch<std::int64_t> sketch({3, 4}, 1);
  sketch.update(5, limit / rank_count() / 2);
  mpi::all_reduce(sketch, MPI_COMM_WORLD);
  const std::string message = refusal<CounterOverflow>(sketch, [&](auto& s) { s.update(5, limit / 2 + 1); });
  CHECK(contains(message, "pass the range"));
}

TEST_CASE("floating counters that would pass their range are refused on every rank", "[refusal]") {
  constexpr double largest = std::numeric_limits<double>::max();
  auto product = empty_state<DynamicSampler<>>();
  product.update_matrix(0, 0, 1.0);
  product.update_vector(0, largest / 2);
  check_refused_everywhere<CounterOverflow>(product, "pass the range");
  CountSketch<float> sketch({1, 2}, 1);
  sketch.update(rank() + 1, std::numeric_limits<float>::max() / 2);
  check_refused_everywhere<CounterOverflow>(sketch, "pass the range");
}

TEST_CASE("a root that is no rank is refused on every rank", "[refusal]") {
  auto state = used_state<L2Sampler<>>();
  for (int root : {-1, rank_count()}) {
    const std::string message = refusal(state, [&](auto& s) { mpi::reduce(s, root, MPI_COMM_WORLD); });
    CHECK(contains(message, "root is " + std::to_string(root) + ", outside [0, "));
  }
}
