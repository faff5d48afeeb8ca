/// @file
/// Independent repetitions of a sampler.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/core/concepts.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0 {

/// `count` samplers of one stream with unrelated seeds, so that their draws are independent: k draws
/// with replacement whose guarantees do not lean on estimated probabilities, and a sampler that fails
/// rarely from one that fails often. Time and memory: count times a sampler's.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::SamplerBank<turnstile::L2Sampler<>> bank(8, {.seed = 1}, 1000);  // of dimension 1000
///   bank.update(42, 3.0);
///   return bank.draws().size() == 8 ? 0 : 1;
/// }
/// @endcode
template <class Sampler>
class SamplerBank {
 public:
  using sampler_type = Sampler;
  using scalar_type = typename Sampler::scalar_type;
  using draw_type = typename Sampler::draw_type;
  using policies_type = typename Sampler::policies_type;
  static constexpr std::string_view kind = "SamplerBank";

  /// Samplers Sampler(arguments..., options), the k-th with a seed derived from options.seed and k.
  /// @throws InvalidArgument for a count outside [1, 2²⁰], or what the sampler refuses
  template <class... Arguments>
  SamplerBank(Index count, const SamplerOptions& options, const Arguments&... arguments) : options_(options) {
    detail::check_range(count, 1, Index{1} << 20, "number of samplers");
    samplers_.reserve(static_cast<std::size_t>(count));
    for (Index k = 0; k < count; ++k) {
      SamplerOptions own = options;
      own.seed = derive_seed(options.seed, "sampler bank", static_cast<std::uint64_t>(k));
      samplers_.emplace_back(arguments..., own);
    }
  }

  /// The sampler's own update, fed to all. Each checks before it changes, and what one refuses all
  /// refuse, so that on an exception nothing has changed; except for a CounterOverflow at the very end
  /// of the counters' range, which depends on the seed: samplers before the one that threw keep the update.
  template <class... Arguments>
  void update(const Arguments&... arguments) {
    for (Sampler& sampler : samplers_) sampler.update(arguments...);
  }
  template <class... Arguments>
  void update_row(const Arguments&... arguments) {
    for (Sampler& sampler : samplers_) sampler.update_row(arguments...);
  }
  template <class... Arguments>
  void update_matrix(const Arguments&... arguments) {
    for (Sampler& sampler : samplers_) sampler.update_matrix(arguments...);
  }
  template <class... Arguments>
  void update_matrix_row(const Arguments&... arguments) {
    for (Sampler& sampler : samplers_) sampler.update_matrix_row(arguments...);
  }
  template <class... Arguments>
  void update_vector(const Arguments&... arguments) {
    for (Sampler& sampler : samplers_) sampler.update_vector(arguments...);
  }

  /// One draw from each sampler, in their order: independent of one another.
  std::vector<DrawResult<draw_type>> draws() const {
    std::vector<DrawResult<draw_type>> results;
    for (const Sampler& sampler : samplers_) results.push_back(sampler.sample());
    return results;
  }

  /// The first draw that did not fail.
  DrawResult<draw_type> sample() const {
    for (const Sampler& sampler : samplers_)
      if (auto result = sampler.sample(); result.outcome() != Outcome::failed) return result;
    return Outcome::failed;
  }

  Index size() const { return std::ssize(samplers_); }
  const Sampler& operator[](Index k) const {
    detail::check_index(k, size(), "sampler");
    return samplers_[static_cast<std::size_t>(k)];
  }
  auto begin() const { return samplers_.begin(); }
  auto end() const { return samplers_.end(); }

  /// Adds the other bank, sampler by sampler. @throws IncompatibleSketch; nothing has changed then
  SamplerBank& operator+=(const SamplerBank& other) {
    require_same(other);
    for (std::size_t k = 0; k < samplers_.size(); ++k) samplers_[k] += other.samplers_[k];
    return *this;
  }
  /// Takes the other bank away. @throws IncompatibleSketch
  SamplerBank& operator-=(const SamplerBank& other) {
    require_same(other);
    for (std::size_t k = 0; k < samplers_.size(); ++k) samplers_[k] -= other.samplers_[k];
    return *this;
  }

  void clear() {
    for (Sampler& sampler : samplers_) sampler.clear();
  }

  const SamplerOptions& options() const { return options_; }
  std::size_t memory_bytes() const {
    return std::accumulate(begin(), end(), sizeof(*this),
                           [](std::size_t sum, const Sampler& sampler) { return sum + sampler.memory_bytes(); });
  }

  /// That of the first sampler, under the bank's own kind, seed and count (as its operand).
  Identity identity() const {
    Identity identity = samplers_.front().identity();
    identity.kind = std::string(kind) + " of " + identity.kind;
    identity.options.seed = options_.seed;
    identity.operand ^= MixHash(detail::hash_name(kind))(samplers_.size());
    return identity;
  }

  friend std::ostream& operator<<(std::ostream& out, const SamplerBank& bank) {
    return out << kind << " of " << bank.size() << " (" << bank.memory_bytes() << " bytes), the first: "
               << bank.samplers_.front();
  }

 private:
  void require_same(const SamplerBank& other) const {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), "add banks");
  }

  SamplerOptions options_;
  std::vector<Sampler> samplers_;
};

}  // namespace turnstile::inline v0
