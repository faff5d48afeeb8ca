#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/refused_unchanged.hpp"

#include <string>
#include <vector>

// What a SamplerBank hands on where its sampler has it, and merges that are refused half-way.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index count = 4, rows = 60, columns = 3;
const SamplerOptions options{.seed = 9, .shape = {.rows = 3, .buckets = 64}};
const Eigen::Vector3d x(1, -2, 0.5);

template <class S>
constexpr bool refreshes = requires(SamplerBank<S>& bank) {
  bank.refresh();
};
template <class S>
constexpr bool merges_factors = requires(SamplerBank<S>& bank) {
  bank.merge_matrix(bank), bank.merge_vector(bank);
};
template <class S>
constexpr bool updates_rows = requires(SamplerBank<S>& bank, const Eigen::RowVector3d& row) {
  bank.update_row(Index{1}, row);
};
template <class S>
constexpr bool updates_factors = requires(SamplerBank<S>& bank) {
  bank.update_matrix(Index{1}, Index{1}, 1.0), bank.update_vector(Index{1}, 1.0);
};
template <class S>
constexpr bool updates_matrix_rows = requires(SamplerBank<S>& bank, const Eigen::RowVector3d& row) {
  bank.update_matrix_row(Index{1}, row);
};
template <class S>
constexpr bool updates_coordinates = requires(SamplerBank<S>& bank) {
  bank.update(Index{1}, 1.0);
};

static_assert(refreshes<FixedMatrixSampler<>> && refreshes<DynamicSampler<>>);
static_assert(!refreshes<L2Sampler<>> && !refreshes<FixedVectorSampler<>> && !refreshes<RowSampler<>>);
static_assert(merges_factors<DynamicSampler<>> && !merges_factors<FixedMatrixSampler<>>);
static_assert(!merges_factors<L2Sampler<>>);
static_assert(updates_rows<FixedVectorSampler<>> && updates_rows<RowSampler<>> && !updates_rows<L2Sampler<>>);
static_assert(updates_factors<DynamicSampler<>> && !updates_factors<FixedMatrixSampler<>>);
static_assert(updates_matrix_rows<DynamicSampler<>> && !updates_matrix_rows<RowSampler<>>);
static_assert(updates_coordinates<L2Sampler<>> && !updates_coordinates<DynamicSampler<>>);

template <class S>
constexpr bool updates_both_sides = requires(SamplerBank<S>& bank, const Eigen::RowVector3d& row) {
  bank.update_left(Index{1}, Index{1}, 1.0), bank.update_right(Index{1}, Index{1}, 1.0);
  bank.update_left_row(Index{1}, row), bank.update_right_row(Index{1}, row), bank.update_core(Index{1}, Index{1}, 1.0);
  bank.merge_left(bank), bank.merge_right(bank), bank.merge_core(bank);
};
static_assert(updates_both_sides<FactoredKroneckerSampler<>> && !updates_both_sides<DynamicSampler<>>);
static_assert(!updates_factors<FactoredKroneckerSampler<>> && !merges_factors<FactoredKroneckerSampler<>>);

SamplerBank<FactoredKroneckerSampler<>> factored_bank(Index row, double by) {
  SamplerBank<FactoredKroneckerSampler<>> bank(count, options, rows, rows, (by * Eigen::Matrix3d::Identity()).eval());
  bank.update_left_row(row, (by * x.transpose()).eval());
  bank.update_right_row(row + 1, (-by * x.transpose()).eval());
  return bank;
}

SamplerBank<DynamicSampler<>> dynamic_bank(Index row, double by) {
  SamplerBank<DynamicSampler<>> bank(count, options, rows, columns);
  bank.update_matrix_row(row, (by * x.transpose()).eval());
  bank.update_vector(row % columns, by);
  return bank;
}

// The bank's k-th sampler must be what `change` makes of that of `before` alone.
template <class S, class Change>
void check_each(const SamplerBank<S>& after, const SamplerBank<S>& before, const Change& change) {
  REQUIRE(after.size() == before.size());
  for (Index k = 0; k < after.size(); ++k) {
    S lone = before[k];
    change(lone, k);
    CHECK((after[k].to_bytes() == lone.to_bytes()));
  }
}

// The same merge of two banks, and of their samplers one by one.
template <class S, class Merge>
void check_merge(const SamplerBank<S>& before, const SamplerBank<S>& other, const Merge& merge) {
  auto bank = before;
  merge(bank, other);
  check_each(bank, before, [&](auto& lone, Index k) { merge(lone, other[k]); });
}

// y_7 doubled by merges until a sampler refuses more: the one whose scale of index 7 is largest.
SamplerBank<L2Sampler<float>> nearly_full(Seed seed) {
  SamplerBank<L2Sampler<float>> bank(count, {.seed = seed, .shape = {1, 1}}, rows);
  bank.update(Index{7}, 1.0F);
  for (;;) {
    auto sampler = bank.begin();
    for (; sampler != bank.end(); ++sampler) {
      L2Sampler<float> doubled = *sampler;
      if (message_of<CounterOverflow>([&] { doubled += *sampler; }) != "(nothing was thrown)") return bank;
    }
    bank += bank;
  }
}

// A bank of which the first sampler takes another doubling, and a later one does not.
SamplerBank<L2Sampler<float>> full_but_for_the_first() {
  for (Seed seed = 1;; ++seed) {
    auto bank = nearly_full(seed);
    L2Sampler<float> first = bank[0];
    if (message_of<CounterOverflow>([&] { first += bank[0]; }) == "(nothing was thrown)") return bank;
  }
}

}  // namespace

TEST_CASE("A bank refreshes all of its samplers", "[bank]") {
  SamplerBank<FixedMatrixSampler<>> bank(count, options, integer_matrix(rows, columns, 1));
  bank.update(Index{1}, 2.5);
  const auto before = bank;
  bank.refresh();
  check_each(bank, before, [](auto& lone, Index) { lone.refresh(); });
  CHECK((bank[count - 1].to_bytes() != before[count - 1].to_bytes()));
}

TEST_CASE("A bank merges matrices and vectors sampler by sampler", "[bank]") {
  const auto before = dynamic_bank(5, 1), other = dynamic_bank(6, 2);
  check_merge(before, other, [](auto& to, const auto& from) { to.merge_matrix(from); });
  check_merge(before, other, [](auto& to, const auto& from) { to.merge_vector(from); });
}

TEST_CASE("A bank merges left factors, right factors and cores sampler by sampler", "[bank]") {
  const auto before = factored_bank(5, 1), other = factored_bank(6, 2);
  check_merge(before, other, [](auto& to, const auto& from) { to.merge_left(from); });
  check_merge(before, other, [](auto& to, const auto& from) { to.merge_right(from); });
  check_merge(before, other, [](auto& to, const auto& from) { to.merge_core(from); });
}

TEST_CASE("Factors of banks of fewer samplers are not merged", "[bank][bad input]") {
  auto bank = factored_bank(5, 1);
  const SamplerBank<FactoredKroneckerSampler<>> fewer(count - 1, options, rows, rows, Eigen::Matrix3d::Identity());
  const auto says = [&](const auto& merge) { return refusal<IncompatibleSketch>(bank, merge); };
  CHECK(contains(says([&](auto& b) { b.merge_left(fewer); }), "cannot merge left factors"));
  CHECK(contains(says([&](auto& b) { b.merge_right(fewer); }), "cannot merge right factors"));
  CHECK(contains(says([&](auto& b) { b.merge_core(fewer); }), "cannot merge cores"));
}

TEST_CASE("Factors of banks of another identity are not merged", "[bank][bad input]") {
  auto bank = dynamic_bank(5, 1);
  const SamplerBank<DynamicSampler<>> wider(count, options, rows, columns + 1);
  const SamplerBank<DynamicSampler<>> fewer(count - 1, options, rows, columns);
  for (const auto* other : {&wider, &fewer}) {
    const auto matrices = [&](auto& b) { b.merge_matrix(*other); };
    const auto vectors = [&](auto& b) { b.merge_vector(*other); };
    CHECK(contains(refusal<IncompatibleSketch>(bank, matrices), "cannot merge matrices"));
    CHECK(contains(refusal<IncompatibleSketch>(bank, vectors), "cannot merge vectors"));
  }
}

TEST_CASE("A merge that a later sampler of a bank refuses changes none", "[bank][bad input]") {
  auto bank = full_but_for_the_first();
  CHECK(contains(refusal<CounterOverflow>(bank, [](auto& b) { b += b; }), "pass the range of"));
  auto empty = bank;
  empty.clear();
  auto negative = empty;
  negative -= bank;
  CHECK(contains(refusal<CounterOverflow>(bank, [&](auto& b) { b -= negative; }), "pass the range of"));
  CHECK_NOTHROW(bank += empty);
}
