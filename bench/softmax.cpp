// Softmax draws while y is kept, beside recomputing the softmax for every draw: the tree pays a logarithm of n
// where the other pays n. Then what updates cost, and the bounded sampler, whose costs n does not enter.

#include <benchmark/benchmark.h>

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using namespace turnstile;

// Scores of −8 to 8, in no order.
Eigen::VectorXd scores(Index dimension) {
  const MixHash words(derive_seed(1, "benchmark scores"));
  Eigen::VectorXd y(dimension);
  for (Index i = 0; i < dimension; ++i) y[i] = 16 * uniform_variate(words(static_cast<std::uint64_t>(i))) - 8;
  return y;
}

// The yardstick: the softmax of y as one writes it with Eigen, and one draw by inversion.
Index draw_by_recomputing(const Eigen::VectorXd& y, double coin) {
  const Eigen::VectorXd weights = (y.array() - y.maxCoeff()).exp();
  double place = coin * weights.sum();
  for (Index i = 0; i < weights.size(); ++i)
    if ((place -= weights[i]) < 0) return i;
  return weights.size() - 1;
}

void draw_recomputed(benchmark::State& state) {
  const Eigen::VectorXd y = scores(state.range(0));
  const MixHash words(1);
  std::uint64_t toss = 0;
  for (auto _ : state) benchmark::DoNotOptimize(draw_by_recomputing(y, uniform_variate(words(toss++))));
  state.SetItemsProcessed(state.iterations());
}

void draw_kept(benchmark::State& state) {
  const SoftmaxSampler<> sampler(scores(state.range(0)));
  Seed seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sampler.sample(seed++));
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
}

void draws_without_replacement(benchmark::State& state) {
  const SoftmaxSampler<> sampler(scores(1'000'000));
  Seed seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sampler.sample_without_replacement(state.range(0), seed++));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Sampler>
void feed(benchmark::State& state, Sampler& sampler) {
  const auto n = static_cast<std::uint64_t>(sampler.dimension());
  const MixHash words(3);
  std::uint64_t step = 0;
  for (auto _ : state) {
    const std::uint64_t word = words(step++);
    sampler.update(static_cast<Index>(word % n), uniform_variate(word) - 0.5);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
}

void update_kept(benchmark::State& state) {
  SoftmaxSampler<> sampler(scores(state.range(0)));
  feed(state, sampler);
}

void update_bounded(benchmark::State& state) {
  BoundedSoftmaxSampler<> sampler(state.range(0), 2, 0.01, 1);
  feed(state, sampler);
}

void draw_bounded(benchmark::State& state) {
  const auto bound = static_cast<double>(state.range(0));
  BoundedSoftmaxSampler<> sampler(1'000'000'000, bound, 0.01, 1);
  const std::vector<Index> kept(sampler.kept().begin(), sampler.kept().end());
  const MixHash words(4);
  for (Index i : kept) sampler.update(i, bound * (2 * uniform_variate(words(static_cast<std::uint64_t>(i))) - 1));
  for (auto _ : state) benchmark::DoNotOptimize(sampler.sample());
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
  state.counters["positions"] = static_cast<double>(sampler.positions());
}

BENCHMARK(draw_recomputed)->ArgName("n")->RangeMultiplier(100)->Range(10'000, 1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(draw_kept)->ArgName("n")->RangeMultiplier(100)->Range(10'000, 1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(draws_without_replacement)->ArgName("k")->Arg(1)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(update_kept)->ArgName("n")->RangeMultiplier(100)->Range(10'000, 1'000'000);
BENCHMARK(update_bounded)->ArgName("n")->Arg(1'000'000)->Arg(1'000'000'000);
BENCHMARK(draw_bounded)->ArgName("bound")->DenseRange(1, 4);

}  // namespace

BENCHMARK_MAIN();
