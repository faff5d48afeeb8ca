// A polynomial hash of one coefficient.
// Message: a polynomial hash of fewer than two coefficients is constant

#include <turnstile/random/polynomial_hash.hpp>

using namespace turnstile;

#ifdef CORRECTED
using Hash = PolynomialHash<2>;
#else
using Hash = PolynomialHash<1>;
#endif

std::uint64_t word(const Hash& hash) { return hash(7); }
