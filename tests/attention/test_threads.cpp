#include <turnstile/turnstile.hpp>

#include "attention/attention_reference.hpp"
#include "attention/planted_head.hpp"
#include "support/catch.hpp"

#include <thread>
#include <vector>

// Attention is computed, and keys are drawn, from several threads at once as one after the other. Run under a thread
// sanitizer this file is also a test of races: a score buffer or a mask that calls shared would be one.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Calls work() once, and then from three threads at once; whether all results are equal.
template <class Work>
bool same_from_threads(const Work& work) {
  const auto expected = work();
  std::vector<decltype(work())> found(3);
  {
    std::vector<std::jthread> callers;
    for (auto& result : found) callers.emplace_back([&work, &result] { result = work(); });
  }
  return found == std::vector<decltype(work())>(3, expected);
}

const PlantedHead& head() {
  static const PlantedHead planted(700, 16, {100, 300});
  return planted;
}

}  // namespace

TEST_CASE("One dense attention called from several threads, each sharing its work, gives the same bits", "[threads]") {
  const DenseAttention attention(Direction::causal, {.threads = 2});
  CHECK(same_from_threads([&] { return attention(head().q, head().k, head().v); }));
}

TEST_CASE("One mask read by several threads at once gives the same bits", "[threads]") {
  const BandedMask mask(Direction::causal, 700, 700, {{0, 64}}, {0, 1, 100, 300});
  CHECK(same_from_threads([&] { return sparse_attention(head().q, head().k, head().v, mask).output; }));
}

TEST_CASE("One sampled attention called from several threads prefills and decodes the same bits", "[threads]") {
  const SampleAttention attention;
  const auto prefilled = attention(head().q, head().k, head().v);
  REQUIRE_FALSE(prefilled.heads[0].pattern.dense);
  CHECK(same_from_threads([&] { return attention(head().q, head().k, head().v).output; }));
  const FloatMatrix last = head().q.bottomRows(1);
  CHECK(same_from_threads([&] { return attention.decode(last, head().k, head().v, prefilled.heads); }));
}

TEST_CASE("One key selector is asked by several threads at once for the same stripes and the same estimate",
          "[threads]") {
  StreamingKeySelector selector(700, 16, {.sampler = {.seed = 3, .shape = {.rows = 5, .buckets = 512}}});
  for (Index i = 0; i < 700; ++i) selector.enter(i, head().k.row(i));
  selector.ask(head().q.row(699));
  REQUIRE(selector.stripes(8).size() == 8);
  CHECK(same_from_threads([&] { return selector.stripes(8); }));
  const Heads keys(head().k), values(head().v);
  CHECK(same_from_threads([&] { return selector.attend(keys[0], values[0], 8).value().output; }));
}
