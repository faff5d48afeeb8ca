#!/usr/bin/env bash
# Builds and runs the examples. Usage: examples/run.sh [--no-install] [ARGUMENT...]
#
# Four acts: A fixed while x streams (word_stream); x fixed while A streams (documents, and
# signed_counts, on a stream with real deletions if there is one); both streaming (key_cache); A1 and X
# of A1 X A2ᵀ streaming (cross_attention). Then both streams spread over four ranks (sharded_rows, where
# there is MPI). Sets up what is missing (--no-install: stops with the list instead) and hands the further
# arguments to word_stream. What that writes is in build/examples/output.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/setup.sh"

install=()
if [[ ${1:-} == --no-install ]]; then install=(--no-install); shift; fi
setup_machine ${install[@]+"${install[@]}"} compiler cmake ninja eigen gnuplot mpi

trap 'leave_to_caller "$root/build"' EXIT
programs=$root/build/examples
say "building in $root/build/release, which takes a minute or two"
build_project "$root/build/release" -DCMAKE_BUILD_TYPE=Release \
  -DTURNSTILE_BUILD_TESTS=OFF -DTURNSTILE_BUILD_BENCHMARKS=OFF \
  -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$programs"

say "running word_stream, which writes to $programs/output"
"$programs/word_stream" "$@"
for name in documents signed_counts key_cache cross_attention; do
  say "running $name"
  "$programs/$name"
done
if [[ -x $programs/sharded_rows ]] && command -v mpirun >/dev/null; then
  say "running sharded_rows on four ranks"
  # OpenMPI refuses to start as root unless told twice.
  OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    mpirun --oversubscribe -np 4 "$programs/sharded_rows"
else
  say "skipped: sharded_rows, which needs MPI"
fi
