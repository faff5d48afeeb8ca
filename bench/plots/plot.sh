#!/usr/bin/env bash
# Draws the pictures of measured tables. Usage: bench/plots/plot.sh [FOLDER]
#
# FOLDER/pictures/NAME.svg of each NAME.gp beside this script that FOLDER/data has tables NAME*.csv for; FOLDER is this
# one if none is given. The tables of law come from examples/run.sh, those of growth from bench/run.sh, the others from
# bench/experiments/run.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-$here}

if ! command -v gnuplot >/dev/null; then
  echo "no pictures: they need gnuplot" >&2
  exit 0
fi
mkdir -p "$folder/pictures"
for name in law static_dynamic softmax_wall tensor_stress attention growth_n growth_size growth_k; do
  if compgen -G "$folder/data/$name*.csv" >/dev/null; then
    gnuplot -c "$here/plot.gp" "$name" "$folder/data" "$folder/pictures/$name.svg"
  fi
done
