#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refusal.hpp"

#include <string>
#include <vector>

// What a sampler takes, said before it is built.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Tabulated = Policies<ExponentialScaling, TreeRecovery, TabulationHash>;
using Scanning = Policies<ExponentialScaling, ScanRecovery, PolynomialHash<4>>;

// Dimensions of one level, of two, and of five; shapes of no power of two.
const std::vector<Index> dimensions{1, 1000, 5000, Index{1} << 30};
const std::vector<SamplerOptions> all_options{
    {}, {.seed = 3, .shape = {3, 96}}, {.seed = 7, .shape = {1, 1}, .power = 1}};

// A copy, for containers of one as built may hold spare room.
template <class S>
void check_planned(const StateBytes& planned, const S& sampler) {
  const S copy = sampler;
  CHECK(planned.memory == copy.memory_bytes());
  CHECK(planned.serialized == sampler.to_bytes().size());
}

}  // namespace

TEMPLATE_TEST_CASE("the bytes of a sampler of a vector are known before it is built", "[planning]", L2Sampler<double>,
                   L2Sampler<float>, (L2Sampler<float, Tabulated>), (L2Sampler<double, Scanning>)) {
  for (Index n : dimensions)
    for (const SamplerOptions& options : all_options) {
      CAPTURE(n, options.shape.buckets);
      check_planned(state_bytes<TestType>(n, options), TestType(n, options));
    }
  check_planned(state_bytes<TestType>(1000), TestType(1000));
}

TEST_CASE("the bytes of a sampler of integers are known before it is built", "[planning]") {
  using Integers = L2Sampler<std::int64_t, IntegerPolicies>;
  for (Index n : dimensions) check_planned(state_bytes<Integers>(n), Integers(n));
}

TEMPLATE_TEST_CASE("the bytes of samplers of n rows and d columns are known before they are built", "[planning]",
                   DynamicSampler<double>, DynamicSampler<float>, (DynamicSampler<double, Tabulated>),
                   RowSampler<double>, RowSampler<float>) {
  for (Index n : dimensions)
    for (Index d : {Index{1}, Index{7}})
      for (const SamplerOptions& options : all_options) {
        CAPTURE(n, d, options.shape.buckets);
        check_planned(state_bytes<TestType>(n, d, options), TestType(n, d, options));
      }
}

TEST_CASE("the bytes of samplers of a product with a fixed factor are known before they are built", "[planning]") {
  const SamplerOptions options{.seed = 1, .shape = {3, 64}};
  const Eigen::MatrixXd a = Eigen::MatrixXd::Ones(2000, 3);
  check_planned(state_bytes<FixedMatrixSampler<>>(2000, 3, options), FixedMatrixSampler<>(a, options));
  const Eigen::Vector3d x(1, 2, 3);
  check_planned(state_bytes<FixedVectorSampler<>>(2000, 3, options), FixedVectorSampler<>(2000, x, options));
  check_planned(state_bytes<FixedVectorSampler<float>>(2000, 3, options), FixedVectorSampler<float>(2000, x, options));
}

TEST_CASE("planning refuses what a sampler would, and what no memory holds", "[planning][bad input]") {
  const auto refused = [](Index n, Index d, const SamplerOptions& options) {
    return message_of<InvalidArgument>([&] { state_bytes<DynamicSampler<>>(n, d, options); });
  };
  CHECK(contains(refused(0, 1, {}), "dimension is 0"));
  CHECK(contains(refused(10, 0, {}), "number of columns is 0"));
  CHECK(contains(refused(10, -1, {}), "number of columns is -1"));
  CHECK(contains(refused(10, 1, {.shape = {0, 1}}), "number of rows is 0"));
  CHECK(contains(refused(10, max_dimension, {}), std::to_string(max_dimension)));
  // Far more than this machine has, and not allocated.
  CHECK(state_bytes<DynamicSampler<>>(Index{1} << 40, Index{1} << 30, {}).memory > std::size_t{1} << 45);
}
