#!/usr/bin/env bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/setup.sh"

usage() {
  cat <<'TEXT'
Usage: tests/run.sh [--no-install] [quick | full | everything | LEG...]

Sets up what is missing (--no-install: stops with the list instead), builds below build/ and tests.

  quick      gcc consumer (the default)
  full       gcc compile clang sanitize threads fuzz instructions consumer mutants examples docs
  everything gcc compile clang long sanitize threads fuzz instructions coverage consumer catalogue examples docs

  gcc        the tests of a Release build by g++, but for the long ones
  compile    each header alone and all members of the public classes compile, and wrong uses of them do not
  clang      clang++ builds examples, benchmarks and the tests of known answers, and runs these
  long       the long tests of the build by g++
  sanitize   the tests of gcc under AddressSanitizer and UndefinedBehaviorSanitizer, 2 % of the trials
  threads    draws, attention and sharded updates by several threads at once, under ThreadSanitizer
  fuzz       libFuzzer looks for bytes and streams that break a state, half a minute each
  instructions  hot loops take no more instructions than their budgets allow, under valgrind
  coverage   lines of include/ that no test runs; fails below 95 % that do
  consumer   other projects use the library: installed, packaged, as a subdirectory, through FetchContent, as one header
  mutants    defects planted in a copy of the library turn a test red: one in twelve of the catalogue
  catalogue  all of them
  examples   the main example runs to its end; stories and README print what they are said to print
  docs       the documentation site is written without a warning
  lint       sources are as clang-format has them, and clang-tidy finds nothing in examples and headers; by name only
TEXT
}

passed=0
failed=0

count() {  # PASSED FAILED
  passed=$((passed + $1))
  failed=$((failed + $2))
}

# ---- what a leg is made of -----------------------------------------------------------------------

build_tests() {  # FOLDER COMPILER CMAKE_ARGUMENT...
  local folder=$1 compiler=$2
  shift 2
  say "building with $compiler in $folder"
  # -O1 instead of Release's -O3: the tests take longer to compile than to run.
  build_project "$folder" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG" \
    -DTURNSTILE_UNITE_TESTS=ON -DTURNSTILE_BUILD_EXAMPLES=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF "$@"
}

ctest_chatter='^ *[0-9]+/[0-9]+ Test .* Passed +[0-4]\.|^ *Start +[0-9]+: |^Internal ctest |^Test project |^$'

# Failures are shown in full; tests that pass within five seconds are only counted. No line of counts,
# or one of no tests, is a failure.
run_labelled() {  # FOLDER LABEL
  local folder=$1 label=$2 log=$1/$2-tests.log summary bad total
  say "running the tests labelled $label, $(job_count) at a time"
  ctest --test-dir "$folder" --label-regex "^$label\$" --parallel "$(job_count)" --output-on-failure \
    --no-tests=error </dev/null 2>&1 | tee "$log" |
    grep --line-buffered -vE "$ctest_chatter" || true
  summary=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+$' "$log") || return 1
  read -r bad total < <(sed -E 's/.*, ([0-9]+) tests failed out of ([0-9]+)/\1 \2/' <<<"$summary")
  [[ $total -gt 0 ]] || return 1
  count $((total - bad)) "$bad"
}

# A script that ends with its own line `N passed, N failed`.
run_script() {  # SCRIPT ARGUMENT...
  local log=$root/build/logs/$1.log last good bad
  mkdir -p "$(dirname "$log")"
  "$root/tests/$1/run.sh" "${@:2}" </dev/null 2>&1 | tee "$log" || true
  last=$(tail -n 1 "$log")
  [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] || return 1
  good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
  [[ $((good + bad)) -gt 0 ]] || return 1
  count "$good" "$bad"
}

# ---- the legs ------------------------------------------------------------------------------------
# Each says what it needs and why it is there; it is false if it could not be built or run.

needs_of() {
  case $1 in
    gcc | long) echo g++ cmake ninja eigen catch2 mpi ;;
    compile) echo g++ cmake ninja eigen catch2 ;;
    clang) echo clang cmake ninja eigen catch2 benchmark ;;
    sanitize) echo clang clang-rt cmake ninja eigen catch2 mpi ;;
    threads) echo clang clang-rt cmake ninja eigen catch2 ;;
    fuzz) echo clang clang-rt cmake ninja eigen catch2 ;;
    instructions) echo g++ cmake ninja eigen catch2 valgrind ;;
    coverage) echo g++ cmake ninja eigen catch2 ;;
    consumer) echo compiler cmake ninja eigen pkg-config ;;
    mutants | catalogue) echo compiler cmake ninja eigen catch2 mpi ;;
    examples) echo compiler cmake ninja eigen gnuplot mpi ;;
    docs) echo compiler cmake ninja eigen doxygen graphviz ;;
    lint) echo clang clang-format clang-tidy cmake ninja eigen mpi ;;
  esac
}

purpose_of() {
  case $1 in
    gcc) echo "the reference build: every quick test under g++" ;;
    compile) echo "headers that lean on others, members that nobody has called yet, messages that nobody can read" ;;
    clang) echo "a second compiler: other warnings, other code, the same known answers" ;;
    long) echo "laws that take many draws to tell apart" ;;
    sanitize) echo "memory errors and undefined behaviour that a right answer can hide" ;;
    threads) echo "races that the machine at hand happens to win" ;;
    fuzz) echo "inputs that nobody thought of" ;;
    instructions) echo "speed, counted where time cannot be repeated: hot loops keep to their budgets" ;;
    coverage) echo "code that no test has ever run" ;;
    consumer) echo "what users see of the CMake target, and nothing more" ;;
    mutants | catalogue) echo "the tests themselves: each planted defect must turn one red" ;;
    examples) echo "the first command of the README, and all that the README and the stories say they print" ;;
    docs) echo "names, parameters and links in the documentation that lead nowhere" ;;
    lint) echo "what a compiler does not see, or does not mind" ;;
  esac
}

run_leg() {
  case $1 in
    gcc)
      build_tests "$root/build/gcc" g++ && run_labelled "$root/build/gcc" quick ;;
    compile)
      build_target "$root/build/compile" only_compiled -DCMAKE_CXX_COMPILER=g++ \
        -DTURNSTILE_BUILD_EXAMPLES=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF &&
        count 1 0 && run_labelled "$root/build/compile" compile ;;
    clang)
      # The other areas are compiled by clang++, and run, in the leg sanitize. -O2: answers hold at users' level, too;
      # benchmarks are not run.
      build_tests "$root/build/clang" clang++ -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
        -DTURNSTILE_BENCHMARK_OPTIMIZATION=-O1 \
        -DTURNSTILE_TEST_FILES="/(core|random|io|golden|sketch)/" \
        -DTURNSTILE_BUILD_EXAMPLES=ON -DTURNSTILE_BUILD_BENCHMARKS=ON &&
        run_labelled "$root/build/clang" quick &&
        build_target "$root/build/clang" test_instances && run_labelled "$root/build/clang" compile ;;
    long)
      build_tests "$root/build/gcc" g++ && run_labelled "$root/build/gcc" long ;;
    sanitize)
      # A Debug build keeps Eigen's assertions; -O1 makes it bearable.
      build_tests "$root/build/sanitize" clang++ -DTURNSTILE_SANITIZE=address,undefined \
        -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" &&
        TURNSTILE_TRIALS=0.02 run_labelled "$root/build/sanitize" quick ;;
    threads)
      build_tests "$root/build/threads" clang++ -DTURNSTILE_SANITIZE=thread \
        -DTURNSTILE_TEST_FILES="/(test_concurrent_states|test_threads|test_sharded)\.cpp$" \
        -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" &&
        run_labelled "$root/build/threads" quick ;;
    fuzz)
      run_script fuzz ;;
    instructions)
      run_script instructions ;;
    coverage)
      run_script coverage ;;
    consumer)
      run_script consumer ;;
    mutants)
      TURNSTILE_TRIALS=0.2 run_script mutants --one-in 12 ;;
    catalogue)
      TURNSTILE_TRIALS=0.2 run_script mutants ;;
    examples)
      run_script examples ${install[@]+"${install[@]}"} ;;
    lint)
      run_script lint ;;
    docs)
      build_target "$root/build/docs" docs -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_EXAMPLES=OFF \
        -DTURNSTILE_BUILD_BENCHMARKS=OFF &&
        [[ -e $root/build/docs/docs/html/classturnstile_1_1L2Sampler.html ]] && count 1 0 ;;
  esac
}

leg() {
  local start=$SECONDS status=ended
  echo
  say "leg $1: $(purpose_of "$1")"
  run_leg "$1" || { count 0 1; status="could not be built or run"; }
  say "leg $1 $status after $((SECONDS - start)) s"
}

# ---- from the command line -----------------------------------------------------------------------

install=()
legs=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --no-install) install=(--no-install) ;;
    quick) legs+=(gcc consumer) ;;
    full) legs+=(gcc compile clang sanitize threads fuzz instructions consumer mutants examples docs) ;;
    everything)
      legs+=(gcc compile clang long sanitize threads fuzz instructions coverage consumer catalogue examples docs) ;;
    gcc | compile | clang | long | sanitize | threads | fuzz | instructions | coverage | consumer | mutants | \
      catalogue | examples | docs | lint) legs+=("$argument") ;;
    *) echo "tests/run.sh: unknown argument: $argument" >&2; usage >&2; exit 2 ;;
  esac
done
[[ ${#legs[@]} -gt 0 ]] || legs=(gcc consumer)

needs=$(for leg in "${legs[@]}"; do needs_of "$leg"; done | tr ' ' '\n' | sort -u)
setup_machine ${install[@]+"${install[@]}"} $needs

trap 'leave_to_caller "$root/build"' EXIT
for leg in "${legs[@]}"; do leg "$leg"; done

echo
say "$(IFS=' '; echo "${legs[*]}") took $SECONDS s"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
