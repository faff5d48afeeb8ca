#include <turnstile/attention/dense_attention.hpp>

#include <limits>
#include <string>
#include <vector>

#include "attention/attention_reference.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

struct Layer {
  Index queries, keys, head_size, value_size, query_heads, key_heads;
};

// Sizes on both sides of every block and step: one query, one key, a row more or less than a block.
const std::vector<Layer> layers{{1, 1, 1, 1, 1, 1},         {1, 777, 64, 64, 4, 2},    {7, 7, 3, 5, 2, 2},
                                {255, 256, 16, 16, 2, 1},   {257, 513, 15, 15, 3, 1},  {600, 600, 64, 64, 2, 1},
                                {300, 1100, 128, 32, 1, 1}, {520, 520, 256, 256, 1, 1}};

FloatMatrix queries_of(const Layer& l) { return random_rows(1, l.queries, l.query_heads * l.head_size, 4); }
FloatMatrix keys_of(const Layer& l) { return random_rows(2, l.keys, l.key_heads * l.head_size); }
FloatMatrix values_of(const Layer& l) { return random_rows(3, l.keys, l.key_heads * l.value_size); }

TEST_CASE("Dense attention agrees with its definition in double precision") {
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    for (const Layer& l : layers) {
      const FloatMatrix q = queries_of(l), k = keys_of(l), v = values_of(l);
      const Heads qs(q, l.query_heads), ks(k, l.key_heads), vs(v, l.key_heads);
      const FloatMatrix out = DenseAttention(direction)(qs, ks, vs);
      const auto reference =
          reference_attention(qs, ks, vs, [&](Index i, Index j) { return sees(direction, l.queries, l.keys, i, j); });
      INFO(l.queries << " queries, " << l.keys << " keys, head size " << l.head_size);
      // Rounded inputs are the same for both; sums of n products of floats stay within a few units of 2⁻²⁴.
      CHECK(relative_error(out, reference) < 2e-6);
    }
  }
}

TEST_CASE("Scores that are large, far apart or all very negative neither overflow nor vanish") {
  // The exact softmax of such scores is close to one key or to a mean of few; e^s itself would be ∞ or 0.
  const Index n = 300, d = 8;
  FloatMatrix q = random_rows(4, n, d), k = random_rows(5, n, d);
  const FloatMatrix v = random_rows(6, n, d);
  SECTION("large") { q *= 512, k *= 4; }
  SECTION("all about -3000") {
    q.col(0).setConstant(-128);
    k.col(0).setConstant(64);
  }
  SECTION("growing from key to key, so that the largest changes all the time") {
    for (Index j = 0; j < n; ++j) k(j, 0) = static_cast<float>(j);
    q.col(0).setConstant(16);
  }
  const FloatMatrix out = DenseAttention(Direction::bidirectional)(q, k, v);
  const auto reference = reference_attention(q, k, v, [](Index, Index) { return true; });
  REQUIRE(out.allFinite());
  // A score of size s carries a rounding error of about s·2⁻²⁴·√d, and e^s that relative error: 1.5·10⁻³ at 4000.
  CHECK(relative_error(out, reference) < 2e-3);
}

TEST_CASE("Any number of threads gives the same bits") {
  const Layer l{700, 900, 32, 32, 4, 2};
  const FloatMatrix q = queries_of(l), k = keys_of(l), v = values_of(l);
  const auto attention = [&](Index threads) {
    return DenseAttention(Direction::causal, {.threads = threads})({q, 4}, {k, 2}, {v, 2});
  };
  const FloatMatrix one = attention(1);
  for (const Index threads : {2, 3, 16}) CHECK((attention(threads) == one));
}

TEST_CASE("Heads may lie side by side, one below the other, or in a part of a larger matrix") {
  const Index n = 70, d = 6;
  const FloatMatrix side = random_rows(7, n, 2 * d);
  FloatMatrix below(2 * n, d), larger = FloatMatrix::Constant(n + 2, 2 * d + 3, 1e30f);
  FloatMatrix taller = FloatMatrix::Constant(2 * n + 2, d + 3, 1e30f);
  below << side.leftCols(d), side.rightCols(d);
  larger.block(1, 2, n, 2 * d) = side;
  taller.block(1, 2, 2 * n, d) = below;
  const Heads views[] = {{side, 2},
                         Heads::stacked(below, 2),
                         {larger.block(1, 2, n, 2 * d), 2},
                         Heads::stacked(taller.block(1, 2, 2 * n, d), 2)};
  const DenseAttention attention;
  const FloatMatrix expected = attention(views[0], views[0], views[0]);
  for (const Heads& view : views) {
    CHECK(view[1](n - 1, d - 1) == side(n - 1, 2 * d - 1));
    CHECK((attention(view, view, view) == expected));
  }
}

TEST_CASE("A causal query does not see later keys, and sees its own") {
  const Index n = 400, d = 16, changed = 300;
  const FloatMatrix q = random_rows(8, n, d);
  FloatMatrix k = random_rows(9, n, d), v = random_rows(10, n, d);
  const FloatMatrix before = DenseAttention()(q, k, v);
  k.row(changed).setConstant(3);
  v.row(changed).setConstant(-5);
  const FloatMatrix after = DenseAttention()(q, k, v);
  CHECK((after.topRows(changed) == before.topRows(changed)));
  for (Index i = changed; i < n; ++i) CHECK(after.row(i) != before.row(i));
}

TEST_CASE("The scale is that of the caller where one is given") {
  const FloatMatrix q = random_rows(11, 50, 16), k = random_rows(12, 50, 16), v = random_rows(13, 50, 4);
  const FloatMatrix scaled = 0.5f * q;
  const DenseAttention twice(Direction::causal, {.scale = 0.5f}), plain;  // 1/√16 = ¼
  CHECK((twice(scaled, k, v) == plain(q, k, v)));
}

TEST_CASE("Attention refuses what does not fit together, naming value and bound") {
  const FloatMatrix m = random_rows(14, 20, 12);
  const auto refused = [](const Heads& q, const Heads& k, const Heads& v, const AttentionOptions& options = {}) {
    return message_of<InvalidArgument>([&] { DenseAttention(Direction::causal, options)(q, k, v); });
  };
  const FloatMatrix wide = random_rows(15, 2, 257), none(0, 12);
  CHECK(refused({m, 2}, {m, 3}, {m, 3}) == "head of keys has size 4, expected 6");
  CHECK(refused({m, 2}, {m, 2}, {m, 3}) == "list of value heads has size 3, expected 2");
  CHECK(refused({m, 1}, {m, 1}, {m.topRows(19), 1}) == "list of values has size 19, expected 20");
  CHECK(refused({m, 3}, {m.leftCols(8), 2}, {m, 2}) ==
        "number of query heads 3 is not a multiple of the number of key heads 2");
  CHECK(refused(wide, wide, wide) == "head size of the queries is 257, outside [1, 256]");
  CHECK(contains(refused(none, m, m), "number of queries is 0, outside [1, "));
  CHECK(contains(refused(m, none, none), "number of keys is 0, outside [1, "));
  CHECK(refused(m, m.topRows(19), m.topRows(19)) == "number of queries is 20, outside [1, 19]");
  CHECK(refused(m, m, m, {.scale = 1.0f, .threads = 0}) == "number of threads is 0, outside [1, 1024]");
  CHECK(message_of<InvalidArgument>([&] { Heads(m, 5); }) == "12 columns do not make 5 equal heads");
  CHECK(message_of<InvalidArgument>([&] { Heads::stacked(m, 3); }) == "20 rows do not make 3 equal heads");
  CHECK(message_of<InvalidArgument>([&] { Heads(m, 0); }) == "12 columns do not make 0 equal heads");
}

TEST_CASE("Attention refuses numbers and scores that are not finite") {
  const FloatMatrix m = random_rows(16, 20, 4);
  const auto refused = [](const FloatMatrix& q, const FloatMatrix& k, const FloatMatrix& v) {
    return message_of<InvalidArgument>([&] { DenseAttention()(q, k, v); });
  };
  for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    FloatMatrix spoilt = m;
    spoilt(13, 2) = -bad;
    CHECK(contains(refused(spoilt, m, m), "query 13 of head 0 is not finite"));
    CHECK(contains(refused(m, spoilt, m), "key 13 of head 0 is not finite"));
    CHECK(contains(refused(m, m, spoilt), "value 13 of head 0 is not finite"));
  }
  FloatMatrix huge = m;
  huge(3, 0) = 1e30f;
  CHECK(contains(refused(huge, huge, m), "and not be finite; the limit is 4.25"));
  CHECK(refused(m, m, huge) == "(nothing was thrown)");
  const AttentionOptions options{.scale = std::numeric_limits<float>::quiet_NaN()};
  CHECK(message_of<InvalidArgument>([&] { DenseAttention(Direction::causal, options)(m, m, m); }) ==
        "scale is nan, not a finite number");
}

}  // namespace
