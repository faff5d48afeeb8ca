/// @file
/// What states share that keep the image of a stream: its sum with others, and its bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/sampler_operator.hpp"

namespace turnstile::inline v0 {

/// Holds the linear map and the image under it of what streams, a VectorImage or a MatrixImage; a
/// derived class says what an update means for it. Derived provides `kind` and a constructor of (map,
/// image), open to this class.
template <class Derived, class Image, class Policies>
class StreamedImage {
 public:
  using scalar_type = typename Image::scalar_type;
  using policies_type = Policies;

  /// Adds the other stream, as if its updates had come here. @throws IncompatibleSketch
  Derived& operator+=(const Derived& other) {
    require_same(other, "add states");
    image_ += other.streamed();
    return self();
  }
  /// Takes the other stream away. @throws IncompatibleSketch
  Derived& operator-=(const Derived& other) {
    require_same(other, "subtract states");
    image_ -= other.streamed();
    return self();
  }

  /// Back to the empty stream.
  void clear() { image_.set_zero(); }

  std::size_t memory_bytes() const { return sizeof(Derived) + operator_.heap_bytes() + image_.heap_bytes(); }

  Identity identity() const {
    return {std::string(Derived::kind),
            std::string(scalar_name<scalar_type>()),
            Policies::name(),
            operator_.dimension(),
            image_.width(),
            operator_.options(),
            0};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the image (see its `put`).
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { image_.put(writer); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static Derived from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<Derived>(bytes, Policies::name(), [](io::ByteReader& reader, const Identity& found) {
      SamplerOperator<Policies> op(found.dimension, found.options);
      reader.expect_rest(Image::numbers(op, found.width), sizeof(scalar_type), Image::fixed_bytes(found.width));
      Image image(op, found.width);
      image.take(reader);
      return Derived(std::move(op), std::move(image));
    });
  }

  /// Shows the arrays that `+=` sums up to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    Image::for_each_array(self.image_, visitor);
  }

  /// Reads the arrays of a state of this identity, as a part of another's bytes. @throws CorruptState
  void take(io::ByteReader& reader) { image_.take(reader); }

  /// The linear map, and what is kept under it.
  const SamplerOperator<Policies>& linear_map() const { return operator_; }
  const Image& streamed() const { return image_; }

 protected:
  StreamedImage(SamplerOperator<Policies> op, Image image) : operator_(std::move(op)), image_(std::move(image)) {}
  StreamedImage(Index dimension, Index width, const SamplerOptions& options)
      : operator_(dimension, options), image_(operator_, width) {}

  Image& mutable_image() { return image_; }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  void require_same(const Derived& other, std::string_view action) {
    detail::require_same<IncompatibleSketch>(self().identity(), other.identity(), action);
  }

  SamplerOperator<Policies> operator_;
  Image image_;
};

}  // namespace turnstile::inline v0
