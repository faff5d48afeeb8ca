#include <turnstile/detail/large_pages.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "support/catch.hpp"

using namespace turnstile;

// Small ones, of which the next is often where the last was, and one of several pages of 2 MiB.
TEMPLATE_TEST_CASE("an array that may be large is zero, also where another was before", "[core]", double, float,
                   std::int64_t, detail::int128) {
  for (std::size_t size : {std::size_t{1}, std::size_t{64}, std::size_t{1000}, std::size_t{1} << 20})
    for (int round = 0; round < 3; ++round) {
      detail::LargeArray<TestType> array(size);
      REQUIRE(array.size() == size);
      CHECK(std::ranges::count(array, TestType(0)) == static_cast<std::ptrdiff_t>(size));
      std::ranges::fill(array, TestType(7));
    }
}

TEST_CASE("an array that may be large is copied and moved as any other", "[core]") {
  detail::LargeArray<double> array(std::size_t{1} << 19);
  for (std::size_t k = 0; k < array.size(); ++k) array[k] = static_cast<double>(k);
  const detail::LargeArray<double> copy = array;
  CHECK(std::ranges::equal(copy, array));
  const double* const at = array.data();
  detail::LargeArray<double> moved = std::move(array);
  CHECK(moved.data() == at);
  CHECK(std::ranges::equal(moved, copy));

  moved[3] = -1;
  moved = copy;  // as large: where it was
  CHECK(moved.data() == at);
  CHECK(std::ranges::equal(moved, copy));
  detail::LargeArray<double> small(3);
  moved = small;
  CHECK(std::ranges::equal(moved, small));
  small = copy;
  CHECK(std::ranges::equal(small, copy));
  moved = std::move(small);
  CHECK(std::ranges::equal(moved, copy));
}

TEST_CASE("asking for large pages leaves memory as it is, whatever its ends", "[core]") {
  detail::prefer_large_pages(nullptr, 0);
  detail::LargeArray<double> array(std::size_t{3} << 18);  // 6 MiB
  std::ranges::fill(array, 1.5);
  for (std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{12345}})
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 18, array.size() - first})
      detail::prefer_large_pages(array.data() + first, size * sizeof(double));
  CHECK(std::ranges::count(array, 1.5) == static_cast<std::ptrdiff_t>(array.size()));
}
