#!/usr/bin/env bash
# console_packages.sh: installs the npm packages of console/, as its lock file states them.
set -euo pipefail
cd "$(dirname "$0")/.."

installed=console/node_modules/.installed-lock.json
if cmp -s console/package-lock.json "$installed"; then
  exit 0
fi
npm ci --prefix console --ignore-scripts --no-audit --no-fund --loglevel=error
cp console/package-lock.json "$installed"
