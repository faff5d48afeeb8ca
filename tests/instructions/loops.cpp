// The library's hot loops by name, for counting instructions: set-up, then as many items as are asked for. The
// difference of two runs is what the items take.
//
// Usage: instruction_loops               (lists the loops, and how many items make a fair sample of each)
//        instruction_loops LOOP ITEMS

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace turnstile;

using Scanning = Policies<ExponentialScaling, ScanRecovery>;

constexpr Index dimension = 1'000'000, columns = 64;
constexpr SketchShape wide{.rows = 5, .buckets = 8192}, medium{.rows = 5, .buckets = 4096};

volatile double kept = 0;  // what is computed is not optimised away

// Keys and changes, again and again from the first.
struct Stream {
  static constexpr std::size_t length = 4096;
  std::vector<Index> keys = std::vector<Index>(length);
  std::vector<double> changes = std::vector<double>(length);

  Stream() {
    const MixHash words(derive_seed(1, "stream"));
    for (std::size_t k = 0; k < length; ++k) {
      keys[k] = static_cast<Index>(words(k) % dimension);
      changes[k] = uniform_variate(words(length + k)) - 0.5;
    }
  }

  template <class Take>
  void in_batches(Index items, const Take& take) const {
    for (Index left = items; left > 0; left -= static_cast<Index>(length)) {
      const std::size_t count = std::min(length, static_cast<std::size_t>(left));
      take(std::span(keys).first(count), std::span(changes).first(count));
    }
  }
  template <class Take>
  void one_by_one(Index items, const Take& take) const {
    for (Index k = 0; k < items; ++k) {
      const std::size_t at = static_cast<std::size_t>(k) % length;
      take(keys[at], changes[at]);
    }
  }
};

template <class State>
void batched(State state, Index items) {
  Stream().in_batches(items, [&](auto keys, auto changes) { state.update(keys, changes); });
}

void batched_floats(Index items) {
  CountSketch<float> sketch(wide, 1);
  const std::vector<float> changes(Stream::length, 1.0F);
  Stream().in_batches(items, [&](auto keys, auto) { sketch.update(keys, std::span(changes).first(keys.size())); });
}

template <class State>
void single(State state, Index items) {
  Stream().one_by_one(items, [&](Index key, double change) { state.update(key, change); });
}

template <class State>
void buffered(State state, Index items) {
  UpdateBuffer buffer(state);
  Stream().one_by_one(items, [&](Index key, double change) { buffer.update(key, change); });
}

template <class State>
State fed(State state) {
  Stream().in_batches(Stream::length, [&](auto keys, auto changes) { state.update(keys, changes); });
  return state;
}

void estimates(Index items) {
  const auto sketch = fed(CountSketch<>(wide, 1));
  Stream().one_by_one(items, [&](Index key, double) { kept = sketch.estimate(key); });
}

// Of states that change from draw to draw.
template <class Policies>
void draws(Index n, Index items) {
  L2Sampler<double, Policies> sampler(n, {.seed = 1});
  const Stream stream;
  for (std::size_t k = 0; k < Stream::length; ++k) sampler.update(stream.keys[k] % n, stream.changes[k]);
  stream.one_by_one(items, [&](Index key, double change) {
    sampler.update(key % n, 100 * change);
    if (const auto draw = sampler.sample()) kept = draw->value;
  });
}

void draws_without_replacement(Index items) {
  const auto sampler = fed(L2Sampler<>(dimension, {.seed = 1, .shape = SketchShape::for_draws(dimension, 100)}));
  kept = static_cast<double>(sampler.sample_without_replacement(items).size());
}

DynamicSampler<> filled_dynamic() {
  DynamicSampler<> sampler(dimension, columns, {.seed = 1});
  Stream().one_by_one(Stream::length,
                      [&](Index key, double change) { sampler.update_matrix(key, key % columns, change); });
  sampler.update_vector(Eigen::VectorXd::LinSpaced(columns, 1, 2));
  sampler.refresh();
  return sampler;
}

void entries_of_matrix(Index items) {
  DynamicSampler<> sampler(dimension, columns, {.seed = 1});
  Stream().one_by_one(items, [&](Index key, double change) { sampler.update_matrix(key, key % columns, change); });
}

void rows_of_matrix(Index items) {
  DynamicSampler<> sampler(dimension, columns, {.seed = 1});
  const Eigen::RowVectorXd row = Eigen::RowVectorXd::LinSpaced(columns, -1, 1);
  Stream().one_by_one(items, [&](Index key, double) { sampler.update_matrix_row(key, row); });
}

void entries_of_vector(Index items) {
  auto sampler = filled_dynamic();
  Stream().one_by_one(items, [&](Index key, double change) { sampler.update_vector(key % columns, change); });
}

void draws_of_product(Index items) {
  auto sampler = filled_dynamic();
  Stream().one_by_one(items, [&](Index, double change) {
    for (Index j : {3, 17, 40, 62}) sampler.update_vector(j, change);
    if (const auto draw = sampler.sample()) kept = draw->value;
  });
}

void built_rows(Index items) {
  constexpr Index block = 500;
  const Eigen::MatrixXd rows = Eigen::VectorXd::LinSpaced(block, -1, 1) * Eigen::RowVectorXd::LinSpaced(columns, 1, 2);
  FixedMatrixBuilder<> builder(dimension, columns, {.seed = 1});
  for (Index first = 0; first < items; first += block) builder.add_rows(first, rows);
}

void merged(Index items) {
  auto sum = fed(CountSketch<>(wide, 1));
  const auto other = sum;
  for (Index k = 0; k < items; ++k) sum += other;
}

void written(Index items) {
  const auto sketch = fed(CountSketch<>(wide, 1));
  for (Index k = 0; k < items; ++k) kept = static_cast<double>(sketch.to_bytes().size());
}

void read(Index items) {
  const auto bytes = fed(CountSketch<>(wide, 1)).to_bytes();
  for (Index k = 0; k < items; ++k) kept = CountSketch<>::from_bytes(bytes).counters()[0];
}

struct Loop {
  std::string_view name;
  Index items;  // a fair sample
  std::function<void(Index)> run;
};

const std::vector<Loop> loops{
    {"count_sketch_batched", 40960, [](Index items) { batched(CountSketch<>(wide, 1), items); }},
    {"count_sketch_single", 20000, [](Index items) { single(CountSketch<>(wide, 1), items); }},
    {"count_sketch_buffered", 40960, [](Index items) { buffered(CountSketch<>(wide, 1), items); }},
    {"count_sketch_float_batched", 40960, batched_floats},
    {"count_sketch_polynomial_batched", 40960,
     [](Index items) { batched(CountSketch<double, PolynomialHash<4>>(wide, 1), items); }},
    {"count_sketch_estimate", 20000, estimates},
    {"count_sketch_merge", 50, merged},
    {"count_sketch_to_bytes", 20, written},
    {"count_sketch_from_bytes", 10, read},
    {"l2_scan_batched", 40960,
     [](Index items) { batched(L2Sampler<double, Scanning>(dimension, {.seed = 1, .shape = medium}), items); }},
    {"l2_tree_batched", 40960, [](Index items) { batched(L2Sampler<>(dimension, {.seed = 1}), items); }},
    {"l2_tree_single", 20000, [](Index items) { single(L2Sampler<>(dimension, {.seed = 1}), items); }},
    {"l2_tree_draw", 20, [](Index items) { draws<DefaultPolicies>(dimension, items); }},
    {"l2_scan_draw_of_4096", 20, [](Index items) { draws<Scanning>(4096, items); }},
    {"l2_draws_without_replacement", 20, draws_without_replacement},
    {"matrix_entry", 10000, entries_of_matrix},
    {"matrix_row", 2000, rows_of_matrix},
    {"matrix_built_row", 2000, built_rows},
    {"vector_entry", 20000, entries_of_vector},
    {"product_draw", 10, draws_of_product},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    for (const Loop& loop : loops) std::cout << loop.name << ' ' << loop.items << '\n';
    return 0;
  }
  for (const Loop& loop : loops)
    if (argc == 3 && loop.name == argv[1]) {
      loop.run(std::stol(argv[2]));
      return 0;
    }
  std::cerr << "no such loop, or no number of items\n";
  return 2;
}
