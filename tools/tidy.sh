#!/usr/bin/env bash
# tidy.sh [changed]: clang-tidy over all files, or those that changed. A header is seen through one
# source that includes it, its own if there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

sources=()
while read -r file; do
  case $file in
    *.cc) sources+=("$file") ;;
    *.h)
      own=${file%.h}.cc
      [ -f "$own" ] || own=$(grep -rlF "\"${file#src/}\"" src tests --include='*.cc' | sort | head -n 1 || true)
      [ -z "$own" ] || sources+=("$own")
      ;;
  esac
done < <(tools/files.sh "$@")
mapfile -t sources < <(printf '%s\n' ${sources[@]+"${sources[@]}"} | sort -u)
if [ -z "${sources[*]}" ]; then
  echo "tidy: nothing changed"
  exit 0
fi
echo "tidy: ${#sources[@]} files"
printf '%s\0' "${sources[@]}" \
  | xargs -0 -n 1 -P "${JOBS:-$(nproc)}" clang-tidy-19 -p build/dev --quiet --warnings-as-errors='*' \
      2> >(grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header-filter' >&2)
