// The text that the language model reads.
#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "support/npy.hpp"

namespace bench {

// The first bytes of the text of a folder.
inline std::vector<std::uint8_t> text_bytes(const std::filesystem::path& folder, Eigen::Index count) {
  const auto text = examples::NpyArray::read(folder / "persuasion_bytes_32768_u8.npy").vector<std::uint8_t>();
  return {text.data(), text.data() + count};
}

}  // namespace bench
