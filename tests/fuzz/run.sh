#!/usr/bin/env bash
# Runs fuzz targets of build/fuzz one after the other and prints a line for each:
#   target, seconds, executions, edges covered, findings.
#     tests/fuzz/run.sh SECONDS [TARGET...]        all targets by default, at nice FUZZ_NICE (19)
# What a run has learnt stays in build/fuzz/runs/TARGET/corpus, findings in .../found.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
if (($# == 0)); then
  for target in build/fuzz/tests/fuzz/fuzz_*; do [[ -x $target ]] && set -- "$@" "${target##*/fuzz_}"; done
fi
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
for name in "$@"; do
  run=build/fuzz/runs/$name
  mkdir -p "$run/corpus" "$run/found"
  options=()
  leaks=1  # libhdf5 leaks on damaged files and asks for huge blocks, which it never fills
  [[ $name == hdf5 || $name == recording ]] && leaks=0 && options=(-detect_leaks=0 -malloc_limit_mb=1000000)
  start=$SECONDS
  ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=2048:detect_leaks=$leaks nice -n "${FUZZ_NICE:-19}" build/fuzz/tests/fuzz/fuzz_"$name" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=60 -report_slow_units=60 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix="$run/found/" "${options[@]}" \
    "$run/corpus" "tests/fuzz/corpus/$name" >"$run/log" 2>&1
  printf '%-18s %5d s %9s executions %6s edges %2d findings\n' "$name" "$((SECONDS - start))" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$run/log")" \
    "$(grep -o 'cov: [0-9]*' "$run/log" | tail -n 1 | cut -c6-)" "$(find "$run/found" -type f ! -name "slow-*" | wc -l)"
done
