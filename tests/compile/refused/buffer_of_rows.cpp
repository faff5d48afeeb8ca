// A buffer for a sketch whose updates are rows, which it has no place for.
// Message: BatchUpdated

#include <turnstile/core/update_buffer.hpp>
#include <turnstile/sketch/count_sketch.hpp>
#include <turnstile/sketch/sketched_matrix.hpp>

using namespace turnstile;

#ifdef CORRECTED
using State = CountSketch<>;
#else
using State = SketchedMatrix<>;
#endif

void feed(State& state) {
  UpdateBuffer<State> buffer(state);
  buffer.flush();
}
