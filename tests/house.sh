#!/usr/bin/env bash
# Prints how the tree keeps the rules of the house (CONTRIBUTING.md); exits with 1 where one is broken. --all prints every place.
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/House -- "$@"
