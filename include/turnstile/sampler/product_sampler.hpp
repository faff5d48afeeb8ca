/// @file
/// What samplers share that keep y = A x as the image of A, and x.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/detail/plain_vector.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/product_image.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"

namespace turnstile::inline v0 {

/// Holds the linear map, the image of A under it, and x; a derived sampler says which of the two are
/// streams, and what adding two samplers means. The image is a FixedImage where A is none of them.
template <class Derived, class Scalar, class Policies, class Image = MatrixImage<Scalar>>
class ProductSampler : public SamplingVerbs<Derived, Draw<Scalar>> {
 public:
  using scalar_type = Scalar;
  using policies_type = Policies;

  /// Contracts ΨA with x once, so that draws add only what changes after it. Time: O(cells·d).
  void refresh() { product_.refresh(operator_); }

  /// d, the number of columns of A.
  Index columns() const { return product_.columns(); }
  /// x as the stream has left it.
  const Eigen::VectorXd& vector() const { return product_.vector(); }
  std::size_t memory_bytes() const { return sizeof(Derived) + operator_.heap_bytes() + product_.heap_bytes(); }

  /// The linear map, and the image of y = A x at this moment.
  const SamplerOperator<Policies>& linear_map() const { return operator_; }
  VectorImage<Scalar> image() const { return product_.now(operator_); }

  Identity identity() const {
    return {std::string(Derived::kind),
            std::string(scalar_name<Scalar>()),
            Policies::name(),
            this->dimension(),
            columns(),
            this->options(),
            static_cast<const Derived&>(*this).operand()};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: see `ProductImage::put`.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { product_.put(writer); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static Derived from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<Derived>(bytes, Policies::name(), [](io::ByteReader& reader, const Identity& found) {
      const SamplerOperator<Policies> op(found.dimension, found.options);
      reader.expect_rest(MatrixImage<Scalar>::numbers(op, found.width), sizeof(Scalar),
                         ProductImage<Image>::fixed_bytes(found.width));
      MatrixImage<Scalar> matrix(op, found.width);
      matrix.take(reader);
      Derived sampler(op, std::move(matrix));
      sampler.product_.take_vectors(op, reader);
      return sampler;
    });
  }

 protected:
  ProductSampler(SamplerOperator<Policies> op, MatrixImage<Scalar> matrix)
      : operator_(std::move(op)), product_(operator_, Image(std::move(matrix))) {}

  // x_j += Δ
  void change_vector(Index column, Scalar delta) {
    detail::check_index(column, columns(), "column");
    product_.check_change(column, static_cast<double>(delta));
    product_.add_to_vector(column, static_cast<double>(delta));
  }

  // x += Δx, all of it or nothing
  template <class X>
  void change_vector(const Eigen::MatrixBase<X>& change) {
    const Eigen::VectorXd delta = detail::plain_vector<double>(change, columns(), "change of x");
    for (Index j = 0; j < columns(); ++j) product_.check_change(j, delta[j]);
    for (Index j = 0; j < columns(); ++j) product_.add_to_vector(j, delta[j]);
  }

  void require_same(const Derived& other, std::string_view action) const {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), action);
  }

  ProductImage<Image>& product() { return product_; }
  const ProductImage<Image>& product() const { return product_; }

 private:
  SamplerOperator<Policies> operator_;
  ProductImage<Image> product_;
};

}  // namespace turnstile::inline v0
