#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

// The law of draws from y = A x while A is a stream of which 90 % is deleted again, for a fixed x and for
// an x that is a stream as well. `check_law` names quantity, law and significance. 20 000 samplers at n = 50:
// seen in one half of cases is a heaviest cell off by 1.2 % of all draws where it holds half. Turns red: a
// change of y_i by Δ in place of Δ·x_j; z = ΨA·x of the last refresh not kept in step with A.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index columns = 4;
const Eigen::Vector4d x(1, -2, 0.5, 3);

struct Entry {
  Index row, column;
  double delta;
};

// A stream of entries after which A x = y: y_i/x_j at one place of each row, and nine others of about the
// size of the largest, which all come in one scattered order and go in another.
std::vector<Entry> stream_of_entries(const std::vector<double>& y, Seed seed) {
  constexpr std::uint64_t passing = 9;
  const MixHash words(derive_seed(seed, "stream of entries"));
  double largest = 0;
  for (double value : y) largest = std::max(largest, std::abs(value));
  std::vector<Entry> stream, going;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto row = static_cast<Index>(i), column = row % columns;
    stream.push_back({row, column, y[i] / x[column]});
    for (std::uint64_t k = 0; k < passing; ++k) {
      const std::uint64_t word = words(passing * i + k);
      const double delta = largest * (2 * uniform_variate(word) - 1);
      stream.push_back({row, static_cast<Index>(word % std::uint64_t{columns}), delta});
      going.push_back({row, static_cast<Index>(word % std::uint64_t{columns}), -delta});
    }
  }
  for (std::vector<Entry>* entries : {&stream, &going})
    for (std::size_t k = entries->size(); k-- > 1;) std::swap((*entries)[k], (*entries)[words(~k) % (k + 1)]);
  stream.insert(stream.end(), going.begin(), going.end());
  return stream;
}

Index draw_with_fixed_vector(const std::vector<Entry>& entries, Index n, Seed seed) {
  FixedVectorSampler<> sampler(n, x, {.seed = seed, .shape = SketchShape::for_draws(n)});
  for (const Entry& entry : entries) sampler.update(entry.row, entry.column, entry.delta);
  return drawn_index(sampler.sample());
}

// x is there from the beginning, ten times as large; nine tenths go while A still changes. A refresh comes
// at a moment of each sampler's own.
Index draw_with_both_streams(const std::vector<Entry>& entries, Index n, Seed seed) {
  DynamicSampler<> sampler(n, columns, {.seed = seed, .shape = SketchShape::for_draws(n)});
  const std::size_t refreshed = MixHash(seed, 1)(0) % entries.size();
  sampler.update_vector(10 * x);
  for (std::size_t k = 0; k < entries.size(); ++k) {
    if (k == refreshed) sampler.refresh();
    for (Index j = 0; j < columns; ++j)
      if (k == entries.size() * static_cast<std::size_t>(j + 1) / 5) sampler.update_vector(j, -9 * x[j]);
    sampler.update_matrix(entries[k].row, entries[k].column, entries[k].delta);
  }
  return drawn_index(sampler.sample());
}

using DrawOne = Index (*)(const std::vector<Entry>& entries, Index n, Seed seed);

void check_law_of_stream(const VectorFamily& family, DrawOne draw, Index n, long samplers) {
  INFO(family.name << ", n = " << n);
  const std::vector<double> y = family.make(n).y;
  const auto entries = stream_of_entries(y, 1);
  const auto drawn = for_many_seeds(samplers, 1, [&](Seed seed) { return draw(entries, n, seed); });
  check_failures(drawn);
  check_law(exact_law(y), drawn, mistaken_identity(n, SketchShape::for_draws(n)));
}

const VectorFamily peaked = vector_families[1], half = vector_families[3];

}  // namespace

TEST_CASE("Draws follow the law of A x after 90 % of A was deleted, x fixed", "[law]") {
  check_law_of_stream(peaked, draw_with_fixed_vector, 50, trials(20'000));
  check_law_of_stream(half, draw_with_fixed_vector, 50, trials(20'000));
}

TEST_CASE("Draws follow the law of A x after 90 % of A and of x was deleted", "[law]") {
  check_law_of_stream(peaked, draw_with_both_streams, 50, trials(20'000));
  check_law_of_stream(half, draw_with_both_streams, 50, trials(20'000));
}

TEST_CASE("Draws follow the law of a longer A x after 90 % of A was deleted, x fixed", "[law][long]") {
  check_law_of_stream(peaked, draw_with_fixed_vector, 300, trials(20'000));
  check_law_of_stream(half, draw_with_fixed_vector, 300, trials(20'000));
}

TEST_CASE("Draws follow the law of a longer A x after 90 % of A and of x was deleted", "[law][long]") {
  check_law_of_stream(peaked, draw_with_both_streams, 300, trials(20'000));
  check_law_of_stream(half, draw_with_both_streams, 300, trials(20'000));
}
