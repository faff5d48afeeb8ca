/// @file
/// Everything that depends on nothing but Eigen.
#pragma once

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/io/byte_format.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/polynomial_hash.hpp"
#include "turnstile/random/variates.hpp"
#include "turnstile/sampler/fixed_matrix_builder.hpp"
#include "turnstile/sampler/fixed_matrix_sampler.hpp"
#include "turnstile/sampler/l2_sampler.hpp"
#include "turnstile/sampler/policies.hpp"
#include "turnstile/sketch/ams_sketch.hpp"
#include "turnstile/sketch/count_sketch.hpp"
#include "turnstile/sketch/sketched_matrix.hpp"
#include "turnstile/version.hpp"
