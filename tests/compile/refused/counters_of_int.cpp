// Counters of 32 bits, which would overflow unseen.
// Message: counters are double, float, std::int64_t, or rows of double or float

#include <turnstile/sketch/count_sketch.hpp>

using namespace turnstile;

#ifdef CORRECTED
using Counter = std::int64_t;
#else
using Counter = int;
#endif

double norm(const CountSketch<Counter>& sketch) { return sketch.squared_norm(); }
