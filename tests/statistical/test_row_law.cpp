#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/trials.hpp"

#include <cstdint>
#include <vector>

// The law of RowSampler at n = 200, d = 5 after a stream of which 90 % was deleted: 10 000 independent
// samplers for each of two matrices, in the Euclidean norm and in one of condition number 10⁶ and rank 4
// (`check_law` names quantity and significance; the law is ‖a_i‖_G²/Σ ‖a_k‖_G²). Seen in one half of cases:
// 1.7 % of all draws at a heaviest row that holds half. Turns red: rows measured by their largest entry;
// G where its root belongs.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 200, columns = 5;

// A comes with nine other rows of its size for each of its own, which go again one by one.
void pass(RowSampler<>& sampler, const Eigen::MatrixXd& a, const std::vector<Eigen::MatrixXd>& others) {
  for (const auto& other : others)
    for (Index i = 0; i < rows; ++i) sampler.update_row(i, other.row(i));
  for (Index i = 0; i < rows; ++i) sampler.update_row(i, a.row(i));
  for (const auto& other : others)
    for (Index i = rows; i-- > 0;) sampler.update_row(i, -other.row(i));
}

void check_law_of(const Eigen::MatrixXd& a, const Eigen::MatrixXd& factor, Seed first) {
  const SketchShape shape = SketchShape::for_draws(rows);
  std::vector<Eigen::MatrixXd> others;
  for (Seed k = 0; k < 9; ++k) others.push_back(a.cwiseAbs().maxCoeff() / 9 * integer_matrix(rows, columns, 100 + k));
  const auto drawn = for_many_seeds(trials(10'000), first, [&](Seed seed) {
    RowSampler<> sampler(rows, columns, {.seed = seed, .shape = shape});
    pass(sampler, a, others);
    return drawn_index(factor.size() == 0 ? sampler.sample() : sampler.mapped_by(factor).sample());
  });
  const Eigen::MatrixXd mapped = factor.size() == 0 ? a : Eigen::MatrixXd(a * factor.transpose());
  const Eigen::VectorXd norms = mapped.rowwise().norm();
  check_failures(drawn);
  check_law(exact_law({norms.begin(), norms.end()}), drawn, mistaken_identity(rows, shape));
}

const Eigen::MatrixXd euclidean;

// Four directions, weighed 1 to 10³: G = RᵀR has condition number 10⁶ on them, and a kernel.
Eigen::MatrixXd uneven_factor() {
  return Eigen::Vector4d(1, 1e1, 1e2, 1e3).asDiagonal() * integer_matrix(4, columns, 11);
}

Eigen::MatrixXd even() { return integer_matrix(rows, columns, 1); }
Eigen::MatrixXd peaked() {
  const Eigen::ArrayXd sizes = Eigen::ArrayXd::LinSpaced(rows, 1, rows).inverse();
  return sizes.matrix().asDiagonal() * integer_matrix(rows, columns, 2);
}

}  // namespace

TEST_CASE("Rows of one size are drawn by their squared norms", "[law][row]") { check_law_of(even(), euclidean, 1); }

TEST_CASE("Rows of which few hold most are drawn by their squared norms", "[law][row]") {
  check_law_of(peaked(), euclidean, 1);
}

TEST_CASE("Rows are drawn by their squares in an uneven norm", "[law][row]") {
  check_law_of(even(), uneven_factor(), 1);
}

TEST_CASE("Rows of which few hold most are drawn by their squares in an uneven norm", "[law][row]") {
  check_law_of(peaked(), uneven_factor(), 1);
}
