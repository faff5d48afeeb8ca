#include <Eigen/Core>

#include "../support/catch.hpp"
#include "small_text.hpp"
#include "support/pair_stream.hpp"

namespace {

using Index = Eigen::Index;

/// Takes the updates of a sampler of Y = A1 X A2ᵀ, and keeps A1 and X themselves.
struct WholeFactors {
  Eigen::MatrixXd left, core;

  void update_left_row(Index row, const Eigen::RowVectorXd& delta) { left.row(row) += delta; }
  void update_core(Index row, Index column, double delta) { core(row, column) += delta; }
};

using Stream = examples::PairStream<double, WholeFactors>;

WholeFactors empty(Index slots, Index columns) {
  return {Eigen::MatrixXd::Zero(slots, columns), Eigen::MatrixXd::Identity(columns, columns)};
}

}  // namespace

TEST_CASE("a stream of pairs holds the last words, weighed", "[examples]") {
  const auto text = small_text<double>(60);
  constexpr Index slots = 10, length = 50;
  WholeFactors sampler = empty(slots, text.vectors.cols());
  Stream stream(text, slots, length, sampler);
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(text.vectors.cols());
  for (const Index position : {10, 11, 25, 50}) {
    CAPTURE(position);
    stream.advance_to(position);
    CHECK(stream.position() == position);
    for (Index slot = 0; slot < slots; ++slot) {
      const Index t = stream.in_slot(slot);
      CHECK(t % slots == slot);
      CHECK((position - slots <= t && t < position));
      CHECK(sampler.left.row(slot) == text.vectors.row(text.tokens[t]));
    }
    weights *= 2;
    weights[0] -= 1;
    stream.weigh(weights);
    CHECK(sampler.core == Eigen::MatrixXd(weights.asDiagonal()));
    CHECK(stream.weighed_rows() == sampler.left * sampler.core);
  }
  stream.finish();
  CHECK(sampler.left.isZero(0));
}

TEST_CASE("before the window is full, the other rows are zero", "[examples]") {
  const auto text = small_text<double>(60);
  WholeFactors sampler = empty(10, text.vectors.cols());
  Stream(text, 10, 50, sampler).advance_to(4);
  for (Index t = 0; t < 4; ++t) CHECK(sampler.left.row(t) == text.vectors.row(text.tokens[t]));
  CHECK(sampler.left.bottomRows(6).isZero(0));
}
