#!/usr/bin/env bash
# Looks over the sources: all are as clang-format has them, and clang-tidy finds nothing in the examples and stories,
# nor in the headers that they use. Both of version 14: others format otherwise, and find other things.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/setup.sh"
source "$root/tests/support/checks.sh"

# Not by --dry-run, which complains of the comment behind an inline namespace, right as it is. A single process, as
# most of what each takes is to start.
are_formatted() {
  local files=($(find "$root"/{include,tests,bench,examples} -name '*.[hc]pp'))
  diff <(cat "${files[@]}") <(clang-format "${files[@]}")
}

# clang-tidy goes along with each compilation.
are_tidy() {
  local options=(-DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug -DTURNSTILE_BUILD_TESTS=OFF
    -DTURNSTILE_BUILD_BENCHMARKS=OFF "-DCMAKE_CXX_CLANG_TIDY=clang-tidy;--quiet;--warnings-as-errors=*")
  build_project "$root/build/lint" "${options[@]}" && build_target "$root/build/lint" stories "${options[@]}"
}

for tool in clang-format clang-tidy; do
  "$tool" --version | grep -q 'version 14\.' || { say "$tool is not of version 14"; exit 1; }
done
check "all sources are as clang-format has them" are_formatted
check "clang-tidy finds nothing in the examples and what they use" are_tidy

report_checks
