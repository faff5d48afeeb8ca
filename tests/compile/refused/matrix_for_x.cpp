// A matrix where x belongs.
// Message: x is a vector

#include <turnstile/sampler/fixed_vector_sampler.hpp>

using namespace turnstile;

#ifdef CORRECTED
using X = Eigen::VectorXd;
#else
using X = Eigen::MatrixXd;
#endif

FixedVectorSampler<> make(const X& x) { return FixedVectorSampler<>(100, x); }
