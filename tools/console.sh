#!/usr/bin/env bash
# console.sh: builds the console's pages from console/ into build/console/pages.cc, a source file of
# the program. Packages come from npm as console/package-lock.json states them. Does nothing, fast,
# when nothing has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

out=build/console
mkdir -p "$out"
# Several presets may build at once.
exec 9>"$out/lock"
flock 9

sources=(console/index.html console/package-lock.json console/tsconfig.json console/vite.config.ts
  console/src tools/console_pages.py)
state=$(find "${sources[@]}" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
if [ -f "$out/pages.cc" ] && [ "$(cat "$out/state" 2>/dev/null)" = "$state" ]; then
  touch "$out/pages.cc"
  exit 0
fi

tools/console_packages.sh
CONFAB_CONSOLE_DIST="$PWD/$out/dist" npm run --prefix console --silent build
tools/console_pages.py "$out/dist" >"$out/pages.cc.new"
mv "$out/pages.cc.new" "$out/pages.cc"
echo "$state" >"$out/state"
