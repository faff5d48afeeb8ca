#!/usr/bin/env bash
# examples/run.sh runs to its end; the stories of examples/stories and the programs of the README print what they are
# said to print. Figures that a rounding decides are printed to a few digits there, and times not at all, so the texts
# are compared as they are.
#
# Usage: tests/examples/run.sh [--no-install] [--accept]
#   --accept  writes what the stories print as what they should print
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/tests/support/checks.sh"

install=()
accept=
for argument in "$@"; do
  case $argument in
    --no-install) install=(--no-install) ;;
    --accept) accept=yes ;;
    *) echo "tests/examples/run.sh: unknown argument: $argument" >&2; exit 2 ;;
  esac
done

work=$root/build/stories
mkdir -p "$work"

prints() {  # PROGRAM EXPECTED
  local printed=$work/printed/$(basename "$1").txt
  mkdir -p "$work/printed"
  "$1" >"$printed" 2>&1 || { cat "$printed"; return 1; }
  diff -u "$2" "$printed"
}

runs_to_its_end() {
  "$root/examples/run.sh" ${install[@]+"${install[@]}"} </dev/null 2>&1 | tee "$work/acts.txt"
}

# The README quotes some lines of it.
prints_what_is_quoted() {
  local line status=0
  sed -n '/^After .* words, "/,/^```$/{/^```$/d;p}' "$root/README.md" >"$work/quoted.txt"
  [[ -s $work/quoted.txt ]] || return 1
  while IFS= read -r line; do
    grep -qFx -- "$line" "$work/acts.txt" || { echo "not printed: $line"; status=1; }
  done <"$work/quoted.txt"
  return "$status"
}

# -O1: what takes the time is to compile.
release=(-DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG")

build_stories() {
  build_target "$work/build" stories "${release[@]}" -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF \
    -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$work/programs"
}

# Writes program number N of the README to block_N.cpp, and the block after it, its output, to block_N.txt.
extract_blocks() {
  rm -rf "$work/blocks"
  mkdir -p "$work/blocks"
  awk -v folder="$work/blocks" '
    /^```/ && file != "" { close(file); file = ""; next }
    /^```cpp$/ { program = folder "/block_" ++number; file = program ".cpp"; next }
    /^```$/ && program != "" { file = program ".txt"; printf "" > file; program = ""; next }
    /^```/ { file = "/dev/null"; next }
    file != "" { print > file }' "$root/README.md"
}

build_blocks() {
  quietly "$work/readme/configure.log" cmake -S "$root/tests/examples/readme" -B "$work/readme" -G Ninja \
    "${release[@]}" -DTURNSTILE_SOURCE="$root" -DTURNSTILE_BLOCKS="$work/blocks" &&
    quietly "$work/readme/build.log" cmake --build "$work/readme" --parallel "$(job_count)"
}

# The commands that the README gives name files that are there and can be run.
commands_exist() {
  local command
  grep -oE '^\./[a-z/]+\.sh' "$root/README.md" | sort -u >"$work/commands.txt"
  [[ -s $work/commands.txt ]] || return 1
  while read -r command; do
    [[ -x $root/$command ]] || { echo "$command cannot be run"; return 1; }
  done <"$work/commands.txt"
}

# Every link of the README leads to a file or a heading of its own.
links_lead_somewhere() {
  local link status=0
  while read -r link; do
    case $link in
      http*) ;;
      '#'*)
        grep -E '^#+ ' "$root/README.md" | sed -E 's/^#+ //; s/[^A-Za-z0-9 _-]//g; s/ /-/g' |
          tr 'A-Z' 'a-z' | grep -qx -- "${link#\#}" || { echo "no heading $link"; status=1; } ;;
      *) [[ -e $root/$link ]] || { echo "no file $link"; status=1; } ;;
    esac
  done < <(grep -oE '\]\([^)]+\)' "$root/README.md" | sed -E 's/^\]\(//; s/\)$//')
  return "$status"
}

check "examples/run.sh runs to its end" runs_to_its_end
check "the README quotes what it prints" prints_what_is_quoted
check "the stories compile" build_stories
for source in "$root"/examples/stories/*.cpp; do
  name=$(basename "$source" .cpp)
  expected=$root/examples/stories/expected/$name.txt
  if [[ -n $accept ]]; then "$work/programs/$name" >"$expected"; fi
  check "$name" prints "$work/programs/$name" "$expected"
  check "$name is told in fewer than 80 lines" test "$(wc -l <"$source")" -lt 80
done

extract_blocks
check "the README's programs compile" build_blocks
for block in "$work"/blocks/block_*.cpp; do
  name=$(basename "$block" .cpp)
  check "the README's $name" prints "$work/readme/$name" "${block%.cpp}.txt"
done
check "the README's commands are there" commands_exist
check "the README's links lead somewhere" links_lead_somewhere

report_checks
