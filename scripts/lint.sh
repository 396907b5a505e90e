#!/usr/bin/env bash
# Format, style and clang-tidy on what changed since origin/main (all files with LINT_ALL=1).
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files '*.h' '*.cpp' | xargs clang-format-14 --dry-run --Werror
.venv/bin/python -m pytest -q tests/style
if [[ -n ${LINT_ALL:-} ]]; then
  files=$(git ls-files 'einthoven/*.cpp' 'app/*.cpp')
else
  files=$(git diff --name-only --diff-filter=d "$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD~1)" -- '*.cpp' | grep -v ^tests/ || true)
fi
# clang-tidy cannot read a precompiled header of another compiler run: a build folder without one.
cmake --preset debug -B build/tidy -DEINTHOVEN_WITH_PCH=OFF -DEINTHOVEN_WITH_TESTS=OFF >build/tidy.log 2>&1
# shellcheck disable=SC2086  # one word a file
[[ -z $files ]] || .venv/bin/python scripts/tidy_batches.py build/tidy $files
