// Ingestion in shards into what cannot be added up.
// Message: LinearState

#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sampler/sharded.hpp>

using namespace turnstile;

#ifdef CORRECTED
using State = L2Sampler<>;
#else
using State = double;
#endif

void ingest(State& state) {
  ingest_in_shards(state, 4, 2, [](State&, Index) {});
}
