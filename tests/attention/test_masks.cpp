#include <turnstile/attention/key_list_mask.hpp>
#include <turnstile/attention/random_block_mask.hpp>
#include <turnstile/attention/sparse_attention.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "attention/attention_reference.hpp"
#include "attention/mask_pairs.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

TEST_CASE("A list of keys is kept as it is, each query its own") {
  const KeyListMask mask(9, {{3, 1, 3}, {8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}});
  Eigen::MatrixXi expected(3, 9);
  expected << 0, 1, 0, 1, 0, 0, 0, 0, 0,  //
      0, 0, 0, 0, 0, 0, 0, 0, 1,          //
      1, 1, 1, 1, 1, 1, 1, 1, 1;
  CHECK((pairs_of(mask) == expected));
  CHECK((pairs_of(mask, 1) == expected));
  const KeyListMask empty(5, {{}, {}});
  CHECK(pairs_of(empty).sum() == 0);
  CHECK(message_of<InvalidArgument>([] { KeyListMask(9, {{3, 9}}); }) == "key 9 is outside [0, 9)");
  CHECK(contains(message_of<InvalidArgument>([] { KeyListMask(9, {}); }), "number of queries is 0, outside [1, "));
  CHECK(contains(message_of<InvalidArgument>([] { KeyListMask(0, {{}}); }), "number of keys is 0, outside [1, "));
}

TEST_CASE("The heaviest keys are those of the largest scores that the query may see") {
  const Index queries = 90, keys = 130, count = 7;
  const FloatMatrix q = random_rows(81, queries, 12), k = random_rows(82, keys, 12);
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const KeyListMask mask = heaviest_keys(direction, q, k, count);
    const auto pairs = pairs_of(mask);
    for (Index i = 0; i < queries; ++i) {
      const Eigen::VectorXd scores = k.cast<double>() * q.row(i).cast<double>().transpose();
      double least_kept = 1e9, most_left = -1e9;
      for (Index j = 0; j < keys; ++j) {
        if (!sees(direction, queries, keys, i, j)) {
          CHECK(pairs(i, j) == 0);
        } else {
          double& bound = pairs(i, j) ? least_kept : most_left;
          bound = pairs(i, j) ? std::min(bound, scores[j]) : std::max(bound, scores[j]);
        }
      }
      CHECK(pairs.row(i).sum() == count);
      CHECK(least_kept > most_left);
    }
  }
  const KeyListMask first = heaviest_keys(Direction::causal, k, k, count);
  CHECK(first.keys_of(0) == std::vector<Index>{0});  // it may see no other
  CHECK(contains(message_of<InvalidArgument>([&] { heaviest_keys(Direction::causal, q, k, 0); }),
                 "number of keys to keep is 0, outside [1, "));
  CHECK(message_of<InvalidArgument>([&] {
          heaviest_keys(Direction::causal, {q, 2}, {k, 2}, 3);
        }) == "number of heads is 2, outside [1, 1]");
}

TEST_CASE("Random blocks are whole, seen by all their queries, apart from the window, and as many as asked for") {
  const Index n = 640, size = 32;
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const RandomBlockOptions options{.window = 50, .sinks = 5, .block = size, .blocks = 3, .seed = 9};
    const RandomBlockMask mask(direction, n, n, options);
    const auto pairs = pairs_of(mask);
    const auto near = pairs_of(HeadPattern{false, 50, {0, 1, 2, 3, 4}, {}}.mask(direction, n, n));
    const Eigen::MatrixXi drawn = pairs - near;
    CHECK(pairs.maxCoeff() == 1);
    CHECK(drawn.minCoeff() == 0);
    for (Index b = 0; b < n / size; ++b) {
      Index blocks = 0;
      for (Index k = 0; k < n / size; ++k) {
        const Index count = drawn.block(b * size, k * size, size, size).sum();
        CHECK((count == 0 || count == size * size));
        blocks += count > 0;
      }
      // A causal block has b − 3 free ones: neither the sinks' nor its own, nor the two that its window reaches.
      CHECK(blocks == (direction == Direction::causal ? std::clamp<Index>(b - 3, 0, 3) : 3));
    }
  }
}

TEST_CASE("Random blocks are drawn evenly") {
  // Quantity: how often each of the free key blocks is drawn for the last block of queries, over independent
  // seeds. Law: 4000 draws of 2 blocks out of 12 without replacement; counts are Bin(4000, 1/6), standard deviation
  // 23.6. The largest of 12 deviates by more than 5 standard deviations, 118, with probability below 10⁻⁵. A draw
  // that never moves the first block, or takes neighbours, deviates by hundreds.
  const Index n = 16 * 8;
  std::vector<int> counts(16, 0);
  for (Seed seed = 0; seed < 4000; ++seed) {
    const RandomBlockOptions options{.window = 16, .sinks = 8, .block = 8, .blocks = 2, .seed = seed};
    const RandomBlockMask mask(Direction::causal, n, n, options);
    for (const KeyTile& tile : mask.tiles({n - 8, n}))
      if (!tile.gathered && tile.keys.size() == 8 && !tile.partial && tile.keys.end <= n - 24)
        ++counts[static_cast<std::size_t>(tile.keys.begin / 8)];
  }
  for (std::size_t block = 1; block <= 12; ++block) CHECK(std::abs(counts[block] - 667) < 118);
}

TEST_CASE("Blocks of queries draw apart from one another") {
  // Quantity: key blocks that two blocks of queries, 10 and 40 of 64, have both drawn, over 200 seeds. Law: 3 of 61
  // free ones each, independently: hypergeometric, mean 9/61, so 29.5 in all, standard deviation 5.2. More than 60 has
  // probability below 10⁻⁷. One seed for all blocks of queries makes most of 600 common.
  const Index n = 64 * 8;
  long common = 0;
  for (Seed seed = 0; seed < 200; ++seed) {
    const RandomBlockMask mask(Direction::bidirectional, n, n,
                               {.window = 1, .sinks = 8, .block = 8, .blocks = 3, .seed = seed});
    const auto drawn = [&](Index block) {
      std::vector<Index> begins;
      for (const KeyTile& tile : mask.tiles({8 * block, 8 * block + 8}))
        if (!tile.gathered && !tile.partial && tile.keys.size() == 8) begins.push_back(tile.keys.begin);
      return begins;
    };
    const std::vector<Index> first = drawn(10), second = drawn(40);
    REQUIRE((first.size() == 3 && second.size() == 3));
    for (const Index begin : first) common += std::count(second.begin(), second.end(), begin);
  }
  CHECK(common <= 60);
}

TEST_CASE("Attention under random blocks and lists of keys is the softmax over what they keep") {
  const Index n = 400;
  const FloatMatrix q = random_rows(83, n, 16, 3), k = random_rows(84, n, 16), v = random_rows(85, n, 8);
  const auto check = [&](const auto& mask) {
    const auto pairs = pairs_of(mask);
    const auto reference = reference_attention(q, k, v, [&](Index i, Index j) { return pairs(i, j) == 1; });
    const Attended attended = sparse_attention(q, k, v, mask);
    CHECK(relative_error(attended.output, reference) < 2e-6);
    CHECK(attended.pairs[0] == pairs.sum());
  };
  check(RandomBlockMask(Direction::causal, n, n, {.window = 30, .sinks = 4, .block = 16, .blocks = 2, .seed = 3}));
  check(heaviest_keys(Direction::causal, q, k, 25));
}

TEST_CASE("Random blocks refuse sizes that are none") {
  const auto refused = [](const RandomBlockOptions& options) {
    return message_of<InvalidArgument>([&] { RandomBlockMask(Direction::causal, 100, 100, options); });
  };
  CHECK(contains(refused({.block = 0}), "size of a block is 0, outside [1, "));
  CHECK(contains(refused({.blocks = -1}), "number of random blocks is -1, outside [0, "));
  CHECK(refused({.sinks = 101}) == "number of sinks is 101, outside [0, 100]");
  CHECK(contains(refused({.window = 0}), "width of a slash is 0, outside [1, "));
}

}  // namespace
