// An acceptance rule that has no name to enter the identity of states.
// Message: the fourth policy must satisfy AcceptancePolicy

#include <turnstile/sampler/l2_sampler.hpp>

using namespace turnstile;

struct Nameless {
  template <class Evidence>
  static bool accepts(const Evidence& evidence) {
    return evidence.estimate() > 0;
  }
};

#ifdef CORRECTED
using Chosen = Policies<ExponentialScaling, ScanRecovery, MixHash, GapAcceptance>;
#else
using Chosen = Policies<ExponentialScaling, ScanRecovery, MixHash, Nameless>;
#endif

L2Sampler<double, Chosen> make() { return L2Sampler<double, Chosen>(100, {}); }
