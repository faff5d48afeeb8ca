#!/usr/bin/env bash
# Runs the quick tests of a build that counts what is executed, and reports which lines of include/ never were.
#
#   tests/coverage/run.sh
#
# A line counts where the compiler made code of it, in any test and for any type; it is covered if it ran once.
# Laws are left out, and few trials made: they add draws, not lines; so are sums over MPI. Fails below 95 %, or
# where a test fails.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"

work=$root/build/coverage
least=95
areas=(core random sketch sampler softmax attention reductions io golden)
any_area=$(IFS='|'; echo "(${areas[*]})")
programs=(test_states test_samplers test_attention)
any_program=$(IFS='|'; echo "(${programs[*]})")

build() {  # what runs, and not what is only compiled, such as each header alone
  say "building with g++ --coverage in $work"
  quietly "$work/configure.log" cmake -S "$root" -B "$work" -G Ninja -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g0 --coverage -fprofile-abs-path" -DTURNSTILE_UNITE_TESTS=ON \
    -DTURNSTILE_TEST_FILES="/tests/$any_area/" -DTURNSTILE_BUILD_EXAMPLES=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF &&
    quietly "$work/build.log" cmake --build "$work" --target "${programs[@]}" --parallel "$(job_count)"
}

run_tests() {
  find "$work" -name '*.gcda' -delete
  TURNSTILE_TRIALS=0.02 quietly "$work/tests.log" ctest --test-dir "$work" --label-regex '^quick$' \
    --tests-regex "^$any_program/" --parallel "$(job_count)" --output-on-failure --no-tests=error
}

# gcov's text of every object, as lines `header:number:1 or 0`, one for each line that is code; an object that
# did not run a line says 0 of it though another did.
lines_of_headers() {
  find "$work/tests" -name '*.gcda' -exec gcov --stdout {} + 2>/dev/null |
    awk -v include="$root/include/" '
      /^ *-: +0:Source:/ { header = index($0, include) ? substr($0, index($0, include) + length(include)) : "" }
      header != "" && match($0, /^ *([0-9]+\*?|#####|=====): *[1-9][0-9]*:/) {
        split($0, part, ":")
        line = header ":" part[2] + 0
        ran[line] = ran[line] || part[1] ~ /[0-9]/
      }
      END { for (line in ran) print line ":" ran[line] + 0 }' | sort -t: -k1,1 -k2,2n
}

if build && run_tests; then
  lines_of_headers >"$work/lines.txt"
else
  echo "0 passed, 1 failed"
  exit 1
fi

say "lines of include/ that no test ran"
awk -F: -v root="$root/include/" '$3 == 0 {
  text = ""
  for (k = 0; k < $2 && (getline text < (root $1)) > 0; ++k);
  close(root $1)
  print "  " $1 ":" $2 ": " text
}' "$work/lines.txt"

read -r covered all < <(awk -F: '{ covered += $3 } END { print covered + 0, NR }' "$work/lines.txt")
[[ $all -gt 0 ]] || { say "gcov counted nothing"; echo "0 passed, 1 failed"; exit 1; }
say "$covered of $all lines ran, $(awk -v c="$covered" -v a="$all" 'BEGIN { printf "%.2f", 100 * c / a }') %"
if ((100 * covered >= least * all)); then
  echo "1 passed, 0 failed"
else
  echo "0 passed, 1 failed"
  exit 1
fi
