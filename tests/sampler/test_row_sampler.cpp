#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_matrix.hpp"
#include "support/integer_stream.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

// RowSampler keeps the images of all columns of A, and what it reads off them are rows of A.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using DeepTree = Policies<ExponentialScaling, PrefixTreeRecovery<4, 3, 16>, PolynomialHash<4>>;
using Doubles = RowSampler<>;
using Floats = RowSampler<float>;
using DeepTrees = RowSampler<double, DeepTree>;
using Scans = RowSampler<float, Policies<ExponentialScaling, ScanRecovery>>;

constexpr Index rows = 300, columns = 6;

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 5, .buckets = 512}}; }

template <class S>
S fed(const Eigen::MatrixXd& a, Seed seed) {
  S sampler(a.rows(), a.cols(), options_of(seed));
  for (Index i = 0; i < a.rows(); ++i) sampler.update_row(i, a.row(i));
  return sampler;
}

// Rows of very different sizes: the i-th about 1/(i + 1) of the first.
Eigen::MatrixXd falling_rows(Seed seed) {
  const Eigen::ArrayXd sizes = Eigen::ArrayXd::LinSpaced(rows, 1, rows).inverse();
  return sizes.matrix().asDiagonal() * integer_matrix(rows, columns, seed);
}

// The image of column j alone.
template <class S>
VectorImage<typename S::scalar_type> column_image(const S& sampler, Index j) {
  VectorImage<typename S::scalar_type> image(sampler.linear_map());
  const auto& all = sampler.streamed();
  for (Index c = 0; c < all.scaled.size(); ++c) image.scaled.add(c, false, all.scaled[c][j]);
  for (Index c = 0; c < all.plain.size(); ++c) image.plain.add(c, false, all.plain[c][j]);
  image.residue = all.residues[static_cast<std::size_t>(j)];
  return image;
}

}  // namespace

TEMPLATE_TEST_CASE("Each column of a row sampler's counters is that of an L2Sampler fed the column", "[row]", Doubles,
                   Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  using Twin = L2Sampler<Scalar, typename TestType::policies_type>;
  for (Seed seed = 1; seed <= 4; ++seed) {
    TestType sampler(rows, columns, options_of(seed));
    std::vector<Updates<Scalar>> passed(static_cast<std::size_t>(columns));
    const auto put = [&](Index i, Index j, Scalar delta) { passed[static_cast<std::size_t>(j)].push(i, delta); };
    const auto entries = integer_stream<Scalar>(rows * columns, 400, seed);
    for (std::size_t k = 0; k < entries.size(); ++k) {  // 90 % goes again
      const Index i = entries.indices[k] / columns, j = entries.indices[k] % columns;
      sampler.update(i, j, entries.deltas[k]);
      put(i, j, entries.deltas[k]);
      if (k % 10 == 0) continue;
      sampler.update(i, j, -entries.deltas[k]);
      put(i, j, -entries.deltas[k]);
    }
    const Eigen::MatrixXd block = integer_matrix(40, columns, seed);
    for (Index i = 0; i < block.rows(); ++i) {
      sampler.update_row(7 * i, block.row(i));
      for (Index j = 0; j < columns; ++j) put(7 * i, j, static_cast<Scalar>(block(i, j)));
    }
    for (Index j = 0; j < columns; ++j) {
      INFO("seed " << seed << ", column " << j);
      const auto& updates = passed[static_cast<std::size_t>(j)];
      Twin twin(rows, options_of(seed));
      twin.update(updates.indices, updates.deltas);
      Traffic<Twin> traffic(twin);
      traffic.pass(updates);
      check_same_integer_image(column_image(sampler, j), twin.image(), traffic);
    }
  }
}

TEMPLATE_TEST_CASE("Rows drawn without replacement are rows of A, heaviest among them", "[row]", Doubles, Floats,
                   DeepTrees, Scans) {
  const Eigen::MatrixXd a = falling_rows(1);
  const double norm = a.norm();
  for (Seed seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    const auto sampler = fed<TestType>(a, seed);
    const auto draws = sampler.sample_without_replacement(5);
    REQUIRE(draws.size() == 5);
    CHECK(draws.front().index == sampler.sample()->index);
    std::set<Index> seen;
    for (const auto& draw : draws) {
      CHECK(seen.insert(draw.index).second);
      const Eigen::RowVectorXd exact = a.row(draw.index), row = draw.row.template cast<double>();
      // The draws are the largest of w, whose noise at 512 buckets is about ‖w‖/√512: 11 %.
      CHECK((row - exact).norm() <= 0.5 * exact.norm());
      CHECK(draw.probability == Approx(row.squaredNorm() / sampler.squared_norm()).epsilon(1e-5));
      CHECK((sampler.estimate(draw.index).template cast<double>() - exact).norm() <= 0.5 * exact.norm());
    }
    CHECK(sampler.squared_norm() == Approx(norm * norm).epsilon(0.35));
  }
}

TEST_CASE("The heaviest rows come in the order of their norms", "[row]") {
  const Eigen::MatrixXd a = falling_rows(2);
  Eigen::VectorXd norms = a.rowwise().norm();
  std::vector<Index> order(static_cast<std::size_t>(rows));
  for (Index i = 0; i < rows; ++i) order[static_cast<std::size_t>(i)] = i;
  std::sort(order.begin(), order.end(), [&](Index i, Index j) { return norms[i] > norms[j]; });
  for (Seed seed = 1; seed <= 5; ++seed) {
    const auto top = fed<Doubles>(a, seed).heaviest(4);
    REQUIRE(top.size() == 4);
    CHECK(top[0].index == order[0]);
    for (std::size_t k = 1; k < top.size(); ++k) CHECK(top[k - 1].row.norm() >= top[k].row.norm());
  }
  CHECK(fed<Doubles>(a, 1).heaviest(0).empty());
}

TEST_CASE("Rows drawn with replacement are those drawn without, repeated", "[row]") {
  const auto sampler = fed<Doubles>(falling_rows(3), 1);
  const auto drawn = sampler.sample_with_replacement(50, 7), again = sampler.sample_with_replacement(50, 7);
  REQUIRE(drawn.size() == 50);
  std::set<Index> distinct;
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    distinct.insert(drawn[k].index);
    CHECK(drawn[k].index == again[k].index);
  }
  CHECK(drawn.front().index == sampler.sample()->index);
  CHECK((distinct.size() > 1 && distinct.size() < 50));
}

// ‖a‖_G = ‖R a‖ whether G or R is given, and a common factor changes no draw.

TEMPLATE_TEST_CASE("A norm given by G or by a factor of it is one norm, in any unit", "[row]", Doubles, Floats,
                   DeepTrees) {
  const Eigen::MatrixXd a = falling_rows(4);
  const Eigen::MatrixXd factor = integer_matrix(4, columns, 5);  // of lower rank than d
  const Eigen::MatrixXd gram = factor.transpose() * factor;
  const Eigen::MatrixXd images = a * factor.transpose();
  for (Seed seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    const auto sampler = fed<TestType>(a, seed);
    const auto by_gram = sampler.sample(gram), by_factor = sampler.mapped_by(factor).sample();
    REQUIRE((by_gram && by_factor));
    CHECK(by_gram->index == by_factor->index);
    CHECK(by_gram->probability == Approx(by_factor->probability).epsilon(1e-4));
    const double exact = images.row(by_gram->index).squaredNorm() / images.squaredNorm();
    CHECK(by_gram->probability == Approx(exact).epsilon(0.6));
    CHECK(sampler.in_norm(gram).squared_norm() == Approx(images.squaredNorm()).epsilon(0.5));
    for (const double unit : {1e-200, 1e-3, 1e200}) {
      const auto scaled = sampler.mapped_by(unit * factor).sample();
      REQUIRE(scaled);
      CHECK(scaled->index == by_factor->index);
      CHECK(scaled->row == by_factor->row);
    }
  }
}

TEST_CASE("The unit matrix as G gives the Euclidean draws", "[row]") {
  const auto sampler = fed<Doubles>(falling_rows(6), 3);
  const auto plain = sampler.sample_without_replacement(6);
  const auto by_unit = sampler.in_norm(Eigen::MatrixXd::Identity(columns, columns)).sample_without_replacement(6);
  REQUIRE(plain.size() == by_unit.size());
  for (std::size_t k = 0; k < plain.size(); ++k) {
    CHECK(plain[k].index == by_unit[k].index);
    CHECK((plain[k].row - by_unit[k].row).norm() <= 1e-12 * plain[k].row.norm());
  }
}

TEMPLATE_TEST_CASE("Row samplers add up, part, travel and are cleared", "[row]", Doubles, Floats, DeepTrees) {
  const Eigen::MatrixXd a = integer_matrix(rows, columns, 7), b = integer_matrix(rows, columns, 8);
  auto sum = fed<TestType>(a, 2);
  sum += fed<TestType>(b, 2);
  const auto whole = fed<TestType>(a + b, 2);
  CHECK(sum.streamed().residues == whole.streamed().residues);
  CHECK(sum.streamed().plain.matrix() == whole.streamed().plain.matrix());
  const auto loaded = TestType::from_bytes(sum.to_bytes());
  CHECK((loaded.to_bytes() == sum.to_bytes()));
  CHECK(loaded.sample()->index == sum.sample()->index);
  sum -= fed<TestType>(a, 2);
  CHECK(sum.streamed().plain.matrix() == fed<TestType>(b, 2).streamed().plain.matrix());
  sum -= fed<TestType>(b, 2);
  CHECK(sum.sample().outcome() == Outcome::zero);
  auto cleared = whole;
  cleared.clear();
  CHECK((cleared.to_bytes() == TestType(rows, columns, options_of(2)).to_bytes()));
}

TEST_CASE("A row sampler's memory does not depend on the number of rows of one level", "[row]") {
  const auto bytes = [](Index n) { return Doubles(n, columns, options_of(1)).memory_bytes(); };
  CHECK(bytes(2) == bytes(1024));
  CHECK(bytes(Index{1} << 30) < 6 * bytes(1024));  // five levels
}
