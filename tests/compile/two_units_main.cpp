// A function or variable of a header that is neither inline nor a template would be defined twice
// here, and the program would not link.

#include <turnstile/turnstile.hpp>

turnstile::Index index_drawn_by_other_unit();

int main() {
  turnstile::L2Sampler<double> sampler(1000, {.seed = 1});
  sampler.update(3, 2.0);
  return sampler.sample().value().index == index_drawn_by_other_unit() ? 0 : 1;
}
