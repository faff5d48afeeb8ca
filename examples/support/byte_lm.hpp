/// @file
/// A small language model.
#pragma once

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <turnstile/attention/heads.hpp>
#include <vector>

#include "npy.hpp"

namespace examples {

using Activations = RowMajorMatrix<float>;  ///< a row for each token

/// A decoder over bytes: four layers of four heads of 64, rotary positions, 2.2 million weights.
class ByteLm {
 public:
  static constexpr Eigen::Index heads = 4, head_size = 64, width = heads * head_size, layers = 4;

  /// Of a folder of arrays in single or half precision, the weights of each layer apart.
  explicit ByteLm(const std::filesystem::path& folder, const std::string& precision = "f32") {
    const auto read = [&](const std::string& name) {
      return NpyArray::read(folder / (name + "_" + precision + ".npy"));
    };
    const auto gain = [&](const std::string& name) { return Eigen::RowVectorXf(read(name).vector<float>()); };
    embedding_ = read("emb").matrix<float>();
    for (Eigen::Index l = 0; l < layers; ++l) {
      const std::string name = std::string("layer") + std::to_string(l) + "_";
      layers_[static_cast<std::size_t>(l)] = {gain(name + "n1_gain"),
                                              gain(name + "n2_gain"),
                                              read(name + "qkv").matrix<float>(),
                                              read(name + "o").matrix<float>(),
                                              read(name + "up").matrix<float>(),
                                              read(name + "dn").matrix<float>()};
    }
    last_gain_ = gain("nf_gain");
  }

  /// The logits of each token: row i is the forecast of byte i from those before it. `attend` is given queries, keys
  /// and values of all heads, and returns their attention side by side.
  template <class Attend>
  Activations logits(const std::vector<std::uint8_t>& bytes, const Attend& attend) const {
    Activations x(static_cast<Eigen::Index>(bytes.size()), width);
    for (Eigen::Index i = 0; i < x.rows(); ++i)
      x.row(i) = embedding_.row(i == 0 ? 256 : Eigen::Index{bytes[static_cast<std::size_t>(i - 1)]});
    for (const Layer& layer : layers_) {
      Activations z = normed(x, layer.attention_gain) * layer.qkv.transpose();
      rotate(z);
      const turnstile::Heads q(z.leftCols(width), heads), k(z.middleCols(width, width), heads),
          v(z.rightCols(width), heads);
      x += Activations(attend(q, k, v)) * layer.out.transpose();
      Activations hidden = normed(x, layer.forward_gain) * layer.up.transpose();
      hidden = hidden.unaryExpr([](float t) { return t * 0.5f * std::erfc(-t * std::sqrt(0.5f)); });
      x += hidden * layer.down.transpose();
    }
    return normed(x, last_gain_) * embedding_.transpose();
  }

 private:
  struct Layer {
    Eigen::RowVectorXf attention_gain, forward_gain;
    Activations qkv, out, up, down;
  };

  static Activations normed(const Activations& x, const Eigen::RowVectorXf& gain) {
    const Eigen::VectorXf scale = ((x.rowwise().squaredNorm().array() / float{width}) + 1e-5f).rsqrt();
    return (scale.asDiagonal() * x) * gain.asDiagonal();
  }

  /// Rotary positions: the first half of each query and key with its second half.
  static void rotate(Activations& z) {
    constexpr Eigen::Index half = head_size / 2;
    for (Eigen::Index i = 0; i < half; ++i) {
      const double speed = std::pow(1e5, -static_cast<double>(i) / half);
      for (Eigen::Index token = 0; token < z.rows(); ++token) {
        const double angle = static_cast<double>(token) * speed;
        const auto c = static_cast<float>(std::cos(angle)), s = static_cast<float>(std::sin(angle));
        for (Eigen::Index begin = 0; begin < 2 * width; begin += head_size) {
          float &first = z(token, begin + i), &second = z(token, begin + half + i);
          const float turned = first * c - second * s;
          second = second * c + first * s;
          first = turned;
        }
      }
    }
  }

  Activations embedding_;
  std::array<Layer, layers> layers_;
  Eigen::RowVectorXf last_gain_;
};

}  // namespace examples
