#!/usr/bin/env bash
# Builds and runs the benchmarks. Usage: bench/run.sh [--no-install] [ARGUMENT...]
#
# Sets up what is missing (--no-install: stops with the list instead) and hands the further arguments
# to those of Google Benchmark, e.g. --benchmark_filter=sample. Tables are also written to
# build/bench/*.csv. bench/tensor_sketch.py compares with scikit-learn and is run by itself.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/setup.sh"

install=()
if [[ ${1:-} == --no-install ]]; then install=(--no-install); shift; fi
setup_machine ${install[@]+"${install[@]}"} compiler cmake ninja eigen benchmark

trap 'leave_to_caller "$root/build"' EXIT
programs=$root/build/bench
say "building in $root/build/benchmarks"
build_project "$root/build/benchmarks" -DCMAKE_BUILD_TYPE=Release \
  -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_EXAMPLES=OFF \
  -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$programs"

for name in growth hashes streams softmax; do
  say "bench_$name"
  "$programs/bench_$name" --benchmark_counters_tabular=true \
    --benchmark_out="$programs/$name.csv" --benchmark_out_format=csv "$@"
done
for name in acceptance planning; do
  say "bench_$name"
  "$programs/bench_$name" "$programs"
done
say "bench_exact_kronecker"
"$programs/bench_exact_kronecker"
