#!/usr/bin/env bash
# Every test: C++ unit tests through ctest, then the tests that drive the program through pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
ctest --test-dir "$build" --output-on-failure -j "$(nproc)"
EINTHOVEN_BIN="$PWD/$build/bin/einthoven" .venv/bin/python -m pytest tests -q --durations=10
