#include <turnstile/random/polynomial_hash.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

__extension__ using Wide = unsigned __int128;
constexpr std::uint64_t prime = detail::mersenne61;
constexpr std::uint64_t far = 12345678901234567;

// Field arithmetic by division, on purpose not the library's.
std::uint64_t times(std::uint64_t a, std::uint64_t b) { return static_cast<std::uint64_t>(Wide{a} * b % prime); }
std::uint64_t minus(std::uint64_t a, std::uint64_t b) { return (a + (prime - b)) % prime; }
std::uint64_t inverse(std::uint64_t a) {  // Fermat: a^(p − 2)
  std::uint64_t result = 1;
  for (std::uint64_t exponent = prime - 2; exponent != 0; exponent >>= 1, a = times(a, a))
    if (exponent & 1) result = times(result, a);
  return result;
}

template <class Hash>
std::uint64_t field_value(const Hash& hash, std::uint64_t key) {
  return hash(key) >> 3;
}

// Newton's divided differences of the hash at the given keys; the last is zero iff the values lie
// on a polynomial of lower degree than there are differences.
template <class Hash>
std::vector<std::uint64_t> divided_differences(const Hash& hash, const std::vector<std::uint64_t>& keys) {
  std::vector<std::uint64_t> column;
  for (std::uint64_t key : keys) column.push_back(field_value(hash, key));
  std::vector<std::uint64_t> differences{column.front()};
  for (std::size_t order = 1; order < keys.size(); ++order) {
    for (std::size_t k = 0; k + order < keys.size(); ++k)
      column[k] = times(minus(column[k + 1], column[k]), inverse(minus(keys[k + order], keys[k])));
    differences.push_back(column.front());
  }
  return differences;
}

template <int K>
void check_degree() {
  const std::vector<std::uint64_t> keys{0, 1, 2, 17, far, std::uint64_t{1} << 60, prime - 2, prime - 1, 99};
  const auto order = static_cast<std::size_t>(K);
  for (Seed seed = 0; seed < 50; ++seed) {
    const auto differences = divided_differences(PolynomialHash<K>(seed), keys);
    // The leading coefficient is zero for one seed in 2⁶¹.
    REQUIRE(differences[order - 1] != 0);
    for (std::size_t k = order; k < differences.size(); ++k) REQUIRE(differences[k] == 0);
  }
}

}  // namespace

// Golden values, computed by a second implementation from the description of the hash. They may
// turn red only with a change of `io::format_version`: every stored state depends on them.
TEST_CASE("PolynomialHash has its golden values", "[random][golden]") {
  CHECK(PolynomialHash<2>(0)(0) == 0x81fcb61a0a0e90d8);
  CHECK(PolynomialHash<2>(0)(1) == 0xb0aeb137f64a5110);
  CHECK(PolynomialHash<2>(1)(prime - 1) == 0x98636a9c9a63fc58);
  CHECK(PolynomialHash<4>(0)(far) == 0x5e83da021fb93b60);
  CHECK(PolynomialHash<4>(1)(1) == 0xfcfd90220ceef218);
  CHECK(PolynomialHash<4>(1)(prime - 1) == 0x4626240dfd28e380);
  CHECK(PolynomialHash<8>(0)(far) == 0x5029671866dd6c78);
  CHECK(PolynomialHash<8>(1)(prime - 1) == 0xf19595b9777e7348);
}

TEST_CASE("a PolynomialHash takes field elements as keys and names its degree", "[random]") {
  STATIC_REQUIRE(KeyedHash<PolynomialHash<2>>);
  CHECK(PolynomialHash<4>::key_limit == (std::uint64_t{1} << 61) - 1);
  CHECK(PolynomialHash<2>::name() == "polynomial2");
  CHECK(PolynomialHash<16>::name() == "polynomial16");
}

// Uniform coefficients make a polynomial of degree K − 1 exactly K-wise independent (Wegman and
// Carter 1981); so the two statements to test are that it is one, here without any statistics, ...
TEST_CASE("a PolynomialHash<K> is a polynomial of degree K - 1 over the field", "[random]") {
  check_degree<2>();
  check_degree<3>();
  check_degree<4>();
  check_degree<8>();
}

// ... and that the coefficients are uniform and independent.
// Quantity: the leading bits of the Newton coefficients at 0, 1, 2, 3, each and in pairs. Law:
// uniform on 64 and on 8 × 8 cells. Trials: 20 000 seeds. Significance: component, ten statements.
// Sees: a cell off by 35 %. Turned red by: all coefficients drawn from one seed.
TEST_CASE("the coefficients of a PolynomialHash are uniform and independent over seeds", "[random]") {
  constexpr std::size_t order = 4;
  std::vector<std::vector<double>> counts(order * order, std::vector<double>(64));
  for (long seed = 0; seed < 20'000; ++seed) {
    const auto coefficients = divided_differences(PolynomialHash<4>(static_cast<Seed>(seed)), {0, 1, 2, 3});
    for (std::size_t a = 0; a < order; ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const std::uint64_t cell = (coefficients[a] >> 58) * 8 + (coefficients[b] >> 58);
        ++counts[a * order + b][static_cast<std::size_t>(cell)];
      }
    for (std::size_t a = 0; a < order; ++a) ++counts[a * order + a][static_cast<std::size_t>(coefficients[a] >> 55)];
  }
  for (std::size_t a = 0; a < order; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      CAPTURE(a, b);
      CHECK(chi_square_test(counts[a * order + b], std::vector<double>(64, 1.0)).p_value >
            significance::each_of(significance::component, order * (order + 1) / 2));
    }
}
