#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_stream.hpp"
#include "support/small_samplers.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

// FixedVectorSampler stands for an L2Sampler that was fed y = A x, entry by entry of A.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = FixedVectorSampler<>;
using Floats = FixedVectorSampler<float>;
using DeepTrees = FixedVectorSampler<double, DeepTreePolynomial>;
using Scans = FixedVectorSampler<float, Scan>;

template <class S>
using Twin = L2Sampler<typename S::scalar_type, typename S::policies_type>;

constexpr Index rows = 900, columns = 7;

const Eigen::VectorXd integer_x{{3, -1, 0, 2, 9, -7, 1}};
const Eigen::VectorXd real_x{{0.1, -1 / 3.0, 1e-3, 700 / 9.0, 2, -1e4 / 7, 0.7}};

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
    if (k % 2 == 0)
      by_rows.update_row(row, delta);
    else
      by_rows.update_row(row, delta.transpose().template cast<double>());
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
