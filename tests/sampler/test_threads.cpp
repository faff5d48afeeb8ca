#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"

#include <cstddef>
#include <thread>
#include <vector>

// A fixed set of shards gives the same state for any number of threads, and const members may be
// called from several threads at once. Run under a thread sanitizer this file is also a test of races.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr std::size_t shard_count = 8;

// Thread t of `threads` calls work(s) for the shards s ≡ t.
template <class Work>
void on_threads(std::size_t threads, const Work& work) {
  std::vector<std::jthread> pool;
  for (std::size_t t = 0; t < threads; ++t)
    pool.emplace_back([&work, t, threads] {
      for (std::size_t shard = t; shard < shard_count; shard += threads) work(shard);
    });
}

template <class State>
State joined(const std::vector<State>& shards) {
  State sum = shards.front();
  for (std::size_t s = 1; s < shards.size(); ++s) sum += shards[s];
  return sum;
}

std::vector<std::byte> vector_in_shards(std::size_t threads) {
  const auto updates = integer_stream<double>(3000, 4000, 1);
  std::vector<L2Sampler<>> shards(shard_count, L2Sampler<>(3000, {.seed = 1}));
  on_threads(threads, [&](std::size_t shard) {
    const auto part = updates.part(shard * 500, (shard + 1) * 500);
    for (std::size_t k = 0; k < part.size(); ++k) shards[shard].update(part.indices[k], part.deltas[k] / 7);
  });
  return joined(shards).to_bytes();
}

std::vector<std::byte> matrix_in_shards(std::size_t threads) {
  const Eigen::MatrixXd a = Eigen::VectorXd::LinSpaced(800, -1, 1) * Eigen::RowVector3d(1, 1.0 / 3, -0.1);
  std::vector<FixedMatrixBuilder<>> shards(shard_count, FixedMatrixBuilder<>(800, 3, {.seed = 1}));
  on_threads(threads, [&](std::size_t shard) {
    const auto first = static_cast<Index>(shard * 100);
    shards[shard].add_rows(first, a.middleRows(first, 100));
  });
  return joined(shards).to_bytes();
}

}  // namespace

TEST_CASE("Shards of a stream give the same bytes for one, two and four threads", "[threads]") {
  const auto bytes = vector_in_shards(1);
  CHECK(vector_in_shards(2) == bytes);
  CHECK(vector_in_shards(4) == bytes);
}

TEST_CASE("Shards of the rows of A give the same bytes for one, two and four threads", "[threads]") {
  const auto bytes = matrix_in_shards(1);
  CHECK(matrix_in_shards(2) == bytes);
  CHECK(matrix_in_shards(4) == bytes);
}

TEST_CASE("Draws from two threads at once equal those made one after the other", "[threads]") {
  const auto updates = integer_stream<double>(3000, 2000, 1);
  L2Sampler<> vector_sampler(3000, {.seed = 1});
  vector_sampler.update(updates.indices, updates.deltas);
  FixedMatrixSampler<> matrix_sampler(Eigen::MatrixXd::Identity(200, 20), {.seed = 2});
  matrix_sampler.update(Eigen::VectorXd::LinSpaced(20, 1, 20));
  matrix_sampler.refresh();
  matrix_sampler.update(3, 40.0);  // pending, so that const members contract

  const auto answer = [&] {
    std::vector<double> numbers;
    for (const auto& draws :
         {vector_sampler.sample_without_replacement(3), matrix_sampler.sample_without_replacement(3)})
      for (const auto& draw : draws) {
        numbers.push_back(static_cast<double>(draw.index));
        numbers.push_back(draw.value);
      }
    for (double number : {vector_sampler.squared_norm(), matrix_sampler.squared_norm(), vector_sampler.estimate(0),
                          matrix_sampler.estimate(3)})
      numbers.push_back(number);
    return numbers;
  };
  const std::vector<double> expected = answer();
  REQUIRE(expected.size() >= 12);
  std::vector<std::vector<double>> answers(shard_count);
  on_threads(2, [&](std::size_t k) { answers[k] = answer(); });
  for (const auto& found : answers) CHECK(found == expected);
}
