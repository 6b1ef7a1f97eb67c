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

rows=5000000 memory=256 heap=1g parent=${TMPDIR:-/tmp} peer=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  case $1 in
    --rows) rows=$2 ;;
    --memory) memory=$2 ;;
    --heap) heap=$2 ;;
    --work) case $2 in /*) parent=$2 ;; *) parent=$start/$2 ;; esac ;;
    --peer) peer=$2 ;;
    *) echo "Unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
. test/bench/java.sh

work=$(mktemp -d -p "$parent")
trap 'rm -rf "$work"' EXIT
for mode in unsorted sorted; do
  bench_program "$heap" BulkBench "$mode" "$rows" "$work/$mode" "$memory"
  rm -rf "${work:?}/$mode"
  if [ -n "$peer" ]; then
    "$peer/bulk.sh" "$mode" "$rows" "bulk-$mode"
  fi
done
