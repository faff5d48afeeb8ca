#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refusal.hpp"

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

// From one coordinate to 2⁶²: what works there, what it costs, and what a printed state says.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Polynomial = Policies<ExponentialScaling, TreeRecovery, PolynomialHash<4>>;

template <class S>
std::string printed(const S& sampler) {
  std::ostringstream text;
  text << sampler;
  return text.str();
}

// Bytes of a sampler at for_draws(n).
std::size_t bytes_at(Index n) { return L2Sampler<>(n, {.seed = 1, .shape = SketchShape::for_draws(n)}).memory_bytes(); }

}  // namespace

TEST_CASE("Coordinates of a vector of 2^62 are updated, drawn and estimated", "[dimension]") {
  const std::vector<Index> keys{0, 1, 1234567890123456789, max_dimension / 2, max_dimension - 1};
  for (Seed seed = 1; seed <= 20; ++seed) {
    L2Sampler<> sampler(max_dimension, {.seed = seed});
    for (std::size_t k = 0; k < keys.size(); ++k) sampler.update(keys[k], static_cast<double>(k + 1));
    const auto draws = sampler.sample_without_replacement(10);
    REQUIRE(draws.size() == keys.size());
    for (const auto& draw : draws) {
      const auto found = std::find(keys.begin(), keys.end(), draw.index);
      REQUIRE(found != keys.end());
      CHECK(draw.value == Approx(static_cast<double>(found - keys.begin() + 1)));
    }
    CHECK(sampler.estimate(max_dimension - 1) == Approx(5.0));
    for (std::size_t k = 0; k < keys.size(); ++k) sampler.update(keys[k], -static_cast<double>(k + 1));
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

// Keys that differ from the winner's only below a level's prefix share its counters there; at large n
// there are many such levels, and what they read must not be taken for a coordinate.
TEST_CASE("A thousand coordinates are drawn from at any dimension, and no other", "[dimension]") {
  constexpr Index count = 1000;
  constexpr int seeds = 50;
  for (int bits = 10; bits <= 60; bits += 5) {
    const Index n = Index{1} << bits, step = n / count;
    long wrong_index = 0, far_value = 0, missing = 0;
    for (Seed seed = 1; seed <= seeds; ++seed) {
      L2Sampler<> sampler(n, {.seed = seed, .shape = SketchShape::for_draws(n)});
      for (Index k = 0; k < count; ++k) sampler.update(k * step, static_cast<double>(1 + k % 7));
      const auto draw = sampler.sample();
      if (!draw) {
        ++missing;
        continue;
      }
      const Index k = draw->index / step;
      wrong_index += draw->index % step != 0 || k >= count;
      const double exact = static_cast<double>(1 + k % 7);
      far_value += std::abs(draw->value - exact) > 0.1 * exact;
    }
    INFO("n = 2^" << bits);
    CHECK(missing == 0);
    CHECK(wrong_index == 0);
    CHECK(far_value <= seeds / 10);  // for_draws keeps nine in ten within 10 %
  }
}

TEST_CASE("One coordinate among 2^20 is drawn by every seed, and no other is taken for it", "[dimension]") {
  constexpr Index n = Index{1} << 20, only = 123'456;
  long others = 0;
  for (Seed seed = 1; seed <= 5000; ++seed) {
    L2Sampler<> sampler(n, {.seed = seed, .shape = SketchShape::for_draws(n)});
    sampler.update(only, 1.0);
    const auto draw = sampler.sample();
    others += !draw || draw->index != only;
  }
  CHECK(others == 0);
}

TEST_CASE("PolynomialHash takes dimensions up to its field and refuses larger ones", "[dimension]") {
  constexpr Index field = (Index{1} << 61) - 1;
  L2Sampler<double, Polynomial> sampler(field, {.seed = 1});
  sampler.update(field - 1, 3.0);
  sampler.update(0, 1.0);
  const auto draws = sampler.sample_without_replacement(3);
  REQUIRE(draws.size() == 2);
  for (const auto& draw : draws) CHECK(draw.value == Approx(draw.index == 0 ? 1.0 : 3.0));
  const auto message = message_of<InvalidArgument>([] { L2Sampler<double, Polynomial> other(field + 1); });
  CHECK(contains(message, "dimension is 2305843009213693952"));
}

TEMPLATE_TEST_CASE("Vectors of one and of two coordinates are drawn from", "[dimension]", DefaultPolicies, Polynomial,
                   (Policies<ExponentialScaling, ScanRecovery>)) {
  for (Seed seed = 1; seed <= 20; ++seed) {
    L2Sampler<double, TestType> one(1, {.seed = seed});
    one.update(0, -2.5);
    const auto only = one.sample();
    REQUIRE(only);
    CHECK((only->index == 0 && only->value == Approx(-2.5) && only->probability == Approx(1.0)));
    CHECK(one.sample_without_replacement(5).size() == 1);
    CHECK_THROWS_AS(one.update(1, 1.0), InvalidArgument);

    L2Sampler<double, TestType> two(2, {.seed = seed});
    two.update(1, 4.0);
    CHECK(two.sample()->index == 1);
    two.update(0, 3.0);
    const auto both = two.sample_without_replacement(5);
    REQUIRE(both.size() == 2);
    CHECK(both[0].index + both[1].index == 1);
    for (const auto& draw : both) CHECK(draw.value == Approx(draw.index == 0 ? 3.0 : 4.0));
  }
}

TEST_CASE("A matrix of one row and one column is sampled", "[dimension][matrix]") {
  FixedMatrixSampler<> sampler(Eigen::MatrixXd::Constant(1, 1, 3), {.seed = 1});
  sampler.update(0, 2.0);
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK((draw->index == 0 && draw->value == Approx(6.0)));
}

TEST_CASE("Memory grows like log n squared: levels and buckets, each like log n", "[dimension]") {
  // for_draws takes 74 ln n buckets, of L = 1 + ⌈(log₂ n − 10)/5⌉ levels of five rows.
  for (int bits : {10, 15, 20, 25, 30, 40, 50, 60}) {
    const Index n = Index{1} << bits;
    const double levels = 1 + std::ceil((bits - 10) / 5.0);
    const double buckets = std::max(512.0, 74 * std::log(static_cast<double>(n)) + 64);
    INFO("n = 2^" << bits << ": " << bytes_at(n) << " bytes");
    // Beside counters: the norm sketch, two words a hash of each row, fixed members.
    CHECK(static_cast<double>(bytes_at(n)) <= levels * 5 * buckets * 8 + 3 * 256 * 8 + levels * 5 * 64 + 2048);
  }
  CHECK(bytes_at(Index{1} << 40) < 5 * bytes_at(Index{1} << 20));
}

TEST_CASE("The state for a vector of 2^20 takes at most 128 KiB, half that with floats", "[dimension]") {
  constexpr Index n = Index{1} << 20;
  CHECK(bytes_at(n) <= 128 * 1024);
  CHECK(L2Sampler<float>(n, {.shape = SketchShape::for_draws(n)}).memory_bytes() <= 64 * 1024 + 4096);
}

TEST_CASE("The memory of a matrix sampler does not depend on the number of rows", "[dimension][matrix]") {
  const auto bytes = [](Index n) {
    return FixedMatrixBuilder<>(n, 10, {.shape = {.rows = 5, .buckets = 64}}).memory_bytes();
  };
  CHECK(bytes(1 << 16) == bytes((1 << 16) - 1000));
  CHECK(bytes(Index{1} << 40) <= 4 * bytes(1 << 16));
}

TEST_CASE("memory_bytes counts at least the counters that to_bytes writes", "[dimension]") {
  const L2Sampler<> sampler(1000, {.seed = 1});
  CHECK(sampler.memory_bytes() >= 5 * 1024 * sizeof(double));
  CHECK(sampler.to_bytes().size() <= sampler.memory_bytes());
  FixedMatrixSampler<> matrix(Eigen::MatrixXd::Ones(1000, 6), {.seed = 1});
  CHECK(matrix.memory_bytes() >= 6 * 5 * 1024 * sizeof(double));
}

TEST_CASE("A printed sampler says what it is, its seed and its bytes", "[dimension]") {
  L2Sampler<float> sampler(1000, {.seed = 4711, .shape = {.rows = 3, .buckets = 321}});
  sampler.update(1, 2.0F);
  const std::string text = printed(sampler);
  INFO(text);
  for (const char* part : {"L2Sampler", "1000", "4711", "321", "float32", "exponential/tree"})
    CHECK(contains(text, part));
  CHECK(contains(text, std::to_string(sampler.memory_bytes()) + " bytes"));
}

TEST_CASE("A printed matrix sampler and its builder say what they are", "[dimension][matrix]") {
  FixedMatrixBuilder<> builder(900, 7, {.seed = 4711});
  builder.add_rows(0, Eigen::MatrixXd::Ones(900, 7));
  const std::string of_builder = printed(builder);
  INFO(of_builder);
  for (const char* part : {"FixedMatrixBuilder", "900", "7", "4711", "float64"}) CHECK(contains(of_builder, part));
  CHECK(contains(of_builder, std::to_string(builder.memory_bytes()) + " bytes"));
  const FixedMatrixSampler<> sampler = std::move(builder).build();
  const std::string text = printed(sampler);
  INFO(text);
  for (const char* part : {"FixedMatrixSampler", "900", "7", "4711", "float64"}) CHECK(contains(text, part));
  CHECK(contains(text, std::to_string(sampler.memory_bytes()) + " bytes"));
}
