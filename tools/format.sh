#!/usr/bin/env bash
# format.sh [check]: formats all C++ files; with "check" only prints the patch that it would make.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(tools/files.sh)
if [ "${1:-}" != check ]; then
  clang-format-19 -i "${files[@]}"
  exit 0
fi
code=0
for file in "${files[@]}"; do
  diff -u --label "a/$file" --label "b/$file" "$file" <(clang-format-19 "$file") || code=1
done
if [ "$code" -ne 0 ]; then
  echo "format: the patch above is missing; make format applies it" >&2
fi
exit "$code"
