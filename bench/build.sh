# shellcheck shell=bash
# Sourced by the scripts that measure, after they set `root` to the folder of the clone and sourced cmake/setup.sh.
#
#   build_benchmarks TARGET NEEDS [--no-install] [ARGUMENT...]
#
# builds a target of bench/CMakeLists.txt after setting up what that needs, and NEEDS, a list in one word.
# Its programs are in the folder $programs then, the further arguments in the array $arguments.

build_benchmarks() {
  local target=$1 needs=$2 install=()
  shift 2
  if [[ ${1:-} == --no-install ]]; then install=(--no-install); shift; fi
  arguments=("$@")
  setup_machine ${install[@]+"${install[@]}"} compiler cmake ninja eigen benchmark $needs

  trap 'leave_to_caller "$root/build"' EXIT
  programs=$root/build/bench
  say "building in $root/build/benchmarks"
  build_target "$root/build/benchmarks" "$target" -DCMAKE_BUILD_TYPE=Release \
    -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_EXAMPLES=OFF \
    -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$programs"
}
