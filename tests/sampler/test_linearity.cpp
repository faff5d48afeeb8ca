#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/integer_stream.hpp"
#include "support/small_samplers.hpp"

#include <vector>

// L2Sampler is linear: properties of random streams of integers, for three kinds of policies.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = L2Sampler<>;
using Floats = L2Sampler<float>;
using DeepTrees = L2Sampler<double, DeepTreePolynomial>;
using ScanFloats = L2Sampler<float, Scan>;

constexpr Index dimension = 5000;
constexpr std::size_t length = 700;  // not a multiple of the size of a block of updates
constexpr int rounds = 10;

// The sampler of a stream, and the stream.
template <class S>
struct Fed {
  using Scalar = typename S::scalar_type;

  explicit Fed(Seed seed) : options{.seed = seed}, updates(integer_stream<Scalar>(dimension, length, seed)) {}

  S sampler(std::size_t first = 0, std::size_t end = length) const { return of(updates.part(first, end)); }
  S of(const Updates<Scalar>& stream) const {
    S result(dimension, options);
    result.update(stream.indices, stream.deltas);
    return result;
  }
  // Of two samplers that took it once each.
  Traffic<S> traffic() const {
    Traffic<S> both(of({}));
    both.pass(updates);
    both.pass(updates);
    return both;
  }

  SamplerOptions options;
  Updates<Scalar> updates;
};

}  // namespace

TEMPLATE_TEST_CASE("A batch and the same updates one by one give the same bytes", "[linearity]", Doubles, Floats,
                   DeepTrees, ScanFloats) {
  for (Seed seed = 1; seed <= rounds; ++seed) {
    const Fed<TestType> fed(seed);
    TestType single(dimension, fed.options), batches(dimension, fed.options);
    for (std::size_t k = 0; k < length; ++k) single.update(fed.updates.indices[k], fed.updates.deltas[k]);
    for (std::size_t first = 0, size = 1; first < length; first += size, size = 2 * size + 1) {
      const auto part = fed.updates.part(first, std::min(first + size, length));
      batches.update(part.indices, part.deltas);
    }
    const auto bytes = fed.sampler().to_bytes();
    CHECK(single.to_bytes() == bytes);
    CHECK(batches.to_bytes() == bytes);
  }
}

TEMPLATE_TEST_CASE("Eigen vectors and spans are the same batch", "[linearity]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  const Fed<TestType> fed(1);
  const auto count = static_cast<Index>(length);
  const Eigen::Map<const Eigen::VectorX<Index>> indices(fed.updates.indices.data(), count);
  const Eigen::Map<const Eigen::VectorX<Scalar>> deltas(fed.updates.deltas.data(), count);
  TestType columns(dimension, fed.options), rows(dimension, fed.options);
  columns.update(indices, deltas);
  rows.update(indices.template cast<int>().transpose(), deltas.transpose());
  CHECK(columns.to_bytes() == fed.sampler().to_bytes());
  CHECK(rows.to_bytes() == fed.sampler().to_bytes());
}

TEST_CASE("An empty batch changes nothing", "[linearity]") {
  const Fed<Doubles> fed(1);
  Doubles sampler = fed.sampler();
  sampler.update(std::span<const Index>(), std::span<const double>());
  CHECK(sampler.to_bytes() == fed.sampler().to_bytes());
}

TEMPLATE_TEST_CASE("Any order and any chopping of a stream give the same sketch", "[linearity]", Doubles, Floats,
                   DeepTrees, ScanFloats) {
  for (Seed seed = 1; seed <= rounds; ++seed) {
    const Fed<TestType> fed(seed);
    const auto pieces = chopped_and_shuffled(fed.updates, seed);
    const auto other = fed.of(pieces);
    auto traffic = fed.traffic();
    traffic.pass(pieces);
    check_same_integer_image(fed.sampler().image(), other.image(), traffic);
    const auto a = fed.sampler().sample(), b = other.sample();
    REQUIRE((a && b));
    CHECK(a->index == b->index);
  }
}

TEMPLATE_TEST_CASE("The sum of two sketches is the sketch of both streams", "[linearity]", Doubles, Floats, DeepTrees,
                   ScanFloats) {
  for (Seed seed = 1; seed <= rounds; ++seed) {
    const Fed<TestType> fed(seed);
    const std::size_t cut = length * seed / (rounds + 1);
    TestType sum = fed.sampler(0, cut);
    sum += fed.sampler(cut, length);
    check_same_integer_image(sum.image(), fed.sampler().image(), fed.traffic());
    TestType difference = fed.sampler();
    difference -= fed.sampler(cut, length);
    check_same_integer_image(difference.image(), fed.sampler(0, cut).image(), fed.traffic());
  }
}

TEMPLATE_TEST_CASE("A sampler minus itself is zero, plus itself twice the stream", "[linearity]", Doubles, Floats) {
  const Fed<TestType> fed(3);
  TestType sampler = fed.sampler();
  const TestType& itself = sampler;
  sampler += itself;
  auto twice = fed.updates;
  for (auto& delta : twice.deltas) delta *= 2;
  auto traffic = fed.traffic();
  traffic.pass(twice);
  check_same_integer_image(sampler.image(), fed.of(twice).image(), traffic);
  sampler -= itself;
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK(sampler.squared_norm() == 0);
  check_same_integer_image(sampler.image(), fed.of({}).image(), Traffic<TestType>(sampler));
}

TEMPLATE_TEST_CASE("An update and its inverse restore the state", "[linearity]", Doubles, Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= rounds; ++seed) {
    const Fed<TestType> fed(seed);
    TestType sampler = fed.sampler();
    const Updates<Scalar> change{{0, 17, dimension - 1, 17}, {1234, -5, 7, 1}};
    auto inverse = change;
    for (Scalar& delta : inverse.deltas) delta = -delta;
    sampler.update(change.indices, change.deltas);
    CHECK(sampler.image().residue != fed.sampler().image().residue);
    sampler.update(inverse.indices, inverse.deltas);
    auto traffic = fed.traffic();
    traffic.pass(change);
    traffic.pass(inverse);
    check_same_integer_image(sampler.image(), fed.sampler().image(), traffic);
  }
}

TEMPLATE_TEST_CASE("Save, load and continue equals never having stopped", "[linearity]", Doubles, Floats, DeepTrees,
                   ScanFloats) {
  for (Seed seed = 1; seed <= rounds; ++seed) {
    const Fed<TestType> fed(seed);
    const std::size_t cut = length * seed / (rounds + 1);
    const auto rest = fed.updates.part(cut, length);
    TestType stopped = TestType::from_bytes(fed.sampler(0, cut).to_bytes());
    stopped.update(rest.indices, rest.deltas);
    CHECK(stopped.to_bytes() == fed.sampler().to_bytes());
  }
}

TEMPLATE_TEST_CASE("The same state gives the same answer", "[linearity]", Doubles, Floats, DeepTrees) {
  const Fed<TestType> fed(2);
  const TestType sampler = fed.sampler(), copy = sampler;
  const auto first = sampler.sample(), again = sampler.sample(), of_copy = copy.sample();
  REQUIRE((first && again && of_copy));
  for (const auto& other : {*again, *of_copy}) {
    CHECK(other.index == first->index);
    CHECK(other.value == first->value);
    CHECK(other.probability == first->probability);
    CHECK(other.standard_error == first->standard_error);
  }
  CHECK(sampler.to_bytes() == copy.to_bytes());
}
