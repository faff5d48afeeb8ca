#!/usr/bin/env bash
# Builds and runs the experiments and draws their plots. Usage: bench/experiments/run.sh [--no-install] [FOLDER]
#
# Takes about half an hour on two quiet processors, most of it for attention, whose recorded heads are read from the
# folder that TURNSTILE_SHARED names (skipped if there is none). Tables are in FOLDER/data then, plots in FOLDER/pictures:
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
for name in heads dense_heads lm replaced times keys; do
  say "experiment attention: $name"
  "$programs/experiment_attention_$name" "$folder/data"
done
packages=$root/build/onnx
if command -v npm >/dev/null; then
  [[ -d $packages/node_modules ]] || npm install --silent --ignore-scripts --prefix "$packages" onnxruntime-node || true
  node "$root/bench/experiments/attention/onnx_runtime.mjs" "$folder/data" "$packages"
else
  say "skipped: ONNX Runtime, which needs node and npm"
fi
"$root/bench/plots/plot.sh" "$folder"
say "took $SECONDS s; written to $folder"
