// A feed of shards that is not told which one.
// Message: invocable

#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sampler/sharded.hpp>

using namespace turnstile;

void ingest(L2Sampler<>& sampler) {
#ifdef CORRECTED
  const auto feed = [](L2Sampler<>& part, Index shard) { part.update(shard, 1.0); };
#else
  const auto feed = [](L2Sampler<>& part) { part.update(0, 1.0); };
#endif
  ingest_in_shards(sampler, 4, 2, feed);
}
