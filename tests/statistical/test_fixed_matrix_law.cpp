#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/trials.hpp"

#include <vector>

// The law of FixedMatrixSampler at n = 200, d = 5: 20 000 independent samplers for each of two y = A x
// (`check_law` names quantity, law and significance), x coming as a stream whose first part is taken
// back. Seen: 1.2 % of all draws at a heaviest cell that holds half. Turns red: a pending column of ΨA
// that a draw forgets; rows of A scaled by 1/e for 1/√e.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 200, columns = 5;

void check_law_of(const Eigen::MatrixXd& a, const Eigen::VectorXd& x, Seed first) {
  const SketchShape shape = SketchShape::for_draws(rows);
  const auto drawn = for_many_seeds(trials(20'000), first, [&](Seed seed) {
    FixedMatrixSampler<> sampler(a, {.seed = seed, .shape = shape});
    sampler.update(2, 17.0);
    sampler.update(x);
    sampler.refresh();
    sampler.update(2, -17.0);  // pending
    return drawn_index(sampler.sample());
  });
  const Eigen::VectorXd y = a * x;
  check_failures(drawn);
  check_law(exact_law({y.begin(), y.end()}), drawn, mistaken_identity(rows, shape));
}

}  // namespace

TEST_CASE("Rows of A x are drawn by their squares where all are of a size", "[law][matrix]") {
  check_law_of(integer_matrix(rows, columns, 1), Eigen::Vector<double, columns>(1, -2, 3, 0.5, 1), 1);
}

TEST_CASE("Rows of A x are drawn by their squares where few hold most", "[law][matrix]") {
  const Eigen::ArrayXd sizes = Eigen::ArrayXd::LinSpaced(rows, 1, rows).inverse();
  check_law_of(sizes.matrix().asDiagonal() * integer_matrix(rows, columns, 2),
               Eigen::Vector<double, columns>(1, 1, -1, 2, 0), 1);
}
