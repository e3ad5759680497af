#!/usr/bin/env bash
# Installs the Python packages of tests/conformance, as its lock files state them, under
# build/conformance.
set -euo pipefail
cd "$(dirname "$0")/.."

locks=(tests/conformance/build_requirements.txt tests/conformance/requirements.txt)
home=build/conformance
if cmp -s <(cat "${locks[@]}") "$home/installed-locks.txt" && "$home/bin/python" -c ''; then
  exit 0
fi
if ! python3 -c 'import ensurepip, tomllib' 2>/dev/null; then
  tools/setup.sh python3-venv
fi
rm -rf "$home"
python3 -m venv "$home"
for lock in "${locks[@]}"; do
  "$home/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation \
    --requirement "$lock" || {
    echo "python_packages: cannot install what $lock names; is the Python package index within reach?" >&2
    exit 1
  }
done
cat "${locks[@]}" >"$home/installed-locks.txt"
