#include <cstddef>
#include <vector>

#include "support/catch.hpp"
#include "support/states.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class State>
State reloaded(const State& state) {
  return State::from_bytes(state.to_bytes());
}

template <class State>
bool same(const State& a, const State& b) {
  return a.to_bytes() == b.to_bytes();
}

const std::vector<SketchShape> shapes{{1, 1}, {1, 2}, {3, 5}, {4, 64}};

}  // namespace

TEMPLATE_LIST_TEST_CASE("a state read back writes the same bytes", "[io]", AllStates) {
  for (SketchShape shape : shapes) {
    CAPTURE(shape.rows, shape.buckets);
    const auto empty = empty_state<TestType>(shape), used = used_state<TestType>(shape, 99);
    CHECK(same(reloaded(empty), empty));
    CHECK(same(reloaded(used), used));
    CHECK(reloaded(used).identity() == used.identity());
  }
}

TEMPLATE_LIST_TEST_CASE("saved, loaded and continued is as if never stopped", "[io]", AllStates) {
  for (SketchShape shape : shapes) {
    auto stopped = reloaded(used_state<TestType>(shape)), straight = used_state<TestType>(shape);
    Example<TestType>::stream(stopped);
    Example<TestType>::stream(straight);
    CHECK(same(stopped, straight));
  }
}

TEMPLATE_LIST_TEST_CASE("a loaded state merges with the one it came from", "[io]", AllStates) {
  const auto original = used_state<TestType>({3, 8});
  auto sum = original, loaded_sum = reloaded(original);
  sum += original;
  loaded_sum += original;
  CHECK(same(sum, loaded_sum));
  CHECK(sum.to_bytes() != original.to_bytes());
}

TEMPLATE_LIST_TEST_CASE("a loaded state takes no more memory than the one it came from", "[io]", AllStates) {
  const auto original = used_state<TestType>({3, 8});
  CHECK(reloaded(original).memory_bytes() <= original.memory_bytes());
}

TEMPLATE_LIST_TEST_CASE("bytes may begin at any address", "[io]", AllStates) {
  const auto original = used_state<TestType>();
  const Bytes bytes = original.to_bytes();
  for (std::size_t offset : std::initializer_list<std::size_t>{1, 2, 3, 7}) {
    Bytes moved(offset);
    moved.insert(moved.end(), bytes.begin(), bytes.end());
    CHECK(same(TestType::from_bytes(std::span<const std::byte>(moved).subspan(offset)), original));
  }
}

TEMPLATE_LIST_TEST_CASE("options other than the default survive", "[io]", SamplerStates) {
  if constexpr (std::is_constructible_v<TestType, Index, SamplerOptions>) {
    const SamplerOptions options{.seed = ~Seed{0}, .shape = {2, 3}, .power = 0.7, .epsilon = 0.1};
    CHECK(reloaded(TestType(10, options)).options() == options);
  } else {
    const auto state = empty_state<TestType>({2, 3}, ~Seed{0});
    CHECK(reloaded(state).options() == state.options());
  }
}
