#!/usr/bin/env bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/setup.sh"
source "$root/bench/build.sh"

usage() {
  cat <<'TEXT'
Usage: bench/run.sh [--no-install] [--publish] [ladder | curves | rest] [ARGUMENT...]

Builds the benchmarks (Release, -O3 -march=native, for them alone) and runs them, one after the other:

  ladder  what the library does beside its limits (a minute), and against keeping y (a quarter of one);
          bench/README.md explains each line
  curves  how costs grow with n, d, k and 1/epsilon (half a minute), with their plots

and then what else there is (three minutes). The word `ladder`, `curves` or `rest` runs that part alone. Tables come
to build/bench/data, plots to build/bench/pictures, those of Google Benchmark to build/bench/*.json.

  --publish     writes to bench/plots/data and bench/plots/pictures instead, and puts the tables into
                bench/README.md and README.md
  --no-install  stops with the list of what is missing instead of setting it up
  ARGUMENT...   goes to the benchmarks of Google Benchmark, e.g. --benchmark_filter=sample

bench/tensor_sketch.py compares with scikit-learn and is run by itself.
TEXT
}

install=()
further=()
parts=(ladder curves rest)
publish=
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --no-install) install=(--no-install) ;;
    --publish) publish=yes ;;
    ladder | curves | rest) parts=("$argument") ;;
    *) further+=("$argument") ;;
  esac
done

target_of() { case $1 in ladder) echo ladder_alone ;; curves) echo bench_growth ;; *) echo benchmarks ;; esac; }
needs_of() { if [[ $1 == ladder ]]; then echo ""; else echo gnuplot; fi; }

build_benchmarks "$(target_of "${parts[*]}")" "$(needs_of "${parts[*]}")" ${install[@]+"${install[@]}"} \
  ${further[@]+"${further[@]}"}
folder=$programs
if [[ -n $publish ]]; then folder=$root/bench/plots; fi
mkdir -p "$folder/data"

for part in "${parts[@]}"; do
  say "$part"
  case $part in
    ladder)
      "$programs/bench_ladder" "$folder/data"
      "$programs/bench_kept" "$folder/data" ;;
    curves)
      "$programs/bench_growth" "$folder/data"
      "$root/bench/plots/plot.sh" "$folder" ;;
    rest)
      for name in hashes streams softmax; do
        say "bench_$name"
        "$programs/bench_$name" --benchmark_counters_tabular=true --benchmark_out="$programs/$name.json" \
          ${arguments[@]+"${arguments[@]}"}
      done
      for name in acceptance planning accuracy; do
        say "bench_$name"
        "$programs/bench_$name" "$folder/data"
      done
      say "bench_exact_kronecker"
      "$programs/bench_exact_kronecker" ;;
  esac
done
if [[ -n $publish ]]; then
  "$root/bench/tables.sh"
  "$root/bench/tables.sh" "$root/README.md"
fi
say "took $SECONDS s; written to $folder"
