/// @file
/// Independent repetitions of a sampler.
#pragma once

#include <algorithm>
#include <array>
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
#include "turnstile/sampler/bank_updates.hpp"

namespace turnstile::inline v0 {

/// `count` samplers of one stream with unrelated seeds, so that their draws are independent: k draws
/// with replacement whose guarantees do not lean on estimated probabilities, and a sampler that fails
/// rarely from one that fails often. Time and memory: count times a sampler's. Const members may be called from
/// several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::SamplerBank<turnstile::L2Sampler<>> bank(8, {.seed = 1}, 1000);  // of dimension 1000
///   bank.update(42, 3.0);
///   return bank.draws().size() == 8 ? 0 : 1;
/// }
/// @endcode
template <class Sampler>
class SamplerBank : public BankUpdates<Sampler> {
  using BankUpdates<Sampler>::samplers_;

 public:
  using sampler_type = Sampler;
  using scalar_type = typename Sampler::scalar_type;
  using draw_type = typename Sampler::draw_type;
  using policies_type = typename Sampler::policies_type;

 private:
  static constexpr auto kind_letters = [] {
    constexpr std::string_view what = "SamplerBank of ";
    std::array<char, what.size() + Sampler::kind.size()> letters{};
    std::ranges::copy(Sampler::kind, std::ranges::copy(what, letters.begin()).out);
    return letters;
  }();

 public:
  /// "SamplerBank of " and the sampler's kind.
  static constexpr std::string_view kind{kind_letters.data(), kind_letters.size()};

  /// Samplers Sampler(arguments..., options), the k-th with a seed derived from options.seed and k.
  /// @throws InvalidArgument for a count outside [1, 2²⁰], or what the sampler refuses
  template <class... Arguments>
  SamplerBank(Index count, const SamplerOptions& options, const Arguments&... arguments) : options_(options) {
    check_count(count);
    samplers_.reserve(static_cast<std::size_t>(count));
    for (Index k = 0; k < count; ++k) samplers_.emplace_back(arguments..., options_of(k));
  }

  /// The sampler's own `refresh`, of all.
  template <class S = Sampler>
  void refresh() requires requires(S& sampler) {
    sampler.refresh();
  }
  {
    this->for_all([](Sampler& sampler) { sampler.refresh(); });
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
  /// The samplers' own dimension.
  Index dimension() const requires requires(const Sampler& sampler) { sampler.dimension(); }
  { return samplers_.front().dimension(); }
  const Sampler& operator[](Index k) const {
    detail::check_index(k, size(), "sampler");
    return samplers_[static_cast<std::size_t>(k)];
  }
  auto begin() const { return samplers_.begin(); }
  auto end() const { return samplers_.end(); }

  /// Adds the other bank, sampler by sampler. @throws IncompatibleSketch; nothing has changed then
  SamplerBank& operator+=(const SamplerBank& other) {
    return join(other, "add banks", [](Sampler& to, const Sampler& from) { to += from; });
  }
  /// Takes the other bank away. @throws IncompatibleSketch
  SamplerBank& operator-=(const SamplerBank& other) {
    return join(other, "subtract banks", [](Sampler& to, const Sampler& from) { to -= from; });
  }
  /// The sampler's own `merge_matrix`, sampler by sampler. @throws IncompatibleSketch
  template <class S = Sampler>
  void merge_matrix(const SamplerBank& other) requires requires(S& to, const S& from) {
    to.merge_matrix(from);
  }
  {
    join(other, "merge matrices", [](Sampler& to, const Sampler& from) { to.merge_matrix(from); });
  }
  /// The sampler's own `merge_vector`, sampler by sampler. @throws IncompatibleSketch
  template <class S = Sampler>
  void merge_vector(const SamplerBank& other) requires requires(S& to, const S& from) {
    to.merge_vector(from);
  }
  {
    join(other, "merge vectors", [](Sampler& to, const Sampler& from) { to.merge_vector(from); });
  }
  /// The sampler's own `merge_left`, sampler by sampler. @throws IncompatibleSketch
  template <class S = Sampler>
  void merge_left(const SamplerBank& other) requires requires(S& to, const S& from) {
    to.merge_left(from);
  }
  {
    join(other, "merge left factors", [](Sampler& to, const Sampler& from) { to.merge_left(from); });
  }
  /// The sampler's own `merge_right`, sampler by sampler. @throws IncompatibleSketch
  template <class S = Sampler>
  void merge_right(const SamplerBank& other) requires requires(S& to, const S& from) {
    to.merge_right(from);
  }
  {
    join(other, "merge right factors", [](Sampler& to, const Sampler& from) { to.merge_right(from); });
  }
  /// The sampler's own `merge_core`, sampler by sampler. @throws IncompatibleSketch
  template <class S = Sampler>
  void merge_core(const SamplerBank& other) requires requires(S& to, const S& from) {
    to.merge_core(from);
  }
  {
    join(other, "merge cores", [](Sampler& to, const Sampler& from) { to.merge_core(from); });
  }

  /// Shows the samplers' arrays, one sampler after the other, to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    for (auto& sampler : self.samplers_) Sampler::for_each_array(sampler, visitor);
  }

  void clear() {
    this->for_all([](Sampler& sampler) { sampler.clear(); });
  }

  const SamplerOptions& options() const { return options_; }
  std::size_t memory_bytes() const {
    return std::accumulate(begin(), end(), sizeof(*this),
                           [](std::size_t sum, const Sampler& sampler) { return sum + sampler.memory_bytes(); });
  }

  /// That of the first sampler, under the bank's own kind, seed and count (as its operand).
  Identity identity() const {
    Identity identity = samplers_.front().identity();
    identity.kind = kind;
    identity.options.seed = options_.seed;
    identity.operand ^= MixHash(detail::hash_name("SamplerBank"))(samplers_.size());
    return identity;
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the number of samplers, and of bytes of one, as
  /// 64-bit integers; then the samplers' own states, one behind the other.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) {
      writer.put(static_cast<std::uint64_t>(samplers_.size()));
      for (const Sampler& sampler : samplers_) {
        const std::vector<std::byte> state = sampler.to_bytes();
        if (&sampler == &samplers_.front()) writer.put(static_cast<std::uint64_t>(state.size()));
        writer.put_array(std::span(state));
      }
    });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static SamplerBank from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<SamplerBank>(bytes, policies_type::name(), [](io::ByteReader& reader, const Identity& found) {
      const auto count = static_cast<Index>(reader.take<std::uint64_t>());
      const auto bytes_each = reader.take<std::uint64_t>();
      check_count(count);
      if (bytes_each < io::header_bytes)
        detail::raise<CorruptState>("a sampler of ", bytes_each, " bytes has no header");
      reader.expect_rest(count, bytes_each, 0);
      SamplerBank bank(found.options);
      std::vector<std::byte> state(bytes_each);
      for (Index k = 0; k < count; ++k) {
        reader.take_array(std::span(state));
        bank.take(Sampler::from_bytes(state));
      }
      return bank;
    });
  }

  friend std::ostream& operator<<(std::ostream& out, const SamplerBank& bank) {
    return out << "SamplerBank of " << bank.size() << " (" << bank.memory_bytes()
               << " bytes), the first: " << bank.samplers_.front();
  }

 private:
  explicit SamplerBank(const SamplerOptions& options) : options_(options) {}

  static void check_count(Index count) { detail::check_range(count, 1, Index{1} << 20, "number of samplers"); }

  // Of the k-th sampler.
  SamplerOptions options_of(Index k) const {
    SamplerOptions own = options_;
    own.seed = derive_seed(options_.seed, "sampler bank", static_cast<std::uint64_t>(k));
    return own;
  }

  // The next sampler of a bank that is being read; like those before it but for its own seed.
  void take(Sampler sampler) {
    const Identity found = sampler.identity();
    Identity expected = samplers_.empty() ? found : samplers_.front().identity();
    expected.options = options_of(size());
    expected.operand = found.operand;  // fingerprints of one matrix under two seeds have nothing in common
    detail::require_same<CorruptState>(expected, found, "load a sampler of a bank");
    samplers_.push_back(std::move(sampler));
  }

  // On a copy, for a sampler may refuse what those before it have taken.
  template <class Join>
  SamplerBank& join(const SamplerBank& other, std::string_view action, const Join& join_samplers) {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), action);
    std::vector<Sampler> joined = samplers_;
    for (std::size_t k = 0; k < joined.size(); ++k) join_samplers(joined[k], other.samplers_[k]);
    samplers_ = std::move(joined);
    return *this;
  }

  SamplerOptions options_;
};

}  // namespace turnstile::inline v0
