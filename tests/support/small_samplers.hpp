#pragma once

#include <turnstile/sampler/policies.hpp>

#include "support/sketch_kinds.hpp"

// Policies that samplers are tested with beside the default, and options for samplers of a few hundred
// coordinates.

namespace turnstile::testing {

using DeepRecovery = PrefixTreeRecovery<4, 3, 16>;  // three levels at n = 1000, and a beam that leaves out most
using Scan = Policies<ExponentialScaling, ScanRecovery>;
using DeepTree = Policies<ExponentialScaling, DeepRecovery>;
using DeepTreePolynomial = Policies<ExponentialScaling, DeepRecovery, Polynomial>;

inline SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 3, .buckets = 256}}; }

}  // namespace turnstile::testing
