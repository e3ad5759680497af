#!/usr/bin/env bash
# conformance.sh PRESET: clients that others wrote, against build/PRESET. tests/conformance/README.md
# says which.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/python_packages.sh
build/conformance/bin/python -B tests/conformance/run.py "build/$1/src/server/confab"
