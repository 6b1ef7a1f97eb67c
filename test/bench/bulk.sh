#!/usr/bin/env bash
# What writing SSTables without a node costs, by the CPU time of the process: rows of a bigint, an int and
# 100 random bytes, in the order of their keys, which is no order of tokens, and sorted. One JSON line
# for each (see BulkBench), after which all files have been read and checked.
#
#   test/bench/bulk.sh [--rows N] [--memory MIB] [--heap SIZE] [--work DIR] [--peer DIR]
#
# --peer DIR runs DIR/bulk.sh after each, which does the same with Cassandra's CQLSSTableWriter.
set -eu
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=5000000 memory=256 heap=1g work=${TMPDIR:-/tmp} peer=
. test/bench/options.sh
take_options 'rows memory heap' 'work peer' "$@"
. test/bench/java.sh

work=$(mktemp -d -p "$work")
trap 'rm -rf "$work"' EXIT
for mode in unsorted sorted; do
  bench_program "$heap" BulkBench "$mode" "$rows" "$work/$mode" "$memory"
  rm -rf "${work:?}/$mode"
  if [ -n "$peer" ]; then
    "$peer/bulk.sh" "$mode" "$rows" "bulk-$mode"
  fi
done
