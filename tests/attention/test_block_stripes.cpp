#include <turnstile/attention/block_stripe_mask.hpp>
#include <turnstile/attention/drawn_stripes.hpp>
#include <turnstile/attention/sparse_attention.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "attention/attention_reference.hpp"
#include "attention/mask_pairs.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Which keys the queries of a mask of block stripes keep, by definition.
Eigen::MatrixXi expected_pairs(Direction direction, Index queries, Index keys,
                               const std::vector<std::vector<Index>>& stripes, const BlockStripeOptions& options) {
  Eigen::MatrixXi pairs = Eigen::MatrixXi::Zero(queries, keys);
  const Index ahead = direction == Direction::causal ? 0 : options.window / 2;
  for (Index i = 0; i < queries; ++i) {
    const auto& own = stripes[static_cast<std::size_t>(i / options.block)];
    const Index last = i + keys - queries + ahead;
    for (Index j = 0; j < keys; ++j) {
      const bool wanted = j < options.sinks || (j <= last && j > last - options.window) ||
                          std::find(own.begin(), own.end(), j) != own.end();
      pairs(i, j) = wanted && sees(direction, queries, keys, i, j);
    }
  }
  return pairs;
}

TEST_CASE("Each block of queries keeps its own stripes, a window and sinks, each key once") {
  const Index queries = 90, keys = 120;
  const BlockStripeOptions options{.window = 10, .sinks = 3, .block = 32};
  // Among them a sink, keys in windows, one twice, one that only some queries of the block may see, and none.
  const std::vector<std::vector<Index>> stripes{{50, 1, 20, 20, 7}, {}, {119, 110, 60, 90, 4}};
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const BlockStripeMask mask(direction, queries, keys, stripes, options);
    const auto expected = expected_pairs(direction, queries, keys, stripes, options);
    for (const Index block : {100, 32, 7, 1}) CHECK((pairs_of(mask, block) == expected));
    const FloatMatrix q = random_rows(101, queries, 8), k = random_rows(102, keys, 8), v = random_rows(103, keys, 8);
    const Attended attended = sparse_attention(q, k, v, mask);
    CHECK(attended.pairs[0] == expected.sum());
    const auto reference = reference_attention(q, k, v, [&](Index i, Index j) { return expected(i, j) == 1; });
    CHECK(relative_error(attended.output, reference) < 2e-6);
  }
}

TEST_CASE("Stripes of blocks are refused where they are not those of the mask") {
  const auto refused = [](std::vector<std::vector<Index>> stripes, const BlockStripeOptions& options) {
    return message_of<InvalidArgument>([&] { BlockStripeMask(Direction::causal, 100, 100, stripes, options); });
  };
  CHECK(refused({{}}, {.block = 50}) == "list of stripes has size 1, expected 2");
  CHECK(refused({{}, {100}}, {.block = 50}) == "stripe 100 is outside [0, 100)");
  CHECK(contains(refused({{}}, {.block = 0}), "size of a block is 0, outside [1, "));
  CHECK(refused({{}}, {.sinks = 101}) == "number of sinks is 101, outside [0, 100]");
  CHECK(contains(refused({{}}, {.window = 0}), "width of a slash is 0, outside [1, "));
}

TEST_CASE("Drawn stripes are the selector's draws among the keys that have left the window") {
  const Index n = 200;
  const FloatMatrix q = random_rows(104, n, 6), k = random_rows(105, n, 6);
  const DrawnStripeOptions options{
      .near = {.window = 20, .sinks = 2, .block = 50}, .askers = 2, .draws = 5, .selector = {.sampler = {.seed = 3}}};
  const BlockStripeMask mask = drawn_stripes(Direction::causal, q, k, options);
  std::vector<std::vector<Index>> expected;
  for (Index begin = 0; begin < n; begin += 50) {
    StreamingKeySelector selector(n, 6, options.selector);
    for (Index key = 2; key < begin - 19; ++key) selector.enter(key, k.row(key));
    expected.emplace_back();
    for (const Index asker : {12, 37}) {
      selector.ask(q.row(begin + asker));
      for (Index key : selector.stripes(5)) expected.back().push_back(key);
    }
    if (begin >= 100) CHECK(expected.back().size() >= 8);
  }
  CHECK((pairs_of(mask) == expected_pairs(Direction::causal, n, n, expected, options.near)));
}

TEST_CASE("Keys that a query is parallel to are drawn for its block") {
  // Quantity: whether the three keys with q·k = 20 are kept, others having |q·k| ≤ 1: in the law (q·k)² of 300 keys
  // they have at least 1200/(1200 + 300/3) = .92 of the mass, so that eight draws without replacement miss one of them
  // about once in a thousand: by then none of the eight would be it though it has .3 of what is left.
  const Index n = 300;
  FloatMatrix q = FloatMatrix::Zero(n, 4), k = random_rows(106, n, 4);
  q.col(0).setOnes();
  const std::vector<Index> heavy{10, 77, 140};
  for (Index key : heavy) k(key, 0) = 20;
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const BlockStripeMask mask =
        drawn_stripes(direction, q, k, {.near = {.window = 4, .block = 50}, .askers = 1, .draws = 8});
    const auto pairs = pairs_of(mask);
    for (Index key : heavy) CHECK(pairs.col(key).tail(100).sum() == 100);
  }
}

TEST_CASE("Drawn stripes refuse blocks, askers and heads that are none") {
  const FloatMatrix m = random_rows(107, 30, 4);
  const auto refused = [&](const DrawnStripeOptions& options) {
    return message_of<InvalidArgument>([&] { drawn_stripes(Direction::causal, m, m, options); });
  };
  CHECK(refused({.askers = 0}) == "number of askers is 0, outside [1, 64]");
  CHECK(refused({.askers = 65}) == "number of askers is 65, outside [1, 64]");
  CHECK(contains(refused({.near = {.block = 0}}), "size of a block is 0, outside [1, "));
  CHECK(contains(refused({.near = {.window = 0}}), "window is 0, outside [1, "));
  CHECK(refused({.near = {.sinks = 31}}) == "number of sinks is 31, outside [0, 30]");
  CHECK(contains(refused({.draws = -1}), "-1"));
  CHECK(contains(refused({.selector = {.order = 3}}), "order is 3, outside [1, 2]"));
  CHECK(message_of<InvalidArgument>([&] {
          drawn_stripes(Direction::causal, {m, 2}, {m, 2});
        }) == "number of heads is 2, outside [1, 1]");
}

}  // namespace
