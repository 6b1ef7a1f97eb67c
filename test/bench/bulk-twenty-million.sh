#!/usr/bin/env bash
# Twenty million rows of CSV in no order, a bigint and a blob of 100 bytes in hexadecimal digits, imported
# into a running node by "helenus bulk import" with a heap of 512 MiB. Then every row is read through the
# Java driver, in pages of a full scan, and compared; their checksum must be that of what was generated.
#
#   test/bench/bulk-twenty-million.sh [--rows N] [--memory MIB] [--limit MIB] [--work DIR]
#
# Prints a line of JSON for each step: of the import rows a second, CPU time a row, user's and system's, and
# the greatest resident set that the tool's process had. That must stay within --limit (the memory and 160
# MiB for the JVM). Needs 9 GB of disk; takes some minutes.
#
# Ends with 1 if a step failed, a row was rejected, missing or wrong, or the tool went over its limit.
set -eu
set -o pipefail
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=20000000 memory=512 limit= work=${TMPDIR:-/tmp}
. test/bench/options.sh
take_options 'rows memory limit' 'work' "$@"
limit=${limit:-$((memory + 160))}
. test/bench/java.sh

work=$(mktemp -d -p "$work")
address=127.0.0.23 server=

cleanup() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  echo "FAILED: $1"
  exit 1
}

checksum=$(bench_program 128m VolumeCsv "$rows" "$work/rows.csv")
echo "{\"phase\":\"generate\",\"rows\":$rows,\"csv_mib\":$(du -m "$work/rows.csv" | cut -f1),\"checksum\":\"$checksum\"}"

tools/bin/helenus server --data "$work/data" --address "$address" >"$work/out" 2>&1 &
server=$!
until grep -q '^Helenus is ready' "$work/out"; do
  kill -0 "$server" 2>/dev/null || { cat "$work/out"; fail "the node did not start"; }
  sleep 0.1
done
check() { bench_program 384m VolumeCheck "$address" 9042 "$server" "$rows" "$@"; }
check create

python3 test/bench/measured.py "$rows" tools/bin/helenus bulk import --table bench.volume --host "$address" \
  --input "$work/rows.csv" --memory "${memory}m" --work "$work/sorting" --rejects "$work/rejected" --json \
  >"$work/summary" 2>"$work/cost" || { cat "$work/summary" "$work/cost"; fail "the import"; }
tr -d '\n' <"$work/summary"
echo
cat "$work/cost"
grep -q "\"rows_written\": $rows," "$work/summary" || fail "not all rows were written"
resident=$(sed -n 's/.*"peak_resident_mib": \([0-9]*\).*/\1/p' "$work/cost")
[ "$resident" -le "$limit" ] || fail "$resident MiB were resident, the limit is $limit"
rm "$work/rows.csv"

check scan "$checksum" || fail "the scan"
echo PASSED
