#pragma once

#include <turnstile/random/polynomial_hash.hpp>
#include <turnstile/sketch/ams_sketch.hpp>
#include <turnstile/sketch/count_sketch.hpp>
#include <turnstile/sketch/sketched_matrix.hpp>

#include <cstdint>
#include <tuple>
#include <type_traits>

// The sketches under test, as lists for TEMPLATE_LIST_TEST_CASE, and how to treat them alike.

namespace turnstile::testing {

using Polynomial = PolynomialHash<4>;

using ScalarCountSketches =
    std::tuple<CountSketch<double>, CountSketch<float>, CountSketch<std::int64_t>, CountSketch<double, Polynomial>,
               CountSketch<float, Polynomial>, CountSketch<std::int64_t, Polynomial>>;
using ScalarAmsSketches =
    std::tuple<AmsSketch<double>, AmsSketch<float>, AmsSketch<std::int64_t>, AmsSketch<double, Polynomial>,
               AmsSketch<float, Polynomial>, AmsSketch<std::int64_t, Polynomial>>;
using RowSketches =
    std::tuple<SketchedMatrix<double>, SketchedMatrix<float>, SketchedMatrix<double, Polynomial>,
               SketchedMatrix<float, Polynomial>, AmsSketch<RowCounter<double>>, AmsSketch<RowCounter<float>>,
               AmsSketch<RowCounter<double>, Polynomial>, AmsSketch<RowCounter<float>, Polynomial>>;

template <class... Lists>
using Joined = decltype(std::tuple_cat(std::declval<Lists>()...));

using ScalarSketches = Joined<ScalarCountSketches, ScalarAmsSketches>;
using FloatingSketches = std::tuple<CountSketch<double>, CountSketch<float>, CountSketch<double, Polynomial>,
                                    AmsSketch<double>, AmsSketch<float>>;
using ExactSketches = std::tuple<CountSketch<std::int64_t>, CountSketch<std::int64_t, Polynomial>,
                                 AmsSketch<std::int64_t>, AmsSketch<std::int64_t, Polynomial>>;
using InexactSketches = Joined<FloatingSketches, RowSketches>;
using AllSketches = Joined<ScalarSketches, RowSketches>;

template <class Sketch>
constexpr bool of_rows = !std::is_arithmetic_v<typename Sketch::counter_type>;

template <class Sketch>
Sketch make_sketch(SketchShape shape = {3, 8}, Seed seed = 1) {
  return Sketch(shape, seed, of_rows<Sketch> ? 3 : 1);
}

// A number as a counter of the sketch: itself, or the row (x, −2x, 0).
template <class Sketch>
typename Sketch::counter_type counter_of(double x) {
  using Scalar = typename Sketch::scalar_type;
  const auto value = static_cast<Scalar>(x);
  if constexpr (of_rows<Sketch>)
    return Eigen::RowVector<Scalar, 3>(value, Scalar(-2) * value, Scalar(0));
  else
    return value;
}

}  // namespace turnstile::testing
