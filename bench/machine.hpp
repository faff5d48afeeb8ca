// Where and when something was measured: what a table of times is worth nothing without.
#pragma once

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <string>
#include <thread>

namespace bench {

// As Linux tells it.
inline std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  return "unknown processor";
}

inline std::string compiler_name() {
#ifdef __clang__
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

// What the kernel does with large pages, which is what reading and copying large arrays depends on.
inline std::string huge_pages() {
  std::ifstream file("/sys/kernel/mm/transparent_hugepage/enabled");
  std::string word;
  while (file >> word)
    if (word.front() == '[') return ", huge pages " + word.substr(1, word.size() - 2);
  return "";
}

// "2026-11-22, AMD EPYC, 2 processors, g++ 12.2.0, huge pages madvise, load 0.31": the load is of the minute before.
inline std::string machine_line() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  gmtime_r(&now, &date);
  double load = 0;
  std::ostringstream text;
  text << std::put_time(&date, "%Y-%m-%d") << ", " << processor_name() << ", " << std::thread::hardware_concurrency()
       << " processors, " << compiler_name() << huge_pages();
  if (getloadavg(&load, 1) == 1) text << ", load " << std::fixed << std::setprecision(2) << load;
  return text.str();
}

}  // namespace bench
