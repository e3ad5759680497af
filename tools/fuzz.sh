#!/usr/bin/env bash
# fuzz.sh [TARGET...]: runs the fuzz targets (all of tests/fuzz, unless some are named), each for TIME
# seconds, one after the other. What they learn stays in build/fuzz/corpus; an input that breaks
# something is put into tests/fuzz/corpus, where the tests play it from then on.
set -euo pipefail
cd "$(dirname "$0")/.."

time=${TIME:-600}
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(find tests/fuzz -name '*_target.cc' -printf '%f\n' | sed 's/_target\.cc$//' | sort)
fi
tools/build.sh fuzz fuzz_words "${targets[@]/#/fuzz_}"
build/fuzz/tests/fuzz/fuzz_words dictionary >build/fuzz/words.dict

export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
export UBSAN_OPTIONS=print_stacktrace=1
code=0
for target in "${targets[@]}"; do
  known=tests/fuzz/corpus/$target
  learned=build/fuzz/corpus/$target
  log=build/fuzz/$target.log
  mkdir -p "$known" "$learned"
  # An input takes about a millisecond; ten seconds are a hang.
  if "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$time" -timeout=10 -report_slow_units=10 \
      -dict=build/fuzz/words.dict -artifact_prefix="$known/" -print_final_stats=1 \
      "$learned" "$known" >"$log" 2>&1; then
    echo "fuzz $target: $(grep -oE '^Done .*' "$log"), $(find "$learned" -type f | wc -l) inputs learned"
  else
    code=1
    grep -vE '^(#[0-9]+|stat::)' "$log" | tail -n 60 >&2
    echo "fuzz $target: broken; log in $log, input in $known" >&2
  fi
done
exit "$code"
