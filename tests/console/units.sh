#!/usr/bin/env bash
# The tests of the console's parts that need no browser.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools/console_packages.sh
npm run --prefix console --silent test:unit
