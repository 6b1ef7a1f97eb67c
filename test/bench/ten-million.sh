#!/usr/bin/env bash
# Ten million rows of 100 bytes through the native protocol into a node that has 1.6 GiB of memory for
# everything: heap, all else of the process, and the page cache of its files. Then everything is flushed,
# a million random rows are read and compared, and the whole table is scanned in pages; its checksum must
# be that of what was written.
#
#   test/bench/ten-million.sh [--rows N] [--reads N] [--limit MIB] [--sstables N] [--restart yes|no]
#                             [--set SETTING=VALUE]... [--work DIR]
#
# The node has the settings of conf/helenus.yaml and conf/jvm.options (a heap of 1 GiB) unless --set or
# HELENUS_JVM_OPTS says otherwise. The table is not compacted, so that at least --sstables (5) are there
# to be merged. --restart yes ends the node after the flush and reads with a new one.
#
# limited-node.sh says how the limit is kept; the first line of the output, in which of two ways.
#
# Ends with 1 if an operation failed, a value or the checksum was wrong, rows are missing in the SSTables,
# there are fewer of them than asked for, or the node went over its limit.
set -eu
set -o pipefail
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=10000000 reads=1000000 limit=1638 sstables=5 restart=no parent=${TMPDIR:-/tmp} settings=()
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  case $1 in
    --rows) rows=$2 ;;
    --reads) reads=$2 ;;
    --limit) limit=$2 ;;
    --sstables) sstables=$2 ;;
    --restart) restart=$2 ;;
    --set) settings+=(--set "$2") ;;
    --work) case $2 in /*) parent=$2 ;; *) parent=$start/$2 ;; esac ;;
    *) echo "Unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
case $restart in
  yes | no) ;;
  *) echo "--restart is yes or no" >&2; exit 2 ;;
esac
. test/bench/java.sh

work=$(mktemp -d -p "$parent")
address=127.0.0.22 port=9042
. test/bench/limited-node.sh

cleanup() {
  cleanup_node
  rm -rf "$work"
}
trap cleanup EXIT

phase() { # name, argument
  bench_program 384m VolumeCheck "$address" "$port" "$server" "$rows" "$@" | tee "$work/phase" ||
    { check_node; fail "$1"; }
  check_node
}

in_files() { # what "helenus sstable stats" calls it
  tools/bin/helenus sstable stats "$table" | awk -v name="  $1 " 'index($0, name) == 1 {sum += $NF} END {print sum + 0}'
}

make_group helenus-ten-million
say_limit

start_node
phase create
phase write
checksum=$(sed -n 's/.*"checksum":"\([0-9a-f]*\)".*/\1/p' "$work/phase")

table=$(echo "$work"/data/data/bench/volume-*)
phase flush
for _ in $(seq 120); do
  python3 test/bench/compare.py settle "$work/data"
  check_node
  flushed=$(in_files rows)
  [ "$flushed" -lt "$rows" ] || break
done
count=$(find "$table" -maxdepth 1 -name '*.sst' | wc -l)
echo "{\"phase\":\"flushed\",\"sstables\":$count,\"rows_in_sstables\":$flushed,\"disk_mib\":$(du -sm "$table" | cut -f1)}"
[ "$flushed" -eq "$rows" ] || fail "$flushed of $rows rows are in SSTables"
[ "$count" -ge "$sstables" ] || fail "there are $count SSTables, at least $sstables are wanted"

if [ "$restart" = yes ]; then
  stop_node
  start_node
fi
phase read "$reads"
phase scan "$checksum"
stop_node

print_memory
echo PASSED
