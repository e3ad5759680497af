#!/usr/bin/env bash
# Installs the npm packages of tests/node, as its lock file states them, under build/node.
set -euo pipefail
cd "$(dirname "$0")/.."

if cmp -s tests/node/package-lock.json build/node/installed-lock.json; then
  exit 0
fi
mkdir -p build/node
cp tests/node/package.json tests/node/package-lock.json build/node/
npm ci --prefix build/node --ignore-scripts --no-audit --no-fund --loglevel=error
cp tests/node/package-lock.json build/node/installed-lock.json
