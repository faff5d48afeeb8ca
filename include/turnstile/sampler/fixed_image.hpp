/// @file
/// The image of a matrix that no longer changes.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "turnstile/io/byte_format.hpp"
#include "turnstile/sampler/matrix_contraction.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

/// A MatrixImage by columns. Changes of A would want its rows together; changes of x, of which one entry alone
/// moves most often, want its columns: of a row-major ΨA each takes a cache line for every number.
template <class Scalar>
class FixedImage : public MatrixContraction<FixedImage<Scalar>, Scalar> {
 public:
  using scalar_type = Scalar;

  std::vector<std::uint64_t> residues;  ///< as those of the MatrixImage
  RoundingBound rounding;               ///< as well

  /// Time and further memory: one copy of the image.
  explicit FixedImage(const MatrixImage<Scalar>& image)
      : residues(image.residues),
        rounding(image.rounding),
        scaled_(image.scaled.matrix()),
        plain_(image.plain.matrix()),
        charged_(image.charged()) {}

  /// d
  Index width() const { return scaled_.cols(); }
  CellRange charged() const { return charged_; }
  const auto& scaled_rows() const { return scaled_; }
  const auto& plain_rows() const { return plain_; }

  std::size_t heap_bytes() const {
    return static_cast<std::size_t>(scaled_.size() + plain_.size()) * sizeof(Scalar) +
           residues.capacity() * sizeof(std::uint64_t);
  }

  /// Order in the byte format: that of `MatrixImage::put`.
  void put(io::ByteWriter& writer) const {
    writer.put_array(std::span(residues));
    writer.put_array(rounding.values());
    for (const Columns* rows : {&scaled_, &plain_}) {
      const detail::RowMajorMatrix<Scalar> by_rows = *rows;
      writer.put_array(detail::entries_of(by_rows));
    }
  }

 private:
  using Columns = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

  Columns scaled_, plain_;
  CellRange charged_;
};

}  // namespace turnstile::inline v0
