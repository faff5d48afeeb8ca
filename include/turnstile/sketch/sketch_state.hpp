/// @file
/// What every sketch is: a linear map that its parameters determine, and counters that add up.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "turnstile/core/options.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sketch/counters.hpp"

namespace turnstile::inline v0 {

/// Counters under a linear map, with sums, differences and sizes. Derived classes say how a stream
/// changes the counters, what is read off them, and the `identity()` that sums ask for.
template <class Derived, class Operator, class Counter>
class SketchState {
 public:
  using scalar_type = typename Counters<Counter>::scalar_type;

  /// Adds the other stream. @throws IncompatibleSketch unless both have one identity
  Derived& operator+=(const Derived& other) {
    require_same(other, "add sketches");
    counters_ += other.counter_array();
    return derived();
  }
  /// Takes the other stream away. @throws IncompatibleSketch unless both have one identity
  Derived& operator-=(const Derived& other) {
    require_same(other, "subtract sketches");
    counters_ -= other.counter_array();
    return derived();
  }
  friend Derived operator+(Derived a, const Derived& b) { return a += b; }
  friend Derived operator-(Derived a, const Derived& b) { return a -= b; }

  /// Back to y = 0.
  void clear() { counters_.set_zero(); }

  /// Shows the counters to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.numbers(self.counter_array().flat());
  }

  /// Rows of buckets.
  const SketchShape& shape() const { return operator_.shape(); }
  Seed seed() const { return seed_; }
  /// The counters, row by row; for looking, not for keeping.
  std::span<const scalar_type> counters() const { return counters_.flat(); }
  std::size_t memory_bytes() const { return sizeof(Derived) + operator_.heap_bytes() + counters_.heap_bytes(); }

 protected:
  /// @param seed the user's @param op made from it @param width of counters that are rows
  SketchState(Seed seed, Operator op, Index width = 1)
      : seed_(seed), operator_(std::move(op)), counters_(operator_.cells(), width) {}

  const Operator& linear_map() const { return operator_; }
  const Counters<Counter>& counter_array() const { return counters_; }
  Counters<Counter>& counter_array() { return counters_; }

  /// @throws IncompatibleSketch unless both have one identity
  void require_same(const Derived& other, std::string_view action) const {
    detail::require_same<IncompatibleSketch>(static_cast<const Derived&>(*this).identity(), other.identity(), action);
  }

 private:
  Derived& derived() { return static_cast<Derived&>(*this); }

  Seed seed_;
  Operator operator_;
  Counters<Counter> counters_;
};

}  // namespace turnstile::inline v0
