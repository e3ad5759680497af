#!/usr/bin/env bash
# files.sh [changed]: our C++ files, or those that differ from where this branch began: the merge base
# with origin/main; on main itself the commit before; all when there is neither. BASE overrides.
set -euo pipefail
cd "$(dirname "$0")/.."

ours=('src/*.cc' 'src/*.h' 'tests/*.cc' 'tests/*.h' 'bench/*.cc')
if [ "${1:-}" != changed ] || ! git rev-parse -q --verify HEAD >/dev/null 2>&1; then
  find src tests bench -name '*.cc' -o -name '*.h' | sort
  exit 0
fi
base=${BASE:-$(git merge-base HEAD origin/main 2>/dev/null || true)}
if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
  base=$(git rev-parse -q --verify HEAD~1 || git hash-object -t tree /dev/null)
fi
{
  git diff --name-only --diff-filter=d "$base" -- "${ours[@]}"
  git ls-files --others --exclude-standard -- "${ours[@]}"
} | sort -u
