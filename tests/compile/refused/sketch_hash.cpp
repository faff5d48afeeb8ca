// A number where the hash of a sketch belongs.
// Message: KeyedHash

#include <turnstile/sketch/count_sketch.hpp>

using namespace turnstile;

#ifdef CORRECTED
using Hash = MixHash;
#else
using Hash = double;
#endif

double norm(const CountSketch<double, Hash>& sketch) { return sketch.squared_norm(); }
