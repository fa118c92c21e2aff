#!/usr/bin/env bash
# Builds everything and runs every test, the fast suites first. The last line counts them.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build Grid.sln -c Release -v minimal || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
count() { sed -nE "s/^ +$1: ([0-9]+)$/\1/p" "$log" | tail -n 1; }
for suite in Architecture Primitives Configuration Tokenization Client Grains Gateway Engine Silo Node Cli Cluster; do
    echo "== Grid.$suite.Tests"
    "tests/$suite.Tests/bin/Release/net10.0/Grid.$suite.Tests" --no-ansi --no-progress "$@" | tee "$log"
    status=${PIPESTATUS[0]}
    suite_passed=$(count succeeded) suite_failed=$(count failed) suite_skipped=$(count skipped)
    # A suite that dies before its summary, or that runs nothing, has failed.
    if [ "$status" -ne 0 ] && [ "${suite_failed:-0}" -eq 0 ]; then suite_failed=1; fi
    passed=$((passed + ${suite_passed:-0})) failed=$((failed + ${suite_failed:-0})) skipped=$((skipped + ${suite_skipped:-0}))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
