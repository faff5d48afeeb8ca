/// @file
/// Pictures by gnuplot, where it is installed.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

namespace examples {

/// The text as one word of a POSIX shell.
inline std::string shell_quoted(const std::string& text) {
  std::string quoted(1, '\'');
  for (const char c : text) {
    if (c == '\'') quoted += "'\\'";
    quoted += c;
  }
  quoted += '\'';
  return quoted;
}

/// Runs `gnuplot -c script arguments...`; false if there is no gnuplot or it failed.
inline bool run_gnuplot(const std::string& script, const std::vector<std::string>& arguments) {
  std::string command = "gnuplot -c ";
  command += shell_quoted(script);
  for (const std::string& argument : arguments) command.append(1, ' ').append(shell_quoted(argument));
  return std::system("command -v gnuplot >/dev/null 2>&1") == 0 && std::system(command.c_str()) == 0;
}

}  // namespace examples
