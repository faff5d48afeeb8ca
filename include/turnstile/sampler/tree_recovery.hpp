/// @file
/// Recovery by a beam search down the prefixes of the keys.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "turnstile/random/permutation.hpp"
#include "turnstile/sampler/prefix_masses.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/search.hpp"

namespace turnstile::inline v0 {

/// Keeps L = 1 + ⌈(⌈log₂ n⌉ − t)/BranchBits⌉ levels, t = TopBits + max(0, ⌊log₂ b⌋ − 12). The square of a
/// bucket of level l estimates the squared norm of all keys with that prefix (bucket by prefix, sign by
/// key); the search looks at all 2ᵗ prefixes of the first level, keeps the Beam heaviest, and goes on
/// with their children. At the leaves it returns the key with the largest estimate.
///
/// Indices pass through a keyed bijection first, so that heavy neighbours do not share prefixes. A
/// key's estimate is read from the leaf level, and from the level above it if that is fine enough
/// (2^bits ≥ 16·b) that the keys of one prefix, which share a bucket in all rows, add less than 1/16 to
/// the noise: twice the readings for the same counters. Not from more levels: where a key's prefix
/// holds a heavier one, its readings there are that one's, and must not be the majority.
///
/// Time of a draw: O((2ᵗ + L·Beam·2^BranchBits)·R), which grows like log n; of the 2ᵗ prefixes, further draws of the
/// same state hash all and read few. Memory: L levels.
template <int TopBits = 10, int BranchBits = 5, int Beam = 32>
class PrefixTreeRecovery {
  static_assert(TopBits >= 1 && TopBits <= 24 && BranchBits >= 1 && BranchBits <= 16 && Beam >= 1);

 public:
  static std::string name() {
    return "tree-" + std::to_string(TopBits) + '-' + std::to_string(BranchBits) + '-' + std::to_string(Beam);
  }

  PrefixTreeRecovery(Index dimension, const SamplerOptions& options)
      : dimension_(dimension),
        bits_(std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(dimension - 1))))),
        permutation_(bits_, derive_seed(options.seed, "tree permutation")) {
    // The short step comes last: the finer the levels above the leaves, the more of them serve to read.
    for (int shift = bits_ - top_bits(options.shape); shift > 0; shift -= BranchBits) shifts_.push_back(shift);
    shifts_.push_back(0);
    constexpr Index siblings_allowed = 16;
    const Index leaf = std::ssize(shifts_) - 1, above = std::max(leaf - 1, Index{0});
    reading_level_ = prefixes(above) >= siblings_allowed * options.shape.buckets ? above : leaf;
  }

  const std::vector<int>& shifts() const { return shifts_; }
  Index key(Index index) const { return static_cast<Index>(permutation_(static_cast<std::uint64_t>(index))); }
  Index reading_level() const { return reading_level_; }

  /// What a search leaves to the next one of the same counters, but for those of some keys.
  template <class Scalar>
  using memory_type = detail::PrefixMasses<Scalar>;

  template <class Hash, class Cells>
  std::optional<Candidate> heaviest(const SketchOperator<Hash>& op, const Cells& cells) const {
    memory_type<typename Cells::scalar_type> none;
    return heaviest(op, cells, none);
  }

  template <class Hash, class Cells>
  std::optional<Candidate> heaviest(const SketchOperator<Hash>& op, const Cells& cells,
                                    memory_type<typename Cells::scalar_type>& memory) const {
    std::vector<Index> beam = memory.heaviest(op, cells, prefixes(0), op.leaf() > 0 ? Beam : prefixes(0));
    for (Index level = 1; level <= op.leaf(); ++level) {
      beam = children(beam, op.shift(level - 1) - op.shift(level));
      if (level < op.leaf()) detail::keep_heaviest(op, cells, level, Beam, beam);
    }
    Candidate best;
    const auto index_of = [&](Index key) {
      const auto index = static_cast<Index>(permutation_.inverse(static_cast<std::uint64_t>(key)));
      return index < dimension_ ? index : Index{-1};  // the bijection is of a power of two
    };
    detail::keep_heavier(op, cells, std::span<const Index>(beam), reading_level_, index_of, best);
    if (best.estimate == 0) return std::nullopt;
    return best;
  }

 private:
  // A table made for k draws has about k times the buckets of one for a single draw. With k times the prefixes
  // too, one of them holds as small a part of the k-th draw's square as it does of the first's.
  static int top_bits(const SketchShape& shape) {
    constexpr int bucket_bits_at_top_bits = 12;
    const int bucket_bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(shape.buckets))) - 1;
    return TopBits + std::max(0, bucket_bits - bucket_bits_at_top_bits);
  }

  Index prefixes(Index level) const { return Index{1} << (bits_ - shifts_[static_cast<std::size_t>(level)]); }

  static std::vector<Index> children(const std::vector<Index>& prefixes, int bits) {
    std::vector<Index> next;
    next.reserve(prefixes.size() << bits);
    for (Index prefix : prefixes)
      for (Index child = 0; child < (Index{1} << bits); ++child) next.push_back((prefix << bits) + child);
    return next;
  }

  Index dimension_;
  int bits_;
  detail::KeyedPermutation permutation_;
  std::vector<int> shifts_;
  Index reading_level_ = 0;
};

/// The default: a first level of 2¹⁰ prefixes, steps of five bits, a beam of 32.
using TreeRecovery = PrefixTreeRecovery<>;

/// For states whose counters are rows of numbers, where a level costs more memory and a prefix no more time to look
/// at: a first level of 2¹⁴ prefixes, so that 10⁶ keys need two levels and not three.
using WideTreeRecovery = PrefixTreeRecovery<14, 6, 32>;

}  // namespace turnstile::inline v0
