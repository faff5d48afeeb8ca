#include <turnstile/attention/banded_mask.hpp>
#include <turnstile/attention/dense_attention.hpp>
#include <turnstile/attention/sparse_attention.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "attention/attention_reference.hpp"
#include "attention/mask_pairs.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

struct Pattern {
  const char* name;
  std::vector<Slash> slashes;
  std::vector<Index> columns;
};

const std::vector<Pattern> patterns{
    {"window", {{0, 90}}, {}},
    {"window wider than the sequence", {{0, 5000}}, {}},
    {"window of one", {{0, 1}}, {}},
    {"window and sinks", {{0, 33}}, {0, 1, 2, 3}},
    {"window and stripes", {{0, 300}}, {0, 5, 64, 65, 66, 200, 255, 256, 257, 400, 699}},
    {"slashes", {{0, 10}, {100, 1}, {101, 40}, {500, 3}}, {}},
    {"slashes that overlap, out of order", {{120, 50}, {0, 16}, {100, 60}, {10, 20}}, {}},
    {"slashes and stripes, some twice", {{0, 40}, {300, 64}}, {12, 100, 640, 100, 0, 350, 351, 352}},
    {"all keys as stripes", {{0, 1}}, [] {
       std::vector<Index> all;
       for (Index j = 0; j < 700; ++j) all.push_back(j);
       return all;
     }()}};

// What the pattern says, pair by pair.
bool in_pattern(const Pattern& pattern, Index place, Index key) {
  const bool on_slash = std::any_of(pattern.slashes.begin(), pattern.slashes.end(), [&](const Slash& slash) {
    return key <= place - slash.distance && key > place - slash.distance - slash.width;
  });
  return on_slash || std::find(pattern.columns.begin(), pattern.columns.end(), key) != pattern.columns.end();
}

TEST_CASE("A banded mask keeps what its slashes and columns say, each pair once") {
  const Index keys = 700;
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    for (const Index queries : {Index{700}, Index{513}, Index{1}}) {
      for (const Pattern& pattern : patterns) {
        const BandedMask mask(direction, queries, keys, pattern.slashes, pattern.columns);
        const auto pairs = pairs_of(mask);
        Index wrong = 0;
        for (Index i = 0; i < queries; ++i) {
          for (Index j = 0; j < keys; ++j) {
            const bool kept = sees(direction, queries, keys, i, j) && in_pattern(pattern, i + keys - queries, j);
            wrong += pairs(i, j) != int{kept};
          }
        }
        INFO(pattern.name << ", " << queries << " queries");
        CHECK(wrong == 0);
      }
    }
  }
}

TEST_CASE("Slashes may lie ahead of the query where there is no direction") {
  const Index n = 300;
  const BandedMask mask(Direction::bidirectional, n, n, {{-20, 41}, {-150, 1}}, {7, 290});
  const auto pairs = pairs_of(mask);
  Index wrong = 0;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      wrong += pairs(i, j) != int{std::abs(i - j) <= 20 || j - i == 150 || j == 7 || j == 290};
  CHECK(wrong == 0);
}

TEST_CASE("Sparse attention is the softmax over the keys that the mask keeps") {
  const Index queries = 513, keys = 700, d = 24;
  const FloatMatrix q = random_rows(21, queries, 4 * d, 4), k = random_rows(22, keys, 2 * d),
                    v = random_rows(23, keys, 2 * 10);
  for (const Pattern& pattern : patterns) {
    const BandedMask mask(Direction::causal, queries, keys, pattern.slashes, pattern.columns);
    const auto pairs = pairs_of(mask);
    const auto reference =
        reference_attention({q, 4}, {k, 2}, {v, 2}, [&](Index i, Index j) { return pairs(i, j) == 1; });
    const Attended attended = sparse_attention({q, 4}, {k, 2}, {v, 2}, mask);
    INFO(pattern.name);
    CHECK(relative_error(attended.output, reference) < 2e-6);
    CHECK(attended.pairs == std::vector<Index>(4, pairs.sum()));
    CHECK((sparse_attention({q, 4}, {k, 2}, {v, 2}, mask, {.threads = 3}).output == attended.output));
  }
}

TEST_CASE("The mask that keeps everything is dense attention, to the last bit") {
  const FloatMatrix q = random_rows(24, 300, 16), k = random_rows(25, 500, 16), v = random_rows(26, 500, 16);
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const Attended all = sparse_attention(q, k, v, BandedMask(direction, 300, 500));
    CHECK((all.output == DenseAttention(direction)(q, k, v)));
    CHECK(all.pairs[0] == (direction == Direction::causal ? 300 * 200 + 300 * 301 / 2 : 300 * 500));
  }
}

TEST_CASE("Each head may have a mask of its own") {
  const FloatMatrix q = random_rows(27, 200, 2 * 8), k = random_rows(28, 200, 2 * 8);
  const std::vector<BandedMask> masks{{Direction::causal, 200, 200, {{0, 20}}, {3}},
                                      {Direction::causal, 200, 200, {{0, 5}}, {90, 100}}};
  const Attended both = sparse_attention({q, 2}, {k, 2}, {k, 2}, masks);
  for (const Index h : {0, 1}) {
    const auto part = [&](const FloatMatrix& m) { return m.middleCols(8 * h, 8); };
    const Attended alone = sparse_attention(part(q), part(k), part(k), masks[static_cast<std::size_t>(h)]);
    CHECK((part(both.output) == alone.output));
    CHECK(both.pairs[static_cast<std::size_t>(h)] == alone.pairs[0]);
  }
  CHECK(message_of<InvalidArgument>([&] {
          sparse_attention({q, 4}, {k, 4}, {k, 4}, masks);
        }) == "list of masks has size 2, expected 4");
}

// A mask as a user may write one: query i keeps the keys that divide i + 1, but for i = `lonely` none.
struct DivisorMask {
  Index n, lonely = -1;
  Index queries() const { return n; }
  Index keys() const { return n; }
  std::span<const Index> columns() const { return {}; }
  std::vector<KeyTile> tiles(IndexRange block) const { return {{block, {0, n}, false, true, 0}}; }
  Index hide(Index query, const KeyTile& tile, std::span<float> scores) const {
    Index kept = 0;
    for (std::size_t t = 0; t < scores.size(); ++t) {
      const Index divisor = tile.keys.begin + static_cast<Index>(t) + 1;
      if (query != lonely && (query + 1) % divisor == 0)
        ++kept;
      else
        scores[t] = hidden_score;
    }
    return kept;
  }
};

TEST_CASE("A user's own mask is taken") {
  const Index n = 600;
  const FloatMatrix q = random_rows(29, n, 8), k = random_rows(30, n, 8), v = random_rows(31, n, 8);
  const Attended attended = sparse_attention(q, k, v, DivisorMask{n});
  const auto reference = reference_attention(q, k, v, [](Index i, Index j) { return (i + 1) % (j + 1) == 0; });
  CHECK(relative_error(attended.output, reference) < 2e-6);
}

TEST_CASE("A query whose keys are all hidden is an error of the mask, for any number of threads") {
  const Index n = 900;
  const FloatMatrix m = random_rows(32, n, 8);
  for (const Index threads : {1, 4})
    CHECK(message_of<InvalidArgument>([&] {
            sparse_attention(m, m, m, DivisorMask{n, 611}, {.threads = threads});
          }) == "the mask hides all keys from query 611; it must leave one");
  const BandedMask late(Direction::causal, n, n, {{100, 5}}, {});
  CHECK(contains(message_of<InvalidArgument>([&] { sparse_attention(m, m, m, late); }),
                 "the mask hides all keys from query "));
}

TEST_CASE("Masks refuse what they cannot keep, and attention a mask of other sizes") {
  using Slashes = std::vector<Slash>;
  const auto refused = [](Direction direction, Index queries, Index keys, Slashes slashes, std::vector<Index> columns) {
    return message_of<InvalidArgument>([&] { BandedMask(direction, queries, keys, slashes, columns); });
  };
  const Index longest = max_dimension / 8;
  CHECK(contains(refused(Direction::causal, 10, 10, {{0, 0}}, {}), "width of a slash is 0, outside [1, "));
  CHECK(contains(refused(Direction::causal, 10, 10, {{0, longest + 1}}, {}), "outside [1, " + std::to_string(longest)));
  CHECK(contains(refused(Direction::causal, 10, 10, {{-1, 2}}, {}), "distance of a slash is -1, outside [0, "));
  CHECK(refused(Direction::causal, 10, 10, {}, {10}) == "column 10 is outside [0, 10)");
  CHECK(refused(Direction::causal, 10, 10, {}, {-1}) == "column -1 is outside [0, 10)");
  CHECK(refused(Direction::causal, 11, 10, {}, {}) == "number of queries is 11, outside [1, 10]");
  CHECK(contains(refused(Direction::bidirectional, 0, 10, {}, {}), "number of queries is 0, outside [1, "));
  CHECK(contains(refused(Direction::bidirectional, 10, 0, {}, {}), "number of keys is 0, outside [1, "));
  const FloatMatrix m = random_rows(33, 20, 4);
  const auto other = [&](Index queries, Index keys) {
    return message_of<InvalidArgument>(
        [&] { sparse_attention(m, m, m, BandedMask(Direction::causal, queries, keys)); });
  };
  CHECK(other(19, 20) == "mask's list of queries has size 19, expected 20");
  CHECK(other(20, 21) == "mask's list of keys has size 21, expected 20");
}

}  // namespace
