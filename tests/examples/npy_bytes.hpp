#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

/// The dictionary of a .npy header.
inline std::string npy_dictionary(const std::string& descr, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
}

/// The bytes of a .npy file: `text` is its header's dictionary, `data` what follows.
inline std::vector<char> npy_bytes(const std::string& text, const std::string& data) {
  const std::string header = text + "\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() % 256);
  file += static_cast<char>(header.size() / 256);
  file += header + data;
  return {file.begin(), file.end()};
}

inline void write_npy(const std::filesystem::path& path, const std::string& descr, const std::string& shape,
                      const std::string& data) {
  const std::vector<char> bytes = npy_bytes(npy_dictionary(descr, shape), data);
  std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes));
}
