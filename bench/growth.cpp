// How costs grow with the dimensions: an update of x is one add whatever n and d are, a draw grows
// like log n, and so does the state. Every row carries the bytes of the state it was measured on.

#include <benchmark/benchmark.h>

#include <turnstile/turnstile.hpp>

#include <numeric>
#include <span>
#include <vector>

#include "scattered.hpp"

namespace {

using namespace turnstile;

using Scanning = Policies<ExponentialScaling, ScanRecovery>;

// The yardstick: adds at random places of a table as large as a sampler's state.
void random_adds(benchmark::State& state) {
  std::vector<double> table(static_cast<std::size_t>(state.range(0)) / sizeof(double));
  const bench::Scattered stream(std::ssize(table), 4096);
  for (auto _ : state) {
    for (std::size_t k = 0; k < stream.indices.size(); ++k)
      table[static_cast<std::size_t>(stream.indices[k])] += stream.changes[k];
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(stream.indices));
  state.counters["bytes"] = static_cast<double>(state.range(0));
}
BENCHMARK(random_adds)->Arg(128 << 10);

// A matrix with one nonzero a row: quick to sketch, and the cost of an update of x does not depend on it.
Eigen::SparseMatrix<double> narrow_matrix(Index rows, Index columns) {
  std::vector<Eigen::Triplet<double>> entries;
  for (Index i = 0; i < rows; ++i) entries.emplace_back(i, i % columns, 1.0);
  Eigen::SparseMatrix<double> matrix(rows, columns);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

void update_of_x(benchmark::State& state) {
  const Index columns = state.range(1);
  FixedMatrixSampler<> sampler(narrow_matrix(state.range(0), columns), {.seed = 1});
  const bench::Scattered stream(columns, 1024);
  for (auto _ : state)
    for (std::size_t k = 0; k < stream.indices.size(); ++k) sampler.update(stream.indices[k], stream.changes[k]);
  state.SetItemsProcessed(state.iterations() * std::ssize(stream.indices));
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
}
BENCHMARK(update_of_x)->ArgNames({"n", "d"})->ArgsProduct({{1 << 10, 1 << 14, 1 << 18}, {8, 64, 512}});

template <class Scalar>
void update_of_y_single(benchmark::State& state) {
  const Index dimension = state.range(0);
  L2Sampler<Scalar> sampler(dimension, {.seed = 1});
  const bench::Scattered stream(dimension, 4096);
  for (auto _ : state)
    for (std::size_t k = 0; k < stream.indices.size(); ++k)
      sampler.update(stream.indices[k], static_cast<Scalar>(stream.changes[k]));
  state.SetItemsProcessed(state.iterations() * std::ssize(stream.indices));
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
}

template <class Scalar>
void update_of_y_batch(benchmark::State& state) {
  const Index dimension = state.range(0);
  L2Sampler<Scalar> sampler(dimension, {.seed = 1});
  const bench::Scattered stream(dimension, 4096);
  const std::vector<Scalar> changes(stream.changes.begin(), stream.changes.end());
  for (auto _ : state) sampler.update(std::span<const Index>(stream.indices), std::span<const Scalar>(changes));
  state.SetItemsProcessed(state.iterations() * std::ssize(stream.indices));
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
}
BENCHMARK_TEMPLATE(update_of_y_single, double)->ArgName("n")->RangeMultiplier(1 << 5)->Range(1 << 10, 1 << 25);
BENCHMARK_TEMPLATE(update_of_y_batch, double)->ArgName("n")->RangeMultiplier(1 << 5)->Range(1 << 10, 1 << 25);
BENCHMARK_TEMPLATE(update_of_y_batch, float)->ArgName("n")->Arg(1 << 20);

template <class Policies>
void sample(benchmark::State& state) {
  const Index dimension = state.range(0);
  L2Sampler<double, Policies> sampler(dimension, {.seed = 1, .shape = SketchShape::for_draws(dimension)});
  std::vector<Index> indices(static_cast<std::size_t>(dimension));
  std::iota(indices.begin(), indices.end(), Index{0});
  const std::vector<double> ones(indices.size(), 1.0);
  sampler.update(std::span<const Index>(indices), std::span<const double>(ones));
  for (auto _ : state) benchmark::DoNotOptimize(sampler.sample());
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
  state.counters["bytes of y"] = static_cast<double>(ones.size() * sizeof(double));
}
BENCHMARK_TEMPLATE(sample, DefaultPolicies)
    ->ArgName("n")->RangeMultiplier(4)->Range(1 << 14, 1 << 24)->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(sample, Scanning)
    ->ArgName("n")->RangeMultiplier(4)->Range(1 << 14, 1 << 20)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
