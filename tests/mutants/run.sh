#!/usr/bin/env bash
# Plants one defect after the other in copies of the library and shows which test turns red.
#
#   tests/mutants/run.sh [--one-in N | NAME...]
#
# NAME: a file of this folder, with or without .patch; all if none. --one-in takes the first of each N in the order of
# their names.
#
# A mutant is a unified diff under three lines that say what it is and what should catch it:
#
#   Mutant: what is broken, in one line
#   File: the test file that should see it, for example sampler/test_outcomes.cpp
#   Tests: a test specification of Catch2, for example [law]
#
# Each file is an executable of its own, so that a mutant costs seconds; those of distributed/ run on four ranks of MPI,
# without which their mutants are skipped. Two work at a time, each in a copy of its own, on the mutants of every other
# test file.
#
# A mutant fails the run when no test turns red, or when it does not apply or compile.
# TURNSTILE_TRIALS shortens the statistical tests.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/tests/support/checks.sh"

all_work=$root/build/mutants
workers=2

field() {  # PATCH NAME
  sed -n "/^--- /q; s/^$2: *//p" "$1" | head -n 1
}

# Outside of any repository git takes the paths of a diff as they are.
patch_tree() { GIT_CEILING_DIRECTORIES=$work git -C "$tree" apply "$@"; }

build() {  # LOG PROGRAM...
  cmake --build "$work/build" --parallel 1 --target "${@:2}" </dev/null >"$1" 2>&1
}

program_of() { sed -E 's|/|_|; s|\.cpp$||' <<<"$1"; }  # FILE

run_tests() {  # PROGRAM TESTS LOG [CATCH_ARGUMENT...]; a mutant may never end
  local program start=(env)
  program=$(find "$work/build" -type f -name "$1" -perm -u+x)
  # OpenMPI refuses to start as root unless told twice.
  [[ $1 != distributed_* ]] ||
    start+=(OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe -np 4)
  (cd "$work" && timeout 1200 "${start[@]}" "$program" "$2" "${@:4}") </dev/null >"$3" 2>&1
}

without_colours() { sed $'s/\e\\[[0-9;]*m//g' "$1"; }  # LOG; ranks believe that they write to a terminal

red_test() {  # LOG: the console reporter writes the name of a failed test below a dashed line
  without_colours "$1" | sed -nE '/^-{60,}$/ { n; p; q; }'
}

copy_tree() {  # FILE...; a compiler may warn of a defect, but a test must see it
  mkdir -p "$tree"
  tar -C "$root" --exclude=./build --exclude=./.git -cf - . | tar -C "$tree" -xf -
  quietly "$work/configure.log" cmake -S "$tree" -B "$work/build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG" \
    -DTURNSTILE_TEST_FILES="$(IFS='|'; echo "($*)\$")" -DTURNSTILE_TESTS_APART=ON \
    -DTURNSTILE_WERROR=OFF -DTURNSTILE_BUILD_EXAMPLES=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF
}

# Without a mutant the named tests exist and pass; otherwise red would mean nothing.
check_baseline() {  # PROGRAM TESTS
  local log=$work/baseline.log
  if build "$log" "$1" && run_tests "$1" "$2" "$log" &&
    without_colours "$log" | grep -E '^All tests passed \([0-9]+ assertions? in [1-9]' >/dev/null; then
    return
  fi
  cat "$log"
  say "without a mutant, $1 $2 does not build, run and pass"
  return 1
}

verdict() {  # PATCH NAME PROGRAM TESTS: says what became of the mutant; true if a test caught it
  local log=$work/$2.log status=0
  if ! patch_tree "$1" 2>"$log"; then
    echo "DOES NOT APPLY"; return 1
  fi
  if ! build "$log" "$3"; then
    echo "DOES NOT COMPILE"
  else
    run_tests "$3" "$4" "$log" --abort || status=$?
    case $status in
      0) echo "SURVIVED" ;;
      124) echo "caught by its time limit" ;;
      *) red_test "$log" ;;
    esac
  fi
  patch_tree --reverse "$1"
  [[ $status -ne 0 ]]
}

patches=()
turn=0
if [[ $# -eq 0 ]]; then
  patches=("$root"/tests/mutants/*.patch)
elif [[ $1 == --one-in ]]; then
  for patch in "$root"/tests/mutants/*.patch; do
    [[ $((turn++ % $2)) -ne 0 ]] || patches+=("$patch")
  done
else
  for name in "$@"; do patches+=("$root/tests/mutants/$(basename "$name" .patch).patch"); done
fi

for patch in "${patches[@]}"; do
  [[ -f $patch ]] || { say "no such mutant: $patch"; exit 2; }
  file=$(field "$patch" File)
  [[ -f $root/tests/$file ]] || { say "$patch: no such File: $file"; exit 2; }
  [[ -n $(field "$patch" Tests) ]] || { say "$patch: no Tests"; exit 2; }
done

row() { printf '%-30s | %-62s | %s\n' "$@"; }

skip() { row "$(basename "$1" .patch)" "$(field "$1" Mutant)" "skipped: MPI is not installed"; }

plant() {  # PATCH; its named tests pass without it
  local name program tests red outcome=passed
  name=$(basename "$1" .patch) program=$(program_of "$(field "$1" File)") tests=$(field "$1" Tests)
  if ! grep -qxF "$program $tests" <<<"$checked"; then
    check_baseline "$program" "$tests"
    checked+="$program $tests"$'\n'
  fi
  red=$(verdict "$1" "$name" "$program" "$tests") || outcome=failed
  row "$name" "$(field "$1" Mutant)" "$red"
  echo "$outcome" >>"$work/outcomes"
}

plant_share() {  # WORKER
  local file turn=0 files=()
  work=$all_work/$1 tree=$all_work/$1/tree checked=""
  while read -r file; do
    [[ $((turn++ % workers)) -ne $1 ]] || files+=("$file")
  done < <(for patch in "${patches[@]}"; do field "$patch" File; done | sort -u)
  [[ ${#files[@]} -ne 0 ]] || return 0
  copy_tree "${files[@]}"
  for file in "${files[@]}"; do
    for patch in "${patches[@]}"; do
      [[ $(field "$patch" File) != "$file" ]] || plant "$patch"
    done
  done
}

rm -rf "$all_work"
row "mutant" "what it breaks" "test that turned red"
planted=()
for patch in "${patches[@]}"; do
  if [[ $(field "$patch" File) != distributed/* ]] || present mpi; then planted+=("$patch"); else skip "$patch"; fi
done
patches=(${planted[@]+"${planted[@]}"})
trap 'kill 0' INT  # or the workers, which a shell starts deaf to it, would go on
running=()
status=0
for ((worker = 0; worker < workers; ++worker)); do
  plant_share "$worker" &
  running+=("$!")
done
for worker in "${running[@]}"; do wait "$worker" || status=1; done
[[ $status -eq 0 ]] || { say "not all mutants were planted"; exit 1; }
passed=$(cat "$all_work"/*/outcomes | grep -c passed || true)
failed=$(cat "$all_work"/*/outcomes | grep -c failed || true)

say "a mutant passes when a test turned red; logs are in $all_work"
report_checks
