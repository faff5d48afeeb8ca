// The public states model the concepts: asserted here and not beside each class, where it would cost everyone who
// includes a header the instances.

#include <cstdint>

#include "turnstile/core/concepts.hpp"
#include "turnstile/sampler/dynamic_sampler.hpp"
#include "turnstile/sampler/factored_kronecker_sampler.hpp"
#include "turnstile/sampler/fixed_matrix_builder.hpp"
#include "turnstile/sampler/fixed_matrix_sampler.hpp"
#include "turnstile/sampler/fixed_vector_sampler.hpp"
#include "turnstile/sampler/l2_sampler.hpp"
#include "turnstile/sampler/row_sampler.hpp"
#include "turnstile/sketch/ams_sketch.hpp"
#include "turnstile/sketch/count_sketch.hpp"
#include "turnstile/sketch/tensor_sketch.hpp"
#include "turnstile/softmax/bounded_softmax_product_sampler.hpp"
#include "turnstile/softmax/bounded_softmax_sampler.hpp"
#include "turnstile/softmax/softmax_sampler.hpp"

namespace turnstile {

static_assert(LinearState<AmsSketch<>>);
static_assert(LinearState<BoundedSoftmaxProductSampler<>>);
static_assert(LinearState<BoundedSoftmaxProductSampler<float>>);
static_assert(LinearState<BoundedSoftmaxSampler<>>);
static_assert(LinearState<BoundedSoftmaxSampler<float>>);
static_assert(LinearState<CountSketch<>>);
static_assert(LinearState<FactoredKroneckerSampler<>>);
static_assert(LinearState<FixedMatrixBuilder<>>);
static_assert(LinearState<SoftmaxSampler<>>);
static_assert(LinearState<SoftmaxSampler<float>>);
static_assert(LinearState<TensorSketch<>>);
static_assert(Sampler<DynamicSampler<>>);
static_assert(Sampler<FixedMatrixSampler<>>);
static_assert(Sampler<FixedVectorSampler<>>);
static_assert(Sampler<L2Sampler<>>);
static_assert(Sampler<L2Sampler<float>>);
static_assert(Sampler<L2Sampler<std::int64_t, IntegerPolicies>>);
static_assert(Sampler<RowSampler<>>);

}  // namespace turnstile
