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
# The limit is that of a memory control group, version 1 or 2, which takes root; the kernel counts what
# the node uses and what it caches for it, and kills it above the limit. Where there is no such group the
# limit is only watched: the node fails if its resident set ever was above it. That is less: it leaves out
# cached pages of files that are not mapped. The first line of the output says which of the two it is.
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
address=127.0.0.22 port=9042 bytes=$((limit << 20)) server= group= version= peak_resident=0

cleanup() {
  stop_node
  if [ -n "$group" ]; then
    rmdir "$group" 2>/dev/null || { sleep 1; rmdir "$group" || true; }
  fi
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  echo "FAILED: $1"
  exit 1
}

# Sets group and version, if a group with this limit can be made.
make_group() {
  local name=helenus-ten-million-$$
  if grep -qsw memory /sys/fs/cgroup/cgroup.controllers; then
    echo +memory 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control || true
    group=/sys/fs/cgroup/$name version=2
    if mkdir "$group" 2>/dev/null && echo "$bytes" 2>/dev/null >"$group/memory.max"; then
      echo 0 2>/dev/null >"$group/memory.swap.max" || true
      return
    fi
  elif [ -d /sys/fs/cgroup/memory ]; then
    group=/sys/fs/cgroup/memory/$name version=1
    if mkdir "$group" 2>/dev/null && echo "$bytes" 2>/dev/null >"$group/memory.limit_in_bytes"; then
      echo "$bytes" 2>/dev/null >"$group/memory.memsw.limit_in_bytes" || true
      return
    fi
  fi
  rmdir "$group" 2>/dev/null || true
  group= version=
}

start_node() {
  : >"$work/out"
  (
    if [ -n "$group" ]; then
      echo "$BASHPID" >"$group/cgroup.procs"
    fi
    exec tools/bin/helenus server --data "$work/data" --address "$address" --native-port "$port" \
      "${settings[@]}"
  ) >"$work/out" 2>&1 &
  server=$!
  until grep -q '^Helenus is ready' "$work/out"; do
    kill -0 "$server" 2>/dev/null || { cat "$work/out"; fail "the node did not start"; }
    sleep 0.1
  done
  sed -n 's/^Helenus is ready: \(.*\)$/\1/p' "$work/out"
}

# The greatest resident set that the node has had, in MiB, is kept by the kernel until it ends.
note_resident() {
  local now
  now=$(awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/$server/status" 2>/dev/null) || now=0
  if [ "${now:-0}" -gt "$peak_resident" ]; then peak_resident=$now; fi
}

stop_node() {
  if [ -n "$server" ]; then
    note_resident
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}

check_node() {
  kill -0 "$server" 2>/dev/null || { cat "$work/out"; fail "the node is gone: killed for its memory?"; }
  note_resident
  [ -n "$group" ] || [ "$peak_resident" -le "$limit" ] || fail "$peak_resident MiB were resident"
}

phase() { # name, argument
  bench_program 384m VolumeCheck "$address" "$port" "$server" "$rows" "$@" | tee "$work/phase" ||
    { check_node; fail "$1"; }
  check_node
}

in_files() { # what "helenus sstable stats" calls it
  tools/bin/helenus sstable stats "$table" | awk -v name="  $1 " 'index($0, name) == 1 {sum += $NF} END {print sum + 0}'
}

make_group
case $version in
  1 | 2) echo "limit: $limit MiB for heap, all else and page cache, by a control group of version $version" ;;
  *) echo "limit: $limit MiB of resident set, watched only, as no control group can be made here" ;;
esac

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

case $version in
  2) peak=$(cat "$group/memory.peak" 2>/dev/null || echo 0) ;;
  1) peak=$(cat "$group/memory.max_usage_in_bytes") ;;
  *) peak=0 ;;
esac
echo "{\"phase\":\"memory\",\"limit_mib\":$limit,\"peak_resident_mib\":$peak_resident,\"peak_with_page_cache_mib\":$((peak >> 20))}"
echo PASSED
