#include <turnstile/turnstile.hpp>

#include <Eigen/Core>
#include <algorithm>

#include "../support/catch.hpp"
#include "small_text.hpp"
#include "support/key_stream.hpp"

namespace {

using Index = Eigen::Index;

/// Takes the updates of a sampler of y = A x, and keeps A and x themselves.
struct WholeProduct {
  Eigen::MatrixXd a;
  Eigen::VectorXd x;

  Index dimension() const { return a.rows(); }
  void update_matrix_row(Index row, const Eigen::RowVectorXd& delta) { a.row(row) += delta; }
  void update_vector(const Eigen::RowVectorXd& delta) { x += delta.transpose(); }
};

using Stream = examples::KeyStream<double, WholeProduct>;

WholeProduct empty(Index slots, const examples::WordData<double>& text) {
  return {Eigen::MatrixXd::Zero(slots, text.vectors.cols()), Eigen::VectorXd::Zero(text.vectors.cols())};
}

/// The last `slots` words before a position, word t in slot t mod slots, and the last one as the query.
WholeProduct cache_at(Index position, Index slots, const examples::WordData<double>& text) {
  WholeProduct cache = empty(slots, text);
  for (Index t = std::max(position - slots, Index{0}); t < position; ++t)
    cache.a.row(t % slots) = text.vectors.row(text.tokens[t]);
  cache.x = text.vectors.row(text.tokens[position - 1]);
  return cache;
}

}  // namespace

TEST_CASE("a cache of keys holds the last words, and the query is the last one", "[examples]") {
  const auto text = small_text<double>(60);
  constexpr Index slots = 10;
  WholeProduct sampler = empty(slots, text);
  Stream stream(text, sampler);
  for (const Index position : {1, 2, 9, 10, 11, 25, 60}) {
    CAPTURE(position);
    stream.advance_to(position);
    const WholeProduct cache = cache_at(position, slots, text);
    CHECK(stream.position() == position);
    CHECK(sampler.a == cache.a);
    CHECK(sampler.x == cache.x);
    CHECK(stream.exact_y() == cache.a * cache.x);
    CHECK(stream.keys_moved() == position + std::max(position - slots, Index{0}));
    WholeProduct other = empty(slots, text);
    stream.copy_to(other);
    CHECK(other.a == cache.a);
    CHECK(other.x == cache.x);
  }
}

TEST_CASE("a slot knows which word of the text is in it", "[examples]") {
  const auto text = small_text<double>(60);
  constexpr Index slots = 10;
  WholeProduct sampler = empty(slots, text);
  Stream stream(text, sampler);
  for (const Index position : {10, 11, 19, 20, 37, 60}) {
    stream.advance_to(position);
    for (Index slot = 0; slot < slots; ++slot) {
      const Index t = stream.in_slot(slot);
      CHECK(t % slots == slot);
      CHECK((t < position && t >= position - slots));
    }
  }
}

TEST_CASE("after the end of the text all keys and the query leave", "[examples]") {
  for (const Index length : {5, 10, 60}) {
    const auto text = small_text<double>(length);
    WholeProduct sampler = empty(10, text);
    Stream stream(text, sampler);
    stream.finish();
    CHECK(sampler.a.isZero(0));
    CHECK(sampler.x.isZero(0));
    CHECK(stream.keys_moved() == 2 * length);
  }
}

TEST_CASE("keys in a sampler are drawn with their exact products", "[examples]") {
  using Sampler = turnstile::DynamicSampler<>;
  const auto text = small_text<double>(200);
  Sampler sampler(64, text.vectors.cols(), {.seed = 1});
  examples::KeyStream<double, Sampler> stream(text, sampler);
  stream.advance_to(150);
  const Eigen::VectorXd y = stream.exact_y();
  const auto draws = sampler.sample_without_replacement(5);
  REQUIRE(draws.size() == 5);
  for (const auto& draw : draws) CHECK(draw.value == Approx(y[draw.index]));
  stream.finish();
  CHECK(sampler.sample().outcome() == turnstile::Outcome::zero);
}
