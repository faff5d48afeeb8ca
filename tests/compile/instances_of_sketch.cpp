// A member of a template that nothing calls is not compiled. Here all are, of the hashes, the sketches and the results.

#include <turnstile/turnstile.hpp>

#include <cstdint>

using namespace turnstile;

template class turnstile::DrawResult<Draw<double>>;
template class turnstile::DrawResult<Draw<float>>;
template class turnstile::DrawResult<PairDraw<double>>;
template class turnstile::DrawResult<RowDraw<double>>;
template class turnstile::DrawResult<PairDraw<float>>;
template class turnstile::PolynomialHash<2>;
template class turnstile::PolynomialHash<3>;
template class turnstile::PolynomialHash<4>;
template class turnstile::PolynomialHash<8>;
template class turnstile::CountSketch<double, TabulationHash>;
template class turnstile::CountSketch<std::int64_t, NisanGenerator>;
template class turnstile::CountSketch<double>;
template class turnstile::CountSketch<float>;
template class turnstile::CountSketch<std::int64_t>;
template class turnstile::CountSketch<RowCounter<double>>;
template class turnstile::CountSketch<RowCounter<float>>;
template class turnstile::CountSketch<double, PolynomialHash<4>>;
template class turnstile::CountSketch<std::int64_t, PolynomialHash<2>>;
template class turnstile::AmsSketch<double>;
template class turnstile::AmsSketch<float>;
template class turnstile::AmsSketch<std::int64_t>;
template class turnstile::AmsSketch<RowCounter<double>>;
template class turnstile::AmsSketch<double, PolynomialHash<4>>;
template class turnstile::PairOperator<MixHash>;
template class turnstile::PairOperator<PolynomialHash<4>>;
template class turnstile::SketchOperator<MixHash>;
template class turnstile::SketchOperator<PolynomialHash<4>>;
template class turnstile::UpdateBuffer<CountSketch<std::int64_t>>;
template class turnstile::TensorSketch<double>;
template class turnstile::TensorSketch<float>;
template class turnstile::TensorSketch<double, PolynomialHash<4>>;
template class turnstile::TensorOperator<MixHash>;
