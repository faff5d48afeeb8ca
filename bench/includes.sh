#!/usr/bin/env bash
# What including a header costs, beside <Eigen/Dense>. Usage: bench/includes.sh [--publish] [COMPILER...] (g++ clang++)
#
# Seconds of the compiler's own time, -fsyntax-only, the headers one after the other and again: the median of seven.
# --publish writes bench/plots/data/includes.csv and the table of bench/README.md.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

publish=
compilers=()
for argument in "$@"; do
  if [[ $argument == --publish ]]; then publish=yes; else compilers+=("$argument"); fi
done
[[ ${#compilers[@]} -gt 0 ]] || compilers=(g++ clang++)
headers=(Eigen/Dense turnstile/sketch/count_sketch.hpp turnstile/sampler/l2_sampler.hpp
  turnstile/sampler/row_sampler.hpp
  turnstile/sampler/factored_kronecker_sampler.hpp turnstile/softmax/softmax_sampler.hpp
  turnstile/attention/sample_attention.hpp turnstile/turnstile.hpp)
read -r eigen < <(pkg-config --cflags-only-I eigen3 2>/dev/null || echo -I/usr/include/eigen3)

seconds() {  # COMPILER HEADER
  echo "#include <$2>" >"$work/one.cpp"
  local TIMEFORMAT=%U
  time "$1" -std=c++20 -fsyntax-only -I"$root/include" -isystem "${eigen#-I}" "$work/one.cpp" 2>"$work/said" ||
    { cat "$work/said" >&2; exit 1; }
}

for turn in 1 2 3 4 5 6 7; do
  for compiler in "${compilers[@]}"; do
    for header in "${headers[@]}"; do
      seconds "$compiler" "$header" 2>"$work/spent" || { cat "$work/spent" >&2; exit 1; }
      echo "$compiler $header $(<"$work/spent")"
    done
  done
  echo "$turn of 7 turns" >&2
done >"$work/times"

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
{
  echo "# $(date -u +%Y-%m-%d), ${processor:-unknown processor}, $(nproc) processors, $("${compilers[0]}" --version |
    head -n 1), load $(cut -d ' ' -f 1 /proc/loadavg)"
  echo "header,$(printf '%s s,ratio,' "${compilers[@]}" | sed 's/,$//')"
  for header in "${headers[@]}"; do
    line=$header
    for compiler in "${compilers[@]}"; do
      median() { awk -v c="$compiler" -v h="$1" '$1 == c && $2 == h { print $3 }' "$work/times" | sort -n | sed -n 4p; }
      line+=$(awk -v t="$(median "$header")" -v e="$(median Eigen/Dense)" 'BEGIN { printf ",%.2f,%.2f", t, t / e }')
    done
    echo "$line"
  done
} >"$work/includes.csv"

column -s , -t "$work/includes.csv" 2>/dev/null || cat "$work/includes.csv"
if [[ -n $publish ]]; then
  cp "$work/includes.csv" "$root/bench/plots/data/includes.csv"
  "$root/bench/tables.sh"
fi
