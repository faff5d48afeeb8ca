#include <turnstile/turnstile.hpp>

#include <Eigen/Core>
#include <algorithm>

#include "../support/catch.hpp"
#include "small_text.hpp"
#include "support/window_stream.hpp"

namespace {

using Index = Eigen::Index;

/// Takes the updates of a sampler of y = A x with fixed A, and keeps x itself.
struct WholeVector {
  Eigen::VectorXd x;

  template <class Change>
  void update(const Eigen::MatrixBase<Change>& change) {
    x += change.derived().reshaped();
  }
};

using Stream = examples::WindowStream<double, WholeVector>;

/// The sum of the vectors of words [first, last).
Eigen::VectorXd sum_of(const examples::WordData<double>& text, Index first, Index last) {
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(text.vectors.cols());
  for (Index t = first; t < last; ++t) sum += text.vectors.row(text.tokens[t]);
  return sum;
}

}  // namespace

TEST_CASE("x is the sum over the window less its average over the text", "[examples]") {
  const auto text = small_text<double>(4 * Stream::window);  // so that the average is exact
  WholeVector sampler{Eigen::VectorXd::Zero(text.vectors.cols())};
  Stream stream(text, sampler);
  const Eigen::VectorXd average = sum_of(text, 0, text.tokens.size()) / 4;
  CHECK(sampler.x == -average);
  CHECK(stream.coordinate_updates() == 0);
  for (const Index position : {1, 31, 32, 33, 100, 128, 140, 160}) {
    CAPTURE(position);
    stream.advance_to(position);
    const Index end = std::min(position, text.tokens.size());
    const Eigen::VectorXd x = sum_of(text, std::max(position - Stream::window, Index{0}), end) - average;
    CHECK(sampler.x == x);
    const Index left = std::max(position - Stream::window, Index{0});
    CHECK(stream.coordinate_updates() == (end + left) * text.vectors.cols());
    if (position <= text.tokens.size()) CHECK(stream.exact_y() == text.vectors * x);
  }
}

TEST_CASE("at its end the stream has taken back all of x", "[examples]") {
  for (const Index length : {8, 32, 128}) {
    const auto text = small_text<double>(length);
    WholeVector sampler{Eigen::VectorXd::Zero(text.vectors.cols())};
    Stream stream(text, sampler);
    stream.finish();
    CHECK(sampler.x.isZero(0));
    CHECK(stream.coordinate_updates() == 2 * length * text.vectors.cols());
  }
}

TEST_CASE("words in a window are drawn with their exact y, and zero is found at the end", "[examples]") {
  using Sampler = turnstile::FixedMatrixSampler<>;
  const auto text = small_text<double>(128);
  Sampler sampler(text.vectors, {.seed = 1});
  examples::WindowStream<double, Sampler> stream(text, sampler);
  stream.advance_to(70);
  const Eigen::VectorXd y = stream.exact_y();
  const auto draws = sampler.sample_without_replacement(4);
  REQUIRE(draws.size() == 4);
  for (const auto& draw : draws) CHECK(draw.value == Approx(y[draw.index]));
  stream.finish();
  CHECK(sampler.sample().outcome() == turnstile::Outcome::zero);
}
