#!/usr/bin/env bash
# Every benchmark of the build folder, as a table; more arguments go to Google Benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
shift
for program in "$build"/bench/bench_*; do
  [[ -x $program && -f $program && $program != */bench_models ]] || continue
  "$program" --benchmark_counters_tabular=true "$@"
done
# Each case of the models in a process of its own, so that its peak memory is its own.
models=$build/bench/bench_models
[[ -x $models ]] || exit 0
for case in $("$models" --benchmark_list_tests "$@"); do
  "$models" "--benchmark_filter=^$case\$" "$@"
done
