/// @file
/// Exact attention over the keys that a mask keeps.
#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/attention/online_softmax.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/share_work.hpp"

namespace turnstile::inline v0 {

/// What an attention computed.
struct Attended {
  detail::RowMajorMatrix<float> output;  ///< n_q × (H_q·d_v): the heads side by side
  std::vector<Index> pairs;              ///< for each query head, how many pairs of a query and a key were kept
};

namespace detail {

/// Some rows of a head, as neighbours.
template <class Scalar = float>
RowMajorMatrix<Scalar> gathered_rows(const HeadRows& rows, std::span<const Index> chosen) {
  RowMajorMatrix<Scalar> gathered(std::ssize(chosen), rows.cols());
  for (Index i = 0; i < gathered.rows(); ++i) gathered.row(i) = rows.row(chosen[static_cast<std::size_t>(i)]);
  return gathered;
}

/// A mask's columns of one head.
template <class Scalar>
class GatheredColumns {
 public:
  GatheredColumns(const AttentionInputs& inputs, Index key_head, std::span<const Index> columns)
      : keys_(gathered_rows<Scalar>(inputs.keys[key_head], columns)),
        values_(gathered_rows<Scalar>(inputs.values[key_head], columns)) {}

  KeyValues view() const { return {map_of(keys_), map_of(values_)}; }

 private:
  static HeadRows map_of(const RowMajorMatrix<Scalar>& matrix) {
    return {matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.cols())};
  }

  RowMajorMatrix<Scalar> keys_, values_;
};

template <AttentionMask Mask>
void check_mask(const AttentionInputs& inputs, const Mask& mask) {
  check_same_size(mask.queries(), inputs.queries.rows(), "mask's list of queries");
  check_same_size(mask.keys(), inputs.keys.rows(), "mask's list of keys");
  check_indices(mask.columns(), mask.keys(), "column of the mask");
}

/// The attention of all heads, mask_of(h) being the mask of query head h.
template <class MaskOf>
Attended attend(const AttentionInputs& inputs, const MaskOf& mask_of) {
  const Index heads = inputs.queries.count(), queries = inputs.queries.rows(), size = inputs.values.head_size();
  std::vector<GatheredColumns<float>> gathered;
  for (Index h = 0; h < heads; ++h) {
    check_mask(inputs, mask_of(h));
    gathered.emplace_back(inputs, inputs.key_head(h), mask_of(h).columns());
  }
  checked_product(queries, checked_product(heads, size, "heads of the output"), "output");
  Attended result{RowMajorMatrix<float>(queries, heads * size), {}};
  const Index blocks = (queries + query_block - 1) / query_block;
  std::vector<Index> pairs(static_cast<std::size_t>(heads * blocks));
  share_work(heads * blocks, inputs.threads, [&] {
    return [&, softmax = OnlineSoftmax<float>()](Index item) mutable {
      // The last blocks of a causal head see the most keys, so they come first.
      const Index head = item / blocks, begin = (blocks - 1 - item % blocks) * query_block;
      const IndexRange block{begin, std::min(begin + query_block, queries)};
      const KeyValues all{inputs.keys[inputs.key_head(head)], inputs.values[inputs.key_head(head)]};
      const KeyValues columns = gathered[static_cast<std::size_t>(head)].view();
      auto out = result.output.block(block.begin, head * size, block.size(), size);
      softmax.start(inputs.queries[head], block, inputs.scale, out);
      for (const KeyTile& tile : mask_of(head).tiles(block))
        softmax.add(mask_of(head), tile, tile.gathered ? columns : all, out);
      pairs[static_cast<std::size_t>(item)] = softmax.finish(out);
    };
  });
  for (auto of_head = pairs.begin(); of_head != pairs.end(); of_head += blocks)
    result.pairs.push_back(std::accumulate(of_head, of_head + blocks, Index{0}));
  return result;
}

}  // namespace detail

/// softmax(scale·Q Kᵀ) V over the keys that the mask keeps, for each head: exact, in float32, blocked with an
/// online softmax. Query heads share key heads in groups of H_q/H_k; all heads have the same mask.
///
/// Time: 4·d flops for each pair that is kept, and for those that are computed in vain at the edges of the mask.
/// Memory: the output, the mask's columns of K and V once for each head, and 300 KiB to 600 KiB a thread.
/// May be called from several threads at once, with the same mask too.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
///   const Matrix q = Matrix::Random(500, 32), k = Matrix::Random(500, 32), v = Matrix::Random(500, 32);
///   const turnstile::BandedMask mask(turnstile::Direction::causal, 500, 500, {{0, 50}}, {0, 1, 2, 3});
///   const turnstile::Attended attended = turnstile::sparse_attention(q, k, v, mask);
///   return attended.output.rows() == 500 && attended.pairs[0] < 500 * 54 ? 0 : 1;
/// }
/// @endcode
/// @throws InvalidArgument for empty or mismatched shapes, head sizes above 256, numbers that are not finite,
/// scores that might not be; for a mask of other sizes, or one that hides all keys from a query
template <AttentionMask Mask>
Attended sparse_attention(const Heads& queries, const Heads& keys, const Heads& values, const Mask& mask,
                          const AttentionOptions& options = {}) {
  const auto inputs = detail::checked_inputs(queries, keys, values, options);
  return detail::attend(inputs, [&](Index) -> const Mask& { return mask; });
}

/// The same with a mask for each query head. @throws InvalidArgument also unless there is one for each
template <AttentionMask Mask>
Attended sparse_attention(const Heads& queries, const Heads& keys, const Heads& values, const std::vector<Mask>& masks,
                          const AttentionOptions& options = {}) {
  const auto inputs = detail::checked_inputs(queries, keys, values, options);
  detail::check_same_size(std::ssize(masks), queries.count(), "list of masks");
  return detail::attend(inputs, [&](Index head) -> const Mask& { return masks[static_cast<std::size_t>(head)]; });
}

}  // namespace turnstile::inline v0
