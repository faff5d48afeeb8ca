#!/usr/bin/env bash
# Uses the library from another project: installed, as a subdirectory and through FetchContent.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"

work=$root/build/consumer
passed=0
failed=0

check() {  # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1)); echo "  passed: $what"
  else
    failed=$((failed + 1)); echo "  FAILED: $what"
  fi
}

configure() {  # FOLDER WAY CMAKE_ARGUMENT...
  local folder=$1 way=$2
  shift 2
  cmake -S "$root/tests/consumer" -B "$folder" -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_BUILD_TYPE=Release -DTURNSTILE_WAY="$way" -DTURNSTILE_SOURCE="$root" "$@"
}

uses() {  # WAY CMAKE_ARGUMENT...
  local folder=$work/$1
  quietly "$folder/configure.log" configure "$folder" "$@" &&
    quietly "$folder/build.log" cmake --build "$folder" &&
    quietly "$folder/run.log" "$folder/consumer"
}

# Options and definitions of the target, and the flags of the compiler's own command line: warnings,
# sanitizers and instruction sets are the user's to choose.
hands_nothing_on() {  # WAY
  local folder=$work/$1
  [[ -x $folder/consumer && -e $folder/handed_on.txt && ! -s $folder/handed_on.txt ]] &&
    ! grep -E '"command".* -(W|f|m)' "$folder/compile_commands.json"
}

refuses() {  # VERSION
  local log=$work/refused-$1.log
  if configure "$work/refused-$1" find_package -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DTURNSTILE_WANTED_VERSION="$1" >"$log" 2>&1; then
    return 1
  fi
  grep -q "requested version \"$1\"" "$log"
}

install_library() {
  quietly "$work/library/configure.log" cmake -S "$root" -B "$work/library" -G Ninja \
    -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF -DTURNSTILE_BUILD_EXAMPLES=OFF &&
    quietly "$work/library/install.log" cmake --install "$work/library" --prefix "$work/prefix"
}

rm -rf "$work"
version=$(sed -n 's/^#define TURNSTILE_VERSION_M[AI][JN]OR //p' "$root/include/turnstile/version.hpp" |
  paste -sd.)
check "installs" install_library
check "find_package($version)" uses find_package \
  -DCMAKE_PREFIX_PATH="$work/prefix" -DTURNSTILE_WANTED_VERSION="$version"
check "add_subdirectory" uses add_subdirectory
check "FetchContent" uses FetchContent
for way in find_package add_subdirectory FetchContent; do
  check "$way hands on no flags" hands_nothing_on "$way"
done
check "a version that is not installed is refused" refuses 99.0

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
