#!/usr/bin/env bash
# The lints, after their own tests.
set -euo pipefail
cd "$(dirname "$0")/lint"

python3 -B -m unittest --quiet run_test
python3 -B run.py
