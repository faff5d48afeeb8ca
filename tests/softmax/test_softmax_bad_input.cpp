#include <turnstile/softmax/softmax_sampler.hpp>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/refused_unchanged.hpp"

#include <limits>
#include <string>

// SoftmaxSampler refuses what it cannot take with a typed exception that names the value; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class... Arguments>
std::string refusal_of(const Arguments&... arguments) {
  return message_of<InvalidArgument>([&] { SoftmaxSampler<> sampler(arguments...); });
}

SoftmaxSampler<> some_sampler() { return SoftmaxSampler<>(Eigen::Vector4d(1, 2, -3, 1.5e308), 2.0); }

}  // namespace

TEST_CASE("Scores that are none, or not finite, are refused", "[softmax][bad input]") {
  CHECK(contains(refusal_of(Eigen::VectorXd()), "number of scores is 0"));
  for (double bad : {not_a_number, infinity, -infinity})
    CHECK(contains(refusal_of(Eigen::Vector3d(1, bad, 2)), "not a finite number"));
  CHECK(contains(message_of<InvalidArgument>([] { SoftmaxSampler<float> sampler(Eigen::Vector2d(1, 1e39)); }),
                 "score is inf"));
}

TEST_CASE("A temperature that is not positive and finite is refused", "[softmax][bad input]") {
  for (double bad : {0.0, -1.0, not_a_number, infinity})
    CHECK(contains(refusal_of(Eigen::Vector2d(1, 2), bad), "is not positive and finite"));
  CHECK(contains(refusal_of(Eigen::Vector2d(1, 2), -1.0), "temperature -1 "));
}

TEST_CASE("Products whose sizes do not fit, or that overflow, are refused", "[softmax][bad input]") {
  const Eigen::MatrixXd a = Eigen::MatrixXd::Constant(3, 2, 1e200);
  CHECK(contains(refusal_of(a, Eigen::Vector3d(1, 2, 3)), "x has size 3, expected 2"));
  CHECK(contains(refusal_of(a, Eigen::Vector2d(1e200, 0)), "score is inf"));
  CHECK(contains(refusal_of(a, Eigen::Vector2d(1, 2), -3.0), "temperature -3 "));
}

TEST_CASE("Updates that a score cannot take are refused", "[softmax][bad input]") {
  auto sampler = some_sampler();
  for (Index index : {Index{-1}, Index{4}, std::numeric_limits<Index>::max(), std::numeric_limits<Index>::min()}) {
    const std::string text = "index " + std::to_string(index) + " is outside [0, 4)";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update(index, 1.0); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.score(index); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.probability(index); }), text));
  }
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(0, not_a_number); }), "nan"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(0, -infinity); }), "-inf"));
  const std::string over = refusal<CounterOverflow>(sampler, [](auto& s) { s.update(3, 1e308); });
  CHECK(contains(over, "1.5"));
  CHECK(contains(over, "range of 1.797"));
  CHECK(sampler.sample(1)->index == 3);
}

TEST_CASE("A negative number of softmax draws is refused", "[softmax][bad input]") {
  auto sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.sample_without_replacement(-1, 1); }), "-1"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.sample_with_replacement(-2, 1); }), "-2"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.heaviest(-3); }), "-3"));
  CHECK(sampler.sample_without_replacement(0, 1).empty());
  CHECK(sampler.sample_with_replacement(0, 1).empty());
  CHECK(sampler.heaviest(0).empty());
}

TEST_CASE("Softmax samplers that differ are not added", "[softmax][bad input]") {
  auto sampler = some_sampler();
  const auto both = [&](const auto& other, const std::string& text) {
    CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s += other; }), text));
    CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s -= other; }), text));
  };
  both(SoftmaxSampler<>(Eigen::Vector3d(1, 2, 3), 2.0), "dimension is 3, expected 4");
  both(SoftmaxSampler<>(Eigen::Vector4d(1, 2, 3, 4), 3.0), "temperature is 3, expected 2");
  const SoftmaxSampler<> large(Eigen::Vector4d(0, 0, 0, 1e308), 2.0), low(Eigen::Vector4d(0, 0, 0, -1e308), 2.0);
  CHECK(contains(refusal<CounterOverflow>(sampler, [&](auto& s) { s += large; }), "range of 1.797"));
  CHECK(contains(refusal<CounterOverflow>(sampler, [&](auto& s) { s -= low; }), "range of 1.797"));
}
