// The bytes of a sampler of A x, without the number of columns.
// Message: KeepsVector

#include <turnstile/sampler/dynamic_sampler.hpp>
#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sampler/planning.hpp>

using namespace turnstile;

#ifdef CORRECTED
using Planned = L2Sampler<>;
#else
using Planned = DynamicSampler<>;
#endif

std::size_t bytes() { return state_bytes<Planned>(1000, SamplerOptions{}).memory; }
