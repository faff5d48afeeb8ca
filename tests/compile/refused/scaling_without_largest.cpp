// A scaling that does not say how large its factors can be.
// Message: the first policy must satisfy ScalingPolicy

#include <turnstile/sampler/l2_sampler.hpp>

using namespace turnstile;

struct Unscaled {
  explicit Unscaled(const SamplerOptions&) {}
  double operator()(std::uint64_t) const { return 1; }
  static std::string name() { return "unscaled"; }
};

#ifdef CORRECTED
using Chosen = Policies<UniformScaling>;
#else
using Chosen = Policies<Unscaled>;
#endif

L2Sampler<double, Chosen> make() { return L2Sampler<double, Chosen>(100, {}); }
