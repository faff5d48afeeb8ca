// A sampler of integers whose scale factors are none.
// Message: a sampler of std::int64_t takes IntegerPolicies

#include <turnstile/sampler/l2_sampler.hpp>

#include <cstdint>

using namespace turnstile;

#ifdef CORRECTED
using Chosen = L2Sampler<std::int64_t, IntegerPolicies>;
#else
using Chosen = L2Sampler<std::int64_t>;
#endif

Chosen make() { return Chosen(100, {}); }
