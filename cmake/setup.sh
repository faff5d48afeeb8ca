# shellcheck shell=bash
# Sourced by the scripts that build something, after they set `root` to the folder of the clone.
#
#   setup_machine [--no-install] NEED...     NEED: compiler g++ clang cmake ninja eigen catch2
#                                                  benchmark clang-rt gnuplot mpi valgrind
#                                                  pkg-config doxygen graphviz clang-format clang-tidy
#
# What is installed is used as it is. What is missing is installed with the platform's package
# manager, after saying so; with --no-install, or where that cannot be done, the script ends with
# status 3 and the list. Three kinds of needs are no reason to stop: gnuplot, which is a convenience,
# mpi and pkg-config, without which their tests and examples are skipped, and the libraries that CMake
# can fetch itself (cmake/TurnstileDependencies.cmake).

say() { printf '%s\n' "== $*"; }

# ---- what is there -------------------------------------------------------------------------------

include_folders() {
  printf '%s\n' /usr/include /usr/local/include /opt/homebrew/include
  tr ':' '\n' <<<"${CPATH:-}"
  tr ':' '\n' <<<"${CMAKE_PREFIX_PATH:-}" | sed '/./s|$|/include|'
}

has_header() {  # one of the given paths, below one of the include folders
  local folder header
  while read -r folder; do
    for header in "$@"; do
      [[ -n $folder && -e $folder/$header ]] && return 0
    done
  done < <(include_folders)
  return 1
}

links_sanitized() {
  local scratch status=0
  scratch=$(mktemp -d)
  echo 'int main() { return 0; }' >"$scratch/main.cpp"
  clang++ -fsanitize=address,undefined "$scratch/main.cpp" -o "$scratch/main" &>/dev/null || status=1
  rm -rf "$scratch"
  return "$status"
}

present() {
  case $1 in
    compiler) command -v "${CXX:-g++}" || command -v g++ || command -v clang++ ;;
    g++ | cmake | gnuplot | valgrind | pkg-config | doxygen | clang-format | clang-tidy) command -v "$1" ;;
    graphviz) command -v dot ;;
    clang) command -v clang++ ;;
    clang-rt) command -v clang++ && links_sanitized ;;
    ninja) command -v ninja || command -v ninja-build ;;
    eigen) has_header eigen3/Eigen/Core Eigen/Core ;;
    catch2) has_header catch2/catch.hpp catch2/catch_all.hpp ;;
    benchmark) has_header benchmark/benchmark.h ;;
    mpi) command -v mpirun && command -v mpicxx ;;
    *) echo "setup_machine: unknown need: $1" >&2; exit 2 ;;
  esac >/dev/null
}

absent() {
  local need
  for need in "$@"; do
    present "$need" || echo "$need"
  done
}

can_do_without() {
  local need
  for need in "$@"; do
    case $need in
      gnuplot | eigen | catch2 | benchmark | mpi | pkg-config) ;;
      *) return 1 ;;
    esac
  done
}

only_conveniences() {  # nothing of these is built from
  local need
  for need in "$@"; do
    [[ $need == gnuplot || $need == mpi || $need == pkg-config ]] || return 1
  done
}

# ---- how to get it -------------------------------------------------------------------------------

package_manager() {  # the first that is there and may be used; dnf and brew are untested
  if [[ $EUID -eq 0 ]] || command -v sudo >/dev/null; then
    command -v apt-get >/dev/null && echo apt && return
    command -v dnf >/dev/null && echo dnf && return
  fi
  command -v brew >/dev/null && echo brew && return
  echo none
}

package_name() {  # MANAGER NEED; there may be several
  case $1:$2 in
    apt:compiler) echo g++ ;;
    apt:ninja) echo ninja-build ;;
    apt:eigen) echo libeigen3-dev ;;
    apt:benchmark) echo libbenchmark-dev ;;
    apt:clang-rt) echo libclang-rt-dev ;;
    apt:gnuplot) echo gnuplot-nox ;;
    apt:mpi) echo libopenmpi-dev openmpi-bin ;;
    dnf:compiler | dnf:g++) echo gcc-c++ ;;
    dnf:ninja) echo ninja-build ;;
    dnf:eigen) echo eigen3-devel ;;
    dnf:catch2) echo catch-devel ;;
    dnf:benchmark) echo google-benchmark-devel ;;
    dnf:clang-rt) echo compiler-rt ;;
    dnf:mpi) echo openmpi-devel ;;
    dnf:pkg-config) echo pkgconf-pkg-config ;;
    brew:compiler | brew:g++) echo gcc ;;
    brew:clang | brew:clang-rt) echo llvm ;;
    brew:benchmark) echo google-benchmark ;;
    brew:mpi) echo open-mpi ;;
    *) echo "$2" ;;
  esac
}

as_root() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi; }

install_packages() {  # MANAGER PACKAGE...
  local manager=$1
  shift
  case $manager in
    apt)
      as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
          apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" ;;
    dnf) as_root dnf install -y -q "$@" ;;
    brew) brew install --quiet "$@" ;;
  esac >/dev/null
}

# ---- the two together ----------------------------------------------------------------------------

setup_machine() {
  local install=yes manager need missing packages=()
  if [[ $1 == --no-install ]]; then install=no; shift; fi

  missing=($(absent "$@"))
  [[ ${#missing[@]} -eq 0 ]] && return

  if [[ $install == no ]]; then
    only_conveniences "${missing[@]}" && say "going on without: ${missing[*]}" && return
    say "missing: ${missing[*]} (--no-install: nothing was installed)"
    exit 3
  fi

  manager=$(package_manager)
  if [[ $manager != none ]]; then
    for need in "${missing[@]}"; do packages+=($(package_name "$manager" "$need")); done
    say "missing: ${missing[*]}; installing with $manager: ${packages[*]}"
    install_packages "$manager" "${packages[@]}" || say "$manager did not install all of these"
    missing=($(absent "$@"))
    [[ ${#missing[@]} -eq 0 ]] && return
  fi

  if ! can_do_without "${missing[@]}"; then
    say "missing, and could not be installed: ${missing[*]}"
    exit 3
  fi
  say "going on without: ${missing[*]} (CMake fetches a library; pictures need gnuplot, sums over ranks mpi)"
}

# ---- building ------------------------------------------------------------------------------------

job_count() { getconf _NPROCESSORS_ONLN; }

quietly() {  # LOG COMMAND...: what the command prints is kept in LOG and shown only if it fails
  local log=$1 status
  shift
  mkdir -p "$(dirname "$log")"
  "$@" </dev/null >"$log" 2>&1 && return
  status=$?
  cat "$log"
  say "failed: $*"
  return "$status"
}

build_project() { build_target "$1" all "${@:2}"; }  # FOLDER CMAKE_ARGUMENT...

build_target() {  # FOLDER TARGET CMAKE_ARGUMENT...
  local folder=$1 target=$2
  shift 2
  quietly "$folder/configure.log" cmake -S "$root" -B "$folder" -G Ninja "$@" &&
    quietly "$folder/build.log" cmake --build "$folder" --target "$target" --parallel "$(job_count)"
}

leave_to_caller() {  # FOLDER: what was built through sudo belongs to the user who called sudo
  if [[ $EUID -eq 0 && -n ${SUDO_UID:-} && -e $1 ]]; then
    chown -R "$SUDO_UID:${SUDO_GID:-}" "$1"
  fi
}
