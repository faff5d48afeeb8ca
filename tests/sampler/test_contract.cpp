#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <vector>

// The public names, exactly as users write them.

namespace {

using namespace turnstile;

using Scan = Policies<ExponentialScaling, ScanRecovery>;
using Polynomial = Policies<ExponentialScaling, TreeRecovery, PolynomialHash<4>>;

static_assert(std::same_as<Index, Eigen::Index> && std::same_as<Seed, std::uint64_t>);
static_assert(std::same_as<DefaultPolicies, Policies<>>);
static_assert(std::same_as<Policies<>, Policies<ExponentialScaling, TreeRecovery, MixHash>>);

static_assert(KeyedHash<MixHash> && KeyedHash<PolynomialHash<2>> && KeyedHash<PolynomialHash<4>>);
static_assert(ScalingPolicy<ExponentialScaling>);
static_assert(RecoveryPolicy<ScanRecovery, SketchOperator<MixHash>>);
static_assert(RecoveryPolicy<TreeRecovery, SketchOperator<PolynomialHash<4>>>);
static_assert(AcceptancePolicy<NoiseAcceptance>);
static_assert(!KeyedHash<int> && !ScalingPolicy<int> && !AcceptancePolicy<int> && !Sampler<AmsSketch<>>);

template <class S, class ScalarType, class PoliciesType>
constexpr bool is_sampler_of = Sampler<S>&& LinearState<S>&& std::same_as<typename S::scalar_type, ScalarType>&&
    std::same_as<typename S::draw_type, Draw<ScalarType>>&& std::same_as<typename S::policies_type, PoliciesType>&&
        std::copyable<S>&& std::is_nothrow_move_constructible_v<S>;

static_assert(is_sampler_of<L2Sampler<>, double, DefaultPolicies>);
static_assert(is_sampler_of<L2Sampler<float>, float, DefaultPolicies>);
static_assert(is_sampler_of<L2Sampler<double, Scan>, double, Scan>);
static_assert(is_sampler_of<L2Sampler<float, Polynomial>, float, Polynomial>);
static_assert(is_sampler_of<FixedMatrixSampler<>, double, DefaultPolicies>);
static_assert(is_sampler_of<FixedMatrixSampler<float, Scan>, float, Scan>);
static_assert(LinearState<FixedMatrixBuilder<>> && LinearState<CountSketch<>> && LinearState<AmsSketch<>>);

static_assert(std::derived_from<Error, std::runtime_error>);
static_assert(std::derived_from<InvalidArgument, Error> && std::derived_from<IncompatibleSketch, Error>);
static_assert(std::derived_from<CorruptState, Error> && std::derived_from<BadDraw, Error>);

// The verbs that all samplers have.
template <class S>
void use_every_verb_of_a_sampler(S& sampler) {
  const S& state = sampler;
  const DrawResult<typename S::draw_type> result = state.sample();
  REQUIRE(result);
  CHECK(result.outcome() == Outcome::sampled);
  const Index index = result->index;
  const typename S::scalar_type value = (*result).value;
  const double probability = result.value().probability, standard_error = result->standard_error;
  CHECK((index >= 0 && index < state.dimension()));
  CHECK((value != 0 && probability > 0 && probability <= 1 && standard_error >= 0));

  const std::vector<typename S::draw_type> without = state.sample_without_replacement(2);
  const std::vector<typename S::draw_type> with = state.sample_with_replacement(3, Seed{7});
  const std::vector<typename S::draw_type> heavy = state.heaviest(1);
  REQUIRE((!without.empty() && with.size() == 3 && heavy.size() == 1));
  CHECK((without[0].index == index && with[0].index == index));
  const typename S::scalar_type estimate = state.estimate(index);
  CHECK(static_cast<double>(estimate) == Approx(static_cast<double>(value)));
  const double squared_norm = state.squared_norm();
  CHECK(squared_norm > 0);

  const SamplerOptions options = state.options();
  const std::size_t memory = state.memory_bytes();
  CHECK((options.seed == 1 && memory > 0));
  std::ostringstream text;
  text << state;
  CHECK(!text.str().empty());

  const std::vector<std::byte> bytes = state.to_bytes();
  S copy = S::from_bytes(std::span<const std::byte>(bytes));
  static_assert(std::same_as<decltype(copy += state), S&> && std::same_as<decltype(copy -= state), S&>);
  copy += state;
  copy -= state;
  copy.clear();
  CHECK(copy.sample().outcome() == Outcome::zero);
}

}  // namespace

TEST_CASE("Options and shapes are written with designated initialisers", "[contract]") {
  const SketchShape shape{.rows = 7, .buckets = 512};
  const SamplerOptions options{.seed = 3, .shape = shape, .power = 1, .epsilon = 0.5};
  CHECK((options.seed == 3 && options.shape.rows == 7 && options.shape.buckets == 512));
  CHECK((options.power == 1 && options.epsilon == 0.5));
  const SamplerOptions usual;
  CHECK((usual.seed == 0 && usual.shape.rows == 5 && usual.shape.buckets == 1024));
  CHECK((usual.power == 2 && usual.epsilon == 0.25));
  CHECK(SketchShape::for_draws(1'000, 2, 0.01).rows == 5);
}

TEST_CASE("Draws are aggregates of index, value, probability and standard error", "[contract]") {
  const auto [index, value, probability, standard_error] = Draw<float>{3, 1.5F, 0.25, 0.1};
  CHECK((index == 3 && value == 1.5F && probability == 0.25 && standard_error == 0.1));
  const PairDraw<double> pair{.row = 1, .col = 2, .value = 3, .probability = 0.5, .standard_error = 0};
  CHECK((pair.row == 1 && pair.col == 2));
  const RowDraw<double> row{.index = 1, .row = Eigen::RowVector2d(1, 2), .probability = 0.5};
  CHECK(row.row.size() == 2);
}

TEST_CASE("The verbs of L2Sampler compile and run as they are documented", "[contract]") {
  L2Sampler<> sampler(1000, {.seed = 1});
  sampler.update(42, 3.0);
  const std::vector<Index> indices{7, 8};
  const std::vector<double> deltas{1.0, -2.0};
  sampler.update(std::span<const Index>(indices), std::span<const double>(deltas));
  sampler.update(Eigen::Vector2<Index>(9, 10), Eigen::Vector2d(1, 1));
  sampler.update(Eigen::RowVector2i(11, 12), 2 * Eigen::RowVector2d(1, 1));
  use_every_verb_of_a_sampler(sampler);

  L2Sampler<double, Scan> scan(1000, {.seed = 1});
  scan.update(42, 3.0);
  scan.update(7, 1.0);
  use_every_verb_of_a_sampler(scan);
  L2Sampler<float, Polynomial> polynomial(1000, {.seed = 1});
  polynomial.update(42, 3.0F);
  polynomial.update(7, 1.0F);
  use_every_verb_of_a_sampler(polynomial);
}

TEST_CASE("The verbs of FixedMatrixSampler compile and run as they are documented", "[contract]") {
  Eigen::MatrixXd a(3, 2);
  a << 1, 0, 0, 2, 5, 5;
  FixedMatrixSampler<> sampler(a, {.seed = 1});
  sampler.update(0, 1.0);
  sampler.update(Eigen::Vector2d(0.5, -1));
  sampler.update(Eigen::RowVector2d(0.5, 0));
  sampler.refresh();
  use_every_verb_of_a_sampler(sampler);

  const Eigen::SparseMatrix<float> sparse = a.cast<float>().sparseView();
  FixedMatrixSampler<float, Polynomial> from_sparse(sparse, {.seed = 1});
  from_sparse.update(1, 2.0F);
  use_every_verb_of_a_sampler(from_sparse);
}

TEST_CASE("The verbs of FixedMatrixBuilder compile and run as they are documented", "[contract]") {
  FixedMatrixBuilder<> builder(4, 2, {.seed = 1}), shard(4, 2, {.seed = 1});
  builder.add_rows(0, Eigen::MatrixXd::Ones(2, 2));
  const Eigen::SparseMatrix<double> block = Eigen::MatrixXd::Identity(2, 2).sparseView();
  shard.add_rows(2, block);
  builder += shard;
  CHECK(builder.memory_bytes() > 0);
  const auto bytes = builder.to_bytes();
  CHECK(FixedMatrixBuilder<>::from_bytes(bytes).to_bytes() == bytes);
  FixedMatrixSampler<> sampler = std::move(builder).build();
  sampler.update(0, 1.0);
  CHECK(sampler.sample());
}

TEST_CASE("Errors are caught as turnstile::Error and as std::runtime_error", "[contract]") {
  const L2Sampler<> sampler(10);
  CHECK_THROWS_AS(*sampler.sample(), Error);
  CHECK_THROWS_AS(*sampler.sample(), BadDraw);
  CHECK_THROWS_AS(L2Sampler<>(0), std::runtime_error);
}
