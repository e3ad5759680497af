#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: configures (once) and builds build/PRESET.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=$1
shift
if [ ! -f "build/$preset/build.ninja" ]; then
  cmake --preset "$preset" >"build-$preset.log" 2>&1 || {
    cat "build-$preset.log" >&2
    rm -f "build-$preset.log"
    exit 1
  }
  rm -f "build-$preset.log"
fi
cmake --build "build/$preset" --parallel "${JOBS:-$(nproc)}" ${1:+--target "$@"}
