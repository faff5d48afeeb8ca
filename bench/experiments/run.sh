#!/usr/bin/env bash
# Builds and runs the three experiments and draws their plots. Usage: bench/experiments/run.sh [--no-install] [FOLDER]
#
# Takes less than ten minutes on two quiet processors. Tables are in FOLDER/data then, plots in FOLDER/pictures:
# build/experiments if none is given; bench/plots for those that the README shows. Sets up what is missing
# (--no-install: stops with the list instead).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/bench/build.sh"

build_benchmarks experiments gnuplot "$@"
folder=${arguments[0]:-$root/build/experiments}
mkdir -p "$folder/data"

for name in static_dynamic softmax_wall tensor_stress; do
  say "experiment $name"
  "$programs/experiment_$name" "$folder/data"
done
"$root/bench/plots/plot.sh" "$folder"
say "took $SECONDS s; written to $folder"
