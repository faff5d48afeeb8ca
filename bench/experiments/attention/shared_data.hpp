// Recorded data that is not shipped.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace bench {

// A file or folder of the folder that TURNSTILE_SHARED names; none, and says so, where it is not there.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
  if (const char* shared = std::getenv("TURNSTILE_SHARED")) {
    const auto path = std::filesystem::path(shared) / name;
    if (std::filesystem::exists(path)) return path;
  }
  std::cout << "skipped: TURNSTILE_SHARED names no folder that has " << name << '\n';
  return std::nullopt;
}

}  // namespace bench
