// A recovery that keeps keys but never finds the heaviest one.
// Message: the second policy must satisfy RecoveryPolicy

#include <turnstile/sampler/l2_sampler.hpp>

using namespace turnstile;

struct Blind {
  Blind(Index, const SamplerOptions&) {}
  std::vector<int> shifts() const { return {0}; }
  Index key(Index index) const { return index; }
  Index reading_level() const { return 0; }
  static std::string name() { return "blind"; }
};

#ifdef CORRECTED
using Chosen = Policies<ExponentialScaling, ScanRecovery>;
#else
using Chosen = Policies<ExponentialScaling, Blind>;
#endif

L2Sampler<double, Chosen> make() { return L2Sampler<double, Chosen>(100, {}); }
