/// @file
/// Recovery policies: how the heaviest key of a sketch is found. What they share.
#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "turnstile/core/options.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/sketch/sketch_operator.hpp"

namespace turnstile::inline v0 {

/// A key and its estimated scaled value.
struct Candidate {
  Index index = 0;
  double estimate = 0;
};

/// A draw that was found, and |y_i| (the norm of a row) as far as the readings tell.
template <class D>
struct Found {
  D draw;
  double magnitude = 0;
};

/// Decides what the sketch keeps (the shifts of its levels; the key under which an index is kept) and
/// searches it.
///  - `shifts()`: of the levels of the sketch, falling, the last one 0;
///  - `key(index)`: the sketch's key of an index;
///  - `reading_level()`: the first level whose counters may serve to estimate single keys;
///  - `heaviest(op, cells)`: the index of largest |ŵ|, if any. Cells: counters, or the norms of counters
///    that are rows.
/// A policy may have a `memory_type<Scalar>` that one search leaves to the next, as third argument of `heaviest`; its
/// `changed(key)` is called when the cells of a key changed in between.
template <class R, class Operator>
concept RecoveryPolicy = std::constructible_from<R, Index, SamplerOptions> && std::copyable<R> &&
    requires(const R& recovery, Index index, const Operator& op, const Counters<double>& counters) {
  { recovery.shifts() } -> std::convertible_to<std::vector<int>>;
  { recovery.key(index) } -> std::same_as<Index>;
  { recovery.reading_level() } -> std::same_as<Index>;
  { recovery.heaviest(op, counters) } -> std::same_as<std::optional<Candidate>>;
  { R::name() } -> std::convertible_to<std::string>;
};

namespace detail {

struct NoMemory {};

template <class Recovery, class Scalar>
struct SearchMemory {
  using type = NoMemory;
};

template <class Recovery, class Scalar>
requires requires { typename Recovery::template memory_type<Scalar>; }
struct SearchMemory<Recovery, Scalar> {
  using type = typename Recovery::template memory_type<Scalar>;
};

}  // namespace detail
}  // namespace turnstile::inline v0
