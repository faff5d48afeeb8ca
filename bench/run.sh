#!/usr/bin/env bash
# Builds and runs the benchmarks. Usage: bench/run.sh [--no-install] [ARGUMENT...]
#
# Sets up what is missing (--no-install: stops with the list instead) and hands the further arguments
# to those of Google Benchmark, e.g. --benchmark_filter=sample. Tables are also written to
# build/bench/*.csv. bench/tensor_sketch.py compares with scikit-learn and is run by itself.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/setup.sh"
source "$root/bench/build.sh"

build_benchmarks benchmarks "" "$@"

for name in growth hashes streams softmax; do
  say "bench_$name"
  "$programs/bench_$name" --benchmark_counters_tabular=true \
    --benchmark_out="$programs/$name.csv" --benchmark_out_format=csv ${arguments[@]+"${arguments[@]}"}
done
for name in acceptance planning; do
  say "bench_$name"
  "$programs/bench_$name" "$programs"
done
say "bench_exact_kronecker"
"$programs/bench_exact_kronecker"
