#!/usr/bin/env bash
# step.sh NAME COMMAND...: runs one step of a check, says how long it took, and names it if it fails.
# Where STEP_LOG names a file, the time is added to it.
set -uo pipefail

name=$1
shift
start=$(date +%s)
"$@"
code=$?
seconds=$(($(date +%s) - start))
if [ "$code" -ne 0 ]; then
  echo "== $name: FAILED after $seconds s" >&2
  [ -z "${STEP_LOG:-}" ] || echo "$name failed $seconds" >>"$STEP_LOG"
  exit "$code"
fi
echo "== $name: ok, $seconds s"
[ -z "${STEP_LOG:-}" ] || echo "$name ok $seconds" >>"$STEP_LOG"
