#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_stream.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

// FixedVectorSampler stands for an L2Sampler that was fed y = A x, entry by entry of A.

using namespace turnstile;
using namespace turnstile::testing;

template class turnstile::FixedVectorSampler<double>;
template class turnstile::FixedVectorSampler<float>;

namespace {

using DeepTree = Policies<ExponentialScaling, PrefixTreeRecovery<4, 3, 16>, PolynomialHash<4>>;
using Doubles = FixedVectorSampler<>;
using Floats = FixedVectorSampler<float>;
using DeepTrees = FixedVectorSampler<double, DeepTree>;
using Scans = FixedVectorSampler<float, Policies<ExponentialScaling, ScanRecovery>>;

template <class S>
using Twin = L2Sampler<typename S::scalar_type, typename S::policies_type>;

constexpr Index rows = 900, columns = 7, survivor = 77;
constexpr int seeds = 20;

const Eigen::VectorXd integer_x{{3, -1, 0, 2, 9, -7, 1}};
const Eigen::VectorXd real_x{{0.1, -1 / 3.0, 1e-3, 700 / 9.0, 2, -1e4 / 7, 0.7}};

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 3, .buckets = 256}}; }

// A_{rows[k], columns_of[k]} += deltas[k].
template <class Scalar>
struct Entries {
  std::vector<Index> rows, columns_of;
  std::vector<Scalar> deltas;

  explicit Entries(const Updates<Scalar>& flat) : deltas(flat.deltas) {
    for (Index index : flat.indices) {
      rows.push_back(index / columns);
      columns_of.push_back(index % columns);
    }
  }

  // What the updates do to y.
  Updates<Scalar> changes_of_y(const Eigen::VectorXd& x) const {
    Updates<Scalar> changes;
    for (std::size_t k = 0; k < deltas.size(); ++k)
      changes.push(rows[k], static_cast<Scalar>(static_cast<double>(deltas[k]) * x[columns_of[k]]));
    return changes;
  }
};

// Integer entries, of which nine in ten are deleted again, in pieces.
template <class Scalar>
Updates<Scalar> stream_with_deletions(Seed seed) {
  auto stream = integer_stream<Scalar>(rows * columns, 1000, seed);
  Updates<Scalar> deleted;
  for (std::size_t k = 0; k < stream.size(); ++k)
    if (k % 10 != 0) deleted.push(stream.indices[k], -stream.deltas[k]);
  const auto pieces = chopped_and_shuffled(deleted, seed);
  for (std::size_t k = 0; k < pieces.size(); ++k) stream.push(pieces.indices[k], pieces.deltas[k]);
  return stream;
}

template <class S>
void feed(S& sampler, const Updates<typename S::scalar_type>& flat) {
  const Entries<typename S::scalar_type> entries(flat);
  sampler.update(entries.rows, entries.columns_of, entries.deltas);
}

template <class S>
S fed(const Updates<typename S::scalar_type>& flat, Seed seed, const Eigen::VectorXd& x = integer_x) {
  S sampler(rows, x, options_of(seed));
  feed(sampler, flat);
  return sampler;
}

// The L2Sampler that was fed y.
template <class S>
Twin<S> twin_of(const Updates<typename S::scalar_type>& changes, Seed seed) {
  Twin<S> twin(rows, options_of(seed));
  twin.update(changes.indices, changes.deltas);
  return twin;
}

// Counters and fingerprint equal bit by bit.
template <class Scalar>
void check_equal_images(const VectorImage<Scalar>& a, const VectorImage<Scalar>& b) {
  CHECK(a.residue == b.residue);
  CHECK(std::ranges::equal(a.scaled.flat(), b.scaled.flat()));
  CHECK(std::ranges::equal(a.plain.flat(), b.plain.flat()));
}

template <class Scalar>
Updates<Scalar> negated(Updates<Scalar> updates) {
  for (Scalar& delta : updates.deltas) delta = -delta;
  return updates;
}

}  // namespace

TEMPLATE_TEST_CASE("After 90 % deletions of A the counters equal those of an L2Sampler fed y", "[vector]", Doubles,
                   Floats, DeepTrees, Scans) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= 5; ++seed) {
    const auto stream = stream_with_deletions<Scalar>(seed);
    const auto sampler = fed<TestType>(stream, seed);
    const auto changes = Entries<Scalar>(stream).changes_of_y(integer_x);
    // Change by change, in the same order: the same sums of the same products.
    const auto twin = twin_of<TestType>(changes, seed);
    check_equal_images(sampler.image(), twin.image());

    // y as it is in the end, one update a coordinate.
    Updates<Scalar> final_y;
    Eigen::VectorXd y = Eigen::VectorXd::Zero(rows);
    for (std::size_t k = 0; k < changes.size(); ++k) y[changes.indices[k]] += static_cast<double>(changes.deltas[k]);
    for (Index i = 0; i < rows; ++i) final_y.push(i, static_cast<Scalar>(y[i]));
    Traffic<Twin<TestType>> traffic(twin);
    traffic.pass(changes);
    traffic.pass(final_y);
    check_same_integer_image(sampler.image(), twin_of<TestType>(final_y, seed).image(), traffic);

    const auto draw = sampler.sample(), other = twin.sample();
    REQUIRE((draw && other));
    CHECK(draw->index == other->index);
    CHECK(draw->value == other->value);
    CHECK(static_cast<double>(draw->value) == Approx(y[draw->index]).epsilon(0.1));
  }
}

TEMPLATE_TEST_CASE("A batch of entries and the same one by one give the same bytes", "[vector]", Doubles, Floats,
                   DeepTrees, Scans) {
  using Scalar = typename TestType::scalar_type;
  for (const auto& x : {integer_x, real_x}) {
    const auto stream = stream_with_deletions<Scalar>(2);
    const Entries<Scalar> entries(stream);
    TestType single(rows, x, options_of(2));
    for (std::size_t k = 0; k < stream.size(); ++k)
      single.update(entries.rows[k], entries.columns_of[k], entries.deltas[k]);
    CHECK(single.to_bytes() == fed<TestType>(stream, 2, x).to_bytes());
    single.update(std::span<const Index>(), std::span<const Index>(), std::span<const Scalar>());
    CHECK(single.to_bytes() == fed<TestType>(stream, 2, x).to_bytes());
  }
}

TEMPLATE_TEST_CASE("A row of changes equals its entries", "[vector]", Doubles, Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  const auto stream = integer_stream<Scalar>(rows * columns, 400, 3);
  TestType by_rows(rows, integer_x, options_of(3)), by_entries = by_rows;
  Traffic<Twin<TestType>> traffic(twin_of<TestType>({}, 3));
  for (std::size_t k = 0; k + columns <= stream.size(); k += columns) {
    const Index row = stream.indices[k] % rows;
    const Eigen::Map<const Eigen::VectorX<Scalar>> delta(stream.deltas.data() + k, columns);
    if (k % 2 == 0) by_rows.update_row(row, delta);
    else by_rows.update_row(row, delta.transpose().template cast<double>());
    Updates<Scalar> flat;
    for (Index j = 0; j < columns; ++j) flat.push(row * columns + j, delta[j]);
    feed(by_entries, flat);
    traffic.pass(Entries<Scalar>(flat).changes_of_y(integer_x));
    traffic.pass(Entries<Scalar>(flat).changes_of_y(integer_x));
  }
  check_same_integer_image(by_rows.image(), by_entries.image(), traffic);
  REQUIRE((by_rows.sample() && by_entries.sample()));
  CHECK(by_rows.sample()->index == by_entries.sample()->index);
}

TEMPLATE_TEST_CASE("The sum of two samplers of one x is the sampler of both streams", "[vector]", Doubles, Floats,
                   DeepTrees, Scans) {
  using Scalar = typename TestType::scalar_type;
  const auto stream = stream_with_deletions<Scalar>(4);
  const auto first = stream.part(0, 700), second = stream.part(700, stream.size());
  Traffic<Twin<TestType>> traffic(twin_of<TestType>({}, 4));
  for (int pass = 0; pass < 2; ++pass) traffic.pass(Entries<Scalar>(stream).changes_of_y(integer_x));
  auto sum = fed<TestType>(first, 4);
  sum += fed<TestType>(second, 4);
  check_same_integer_image(sum.image(), fed<TestType>(stream, 4).image(), traffic);
  sum -= fed<TestType>(second, 4);
  check_same_integer_image(sum.image(), fed<TestType>(first, 4).image(), traffic);
  const TestType& itself = sum;
  sum -= itself;
  CHECK(sum.sample().outcome() == Outcome::zero);
  CHECK(sum.squared_norm() == 0);
}

TEMPLATE_TEST_CASE("A sampler of y = A x saved, loaded and continued equals one that never stopped", "[vector]",
                   Doubles, Floats, DeepTrees, Scans) {
  using Scalar = typename TestType::scalar_type;
  const auto stream = stream_with_deletions<Scalar>(5);
  const auto rest = stream.part(700, stream.size());
  for (const auto& x : {integer_x, real_x}) {
    TestType going = fed<TestType>(stream.part(0, 700), 5, x);
    TestType stopped = TestType::from_bytes(going.to_bytes());
    CHECK(stopped.vector() == x);
    CHECK(stopped.to_bytes() == going.to_bytes());
    feed(going, rest);
    feed(stopped, rest);
    CHECK(stopped.to_bytes() == going.to_bytes());
    REQUIRE(going.sample());
    CHECK(stopped.sample()->index == going.sample()->index);
    CHECK(stopped.sample()->value == going.sample()->value);
  }
}

TEST_CASE("Clearing takes A away and leaves x", "[vector]") {
  auto sampler = fed<Doubles>(stream_with_deletions<double>(1), 1);
  sampler.clear();
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK(sampler.to_bytes() == Doubles(rows, integer_x, options_of(1)).to_bytes());
}

TEMPLATE_TEST_CASE("y = A x is zero before the first update and when all of A is taken back", "[vector][outcome]",
                   Doubles, Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType sampler(rows, real_x, options_of(seed));
    CHECK(sampler.sample().outcome() == Outcome::zero);
    const auto stream = integer_stream<Scalar>(rows * columns, 300, seed);
    feed(sampler, stream);
    sampler.update_row(5, real_x.template cast<Scalar>());
    REQUIRE(sampler.sample().outcome() == Outcome::sampled);
    feed(sampler, negated(chopped_and_shuffled(stream, seed)));
    CHECK(sampler.sample().outcome() != Outcome::zero);
    for (Index j = columns; j-- > 0;) sampler.update(5, j, -static_cast<Scalar>(real_x[j]));
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEMPLATE_TEST_CASE("y = A x is zero where A is not but A x cancels", "[vector][outcome]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  const Eigen::Vector3d x(0.1, 2 * 0.1, -0.1);  // (a, b, a + 2b) x = 0
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType sampler(rows, x, options_of(seed));
    const auto stream = integer_stream<Scalar>(rows, 200, seed);
    for (std::size_t k = 0; k + 1 < stream.size(); k += 2) {
      const Index row = stream.indices[k];
      const Scalar a = stream.deltas[k] / Scalar(7), b = stream.deltas[k + 1];
      sampler.update(row, 0, a);
      sampler.update_row(row, Eigen::Vector3<Scalar>(0, b, 0));
      sampler.update(row, 2, a);
      for (int time = 0; time < 2; ++time) sampler.update(row, 2, b);
    }
    CHECK(sampler.sample().outcome() == Outcome::zero);
    sampler.update(survivor, 1, Scalar(1));
    CHECK(sampler.sample().outcome() != Outcome::zero);
  }
}

TEST_CASE("With x = 0 every A gives zero", "[vector][outcome]") {
  FixedVectorSampler<> sampler(rows, Eigen::Vector2d(0, 0), options_of(1));
  sampler.update(3, 1, 1e10);
  sampler.update_row(4, Eigen::RowVector2d(5, -6));
  CHECK(sampler.sample().outcome() == Outcome::zero);
}

// The entries of rows cancel against the same entries one by one, whose products round differently.

TEMPLATE_TEST_CASE("What stays when large rows of A cancel is found or the draw fails", "[vector][outcome]", Doubles,
                   Floats) {
  using Scalar = typename TestType::scalar_type;
  int sampled = 0, failed = 0;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType large(rows, real_x, options_of(seed));
    const MixHash words(seed);
    for (std::uint64_t k = 0; k < 500; ++k) {
      const auto row = static_cast<Index>(words(k) % std::uint64_t{rows});
      Eigen::VectorX<Scalar> delta(columns);
      for (Index j = 0; j < columns; ++j)
        delta[j] = static_cast<Scalar>(2e4 * uniform_variate(words(500 + k * columns + static_cast<std::uint64_t>(j))));
      large.update_row(row, delta);
      for (Index j = 0; j < columns; ++j) large.update(row, j, -delta[j]);
    }
    REQUIRE(large.sample().outcome() == Outcome::zero);
    for (int exponent = 3; exponent >= -16; --exponent) {
      auto sampler = large;
      const auto size = static_cast<Scalar>(std::pow(10.0, exponent));
      sampler.update(survivor, 4, size);
      const auto draw = sampler.sample();
      INFO("seed " << seed << ", size " << size << ": " << to_string(draw.outcome()));
      CHECK(draw.outcome() != Outcome::zero);
      ++(draw ? sampled : failed);
      if (!draw) continue;
      CHECK(draw->index == survivor);
      CHECK(static_cast<double>(draw->value) == Approx(2 * static_cast<double>(size)).epsilon(0.1));
    }
  }
  CHECK((sampled > 0 && failed > 0));
}

// Two products that differ by 2⁻⁴⁹ about the middle between two floats: they round to both sides.

TEST_CASE("Products that cancel but for their rounding leave no phantom", "[vector][outcome]") {
  const double middle = 1 + 0x1p-24, little = 0x1p-50;
  for (Seed seed = 1; seed <= 1000; ++seed) {
    const SamplerOptions options{.seed = seed, .shape = {.rows = 1, .buckets = 64}};
    FixedVectorSampler<float> entries(10, Eigen::Vector2d(middle + little, -(middle - little)), options);
    entries.update(0, 0, 1.0F);
    entries.update(0, 1, 1.0F);
    CHECK(entries.sample().outcome() == Outcome::failed);
    FixedVectorSampler<float> whole_rows(10, Eigen::Vector2d(1, 1), options);
    whole_rows.update_row(0, Eigen::RowVector2d(middle, little));
    whole_rows.update_row(0, Eigen::RowVector2d(-middle, little));
    CHECK(whole_rows.sample().outcome() == Outcome::failed);
  }
}

// Even where y_i stays as it was: what passed through it must be bounded.
