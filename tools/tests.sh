#!/usr/bin/env bash
# tests.sh PRESET: runs all tests of build/PRESET in parallel; shows what fails, and one line at the end.
# A tree that has just passed is not tested again when UNLESS_TESTED is set.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=$1
stamp=build/$preset/tested
tree() {
  { git rev-parse HEAD; git diff HEAD; git ls-files -z --others --exclude-standard | xargs -0r sha256sum; } \
    2>/dev/null | sha256sum
}

if [ -n "${UNLESS_TESTED:-}" ] && git rev-parse HEAD >/dev/null 2>&1 \
    && [ "$(cat "$stamp" 2>/dev/null)" = "$(tree)" ]; then
  echo "tests: this very tree has just passed"
  exit 0
fi

log=build/$preset/tests.log
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS="external_symbolizer_path=/usr/bin/llvm-symbolizer-19 suppressions=$PWD/tools/tsan.supp"
# A library between the program and libc and the sanitizers' own stand in each other's way. What writes
# through RocksDB from several threads at once is not for the thread sanitizer: see tsan.supp.
case $preset in
  asan) skip=(-LE faults) ;;
  tsan) skip=(-LE faults -E 'StoreConcurrency.*Rocks|Kill|Crash') ;;
  *) skip=() ;;
esac
code=0
ctest --test-dir "build/$preset" --parallel "${JOBS:-$(nproc)}" --output-on-failure --timeout 600 \
  --no-tests=error ${skip[@]+"${skip[@]}"} >"$log" 2>&1 || code=$?
if [ "$code" -ne 0 ]; then
  # Everything but the lines of tests that passed.
  grep -vE '^ +Start +[0-9]+:|\bPassed +[0-9.]+ sec$' "$log" >&2 || true
  exit "$code"
fi
tree >"$stamp"
echo "tests: $(grep -oE '[0-9]+ tests failed out of [0-9]+' "$log" \
  | sed -E 's/0 tests failed out of ([0-9]+)/\1 passed/'), $(grep -oE 'real\) = +[0-9.]+' "$log" | grep -oE '[0-9.]+$') s"
