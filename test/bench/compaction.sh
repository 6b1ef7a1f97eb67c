#!/usr/bin/env bash
# What compaction costs: a major compaction of several files, by the CPU time of the process, without a
# node around it. One JSON line for each of three cases (see CompactionBench).
#
#   test/bench/compaction.sh [--rows N] [--files N] [--heap SIZE] [--work DIR] [--peer DIR]
#
# --peer DIR runs DIR/compaction.sh afterwards, which does the same with a running Cassandra; it prints a
# line with the same fields.
set -eu
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=1750000 files=4 heap=512m parent=${TMPDIR:-/tmp} peer=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  case $1 in
    --rows) rows=$2 ;;
    --files) files=$2 ;;
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
bench_program "$heap" CompactionBench "$work" "$rows" "$files" overwrites rows tombstones
if [ -n "$peer" ]; then
  PEER_COMPACT_ROWS=$rows "$peer/compaction.sh"
fi
