// The calls of MPI that sums are made of.

#include "ranks_here.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

using namespace turnstile;
using namespace turnstile::testing;

TEST_CASE("an array longer than one call takes is summed in parts", "[ranks]") {
  const double sum_of_ranks = rank_count() * (rank_count() - 1) / 2.0;
  for (std::size_t length : {0U, 1U, 6U, 7U, 8U, 100U}) {
    const detail::Ranks ranks(MPI_COMM_WORLD, {}, 7);
    std::vector<double> values(length);
    for (std::size_t k = 0; k < length; ++k) values[k] = static_cast<double>(k) + rank();
    ranks.reduce(std::span(values), MPI_SUM);
    std::size_t wrong = 0;
    for (std::size_t k = 0; k < length; ++k) wrong += values[k] != static_cast<double>(k) * rank_count() + sum_of_ranks;
    CHECK(wrong == 0);
  }
}

TEST_CASE("residues are summed modulo 2^61 - 1 by every rank and order", "[ranks]") {
  const MixHash words(3);
  const auto residue = [&](int of_rank, std::size_t k) {
    return k == 0 ? detail::mersenne61 - 1 : words(100 * k + static_cast<std::uint64_t>(of_rank)) % detail::mersenne61;
  };
  constexpr std::size_t length = 50;
  std::vector<std::uint64_t> values(length), expected(length);
  for (std::size_t k = 0; k < length; ++k) {
    values[k] = residue(rank(), k);
    for (int other = 0; other < rank_count(); ++other) expected[k] = detail::add61(expected[k], residue(other, k));
  }
  const detail::ResidueAddition addition;
  detail::Ranks(MPI_COMM_WORLD, {}, 7).reduce(std::span(values), addition.operation());
  CHECK(values == expected);
}

TEST_CASE("what one rank has reaches all", "[ranks]") {
  const detail::Ranks ranks(MPI_COMM_WORLD);
  CHECK(ranks.size() == rank_count());
  CHECK(ranks.receives());
  CHECK(detail::Ranks(MPI_COMM_WORLD, 1).receives() == (rank() == 1));
  CHECK(ranks.on_any(rank() == rank_count() - 1));
  CHECK_FALSE(ranks.on_any(false));
  const auto words = ranks.gather(100 + static_cast<std::uint64_t>(rank()));
  for (std::size_t k = 0; k < words.size(); ++k) CHECK(words[k] == 100 + k);
  const std::vector<std::byte> mine(5, static_cast<std::byte>(rank()));
  CHECK((ranks.broadcast(mine, 2) == std::vector<std::byte>(5, std::byte{2})));
}

TEST_CASE("an error of MPI is an Error that says what MPI says", "[ranks]") {
  MPI_Comm own = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &own);
  MPI_Comm_set_errhandler(own, MPI_ERRORS_RETURN);
  const std::vector<std::byte> none;
  const std::string message = message_of_exactly<Error>([&] { detail::Ranks(own).broadcast(none, rank_count()); });
  CHECK(contains(message, "MPI_Bcast: "));
  MPI_Comm_free(&own);
}
