#!/usr/bin/env bash
# A newcomer's first minutes: a clean clone, an empty package cache, the README's first command, one question.
# Prints the time to the first answer. With --tests it then runs the README's second command too.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
server=
cleanup() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"; }
trap cleanup EXIT
export NUGET_PACKAGES="$folder/packages" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 GRID_DATA_DIR="$folder/data"

git clone -q "$repository" "$folder/grid"
cd "$folder/grid"
start=$(date +%s.%N)
dotnet run -c Release --project src/Cli -- serve --port-base 18400 > "$folder/ready" 2> "$folder/log" &
server=$!
until grep -q '^grid: ready' "$folder/ready"; do
    kill -0 "$server" || { cat "$folder/log"; exit 1; }
    sleep 0.2
done
cat "$folder/ready"
answer=$(curl -sS http://127.0.0.1:18400/v1/chat/completions -H 'Content-Type: application/json' \
    -d '{"model":"guide","temperature":0,"messages":[{"role":"user","content":"How do I drain a node?"}]}')
end=$(date +%s.%N)
echo "$answer"
grep -q 'grid drain NODE' <<< "$answer"
echo "time to the first answer: $(awk "BEGIN { printf \"%.1f\", $end - $start }") s (restore and build included)"
if [ "${1:-}" = --tests ]; then ./test.sh; fi
