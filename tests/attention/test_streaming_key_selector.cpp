#include <turnstile/attention/streaming_key_selector.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "attention/attention_reference.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

KeySelectorOptions options_of(Index order, Seed seed, SketchShape shape, Index features = 1024) {
  return {.order = order, .features = features, .sampler = {.seed = seed, .shape = shape}};
}

// Keys that were in the cache before, then those that are in it now, and another query before the one that counts.
template <class Selector>
void stream(Selector& selector, const FloatMatrix& keys, const FloatMatrix& query) {
  const FloatMatrix before = random_rows(91, keys.rows(), keys.cols(), 3);
  for (Index i = 0; i < keys.rows(); ++i) selector.enter(i, before.row(i));
  selector.ask(before.row(0));
  for (Index i = 0; i < keys.rows(); ++i) {
    selector.leave(i, before.row(i));
    selector.enter(i, keys.row(i));
  }
  selector.ask(query.row(0));
}

// p-value of the slots that independent selectors draw against (q·k)^{2m}.
double law_p_value(Index order, const FloatMatrix& keys, const FloatMatrix& query, long count, SketchShape shape,
                   Index features) {
  std::vector<double> drawn(static_cast<std::size_t>(keys.rows())), expected;
  for (Index i = 0; i < keys.rows(); ++i)
    expected.push_back(std::pow(keys.row(i).cast<double>().dot(query.row(0).cast<double>()), 2 * order));
  for (long trial = 0; trial < count; ++trial) {
    StreamingKeySelector selector(keys.rows(), keys.cols(),
                                  options_of(order, static_cast<Seed>(trial), shape, features));
    stream(selector, keys, query);
    const auto draw = selector.draw();
    REQUIRE(draw);
    ++drawn[static_cast<std::size_t>(draw->index)];
  }
  return chi_square_test(drawn, expected).p_value;
}

TEST_CASE("Slots are drawn in proportion to the square of their score, under keys that came and went") {
  // Quantity: slots drawn by independently seeded selectors. Law: (q·k)²/Σ(q·k)² (arXiv 2510.03678, Definition 5.6).
  // 1500 trials, significance `law`. Sees a cell that is off by about a fifth. Turns red: a draw in proportion to
  // |q·k|, an `ask` that adds the query to the last one, a `leave` that does nothing.
  const FloatMatrix keys = random_rows(92, 12, 4), query = random_rows(93, 1, 4);
  CHECK(law_p_value(1, keys, query, trials(1500), {5, 256}, 1) > significance::law);
}

TEST_CASE("Through features of k⊗k slots are drawn in proportion to the fourth power, but for the features' error") {
  // Quantity and law as above with (q·k)⁴; ⟨S k⊗k, S q⊗q⟩ is off by a standard deviation of √(6/512) = .11 of
  // ‖q‖²‖k‖², which adds .012 to squares that are ⅜ on average for d = 2. 500 trials, significance `law`. Sees a cell
  // that is off by a third. Turns red: a draw in proportion to (q·k)², features of another seed for q than for k.
  FloatMatrix keys(6, 2), query(1, 2);
  keys << 1, 0, 0.8f, 0.6f, 0.6f, 0.8f, 0.9f, -0.3f, 1.1f, 0.2f, 0.7f, 0.1f;
  query << 1, 0.3f;
  CHECK(law_p_value(2, keys, query, trials(500), {3, 64}, 512) > significance::law);
}

TEST_CASE("Polynomial attention is estimated without bias, and its standard error is what it says") {
  // Quantity: (estimate − truth) of one entry over independently seeded selectors, 24 of 96 slots read. Law: mean 0
  // but for the bias of a quotient, 1/24 of a standard deviation or so; the mean of squared standard errors is the
  // variance. 600 trials: the mean is off by more than .04 + 3.3/√600 = .18 standard deviations with probability
  // 10⁻³, and a variance of 600 normal variates off by more than a quarter with probability below 10⁻⁴. Values grow
  // with their key's score, so that shares which forget 1/π turn it red, as does a power other than 2m.
  const Index n = 96, d = 6;
  const FloatMatrix keys = random_rows(94, n, d), query = random_rows(96, 1, d);
  const FloatMatrix values = (keys * query.row(0).transpose()).cwiseAbs();
  const Eigen::ArrayXd weights = (keys.cast<double>() * query.row(0).transpose().cast<double>()).array().square();
  const double truth = (weights * values.col(0).array().cast<double>()).sum() / weights.sum();
  const Heads k(keys), v(values);
  const long count = trials(600);
  double sum = 0, squares = 0, claimed = 0;
  for (long trial = 0; trial < count; ++trial) {
    StreamingKeySelector selector(n, d, options_of(1, static_cast<Seed>(trial), {5, 1024}));
    stream(selector, keys, query);
    const auto estimate = selector.attend(k[0], v[0], 24);
    REQUIRE(estimate);
    REQUIRE(estimate->slots.size() == 24);
    const double error = estimate->output[0] - truth;
    sum += error, squares += error * error;
    claimed += estimate->standard_error[0] * estimate->standard_error[0];
  }
  const auto repeated = static_cast<double>(count);
  const double deviation = std::sqrt(squares / repeated);
  INFO("mean error " << sum / repeated << ", deviation " << deviation << ", claimed " << std::sqrt(claimed / repeated));
  CHECK(std::abs(sum / repeated) < (0.04 + 3.3 / std::sqrt(repeated)) * deviation);
  CHECK(std::abs(claimed / squares - 1) < 0.25 * std::sqrt(600 / repeated));
}

TEMPLATE_TEST_CASE("Stripes are the slots that have nearly all the weight", "", double, float) {
  FloatMatrix keys = random_rows(97, 1000, 16, 0.1);
  const std::vector<Index> heavy{3, 77, 500, 501, 998};
  const FloatMatrix query = FloatMatrix::Ones(1, 16);
  for (const Index slot : heavy) keys.row(slot).setConstant(2);  // score 32; the others' are about 0.2
  for (const Index order : {1, 2}) {
    BasicStreamingKeySelector<TestType> selector(1000, 16, options_of(order, 5, {5, 256}, 256));
    stream(selector, keys, query);
    const auto stripes = selector.stripes(8);
    CHECK(std::is_sorted(stripes.begin(), stripes.end()));
    CHECK(std::includes(stripes.begin(), stripes.end(), heavy.begin(), heavy.end()));
  }
}

TEMPLATE_TEST_CASE("A cache that all keys have left is empty, exactly", "", double, float) {
  BasicStreamingKeySelector<TestType> selector(50, 3, options_of(2, 1, {3, 64}, 64));
  const FloatMatrix keys = random_rows(98, 50, 3);
  selector.ask(keys.row(0));
  for (Index i = 0; i < 50; ++i) selector.enter(i, keys.row(i));
  CHECK(selector.draw().outcome() == Outcome::sampled);
  for (Index i = 0; i < 50; ++i) selector.leave(i, keys.row(i));
  CHECK(selector.draw().outcome() == Outcome::zero);
  CHECK(selector.stripes(4).empty());
  const Heads k(keys);
  CHECK_FALSE(selector.attend(k[0], k[0], 4));
}

TEST_CASE("The state does not grow with the number of keys, and by a level of the sketch with that of slots") {
  const FloatMatrix keys = random_rows(99, 4000, 4);
  StreamingKeySelector selector(4000, 4);
  const std::size_t empty = selector.memory_bytes();
  for (Index i = 0; i < 4000; ++i) selector.enter(i, keys.row(i));
  CHECK(selector.memory_bytes() == empty);
  const auto bytes = [](int bits) { return StreamingKeySelector(Index{1} << bits, 4).memory_bytes(); };
  CHECK(bytes(40) < 4 * bytes(15));  // for 2²⁵ times as many slots
}

TEST_CASE("The selector refuses what is no key, query, slot or size, and is as before") {
  StreamingKeySelector selector(20, 3);
  selector.enter(4, Eigen::RowVector3f(1, 2, 3));
  selector.ask(Eigen::RowVector3f(1, 1, 1));
  const auto before = selector.sampler().to_bytes();
  const auto refused = [&](const auto& action) {
    const std::string message = message_of<InvalidArgument>(action);
    CHECK((selector.sampler().to_bytes() == before));
    return message;
  };
  const Eigen::RowVector3f key(1, 2, 3), bad(1, std::numeric_limits<float>::infinity(), 3);
  CHECK(contains(refused([&] { selector.enter(20, key); }), "20 is outside [0, 20)"));
  CHECK(contains(refused([&] { selector.leave(-1, key); }), "-1 is outside [0, 20)"));
  CHECK(refused([&] { selector.enter(0, Eigen::RowVector2f(1, 2)); }) == "key has size 2, expected 3");
  CHECK(refused([&] { selector.enter(0, bad); }) == "key is inf, not a finite number");
  CHECK(refused([&] { selector.ask(bad); }) == "query is inf, not a finite number");
  const FloatMatrix cache = random_rows(90, 20, 3);
  const Heads k(cache), fewer(cache.topRows(19)), narrow(cache.leftCols(2));
  CHECK(refused([&] { selector.attend(fewer[0], k[0], 4); }) == "list of keys has size 19, expected 20");
  CHECK(refused([&] { selector.attend(narrow[0], k[0], 4); }) == "key has size 2, expected 3");
  CHECK(refused([&] { selector.attend(k[0], fewer[0], 4); }) == "list of values has size 19, expected 20");
  CHECK(contains(refused([&] { selector.attend(k[0], k[0], 1); }), "number of draws is 1, outside [2, "));
  CHECK(contains(refused([&] { selector.stripes(-1); }), "number of draws is -1, outside [0, "));
  CHECK(message_of<InvalidArgument>([] { StreamingKeySelector(20, 3, {.order = 3}); }) == "order is 3, outside [1, 2]");
  CHECK(contains(message_of<InvalidArgument>([] { StreamingKeySelector(20, 0); }), "head size is 0, outside [1, "));
  CHECK(contains(message_of<InvalidArgument>([] { StreamingKeySelector(20, 3, {.order = 2, .features = 0}); }),
                 "number of features is 0, outside [1, "));
  CHECK(contains(message_of<InvalidArgument>([] { StreamingKeySelector(0, 3); }), "dimension is 0, outside [1, "));
}

}  // namespace
