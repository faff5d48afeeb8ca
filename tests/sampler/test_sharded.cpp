#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_matrix.hpp"
#include "support/refused_unchanged.hpp"
#include "support/streams.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// Streams that several threads ingest in a fixed number of shards.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 5000, shards = 7;
const SamplerOptions options{.seed = 4, .shape = {.rows = 3, .buckets = 128}};

// Part s of the stream; the parts differ in length.
template <class Counter>
Stream<Counter> shard_of(const Stream<Counter>& stream, Index s) {
  const auto cut = [&](Index k) {
    return stream.size() * static_cast<std::size_t>(k * k) / std::size_t{shards * shards};
  };
  return stream.part(cut(s), cut(s + 1) - cut(s));
}

// Feeds parts of the stream to states that take batches.
template <class Counter>
auto feeding(const Stream<Counter>& stream) {
  return [&stream](auto& part, Index s) {
    const auto updates = shard_of(stream, s);
    part.update(updates.keys(), updates.changes());
  };
}

// The state's bytes after ingestion by several numbers of threads must be those after that by one.
template <class State, class Feed>
void check_same_for_any_threads(const State& before, const Feed& feed) {
  State lone = before;
  ingest_in_shards(lone, shards, 1, feed);
  CHECK((lone.to_bytes() != before.to_bytes()));
  for (Index threads : {2, 3, 8}) {
    State state = before;
    ingest_in_shards(state, shards, threads, feed);
    CAPTURE(threads);
    CHECK((state.to_bytes() == lone.to_bytes()));
  }
}

std::string shard_text(Index s) { return "shard " + std::to_string(s); }

}  // namespace

// Sums that are rounded, so that any other order of the additions shows.
TEST_CASE("Ingestion in shards leaves the same bits for any number of threads", "[sharded]") {
  const auto stream = rounded_stream<double>(1, 20'000, dimension);
  L2Sampler<> sampler(dimension, options);
  check_same_for_any_threads(sampler, feeding(stream));
  sampler.update(17, 0.1);  // not empty before
  check_same_for_any_threads(sampler, feeding(stream));
  check_same_for_any_threads(CountSketch<float>({3, 64}, 1), feeding(rounded_stream<float>(2, 20'000, dimension)));
  check_same_for_any_threads(SamplerBank<L2Sampler<>>(2, options, dimension), feeding(stream));

  const Eigen::MatrixXd a = integer_matrix(70, 3, 1) / 7;
  check_same_for_any_threads(FixedMatrixBuilder<>(70, 3, options),
                             [&](auto& part, Index s) { part.add_rows(10 * s, a.middleRows(10 * s, 10)); });
  check_same_for_any_threads(DynamicSampler<>(70, 3, options), [&](auto& part, Index s) {
    for (Index i = 10 * s; i < 10 * (s + 1); ++i) part.update_matrix_row(i, a.row(i));
    part.update_vector(s % 3, 0.1);
  });
}

// Shard 0 is ready after shard 1, for it waits for shard 2, which its thread begins when shard 1 is done with.
// Turns red: states added up as they come.
TEST_CASE("Shards are added up in their order, whichever is ready first", "[sharded]") {
  const auto stream = rounded_stream<double>(5, 20'000, dimension);
  L2Sampler<> in_order(dimension, options), out_of_order = in_order;
  ingest_in_shards(in_order, shards, 1, feeding(stream));
  std::atomic<bool> third_began = false;
  ingest_in_shards(out_of_order, shards, 2, [&](auto& part, Index s) {
    if (s == 2) third_began = true;
    while (s == 0 && !third_began) std::this_thread::yield();
    feeding(stream)(part, s);
  });
  CHECK((out_of_order.to_bytes() == in_order.to_bytes()));
}

// The number of shards is part of the result; else the test above would not see the order.
TEST_CASE("The rounding of a sum in shards depends on how many there are", "[sharded]") {
  const auto stream = rounded_stream<double>(1, 20'000, dimension);
  L2Sampler<> sharded(dimension, options), whole(dimension, options);
  ingest_in_shards(sharded, shards, 2, feeding(stream));
  ingest_in_shards(whole, 1, 2, [&](auto& part, Index) { part.update(stream.keys(), stream.changes()); });
  CHECK((sharded.to_bytes() != whole.to_bytes()));
}

TEST_CASE("Ingestion in shards of integers leaves what a single stream leaves", "[sharded]") {
  const auto counts = whole_number_stream<std::int64_t>(Seed{3}, 20'000, dimension);
  CountSketch<std::int64_t> single({3, 64}, 1), sharded = single;
  single.update(counts.keys(), counts.changes());
  ingest_in_shards(sharded, shards, 3, feeding(counts));
  CHECK((sharded.to_bytes() == single.to_bytes()));

  // Of a sampler: the fingerprint and the norm sketch exactly, scaled counters up to rounding.
  const auto stream = whole_number_stream<double>(Seed{3}, 20'000, dimension);
  L2Sampler<> sampler(dimension, options), parts = sampler;
  sampler.update(stream.keys(), stream.changes());
  ingest_in_shards(parts, shards, 3, feeding(stream));
  Traffic<L2Sampler<>> traffic(sampler);
  traffic.pass({stream.indices, stream.deltas});
  check_same_integer_image(sampler.image(), parts.image(), traffic);
}

TEST_CASE("Every shard is fed once, to an empty state, by no more threads than there are", "[sharded]") {
  L2Sampler<> sampler(dimension, options);
  sampler.update(3, 1.0);
  for (Index threads : {1, 3}) {
    std::vector<std::atomic<int>> fed(shards);
    std::atomic<int> full = 0, at_once = 0, most = 0;
    ingest_in_shards(sampler, shards, threads, [&](auto& part, Index s) {
      const int now = ++at_once;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      ++fed[static_cast<std::size_t>(s)];
      full += part.image().residue != 0;
      std::this_thread::yield();
      --at_once;
    });
    for (const auto& times : fed) CHECK(times == 1);
    CHECK(full == 0);
    CHECK(most <= static_cast<int>(threads));
  }
}

TEST_CASE("What a shard throws is passed on, of the first that throws, and nothing changes", "[sharded][bad input]") {
  L2Sampler<> sampler(dimension, options);
  sampler.update(3, 1.0);
  for (Index threads : {1, 2, 3, 8}) {
    const auto bad = [&](auto& target) {
      ingest_in_shards(target, shards, threads, [](auto& part, Index s) {
        part.update(s, 1.0);
        if (s == 2) std::this_thread::yield();
        if (s >= 2) throw std::runtime_error(shard_text(s));
      });
    };
    CHECK(refusal<std::runtime_error>(sampler, bad) == shard_text(2));
    const auto out_of_range = [&](auto& target) {
      ingest_in_shards(target, shards, threads, [](auto& part, Index s) { part.update(s == 5 ? dimension : s, 1.0); });
    };
    CHECK(contains(refusal<InvalidArgument>(sampler, out_of_range), "index 5000 "));
  }
}

TEST_CASE("A sum of shards that no counter holds is refused, and nothing changes", "[sharded][bad input]") {
  constexpr std::int64_t most = std::int64_t{1} << 62;
  CountSketch<std::int64_t> sketch({1, 1}, 1);
  sketch.update(1, 5);
  const auto ingesting = [](Index count, const auto& feed) {
    return [count, feed](auto& target) { ingest_in_shards(target, count, 2, feed); };
  };
  const auto two = ingesting(2, [](auto& part, Index) { part.update(1, most - 10); });
  CHECK(contains(refusal<CounterOverflow>(sketch, two), "pass the range of"));
  const auto one_and_target = ingesting(1, [](auto& part, Index) { part.update(1, most - 3); });
  CHECK(contains(refusal<CounterOverflow>(sketch, one_and_target), "pass the range of"));
  const auto other_seed = ingesting(3, [](auto& part, Index) { part = CountSketch<std::int64_t>({1, 1}, 2); });
  CHECK(contains(refusal<IncompatibleSketch>(sketch, other_seed), "seed is 2, expected 1"));
}

TEST_CASE("Numbers of shards and threads out of range are refused", "[sharded][bad input]") {
  L2Sampler<> sampler(dimension, options);
  const auto refused = [&](Index s, Index t) {
    return refusal<InvalidArgument>(
        sampler, [&](auto& target) { ingest_in_shards(target, s, t, [](auto& part, Index) { part.update(1, 1.0); }); });
  };
  CHECK(contains(refused(0, 1), "number of shards is 0"));
  CHECK(contains(refused(-1, 1), "number of shards is -1"));
  CHECK(contains(refused((Index{1} << 20) + 1, 1), "number of shards is 1048577"));
  CHECK(contains(refused(1, 0), "number of threads is 0"));
  CHECK(contains(refused(1, -2), "number of threads is -2"));
  CHECK(contains(refused(1, std::numeric_limits<Index>::max()), "number of threads is 9223372036854775807"));
}
