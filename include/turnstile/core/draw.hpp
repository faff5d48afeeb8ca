/// @file
/// What a sampler returns: a draw, or the reason why there is none.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "turnstile/core/errors.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// How a draw ended.
///  - `sampled`: a coordinate was drawn;
///  - `failed`:  y is not zero, but nothing stands above the noise of the sketch;
///  - `zero`:    y = 0, known exactly (wrong with probability about 2⁻⁶¹).
enum class Outcome { sampled, failed, zero };

/// The outcome as a word.
constexpr const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::sampled:
      return "sampled";
    case Outcome::failed:
      return "failed";
    default:
      return "zero";
  }
}

/// A coordinate drawn from y ∈ ℝⁿ.
template <class S>
struct Draw {
  Index index = 0;            ///< the coordinate i, from 0
  S value{};                  ///< ≈ y_i with its sign
  double probability = 0;     ///< ≈ |y_i|ᵖ / ‖y‖ₚᵖ, the law's own weight of i
  double standard_error = 0;  ///< |value − y_i| is below it in about 68 % of draws
};

/// An entry drawn from a matrix Y.
template <class S>
struct PairDraw {
  Index row = 0, col = 0;
  S value{};
  double probability = 0;
  double standard_error = 0;
};

/// An entry drawn from a tensor Y.
template <class S>
struct TensorDraw {
  std::vector<Index> indices;
  S value{};
  double probability = 0;
  double standard_error = 0;
};

/// A row drawn from a matrix A in proportion to its squared norm.
template <class S>
struct RowDraw {
  Index index = 0;
  Eigen::RowVector<S, Eigen::Dynamic> row;
  double probability = 0;
};

/// A draw of type D, or `failed`, or `zero`.
/// @code
/// if (auto draw = sampler.sample()) use(draw->index, draw->value);
/// @endcode
template <class D>
class DrawResult {
 public:
  using draw_type = D;

  DrawResult(D draw) : draw_(std::move(draw)), outcome_(Outcome::sampled) {}  // NOLINT: a draw is a result
  /// No draw, and why. @throws InvalidArgument for `sampled`, which needs a draw.
  DrawResult(Outcome why_not) : outcome_(why_not) {  // NOLINT: an outcome is a result
    if (why_not == Outcome::sampled) throw InvalidArgument("a sampled outcome needs a draw");
  }

  explicit operator bool() const noexcept { return draw_.has_value(); }
  Outcome outcome() const noexcept { return outcome_; }

  /// The draw. @throws BadDraw, which names the outcome, if there is none.
  const D& value() const {
    if (!draw_) throw BadDraw(std::string("no draw to read: the outcome is ") + to_string(outcome_));
    return *draw_;
  }
  const D& operator*() const { return value(); }
  const D* operator->() const { return &value(); }

 private:
  std::optional<D> draw_;
  Outcome outcome_;
};

}  // namespace turnstile::inline v0
