// What a hash costs: a word whose key waits for the word before (`latency`), a word of a loop over
// independent keys (`throughput`), both for keys below 2²⁰ and for keys of 61 bits, a function's
// construction, and an update of a whole sampler with it.

#include <benchmark/benchmark.h>

#include <turnstile/random/nisan_generator.hpp>
#include <turnstile/random/tabulation_hash.hpp>
#include <turnstile/turnstile.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace turnstile;

constexpr std::size_t batch = 4096;

std::uint64_t mask_of(const benchmark::State& state) { return (std::uint64_t{1} << state.range(0)) - 1; }

// Time of one word.
void report_words(benchmark::State& state, std::size_t words) {
  state.counters["word"] = benchmark::Counter(
      static_cast<double>(words), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// Of one function, with what it keeps on the heap.
template <class Hash>
std::size_t bytes_of(const Hash& hash) {
  if constexpr (requires { hash.heap_bytes(); })
    return sizeof(Hash) + hash.heap_bytes();
  else
    return sizeof(Hash);
}

template <class Hash>
void latency(benchmark::State& state) {
  const Hash hash(1);
  const std::uint64_t mask = mask_of(state);
  std::uint64_t word = 1;
  for (auto _ : state) {
    for (std::size_t k = 0; k < batch; ++k) word = hash((word >> 3) & mask);
    benchmark::DoNotOptimize(word);
  }
  report_words(state, batch);
}

template <class Hash>
void throughput(benchmark::State& state) {
  const Hash hash(1);
  const MixHash random(2);
  std::array<std::uint64_t, batch> keys, words;
  for (std::size_t k = 0; k < batch; ++k) keys[k] = random(k) & mask_of(state);
  for (auto _ : state) {
    for (std::size_t k = 0; k < batch; ++k) words[k] = hash(keys[k]);
    benchmark::DoNotOptimize(words.data());
    benchmark::ClobberMemory();
  }
  report_words(state, batch);
}

template <class Hash>
void construction(benchmark::State& state) {
  Seed seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Hash(seed++)(1));
  state.counters["bytes"] = static_cast<double>(bytes_of(Hash(seed)));
}

template <class Hash>
void update(benchmark::State& state) {
  const Index dimension = Index{1} << state.range(0);
  L2Sampler<double, Policies<ExponentialScaling, TreeRecovery, Hash>> sampler(dimension, {.seed = 1});
  const MixHash random(3);
  std::vector<Index> indices(batch);
  for (std::size_t k = 0; k < batch; ++k) indices[k] = static_cast<Index>(random(k) & mask_of(state));
  const std::vector<double> changes(batch, 1.0);
  for (auto _ : state) sampler.update(std::span<const Index>(indices), std::span<const double>(changes));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
  state.counters["bytes"] = static_cast<double>(sampler.memory_bytes());
}

template <class Hash>
void add_rows_of() {
  const auto row = [](const char* what) { return std::string(what) + '/' + Hash::name(); };
  benchmark::RegisterBenchmark(row("latency").c_str(), latency<Hash>)->ArgName("key bits")->Arg(20)->Arg(61);
  benchmark::RegisterBenchmark(row("throughput").c_str(), throughput<Hash>)->ArgName("key bits")->Arg(20)->Arg(61);
  benchmark::RegisterBenchmark(row("construction").c_str(), construction<Hash>);
  benchmark::RegisterBenchmark(row("update").c_str(), update<Hash>)->ArgName("log2 n")->Arg(20);
}

}  // namespace

int main(int argc, char** argv) {
  add_rows_of<MixHash>();
  add_rows_of<PolynomialHash<2>>();
  add_rows_of<PolynomialHash<4>>();
  add_rows_of<TabulationHash>();
  add_rows_of<NisanGenerator>();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
