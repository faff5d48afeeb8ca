#include <turnstile/turnstile.hpp>

turnstile::Index index_drawn_by_other_unit() {
  turnstile::L2Sampler<double> sampler(1000, {.seed = 1});
  sampler.update(3, 2.0);
  return sampler.sample().value().index;
}
