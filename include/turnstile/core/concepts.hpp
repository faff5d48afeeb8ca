/// @file
/// What the library asks of its building blocks, and promises of its states.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "turnstile/core/draw.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// A pure function of (seed, key) to a 64-bit word. The high 32 bits of a word choose a bucket, the
/// bits below them the signs, so both halves must be close to uniform and to each other independent.
/// Keys are below `key_limit`; `name()` enters the identity of every state.
template <class H>
concept KeyedHash = std::copyable<H> && std::constructible_from<H, Seed> && requires(const H& hash, std::uint64_t key) {
  { hash(key) } -> std::same_as<std::uint64_t>;
  { H::key_limit } -> std::convertible_to<std::uint64_t>;
  { H::name() } -> std::convertible_to<std::string>;
};

namespace detail {

/// What a hash keeps on the heap: `heap_bytes()` of those that have one, else nothing.
template <KeyedHash Hash>
constexpr std::size_t heap_bytes_of(const Hash& hash) {
  if constexpr (requires {
                  { hash.heap_bytes() } -> std::same_as<std::size_t>;
                })
    return hash.heap_bytes();
  else
    return 0;
}

/// hash(key) for a loop over many keys: by `hash.in_loop(key)`, the same function in a form that vectorises, of those
/// that have one.
template <KeyedHash Hash>
constexpr std::uint64_t hash_in_loop(const Hash& hash, std::uint64_t key) {
  if constexpr (requires {
                  { hash.in_loop(key) } -> std::same_as<std::uint64_t>;
                })
    return hash.in_loop(key);
  else
    return hash(key);
}

}  // namespace detail

/// A state that is a linear image of its stream: states of equal identity add up, subtract, and
/// travel as bytes.
///
/// Of one state, const members may be called from several threads at once; a member that changes it must have it to
/// itself. Threads that update one stream do so in states of their own, which are then added up
/// (`ingest_in_shards`). States share nothing: what is done to one never concerns another, a copy included.
template <class T>
concept LinearState = std::copyable<T> && requires(T state, const T& other, std::span<const std::byte> bytes) {
  { state += other } -> std::same_as<T&>;
  { state -= other } -> std::same_as<T&>;
  { other.memory_bytes() } -> std::same_as<std::size_t>;
  { other.to_bytes() } -> std::same_as<std::vector<std::byte>>;
  { T::from_bytes(bytes) } -> std::same_as<T>;
  state.clear();
};

/// A linear state from which draws are read.
template <class T>
concept Sampler = LinearState<T> && requires(const T& sampler, Index k, Seed seed) {
  typename T::scalar_type;
  typename T::draw_type;
  typename T::policies_type;
  { sampler.sample() } -> std::same_as<DrawResult<typename T::draw_type>>;
  { sampler.sample_without_replacement(k) } -> std::same_as<std::vector<typename T::draw_type>>;
  { sampler.sample_with_replacement(k, seed) } -> std::same_as<std::vector<typename T::draw_type>>;
  { sampler.heaviest(k) } -> std::same_as<std::vector<typename T::draw_type>>;
  { sampler.squared_norm() } -> std::same_as<double>;
  { sampler.dimension() } -> std::same_as<Index>;
  { sampler.options() } -> std::convertible_to<SamplerOptions>;
};

}  // namespace turnstile::inline v0
