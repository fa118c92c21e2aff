#!/usr/bin/env bash
# Every family in every layout on every backend: threads of one process, processes, three silos. Prints a table, and a line that counts.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export GRID_MATRIX=full GRID_MATRIX_REPORT
GRID_MATRIX_REPORT=$(mktemp)
log=$(mktemp)
trap 'rm -f "$log" "$GRID_MATRIX_REPORT"' EXIT

status=0
for item in Engine:LayoutMatrixTests Cli:ProcessMatrixTests Cluster:SpreadMatrixTests; do
    suite=${item%%:*} class=${item##*:}
    dotnet build "tests/$suite.Tests" -c Release -v quiet >&2 || exit 1
    # A suite that dies before its cases have run has written no line.
    if ! "tests/$suite.Tests/bin/Release/net10.0/Grid.$suite.Tests" --no-ansi --no-progress --filter-class "*$class" >"$log" 2>&1; then
        status=1
        tail -n 200 "$log" >&2
    fi
done

sort "$GRID_MATRIX_REPORT" | awk -F '\t' '
    {
        if (!(($1, $3) in row)) { row[$1, $3] = ++rows; family[rows] = $1; backend[rows] = $3 }
        cell[row[$1, $3], $2] = $4 ~ /^refused/ ? "refused" : $4 ~ /^ok/ ? "ok" : "FAILED"
        count[cell[row[$1, $3], $2]]++
        if ($4 ~ /^refused/) reasons[substr($4, 10, length($4) - 10)] = reasons[substr($4, 10, length($4) - 10)] " " $1 "/" $2
    }
    END {
        layouts = split("TP2 TP4 PP2 PP3 TP2xPP2 DP2 DP2+EP2 EP4", layout, " ")
        printf "%-20s %-10s", "family", "backend"
        for (i = 1; i <= layouts; i++) printf " %-8s", layout[i]
        print ""
        for (r = 1; r <= rows; r++) {
            printf "%-20s %-10s", family[r], backend[r]
            for (i = 1; i <= layouts; i++) printf " %-8s", (r, layout[i]) in cell ? cell[r, layout[i]] : "-"
            print ""
        }
        print ""
        for (reason in reasons) { n = split(reasons[reason], cases, " "); printf "refused (%d): %s\n", n, reason }
        printf "%d ok, %d refused, %d failed\n", count["ok"], count["refused"], count["FAILED"]
    }'
exit "$status"
