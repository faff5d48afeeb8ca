#!/usr/bin/env bash
# Runs the fuzz targets under AddressSanitizer and UndefinedBehaviorSanitizer.
#
#   tests/fuzz/run.sh [SECONDS [TARGET...]]     30 seconds each, side by side, fuzz_bytes and fuzz_stream
#
# Inputs that a target learns from are kept below build/fuzz, so that a later run goes on from them; an input that
# breaks it is left there too and named. The seeds are the golden states, and the programs in seeds/.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/tests/support/checks.sh"

work=$root/build/fuzz
seconds=${1:-30}
targets=(fuzz_bytes fuzz_stream)
if [[ $# -gt 1 ]]; then targets=("${@:2}"); fi

# Damaged sizes must not be believed: the largest state among the seeds has some 30 kB.
limits=(-rss_limit_mb=512 -malloc_limit_mb=64 -timeout=20)

seeds_of() {
  case $1 in
    fuzz_bytes) echo "$root/tests/golden/states/version2" ;;
    fuzz_stream) echo "$root/tests/fuzz/seeds" ;;
  esac
}

longest_of() { if [[ $1 == fuzz_bytes ]]; then echo 30000; else echo 600; fi; }

fuzz() {  # TARGET
  local corpus=$work/corpus/$1
  mkdir -p "$corpus"
  "$work/tests/fuzz/$1" -max_total_time="$seconds" -max_len="$(longest_of "$1")" "${limits[@]}" \
    -artifact_prefix="$work/$1-" "$corpus" "$(seeds_of "$1")" </dev/null >"$work/$1.log" 2>&1
}

judge() {  # TARGET PROCESS
  local log=$work/$1.log
  if wait "$2" && grep -E '^Done [1-9][0-9]* runs' "$log" | sed "s/^/  $1: /"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    grep -vE '^#[0-9]+' "$log" | tail -n 60
    echo "  FAILED: $1"
  fi
}

say "building in $work"
build_targets() {
  quietly "$work/configure.log" cmake -S "$root" -B "$work" -G Ninja -DCMAKE_CXX_COMPILER=clang++ \
    -DCMAKE_BUILD_TYPE=None -DTURNSTILE_BUILD_FUZZERS=ON \
    -DTURNSTILE_BUILD_EXAMPLES=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF &&
    quietly "$work/build.log" cmake --build "$work" --parallel "$(job_count)" --target "${targets[@]}"
}

if build_targets; then
  say "fuzzing for $seconds s"
  processes=()
  for target in "${targets[@]}"; do
    fuzz "$target" &
    processes+=($!)
  done
  for k in "${!targets[@]}"; do judge "${targets[k]}" "${processes[k]}"; done
else
  failed=${#targets[@]}
fi

report_checks
