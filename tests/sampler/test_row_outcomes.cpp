#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/refused_unchanged.hpp"
#include "support/special_values.hpp"

#include <cmath>
#include <string>

// zero, failed and sampled told apart for rows, and what a RowSampler refuses.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = RowSampler<>;
using Floats = RowSampler<float>;

constexpr Index rows = 300, columns = 4, survivor = 77;
constexpr int seeds = 20;

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 5, .buckets = 512}}; }

template <class S = Doubles>
S some_sampler(Seed seed = 1) {
  S sampler(rows, columns, options_of(seed));
  const Eigen::MatrixXd a = integer_matrix(rows, columns, seed);
  for (Index i = 0; i < rows; ++i) sampler.update_row(i, a.row(i));
  return sampler;
}

}  // namespace

TEMPLATE_TEST_CASE("Rows that were all taken back leave zero, one that stays is found", "[row][outcome]", Doubles,
                   Floats) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    auto sampler = some_sampler<TestType>(seed);
    const Eigen::MatrixXd a = integer_matrix(rows, columns, seed);
    REQUIRE(sampler.sample().outcome() == Outcome::sampled);
    for (Index j = 0; j < columns; ++j)
      for (Index i = rows; i-- > 0;) sampler.update(i, j, static_cast<Scalar>(-a(i, j)));
    CHECK(sampler.sample().outcome() == Outcome::zero);
    CHECK(sampler.sample(Eigen::Matrix4d::Ones()).outcome() == Outcome::zero);
    sampler.update_row(survivor, Eigen::RowVector4d(1, -2, 0, 4));
    const auto draw = sampler.sample();
    REQUIRE(draw);
    CHECK(draw->index == survivor);
    CHECK((draw->row.template cast<double>() - Eigen::RowVector4d(1, -2, 0, 4)).norm() < 1e-3);
  }
}

// Rows of size 10⁴ come and go in a way that rounds; one of any size down to 10⁻¹⁶ stays.

TEMPLATE_TEST_CASE("A row that stays when large ones cancel is found or the draw fails", "[row][outcome]", Doubles,
                   Floats) {
  using Scalar = typename TestType::scalar_type;
  int sampled = 0, failed = 0;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const MixHash words(derive_seed(seed, "large rows"));
    const auto real = [&](std::uint64_t k) { return static_cast<Scalar>(1e4 * (uniform_variate(words(k)) - 0.5)); };
    TestType large(rows, columns, options_of(seed));
    const auto change = [&](std::uint64_t k, Scalar sign) {
      large.update(static_cast<Index>(k) % rows, static_cast<Index>(k) % columns, sign * real(k));
    };
    for (std::uint64_t k = 0; k < 500; ++k) change(k, 1);
    for (std::uint64_t k = 500; k-- > 0;) change(k, -1);
    REQUIRE(large.sample().outcome() == Outcome::zero);
    for (int exponent = 3; exponent >= -16; --exponent) {
      auto sampler = large;
      const double size = std::pow(10.0, exponent);
      sampler.update(survivor, 2, static_cast<Scalar>(size));
      for (const bool mapped : {false, true}) {
        const auto draw = mapped ? sampler.mapped_by(Eigen::Matrix4d::Identity()).sample() : sampler.sample();
        INFO("seed " << seed << ", size " << size << ": " << to_string(draw.outcome()));
        CHECK(draw.outcome() != Outcome::zero);
        ++(draw ? sampled : failed);
        if (!draw) continue;
        CHECK(draw->index == survivor);
        CHECK(static_cast<double>(draw->row[2]) == Approx(size).epsilon(0.1));
      }
    }
  }
  CHECK((sampled > 0 && failed > 0));
}

TEST_CASE("No draw names a row that the norm does not see", "[row][outcome]") {
  for (Seed seed = 1; seed <= 200; ++seed) {
    Doubles sampler(rows, 4, options_of(seed));
    for (Index i = 0; i < rows; ++i) {  // odd rows in the first two columns, even rows in the others
      const double size = 1 + static_cast<double>(i % 7);
      sampler.update(i, i % 2 == 1 ? 0 : 2, size);
      sampler.update(i, i % 2 == 1 ? 1 : 3, -2 * size);
    }
    const auto draw = sampler.sample(Eigen::Matrix4d(Eigen::Vector4d(1, 1, 0, 0).asDiagonal()));
    INFO("seed " << seed);
    REQUIRE(draw);
    CHECK(draw->index % 2 == 1);
    const auto none = sampler.sample(Eigen::Matrix4d(Eigen::Matrix4d::Zero()));
    CHECK(none.outcome() == Outcome::zero);
  }
}

TEST_CASE("A norm that sees nothing of A gives no draw", "[row][outcome]") {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    Doubles sampler(rows, 3, options_of(seed));
    for (Index i = 0; i < rows; ++i)
      sampler.update_row(i, (0.1 + static_cast<double>(i)) * Eigen::RowVector3d(1, 2, 3) / 7);
    const auto result = sampler.mapped_by(Eigen::RowVector3d(3, 0, -1)).sample();
    INFO("seed " << seed);
    CHECK(result.outcome() == Outcome::failed);
  }
}

TEST_CASE("Rows, columns and changes that do not fit are refused", "[row][bad input]") {
  auto sampler = some_sampler();
  const auto says = [&](const auto& action, const std::string& text) {
    const std::string message = refusal(sampler, action);
    INFO(message);
    CHECK(contains(message, text));
  };
  for (const Index row : {Index{-1}, rows}) {
    const std::string text = "row " + std::to_string(row) + " is outside [0, 300)";
    says([&](auto& s) { s.update(row, 0, 1.0); }, text);
    says([&](auto& s) { s.update_row(row, Eigen::RowVector4d::Ones()); }, text);
  }
  says([](auto& s) { s.update(0, 4, 1.0); }, "column 4 is outside [0, 4)");
  says([](auto& s) { s.update(0, -1, 1.0); }, "column -1 is outside [0, 4)");
  says([](auto& s) { s.update(0, 0, not_a_number); }, "nan");
  says([](auto& s) { s.update(0, 0, 1e307); }, "pass the range of 1.797");
  says([](auto& s) { s.update_row(0, Eigen::RowVector4d(1, 1, infinity, 1)); }, "inf");
  says([](auto& s) { s.update_row(0, Eigen::RowVector3d::Ones()); }, "size 3, expected 4");
  CHECK(contains(message_of<InvalidArgument>([] { Doubles bad(0, 3); }), "dimension is 0"));
  CHECK(contains(message_of<InvalidArgument>([] { Doubles bad(3, 0); }), "columns is 0"));
}

TEST_CASE("Matrices that are no norm are refused", "[row][bad input]") {
  const auto sampler = some_sampler();
  const auto refused = [&](const Eigen::MatrixXd& gram) {
    return message_of<InvalidArgument>([&] { (void)sampler.sample(gram); });
  };
  CHECK(contains(refused(Eigen::MatrixXd::Identity(3, 3)), "rows of G has size 3, expected 4"));
  CHECK(contains(refused(Eigen::MatrixXd::Identity(4, 3)), "columns of G has size 3, expected 4"));
  Eigen::Matrix4d gram = Eigen::Matrix4d::Identity();
  gram(0, 1) = 0.5;
  CHECK(contains(refused(gram), "differs from its transpose by 0.5"));
  gram(1, 0) = 0.5;
  CHECK(refused(gram) == "(nothing was thrown)");
  gram(2, 2) = -2;
  CHECK(contains(refused(gram), "eigenvalue -2"));
  gram(2, 2) = not_a_number;
  CHECK(contains(refused(gram), "nan"));
  const auto factor = [&](const Eigen::MatrixXd& r) {
    return message_of<InvalidArgument>([&] { (void)sampler.mapped_by(r); });
  };
  CHECK(contains(factor(Eigen::MatrixXd::Ones(2, 3)), "row of R has size 3, expected 4"));
  CHECK(contains(factor(Eigen::MatrixXd::Ones(0, 4)), "number of rows of R is 0"));
  CHECK(contains(factor(infinity * Eigen::MatrixXd::Ones(1, 4)), "inf"));
}

TEST_CASE("Row samplers of another identity are not added", "[row][bad input]") {
  auto sampler = some_sampler();
  const auto refused = [&](const Doubles& other, const std::string& field) {
    const std::string message = refusal<IncompatibleSketch>(sampler, [&](auto& s) { s += other; });
    INFO(message);
    CHECK(contains(message, field));
  };
  refused(Doubles(rows, columns, options_of(2)), "seed is 2, expected 1");
  refused(Doubles(rows, columns + 1, options_of(1)), "width is 5, expected 4");
  refused(Doubles(rows + 1, columns, options_of(1)), "dimension is 301, expected 300");
}
