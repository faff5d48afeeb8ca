// Feature maps of degree 2: seconds of one thread for 10 000 vectors of d coordinates and m features, and
// the error of the kernel that they estimate. As lines `d,m,seconds,error`, which tensor_sketch.py puts
// beside scikit-learn's.

#include <turnstile/random/variates.hpp>
#include <turnstile/sketch/tensor_sketch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

namespace {

using namespace turnstile;

constexpr Index vectors = 10'000;
constexpr int repetitions = 5;

// Seconds of the processor: a second party on the machine does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Eigen::MatrixXd uniform_vectors(Index dimension) {
  const MixHash words(derive_seed(1, "tensor sketch benchmark"));
  return Eigen::MatrixXd::NullaryExpr(vectors, dimension, [&](Index i, Index j) {
    return uniform_variate(words(static_cast<std::uint64_t>(i * dimension + j))) - 0.5;
  });
}

// The root mean square of (⟨φ(x), φ(z)⟩ − ⟨x, z⟩²)/‖x‖²‖z‖² over neighbouring rows x and z.
double relative_error(const Eigen::MatrixXd& x, const TensorSketch<>::Features& features) {
  double squares = 0;
  for (Index i = 0; i + 1 < x.rows(); ++i) {
    const double product = x.row(i).dot(x.row(i + 1)), size = x.row(i).squaredNorm() * x.row(i + 1).squaredNorm();
    const double off = (features.row(i).dot(features.row(i + 1)) - product * product) / size;
    squares += off * off;
  }
  return std::sqrt(squares / static_cast<double>(x.rows() - 1));
}

void measure(Index dimension, Index buckets) {
  const Eigen::MatrixXd x = uniform_vectors(dimension);
  const TensorSketch<> map({dimension, dimension}, buckets, 1, 1);
  double seconds = std::numeric_limits<double>::infinity(), error = 0;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    const double start = processor_seconds();
    const auto features = map.features(x);
    seconds = std::min(seconds, processor_seconds() - start);
    if (repetition == 0) error = relative_error(x, features);
  }
  std::printf("%td,%td,%.4f,%.4f\n", dimension, buckets, seconds, error);
}

}  // namespace

int main() {
  for (Index dimension : {64, 256})
    for (Index buckets : {1024, 4096}) measure(dimension, buckets);
}
