#!/usr/bin/env bash
# What replaying a commit log costs: rows of 100 bytes are written to a node that has room to keep them all
# in memory; it is killed; then nodes with default settings start on copies of what it left, one on a
# single CPU and one on all. Prints what each says of its replay, and CPU seconds and wall time from its
# launch to its first answer.
#
#   test/bench/replay.sh [--rows N] [--rounds N] [--work DIR]
#
# Nine million rows make 1.4 GiB of log. Every node then scans the table and compares it
# with what was written. Ends with 1 if a row is wrong or missing.
set -eu
set -o pipefail
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=9000000 heap=8g rounds=2 work=${TMPDIR:-/tmp}
. test/bench/options.sh
take_options 'rows rounds' 'work' "$@"
. test/bench/java.sh

work=$(mktemp -d -p "$work")
address=127.0.0.23 port=9042 limit=100000 settings=()
. test/bench/limited-node.sh
trap 'cleanup_node; rm -rf "$work"' EXIT

phase() { # name, argument
  bench_program 384m VolumeCheck "$address" "$port" "$server" "$rows" "$@" | tee "$work/phase" ||
    { check_node; fail "$1"; }
}

settings=(--set memory_total=7GiB --set memtable_space=5GiB --set block_cache_size=256MiB)
HELENUS_JVM_OPTS="-Xmx$heap" start_node
settings=()
phase create
phase write
checksum=$(sed -n 's/.*"checksum":"\([0-9a-f]*\)".*/\1/p' "$work/phase")
kill -KILL "$server"
wait "$server" 2>/dev/null || true
server=
mv "$work/data" "$work/left"
rm -rf "$work/left/logs"
echo "log: $(du -sm "$work/left/commitlog" | cut -f1) MiB in $(find "$work/left/commitlog" -name '*.log' | wc -l) segments; SSTables: $(find "$work/left/data" -name '*.sst' | wc -l)"

run() { # name, what runs the node
  local name=$1 begun
  shift
  cp -a "$work/left" "$work/data"
  sync
  begun=$(date +%s.%N)
  start_node "$@" >/dev/null
  echo "$name: $(awk -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN {printf "%.1f", b - a}') s from launch to ready," \
    "$(awk -v t="$(node_ticks)" 'BEGIN {printf "%.1f", t / 100}') s of CPU"
  awk '{name = $0; sub(/^[^(]*\(/, "", name); sub(/\).*/, "", name); sub(/.*\) /, "")
      one = $12 + $13; used[name] += one; if (one >= 10) each[name] = each[name] sprintf(" %.1f", one / 100)}
    END {for (name in used) if (used[name] >= 50)
      printf "    %6.1f s in threads %s, one by one%s\n", used[name] / 100, name, each[name]}' \
    /proc/"$server"/task/*/stat | sort -rn
  grep -rhE 'Replaying the commit log|Commit log replayed' "$work"/data/logs | sed 's/^/    /'
  phase scan "$checksum"
  stop_node
  rm -rf "$work/data"
}

for _ in $(seq "$rounds"); do
  run "one CPU" taskset -c 0
  run "all CPUs"
done
echo PASSED
