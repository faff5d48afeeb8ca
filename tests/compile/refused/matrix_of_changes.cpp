// A matrix where the changes of a batch belong.
// Message: update takes a vector of indices and a vector of changes

#include <turnstile/sampler/l2_sampler.hpp>

using namespace turnstile;

#ifdef CORRECTED
using Deltas = Eigen::VectorXd;
#else
using Deltas = Eigen::MatrixXd;
#endif

void change(L2Sampler<>& sampler, const Eigen::VectorX<Index>& indices, const Deltas& deltas) {
  sampler.update(indices, deltas);
}
