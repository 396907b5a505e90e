#!/usr/bin/env bash
# Every benchmark of the build folder, as a table; more arguments go to Google Benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
shift
for program in "$build"/bench/bench_*; do
  [[ -x $program && -f $program ]] || continue
  "$program" --benchmark_counters_tabular=true "$@"
done
