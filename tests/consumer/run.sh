#!/usr/bin/env bash
# Uses the library from another project: installed, by CMake and pkg-config, as a subdirectory, through
# FetchContent, as one header, from a Debian package, from a vcpkg port, and as the README says. The Conan recipe is run
# up to its package.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/tests/support/checks.sh"

work=$root/build/consumer

configure() {  # FOLDER WAY CMAKE_ARGUMENT...
  local folder=$1 way=$2
  shift 2
  cmake -S "$root/tests/consumer" -B "$folder" -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_BUILD_TYPE=Release -DTURNSTILE_WAY="$way" -DTURNSTILE_SOURCE="$root" "$@"
}

uses() { uses_as "$1" "$@"; }  # WAY CMAKE_ARGUMENT...

uses_as() {  # NAME WAY CMAKE_ARGUMENT...
  local folder=$work/$1
  shift
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

write_amalgamated() {
  quietly "$work/library/amalgamated.log" cmake --build "$work/library" --target turnstile_amalgamated
}

# A package in PREFIX, by find_package.
uses_prefix() {  # NAME PREFIX
  uses_as "$1" find_package -DCMAKE_PREFIX_PATH="$2" -DTURNSTILE_WANTED_VERSION="$version"
}

# The same files, by their names.
same_files() {  # FOLDER FOLDER
  diff <(cd "$1" && find . -type f | sort) <(cd "$2" && find . -type f | sort)
}

# Everything that is installed belongs to the one component.
installs_as_component() {
  quietly "$work/library/component.log" cmake --install "$work/library" --prefix "$work/component" \
    --component turnstile && same_files "$work/prefix" "$work/component"
}

makes_deb() {
  (cd "$work/library" && quietly "$work/library/cpack.log" cpack -G DEB) &&
    quietly "$work/library/unpack.log" dpkg-deb -x "$work/library/libturnstile-dev_${full_version}_all.deb" "$work/deb" &&
    same_files "$work/prefix" "$work/deb/usr"
}

deb_says() {  # FIELD VALUE
  [[ $(dpkg-deb --field "$work/library/libturnstile-dev_${full_version}_all.deb" "$1") == "$2" ]]
}

runs_vcpkg_port() {
  quietly "$work/vcpkg.log" cmake -DPORT="$root/cmake/packaging/vcpkg" -DCURRENT_PACKAGES_DIR="$work/vcpkg-prefix" \
    -DWANTED_VERSION="$full_version" -P "$root/tests/consumer/vcpkg_port.cmake"
}

runs_conan_recipe() {
  PYTHONDONTWRITEBYTECODE=1 python3 "$root/tests/consumer/conan_recipe.py" \
    "$root/cmake/packaging/conan/conanfile.py" "$work/conan" "$full_version" &&
    same_files "$work/prefix/include" "$work/conan/package/include"
}

# The CMake lines of the README, for a target my_program.
uses_readme() {
  sed -n '/^```cmake$/,/^```$/{/^```/d;p}' "$root/README.md" >"$work/readme.cmake"
  [[ -s $work/readme.cmake ]] &&
    uses README -DCMAKE_PREFIX_PATH="$work/prefix" -DTURNSTILE_SNIPPET="$work/readme.cmake"
}

# pkg-config knows of the prefix by its environment only.
uses_pkg_config() {
  PKG_CONFIG_PATH="$work/prefix/share/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}" \
    uses pkg-config -DTURNSTILE_WANTED_VERSION="$full_version"
}

rm -rf "$work"
version=$(sed -n 's/^#define TURNSTILE_VERSION_M[AI][JN]OR //p' "$root/include/turnstile/version.hpp" |
  paste -sd.)
full_version=$version.$(sed -n 's/^#define TURNSTILE_VERSION_PATCH //p' "$root/include/turnstile/version.hpp")
check "installs" install_library
check "find_package($version)" uses find_package \
  -DCMAKE_PREFIX_PATH="$work/prefix" -DTURNSTILE_WANTED_VERSION="$version"
check "add_subdirectory" uses add_subdirectory
check "FetchContent" uses FetchContent
check "writes the amalgamated header" write_amalgamated
check "the amalgamated header in two translation units" uses amalgamated \
  -DTURNSTILE_AMALGAMATED="$work/library/amalgamated"
ways=(find_package add_subdirectory FetchContent amalgamated)
if command -v pkg-config >/dev/null; then
  check "pkg-config" uses_pkg_config
  ways+=(pkg-config)
else
  echo "  skipped: pkg-config is not installed"
fi
check "the component is all of it" installs_as_component
check "the CMake lines of the README" uses_readme
if command -v dpkg-deb >/dev/null; then
  check "a Debian package" makes_deb
  check "find_package of the Debian package" uses_prefix deb-project "$work/deb/usr"
  check "the Debian package is for any machine" deb_says Architecture all
  check "the Debian package depends on Eigen" deb_says Depends "libeigen3-dev (>= 3.4)"
else
  echo "  skipped: dpkg-deb is not installed"
fi
check "the vcpkg port" runs_vcpkg_port
check "find_package of the vcpkg port" uses_prefix vcpkg-project "$work/vcpkg-prefix"
if command -v python3 >/dev/null; then
  check "the Conan recipe packages all headers" runs_conan_recipe
else
  echo "  skipped: python3 is not installed"
fi
for way in "${ways[@]}"; do
  check "$way hands on no flags" hands_nothing_on "$way"
done
check "a version that is not installed is refused" refuses 99.0

report_checks
