// A state follows any sequence of updates, merges, saves and draws as a dense vector does that is kept beside it.
// The input is a program: its first byte says of which state, each further group of bytes is a step.
//
// Sixteen keys, no two of which share a bucket in any row under the seed chosen: so every reading of the state is
// exact but for rounding, and what it draws is known. Changes are whole multiples of 2⁻¹⁰ that doubles add up
// exactly: the dense vector is zero where the state has to say so.

#include "support/states.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <set>
#include <span>
#include <utility>
#include <vector>

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index keys = 16, columns = 3;

void require(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "the state and the dense vector differ: " << what << '\n';
  std::abort();
}

// The program's bytes, zeros after their end.
class Program {
 public:
  explicit Program(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool ended() const { return at_ >= bytes_.size(); }
  unsigned byte() { return ended() ? 0 : bytes_[at_++]; }
  Index index(Index bound) { return static_cast<Index>(byte()) % bound; }
  // k·2^e for a signed k of 8 bits
  double change() {
    constexpr std::array<double, 4> scales{1, 0x1p-10, 0x1p10, 0x1p20};
    const auto k = static_cast<std::int8_t>(byte());
    return k * scales[byte() % scales.size()];
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

SamplerOptions options_with(Seed seed) { return {.seed = seed, .shape = {3, 128}}; }

bool apart(Seed seed) {
  const SamplerOperator<DefaultPolicies> op(keys, options_with(seed));
  for (Index row = 0; row < op.options().shape.rows; ++row) {
    std::set<Index> cells;
    for (Index i = 0; i < keys; ++i) cells.insert(op.table().cell(op.table().leaf(), row, op.recovery().key(i)));
    if (std::ssize(cells) < keys) return false;
  }
  return true;
}

const SamplerOptions& options() {
  static const SamplerOptions found = [] {
    Seed seed = 1;
    while (!apart(seed)) ++seed;
    return options_with(seed);
  }();
  return found;
}

// A state that follows one stream z, and the dense y = M z that it stands for. `gross` is all magnitude that passed.
template <class State>
struct Streamed {
  State state;
  Eigen::MatrixXd matrix;
  Eigen::VectorXd z = Eigen::VectorXd::Zero(matrix.cols());
  double gross = 0;

  void change(Program& program) {
    const Index at = program.index(z.size());
    const double delta = program.change();
    state.update(at, delta);
    z[at] += delta;
    gross += std::abs(delta);
    if constexpr (requires { state.refresh(); }) {
      if (program.byte() % 4 == 0) state.refresh();
    }
  }
  void refuse(Index at, double delta) { state.update(at, delta); }
  void join(const Streamed& other, double sign) {
    sign > 0 ? state += other.state : state -= other.state;
    z += sign * other.z;
    gross += other.gross;
  }
  Eigen::VectorXd dense() const { return matrix * z; }
  double mass() const { return matrix.cwiseAbs().rowwise().sum().maxCoeff() * gross; }
};

Streamed<L2Sampler<>> of_vector() { return {L2Sampler<>(keys, options()), Eigen::MatrixXd::Identity(keys, keys)}; }

// y = A x for a fixed A.
Streamed<FixedMatrixSampler<>> of_fixed_matrix() {
  const Eigen::MatrixXd a = Eigen::MatrixXd::NullaryExpr(
      keys, columns, [](Index i, Index j) { return static_cast<double>((7 * i + 5 * j) % 11) - 5; });
  return {FixedMatrixSampler<>(a, options()), a};
}

// y = A x where both change.
struct Dynamic {
  DynamicSampler<> state{keys, columns, options()};
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(keys, columns);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(columns);
  double gross_matrix = 0, gross_vector = 0;

  void change(Program& program) {
    const Index i = program.index(keys + 1), j = program.index(columns);
    const double delta = program.change();
    if (i == keys) {
      state.update_vector(j, delta);
      x[j] += delta;
      gross_vector += std::abs(delta);
    } else {
      state.update_matrix(i, j, delta);
      a(i, j) += delta;
      gross_matrix += std::abs(delta);
    }
    if (program.byte() % 4 == 0) state.refresh();
  }
  void refuse(Index i, double delta) { state.update_matrix(i, 0, delta); }
  void join(const Dynamic& other, double sign) {
    sign > 0 ? state += other.state : state -= other.state;
    a += sign * other.a;
    x += sign * other.x;
    gross_matrix += other.gross_matrix;
    gross_vector += other.gross_vector;
  }
  Eigen::VectorXd dense() const { return a * x; }
  double mass() const { return gross_matrix * gross_vector; }
};

// What the state draws is the index whose scaled entry is the largest, at its value.
template <class Pair>
void check_draw(const Pair& pair) {
  const Eigen::VectorXd y = pair.dense();
  const auto draw = pair.state.sample();
  require((draw.outcome() == Outcome::zero) == (y.array() == 0).all(), "zero");
  if (!draw) return;
  const auto weight = [&](Index i) { return pair.state.linear_map().scale(i) * std::abs(y[i]); };
  double heaviest = 0;
  for (Index i = 0; i < keys; ++i) heaviest = std::max(heaviest, weight(i));
  const double rounding = 1e-10 * pair.mass() * pair.state.linear_map().largest_scale();
  require(weight(draw->index) >= heaviest - rounding, "index");
  require(std::abs(draw->value - y[draw->index]) <= rounding, "value");
  require(draw->probability >= 0 && draw->probability <= 1, "probability");
}

// Where much more is left than rounding can have done, there is a draw.
template <class Pair>
void check_success(const Pair& pair) {
  if (pair.dense().norm() > 1e-6 * pair.mass()) require(bool(pair.state.sample()), "no draw");
}

template <class Pair>
void check_refusal(Pair& pair, Program& program) {
  constexpr std::array<double, 3> wrong{std::numeric_limits<double>::infinity(),
                                        -std::numeric_limits<double>::infinity(),
                                        std::numeric_limits<double>::quiet_NaN()};
  const bool index = program.byte() % 2 == 0;
  const Bytes before = pair.state.to_bytes();
  bool refused = false;
  try {
    pair.refuse(index ? keys : 0, index ? 1.0 : wrong[program.byte() % wrong.size()]);
  } catch (const InvalidArgument&) {
    refused = true;
  }
  require(refused && pair.state.to_bytes() == before, "refusal");
}

template <class Pair>
void reload(Pair& pair) {
  const Bytes bytes = pair.state.to_bytes();
  pair.state = decltype(pair.state)::from_bytes(bytes);
  require(pair.state.to_bytes() == bytes, "saved and loaded");
}

template <class Pair>
void run(const Pair& empty, Program program) {
  Pair pair = empty, other = empty;
  for (int steps = 0; !program.ended() && steps < 200; ++steps) {
    switch (program.byte() % 16) {
      default:
        pair.change(program);
        break;
      case 0:
        check_draw(pair);
        break;
      case 1:
        check_success(pair);
        break;
      case 2:
        reload(pair);
        break;
      case 3:
        std::swap(pair, other);
        break;
      case 4:
        pair.join(other, 1);
        break;
      case 5:
        pair.join(other, -1);
        break;
      case 6:
        pair = empty;
        break;
      case 7:
        check_refusal(pair, program);
        break;
    }
    if (std::max(pair.mass(), other.mass()) > 0x1p32) return;  // beyond, doubles do not add up exactly
  }
  check_draw(pair);
  check_success(pair);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto vector = of_vector();
  static const auto fixed_matrix = of_fixed_matrix();
  static const Dynamic dynamic;
  Program program({data, size});
  switch (program.byte() % 3) {
    case 0:
      run(vector, program);
      break;
    case 1:
      run(fixed_matrix, program);
      break;
    default:
      run(dynamic, program);
      break;
  }
  return 0;
}
