#include <turnstile/turnstile.hpp>

int main() {
  turnstile::L2Sampler<double> sampler(1000, {.seed = 1});
  sampler.update(3, 2.0);
  const auto result = sampler.sample();
  return result && result->index == 3 ? 0 : 1;
}
