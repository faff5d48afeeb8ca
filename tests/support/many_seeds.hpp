#pragma once

#include <turnstile/core/types.hpp>

#include "support/parallel.hpp"

#include <cstddef>
#include <type_traits>
#include <vector>

namespace turnstile::testing {

// {experiment(first), experiment(first + 1), …}, `count` of them, on all processors; the answer does
// not depend on how many there are. Successive seeds on purpose: they must do as well as any.
template <class Experiment>
auto for_many_seeds(long count, Seed first, const Experiment& experiment) {
  std::vector<std::invoke_result_t<Experiment, Seed>> results(static_cast<std::size_t>(count));
  examples::parallel_for(
      count, [&](std::int64_t k) { results[static_cast<std::size_t>(k)] = experiment(first + static_cast<Seed>(k)); });
  return results;
}

}  // namespace turnstile::testing
