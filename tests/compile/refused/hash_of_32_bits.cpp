// A hash whose words have 32 bits.
// Message: the third policy must satisfy KeyedHash

#include <turnstile/sampler/l2_sampler.hpp>

using namespace turnstile;

struct HalfHash {
  static constexpr std::uint64_t key_limit = ~std::uint64_t{0};
  explicit HalfHash(Seed) {}
  std::uint32_t operator()(std::uint64_t key) const { return static_cast<std::uint32_t>(key); }
  static std::string name() { return "half"; }
};

#ifdef CORRECTED
using Chosen = Policies<ExponentialScaling, ScanRecovery, MixHash>;
#else
using Chosen = Policies<ExponentialScaling, ScanRecovery, HalfHash>;
#endif

L2Sampler<double, Chosen> make() { return L2Sampler<double, Chosen>(100, {}); }
