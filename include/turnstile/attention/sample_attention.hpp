/// @file
/// Sparse attention whose pattern is found by sampling rows, head by head.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/dense_attention.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/mass_estimate.hpp"
#include "turnstile/attention/pattern_search.hpp"
#include "turnstile/attention/sample_options.hpp"
#include "turnstile/attention/sparse_attention.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/share_work.hpp"

namespace turnstile::inline v0 {

/// What one head did.
struct HeadReport {
  HeadPattern pattern;  ///< `pattern.dense` tells a head that was computed densely
  double density = 1;   ///< pairs of a query and a key that were kept, of those that the direction allows
  MassEstimate mass;    ///< what the pattern keeps, from rows that did not choose it
};

/// The output of a sampled attention, and what was done.
struct SampledAttention {
  detail::RowMajorMatrix<float> output;  ///< n_q × (H_q·d_v): the heads side by side
  std::vector<HeadReport> heads;

  /// The mean density of the heads.
  double density() const {
    double sum = 0;
    for (const HeadReport& head : heads) sum += head.density;
    return sum / static_cast<double>(heads.size());
  }
};

/// SampleAttention (Zhu et al., arXiv 2406.15486, versions 1 and 2): each head attends to a local window, to
/// the first keys (sinks), and to column stripes found from the exact softmax of a few query rows.
///
/// `Recipe::published`: the window is ⌈window_ratio·n_k⌉ keys; every (1/row_ratio)-th row is computed, its mass
/// outside the window summed by columns, and the heaviest columns are kept until window and columns hold the
/// share `mass` of the sampled rows. That is their mean, and the rows that choose are those that judge.
///
/// `Recipe::segmented`: version 3 of the publication, whose blocks of 128 columns and of 128 diagonals are kept until
/// the sampled rows have the shares `column_mass` and `slash_mass` in them, each direction by itself. The rows are the
/// tails of segments of the queries, row_ratio of them all.
///
/// `Recipe::calibrated`: diagonals (as in version 3 of the publication, and in MInference) and columns are ranked
/// by the mass for each pair that some rows have there, and the sparsest of 1000 nested patterns is taken for which
/// further rows show that, with probability `confidence`, at least the share `coverage` of all rows keeps `mass`,
/// and whose mean mass of those rows is no less. A head of which no density up to ½ does is computed densely; one
/// that is far from it is recognised from 16 rows. With a `budget` the densest pattern that it allows takes the
/// place of a dense head, and its report says what that keeps.
///
/// Time: that of `sparse_attention` on the pattern, and 2·d flops for each key that one of row_ratio·n_q sampled rows
/// sees (in the calibrated recipe of at most 768, with a `budget` of 3⅓ times as many rows and at most 1280). Memory: a
/// float for each such key of the rows of a head that is at work, of 64 rows at a time in the published recipe, of 32
/// in the segmented. Const members may be called from several threads at once, on the same queries, keys and values
/// too.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
///   const Matrix q = Matrix::Random(2000, 32), k = Matrix::Random(2000, 32), v = Matrix::Random(2000, 32);
///   const turnstile::SampleAttention attention(turnstile::Direction::causal);
///   const auto sampled = attention(q, k, v);  // nearly uniform weights: nothing may be left out
///   return sampled.heads[0].pattern.dense && sampled.density() == 1 ? 0 : 1;
/// }
/// @endcode
class SampleAttention {
 public:
  /// @throws InvalidArgument for shares outside (0, 1] or (0, 1), a negative number of sinks
  explicit SampleAttention(Direction direction = Direction::causal, const SampleOptions& options = {},
                           const AttentionOptions& attention = {})
      : direction_(direction), options_(options), attention_(attention) {
    detail::check_options(options);
  }

  /// The attention of all heads, and what each did. The same for any number of threads.
  /// @throws InvalidArgument as DenseAttention does
  template <std::same_as<float> Scalar = float>
  SampledAttention operator()(const Heads& queries, const Heads& keys, const Heads& values) const {
    const auto inputs = detail::checked_inputs<Scalar>(queries, keys, values, attention_);
    if (direction_ == Direction::causal) detail::check_range(queries.rows(), 1, keys.rows(), "number of queries");
    SampledAttention result{{}, find<Scalar>(inputs)};
    std::vector<BandedMask> masks;
    for (const HeadReport& head : result.heads)
      masks.push_back(head.pattern.mask(direction_, queries.rows(), keys.rows()));
    Attended attended =
        detail::attend(inputs, [&](Index h) -> const BandedMask& { return masks[static_cast<std::size_t>(h)]; });
    const double all = pairs_allowed(static_cast<double>(queries.rows()), static_cast<double>(keys.rows()));
    for (std::size_t h = 0; h < masks.size(); ++h)
      result.heads[h].density = static_cast<double>(attended.pairs[h]) / all;
    result.output = std::move(attended.output);
    return result;
  }

  /// A step of decoding: the attention of the newest queries over a cache that has grown since, each head under
  /// the pattern that a prefill found. The window moves with the queries, so that a key that came after the
  /// prefill is no longer seen once it has left the window: prefill again when the cache has grown by much.
  ///
  /// Time: 4·d flops for each key that a query keeps. Memory: a copy of what one query of one head keeps.
  /// @throws InvalidArgument for shapes as DenseAttention does; for numbers or scores that are not finite, of
  /// what is looked at; unless there is a pattern for each query head, whose columns the cache has
  template <std::same_as<float> Scalar = float>
  detail::RowMajorMatrix<Scalar> decode(const Heads& queries, const Heads& keys, const Heads& values,
                                        const std::vector<HeadReport>& patterns) const {
    detail::check_shapes(queries, keys, values);
    detail::check_same_size(std::ssize(patterns), queries.count(), "list of patterns");
    const Index size = values.head_size();
    detail::RowMajorMatrix<Scalar> output(queries.rows(), queries.count() * size);
    for (Index h = 0; h < queries.count(); ++h) {
      const HeadPattern& pattern = patterns[static_cast<std::size_t>(h)].pattern;
      const Index key_head = detail::key_head_of(h, queries, keys);
      for (Index q = 0; q < queries.rows(); ++q)
        output.block(q, h * size, 1, size) =
            decode_one<Scalar>(queries[h].row(q), keys[key_head], values[key_head],
                               pattern.kept(direction_, q + keys.rows() - queries.rows(), keys.rows()));
    }
    return output;
  }

  Direction direction() const { return direction_; }
  const SampleOptions& options() const { return options_; }

 private:
  /// The attention of one query over the keys that it keeps, as if there were no others.
  template <class Scalar>
  detail::RowMajorMatrix<Scalar> decode_one(const Eigen::Ref<const Eigen::RowVectorX<Scalar>>& query,
                                            const HeadRows& keys, const HeadRows& values,
                                            const std::vector<Index>& kept) const {
    const DenseAttention dense(Direction::bidirectional, {.scale = attention_.scale});
    return dense.template operator()<Scalar>(query, detail::gathered_rows<Scalar>(keys, kept),
                                             detail::gathered_rows<Scalar>(values, kept));
  }

  double pairs_allowed(double queries, double keys) const {
    return direction_ == Direction::causal ? queries * (keys - queries) + queries * (queries + 1) / 2 : queries * keys;
  }

  template <class Scalar>
  std::vector<HeadReport> find(const detail::AttentionInputs& inputs) const {
    std::vector<HeadReport> heads(static_cast<std::size_t>(inputs.queries.count()));
    detail::share_work(inputs.queries.count(), inputs.threads, [&] {
      return [&](Index h) {
        const detail::HeadInputs head{inputs.queries[h], inputs.keys[inputs.key_head(h)], inputs.scale, direction_};
        const Seed seed = derive_seed(options_.seed, "head", static_cast<std::uint64_t>(h));
        auto found = detail::PatternSearch<Scalar>(head, options_, seed)();
        heads[static_cast<std::size_t>(h)] = {std::move(found.pattern), 1, found.mass};
      };
    });
    return heads;
  }

  Direction direction_;
  SampleOptions options_;
  AttentionOptions attention_;
};

}  // namespace turnstile::inline v0
