// A member of a template that nothing calls is not compiled. Here all are, of the samplers.

#include <turnstile/turnstile.hpp>

#include <cstdint>

using namespace turnstile;

template class turnstile::L2Sampler<double>;
template class turnstile::L2Sampler<float>;
template class turnstile::L2Sampler<double, Policies<ExponentialScaling, ScanRecovery>>;
template class turnstile::L2Sampler<float, Policies<ExponentialScaling, TreeRecovery, PolynomialHash<4>>>;
template class turnstile::L2Sampler<double, Policies<ExponentialScaling, TreeRecovery, TabulationHash>>;
template class turnstile::L2Sampler<float, Policies<ExponentialScaling, ScanRecovery, NisanGenerator>>;
template class turnstile::L2Sampler<std::int64_t, IntegerPolicies>;
template class turnstile::FixedMatrixSampler<double>;
template class turnstile::FixedMatrixSampler<float>;
template class turnstile::FixedMatrixBuilder<double>;
template class turnstile::FixedMatrixBuilder<float>;
template class turnstile::DynamicSampler<double>;
template class turnstile::DynamicSampler<float>;
template class turnstile::ExactKroneckerSampler<double>;
template class turnstile::ExactKroneckerSampler<float>;
template class turnstile::FactoredKroneckerSampler<double>;
template class turnstile::FactoredKroneckerSampler<float>;
template class turnstile::FactoredTensorSampler<double>;
template class turnstile::FixedVectorSampler<double>;
template class turnstile::FixedVectorSampler<float>;
template class turnstile::PairwiseKroneckerSampler<double>;
template class turnstile::PairwiseKroneckerSampler<float>;
template class turnstile::RowSampler<double>;
template class turnstile::RowSampler<float>;
template class turnstile::SamplerBank<L2Sampler<>>;
template class turnstile::SamplerBank<FixedVectorSampler<float>>;
template class turnstile::SamplerBank<FixedMatrixSampler<>>;
template class turnstile::SamplerBank<DynamicSampler<>>;
template class turnstile::SamplerBank<FactoredKroneckerSampler<>>;
template class turnstile::UpdateBuffer<L2Sampler<>>;
template class turnstile::UpdateBuffer<SamplerBank<L2Sampler<>>>;
template class turnstile::SoftmaxSampler<double>;
template class turnstile::SoftmaxSampler<float>;
template class turnstile::BoundedSoftmaxSampler<double>;
template class turnstile::BoundedSoftmaxSampler<float>;
template class turnstile::BoundedSoftmaxProductSampler<double>;
template class turnstile::BoundedSoftmaxProductSampler<float>;
