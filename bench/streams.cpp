// What an update costs where A is a stream, as the dimensions grow. FixedVectorSampler: one change of y
// whatever d is. DynamicSampler: an entry of A costs the same for any d, and for n as long as n adds no level;
// an entry of x is one add; a row of A costs its length. Every row carries the bytes of the state.

#include <benchmark/benchmark.h>

#include <turnstile/turnstile.hpp>

#include <cstddef>
#include <vector>

#include "scattered.hpp"

namespace {

using namespace turnstile;
using bench::Scattered;

constexpr Index length = 1024;

void report(benchmark::State& state, Index items, std::size_t bytes) {
  state.SetItemsProcessed(state.iterations() * items);
  state.counters["bytes"] = static_cast<double>(bytes);
}

// A_ij += Δ with x fixed: one by one, and in batches.
void fixed_vector_single(benchmark::State& state) {
  const Index dimension = state.range(0), columns = state.range(1);
  FixedVectorSampler<> sampler(dimension, Eigen::VectorXd::LinSpaced(columns, 1, 2), {.seed = 1});
  const Scattered rows(dimension, length), columns_of(columns, length, 2);
  for (auto _ : state)
    for (std::size_t k = 0; k < rows.indices.size(); ++k)
      sampler.update(rows.indices[k], columns_of.indices[k], rows.changes[k]);
  report(state, length, sampler.memory_bytes());
}
void fixed_vector_batch(benchmark::State& state) {
  const Index dimension = state.range(0), columns = state.range(1);
  FixedVectorSampler<> sampler(dimension, Eigen::VectorXd::LinSpaced(columns, 1, 2), {.seed = 1});
  const Scattered rows(dimension, length), columns_of(columns, length, 2);
  for (auto _ : state) sampler.update(rows.indices, columns_of.indices, rows.changes);
  report(state, length, sampler.memory_bytes());
}
BENCHMARK(fixed_vector_single)->ArgNames({"n", "d"})->ArgsProduct({{1 << 20}, {1, 8, 64, 512, 1024}});
BENCHMARK(fixed_vector_batch)->ArgNames({"n", "d"})->ArgsProduct({{1 << 20}, {1, 8, 64, 512, 1024}});

// A_ij += Δ with x a stream too.
void update_matrix(benchmark::State& state) {
  const Index dimension = state.range(0), columns = state.range(1);
  DynamicSampler<> sampler(dimension, columns, {.seed = 1});
  const Scattered rows(dimension, length), columns_of(columns, length, 2);
  for (auto _ : state)
    for (std::size_t k = 0; k < rows.indices.size(); ++k)
      sampler.update_matrix(rows.indices[k], columns_of.indices[k], rows.changes[k]);
  report(state, length, sampler.memory_bytes());
}
BENCHMARK(update_matrix)->ArgNames({"n", "d"})->ArgsProduct({{1 << 10, 1 << 15, 1 << 20}, {8, 64, 512, 1024}});

// x_j += Δ.
void update_vector(benchmark::State& state) {
  const Index dimension = state.range(0), columns = state.range(1);
  DynamicSampler<> sampler(dimension, columns, {.seed = 1});
  const Scattered entries(columns, length);
  for (auto _ : state)
    for (std::size_t k = 0; k < entries.indices.size(); ++k)
      sampler.update_vector(entries.indices[k], entries.changes[k]);
  report(state, length, sampler.memory_bytes());
}
BENCHMARK(update_vector)->ArgNames({"n", "d"})->ArgsProduct({{1 << 10, 1 << 20}, {8, 1024}});

// A_{i,:} += Δ; an item is one entry of the row.
void update_matrix_row(benchmark::State& state) {
  const Index dimension = state.range(0), columns = state.range(1);
  DynamicSampler<> sampler(dimension, columns, {.seed = 1});
  const Scattered rows(dimension, length);
  const Eigen::RowVectorXd change = Eigen::RowVectorXd::LinSpaced(columns, -1, 1);
  for (auto _ : state)
    for (Index row : rows.indices) sampler.update_matrix_row(row, change);
  report(state, length * columns, sampler.memory_bytes());
}
BENCHMARK(update_matrix_row)->ArgNames({"n", "d"})->ArgsProduct({{1 << 20}, {8, 16, 32, 64, 128, 256, 512, 1024}});

}  // namespace

BENCHMARK_MAIN();
