/// @file
/// Draws beside the exact law, a line each.
#pragma once

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <turnstile/turnstile.hpp>
#include <vector>

#include "text.hpp"

namespace examples {

/// Prints the draws with what `name` calls each index, in a first column of this title and width.
/// The law knows value, probability and rank of each, as ExactLaw does.
template <class Scalar, class Law, class Name>
void print_draws(std::ostream& out, const std::string& title, int width, const Law& law,
                 const std::vector<turnstile::Draw<Scalar>>& draws, const Name& name) {
  std::vector<int> widths = {width, 9, 10, 10, 8, 10, 10, 8};
  for (const auto& draw : draws)
    widths.back() = std::max(widths.back(), static_cast<int>(grouped(law.rank(draw.index)).size()));
  print_row(out, widths, {title, "value", "std error", "exact y_i", "off by", "p drawn", "exact p", "rank"});
  for (const auto& draw : draws) {
    const double exact = law.value(draw.index), off = std::abs(draw.value / exact - 1);
    print_row(out, widths,
              {name(draw.index), fixed(draw.value, 1), "+-" + fixed(draw.standard_error, 1), fixed(exact, 1),
               fixed(100 * off, 1) + " %", scientific(draw.probability, 1), scientific(law.probability(draw.index), 1),
               grouped(law.rank(draw.index))});
  }
}

}  // namespace examples
