// Convolutions of integers.
// Message: a TensorSketch counts in double or float

#include <turnstile/sketch/tensor_sketch.hpp>

using namespace turnstile;

#ifdef CORRECTED
using Scalar = float;
#else
using Scalar = std::int64_t;
#endif

double norm(const TensorSketch<Scalar>& sketch) { return sketch.squared_norm(); }
