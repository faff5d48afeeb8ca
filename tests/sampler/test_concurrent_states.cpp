// Const members of every kind may be called from several threads at once, those too that catch up on updates
// not yet applied or use what the thread keeps (the transforms of TensorSketch). Each thread reads its own
// answers from one state, which must be those of a single thread; under a thread sanitizer this is a test of
// races as well. A `mutable` cache without a lock turns it red there.

#include "support/catch.hpp"
#include "support/every_state.hpp"

#include <concepts>
#include <cstddef>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using States = std::tuple<FixedVectorSampler<double>, DynamicSampler<double>, RowSampler<double>, TensorSketch<double>,
                          FactoredTensorSampler<double>, FactoredKroneckerSampler<double>,
                          ExactKroneckerSampler<double>, PairwiseKroneckerSampler<double>, SamplerBank<L2Sampler<>>,
                          SoftmaxSampler<double>, BoundedSoftmaxSampler<double>, BoundedSoftmaxProductSampler<double>>;

// What a state says: its bytes, its size in its law, and the probabilities of what it draws.
struct Answers {
  std::vector<std::byte> bytes;
  std::vector<double> numbers;
  bool operator==(const Answers&) const = default;
};

template <class State>
Answers ask(const State& state) {
  Answers answers{state.to_bytes(), {}};
  const auto keep = [&](const auto& draws) {
    for (const auto& draw : draws) answers.numbers.push_back(draw.probability);
  };
  if constexpr (requires { state.squared_norm(); }) {
    if constexpr (std::convertible_to<decltype(state.squared_norm()), double>)
      answers.numbers.push_back(state.squared_norm());
  }
  if constexpr (requires { state.sample().outcome(); }) {
    const auto draw = state.sample();
    answers.numbers.push_back(draw ? draw->probability : -1);
  }
  if constexpr (requires { state.sample_without_replacement(2); }) keep(state.sample_without_replacement(2));
  if constexpr (requires { state.heaviest(2); }) keep(state.heaviest(2));
  if constexpr (requires { state.sample_with_replacement(2, Seed{7}); })
    keep(state.sample_with_replacement(2, Seed{7}));
  return answers;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("Four threads read from one state what one reads", "[threads]", States) {
  TestType state = empty_state<TestType>({3, 32}, 5);
  Example<TestType>::stream(state);
  const TestType asked = state;  // whatever a state puts off is still put off here
  const Answers expected = ask(asked);
  std::vector<Answers> found(4);
  {
    std::vector<std::jthread> readers;
    for (Answers& answers : found) readers.emplace_back([&] { answers = ask(std::as_const(state)); });
  }
  CHECK(!expected.numbers.empty());
  for (const Answers& answers : found) CHECK((answers == expected));
}
