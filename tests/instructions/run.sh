#!/usr/bin/env bash
# Counts the instructions of the hot loops under valgrind, and compares them with their budgets.
#
#   tests/instructions/run.sh [LOOP...]            those of loops.cpp; all if none is named
#   tests/instructions/run.sh --raise [LOOP...]    makes what they take now, and 3 %, their budgets
#
# Instructions are repeatable where times are not: a loop takes the same number of them on every x86-64 machine, as
# long as g++ (12), Eigen (3.4) and the C library are those of Debian 12, by which the budgets were made. A loop that
# is over its budget became slower, or was given more to do. If that is meant, --raise writes budgets.csv anew; the
# commit then shows what it costs. Where a loop takes less than nine tenths of its budget, --raise tightens it.
#
# A loop is run for a number of items and for twice as many: the difference is what the items take without set-up.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/tests/support/checks.sh"

work=$root/build/instructions
budgets=$root/tests/instructions/budgets.csv
raise=
if [[ ${1:-} == --raise ]]; then raise=yes; shift; fi
wanted=("$@")

counted() {  # LOOP ITEMS: the instructions of the whole run
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/tests/instructions/instruction_loops" "$@" 2>&1 \
    >/dev/null | awk '/Collected/ { print $NF }'
}

an_item() {  # LOOP ITEMS
  local once twice
  once=$(counted "$1" "$2") && twice=$(counted "$1" $((2 * $2))) && [[ -n $once && -n $twice ]] || return 1
  awk -v once="$once" -v twice="$twice" -v items="$2" 'BEGIN { printf "%.1f\n", (twice - once) / items }'
}

budget_of() { awk -F, -v loop="$1" '$1 == loop { print $2 }' "$budgets"; }

set_budget() {  # LOOP INSTRUCTIONS
  local budget
  budget=$(awk -v taken="$2" 'BEGIN { printf "%.1f\n", 1.03 * taken }')
  if [[ -n $(budget_of "$1") ]]; then
    sed -i "s/^$1,.*/$1,$budget/" "$budgets"
  else
    echo "$1,$budget" >>"$budgets"
  fi
  echo "  $1: $2 instructions an item, budget $budget"
}

check() {  # LOOP INSTRUCTIONS
  local budget
  budget=$(budget_of "$1")
  if [[ -z $budget ]]; then
    echo "  FAILED: $1 has no budget (it takes $2; --raise gives it one)"
    return 1
  fi
  awk -v loop="$1" -v taken="$2" -v budget="$budget" 'BEGIN {
    over = taken > budget
    printf "  %s%s: %s instructions an item, budget %s%s\n", over ? "FAILED: " : "", loop, taken, budget,
      taken < 0.9 * budget ? " (--raise would tighten it)" : ""
    exit over }'
}

one_loop() {  # LOOP ITEMS
  local taken
  if ! taken=$(an_item "$1" "$2"); then
    echo "  FAILED: $1 could not be counted"
    return 1
  fi
  if [[ -n $raise ]]; then set_budget "$1" "$taken"; else check "$1" "$taken"; fi
}

build_loops() {
  build_target "$work" instruction_loops -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=None \
    -DTURNSTILE_BUILD_EXAMPLES=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF
}

say "building in $work"
if build_loops; then
  say "counting instructions"
  while read -r loop items; do
    if [[ ${#wanted[@]} -gt 0 && " ${wanted[*]} " != *" $loop "* ]]; then continue; fi
    if one_loop "$loop" "$items"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  done < <("$work/tests/instructions/instruction_loops")
  # A budget of nothing is a loop that is no longer counted.
  while IFS=, read -r loop _; do
    if ! "$work/tests/instructions/instruction_loops" | grep -q "^$loop "; then
      echo "  FAILED: $loop has a budget, and is no loop"
      failed=$((failed + 1))
    fi
  done < <(grep -vE '^(#|loop,)' "$budgets" || true)
  if [[ $((passed + failed)) -eq 0 ]]; then
    echo "  FAILED: no loop is called ${wanted[*]}"
    failed=1
  fi
else
  failed=1
fi

report_checks
