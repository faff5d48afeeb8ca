// The identity guards loading: a state of another class, scalar, policy or size is refused although
// its checksum fits, before anything is allocated for it. The sizes tried here do not fit in
// memory, so that an allocation would end in std::bad_alloc, which is no CorruptState.

#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/every_state.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index most = std::numeric_limits<Index>::max(), least = std::numeric_limits<Index>::min();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Identities that differ from the given one in one field, none of which its arrays can belong to.
std::vector<Identity> foreign_identities(const Identity& good) {
  std::vector<Identity> foreign;
  const auto with = [&](auto&& change) { change(foreign.emplace_back(good)); };
  for (const std::string& text : {std::string(), good.kind + "s", std::string("NoSuchKind"), std::string(1000, 'x')}) {
    with([&](Identity& id) { id.kind = text; });
    with([&](Identity& id) { id.scalar = text; });
    with([&](Identity& id) { id.policies = text; });
  }
  for (Index wrong : {Index{0}, Index{-1}, least, most, max_dimension + 1}) {
    with([&](Identity& id) { id.dimension = wrong; });
    with([&](Identity& id) { id.width = wrong; });
    with([&](Identity& id) { id.options.shape.rows = wrong; });
    with([&](Identity& id) { id.options.shape.buckets = wrong; });
  }
  for (Index factor : {Index{2}, Index{63}}) {
    with([&](Identity& id) { id.width *= factor; });
    with([&](Identity& id) { id.options.shape.rows *= factor; });
    with([&](Identity& id) { id.options.shape.buckets *= factor; });
  }
  with([&](Identity& id) { id.width += Index{1} << 56; });
  with([&](Identity& id) { id.options.shape.rows = 64; });
  with([&](Identity& id) { id.options.shape.buckets = Index{1} << 32; });
  with([&](Identity& id) { id.options.shape.buckets = Index{1} << 61; });
  for (double wrong : {nan_value, infinity, 0.0, -2.0, 2.5}) {
    with([&](Identity& id) { id.options.power = wrong; });
    with([&](Identity& id) { id.options.epsilon = wrong; });
  }
  with([&](Identity& id) { id.operand ^= 1; });
  return foreign;
}

// Numbers that the identity alone holds, so that any arrays go with another: the temperature or bound of softmax,
// as the operand, and the shape of a sampler that has no sketch.
bool goes_with_any_arrays(const Identity& good, const Identity& other) {
  const SketchShape& shape = other.options.shape;
  if (contains(good.kind, "Softmax")) return other.operand != good.operand;
  return good.kind == ExactKroneckerSampler<>::kind && shape != good.options.shape && shape.rows >= 1 &&
         shape.rows <= 63 && shape.buckets >= 1 && shape.buckets <= Index{1} << 32;
}

std::string text_of(const Identity& identity) {
  std::ostringstream text;
  Identity::for_each_field(identity,
                           [&](std::string_view name, const auto& value) { text << name << '=' << value << ' '; });
  return text.str();
}

bool same_names(const Identity& a, const Identity& b) {
  return a.kind == b.kind && a.scalar == b.scalar && a.policies == b.policies;
}

struct Written {
  Identity identity;
  Bytes bytes;
};

template <class... States>
std::vector<Written> one_of_each(const std::tuple<States...>*) {
  return {{used_state<States>().identity(), used_state<States>().to_bytes()}...};
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a state whose identity has one wrong field is refused", "[io]", EveryState) {
  const auto state = used_state<TestType>();
  REQUIRE_FALSE(refused<TestType>(with_identity(state, state.identity())));
  for (const Identity& identity : foreign_identities(state.identity())) {
    CAPTURE(text_of(identity));
    CHECK(refused<TestType>(with_identity(state, identity)) != goes_with_any_arrays(state.identity(), identity));
  }
}

TEMPLATE_LIST_TEST_CASE("a state of any other kind, scalar or policy is refused", "[io]", AllStates) {
  const Identity own = used_state<TestType>().identity();
  for (const Written& other : one_of_each(static_cast<const AllStates*>(nullptr))) {
    if (same_names(other.identity, own)) continue;  // numbers and rows of one number are one kind of state (below)
    const std::string message = message_of_exactly<CorruptState>([&] { TestType::from_bytes(other.bytes); });
    CAPTURE(text_of(other.identity), text_of(own), message);
    CHECK(message != "(nothing was thrown)");
  }
}

TEST_CASE("a sketch of numbers is also one of rows of one number, and of no wider rows", "[io]") {
  const auto numbers = used_state<CountSketch<>>({3, 8});
  const auto rows = SketchedMatrix<>::from_bytes(numbers.to_bytes());
  CHECK(rows.width() == 1);
  CHECK(rows.estimate(4)[0] == numbers.estimate(4));
  CHECK(CountSketch<>::from_bytes(rows.to_bytes()).estimate(4) == numbers.estimate(4));
  CHECK(refused<CountSketch<>>(used_state<SketchedMatrix<>>({3, 8}).to_bytes()));
}

// A seed fits any arrays; but then the state says so, and does not merge with its neighbour.
TEMPLATE_LIST_TEST_CASE("a state loaded with another seed is one of another seed", "[io]", AllStates) {
  const auto state = used_state<TestType>();
  Identity identity = state.identity();
  identity.options.seed = 2;
  auto loaded = TestType::from_bytes(with_identity(state, identity));
  CHECK(loaded.identity().options.seed == 2);
  CHECK(contains(message_of_exactly<IncompatibleSketch>([&] { loaded += state; }), "seed is 1, expected 2"));
}

TEST_CASE("the first field that differs is named, with what was found and expected", "[io]") {
  const auto message = [](auto&& change) {
    const auto state = used_state<CountSketch<>>();
    Identity identity = state.identity();
    change(identity);
    return message_of_exactly<CorruptState>([&] { CountSketch<>::from_bytes(with_identity(state, identity)); });
  };
  CHECK(contains(message([](Identity& id) { id.kind = "L2Sampler"; }), "kind is L2Sampler, expected CountSketch"));
  CHECK(contains(message([](Identity& id) { id.scalar = "int64"; }), "scalar is int64, expected float64"));
  CHECK(contains(message([](Identity& id) { id.policies = "polynomial4"; }), "policies is polynomial4, expected mix"));
  CHECK(contains(message([](Identity& id) { id.dimension = 7; }), "dimension is 7, expected 4611686018427387904"));
  CHECK(contains(message([](Identity& id) { id.options.shape.rows = 0; }), "rows is 0"));
  CHECK(contains(message([](Identity& id) { id.options.power = 1; }), "power is 1, expected 2"));
  CHECK(contains(message([](Identity& id) { id.operand = 9; }), "fixed operand is 9, expected 0"));
}

TEST_CASE("identities are equal when all fields are", "[io]") {
  const Identity good = used_state<L2Sampler<>>().identity();
  CHECK(good == used_state<L2Sampler<>>().identity());
  for (const Identity& identity : foreign_identities(good)) CHECK_FALSE(identity == good);
}
