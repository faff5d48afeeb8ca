// What `<<` shows of draws and, as one sampler of each family, of states.

#include <turnstile/core/ostream.hpp>
#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sampler/row_sampler.hpp>

#include "support/catch.hpp"

#include <Eigen/Core>

#include <sstream>
#include <string>

namespace {

using namespace turnstile;

template <class T>
std::string shown(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

TEST_CASE("a draw shows its coordinate, value, error and probability", "[core]") {
  CHECK(shown(Draw<double>{7, -4.5, 0.64, 0.25}) == "y[7] = -4.5 +- 0.25, p = 0.64");
  CHECK(shown(PairDraw<float>{7, 2, 4.5F, 0.5, 0}) == "Y[7, 2] = 4.5 +- 0, p = 0.5");
  CHECK(shown(TensorDraw<double>{{7, 2, 5}, 1.5, 1, 0.125}) == "Y[7, 2, 5] = 1.5 +- 0.125, p = 1");
  CHECK(shown(RowDraw<double>{3, Eigen::RowVector2d(3, 4), 0.5}) == "A[3] of 2 entries, norm 5, p = 0.5");
}

TEST_CASE("an outcome and a result without a draw show their word", "[core]") {
  CHECK(shown(Outcome::sampled) == "sampled");
  CHECK(shown(DrawResult<Draw<double>>(Outcome::failed)) == "failed");
  CHECK(shown(DrawResult<Draw<double>>(Outcome::zero)) == "zero");
}

TEST_CASE("a result shows the draw of a sampler", "[core]") {
  L2Sampler<> sampler(1000, {.seed = 1});
  CHECK(shown(sampler.sample()) == "zero");
  sampler.update(42, 3.0);
  CHECK(shown(sampler.sample()) == "y[42] = 3 +- 0, p = 1");
}

TEST_CASE("a sampler shows kind, shape, seed, policies, bytes and state", "[core]") {
  RowSampler<float> sampler(1000, 2, {.seed = 9, .shape = {3, 64}});
  sampler.update_row(5, Eigen::RowVector2f(3, 4));
  CHECK(shown(sampler) == "RowSampler(n = 1000, d = 2, 1 x 3 x 64 float32, seed 9, p = 2, " + DefaultPolicies::name() +
                              "): " + std::to_string(sampler.memory_bytes()) + " bytes, norm of y about 5");
}

}  // namespace
