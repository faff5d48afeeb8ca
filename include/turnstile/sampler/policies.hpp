/// @file
/// The four policies of a sampler, in one type.
#pragma once

#include <concepts>
#include <string>

#include "turnstile/sampler/acceptance.hpp"
#include "turnstile/sampler/fixed_point_scaling.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/scaling.hpp"
#include "turnstile/sampler/scan_recovery.hpp"
#include "turnstile/sampler/tree_recovery.hpp"
#include "turnstile/sketch/norm_operator.hpp"

namespace turnstile::inline v0 {

/// How a sampler scales, finds, hashes and accepts. States of different policies never mix.
template <class Scaling = ExponentialScaling, class Recovery = TreeRecovery, class Hash = MixHash,
          class Acceptance = NoiseAcceptance>
struct Policies {
  static_assert(ScalingPolicy<Scaling>, "the first policy must satisfy ScalingPolicy");
  static_assert(KeyedHash<Hash>, "the third policy must satisfy KeyedHash");
  static_assert(RecoveryPolicy<Recovery, SketchOperator<Hash>>, "the second policy must satisfy RecoveryPolicy");
  static_assert(AcceptancePolicy<Acceptance>, "the fourth policy must satisfy AcceptancePolicy");
  static_assert(!IntegerScaling<Scaling> || !std::same_as<Acceptance, ThresholdAcceptance>,
                "ThresholdAcceptance compares w with y; a scaling by integers keeps w in units of its own");
  using scaling_type = Scaling;
  using recovery_type = Recovery;
  using hash_type = Hash;
  using acceptance_type = Acceptance;
  using table_type = SketchOperator<Hash>;       ///< the map of the scaled vector
  using norm_type = NormOperator<Hash, 3, 256>;  ///< of the norm sketch: ‖y‖² within 6 % in two of three cases

  /// Enters the identity of every state, e.g. "exponential/tree-10-5-32/mix/noise/norm-3-256".
  static std::string name() {
    return Scaling::name() + '/' + Recovery::name() + '/' + Hash::name() + '/' + Acceptance::name() + '/' +
           norm_type::name();
  }
};

using DefaultPolicies = Policies<>;

/// Of `L2Sampler<std::int64_t, IntegerPolicies>`: counters of 128 bits that never round or overflow. Changes that
/// cancel leave `zero` for certain, and equal streams equal bits on every machine, in whatever order or shards.
using IntegerPolicies = Policies<FixedPointScaling>;

/// The default of samplers of a product of factors. At n = 10⁶ two thirds of the memory that `DefaultPolicies` take.
/// A draw takes two to three times as long where rows have few columns (4), and less where they have many (100):
/// then it is the norms of all counters that take the time.
using FactoredPolicies = Policies<ExponentialScaling, WideTreeRecovery>;

}  // namespace turnstile::inline v0
