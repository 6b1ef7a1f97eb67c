#!/usr/bin/env bash
# Does a row cost the same however many there are? Tables of several sizes, and one wide partition of
# several sizes, are written with the bulk writer as files that overlap everywhere, taken in by a node,
# compacted into one, scanned, and read at random, within 1.6 GiB of memory for everything: heap, all
# else of each process, and the page cache of its files. All that is read is compared with what was
# written. Last, five million rows go through the native protocol (see ten-million.sh).
#
#   test/bench/alone.sh [--rows N[,N]...] [--wide MIB[,MIB]...] [--protocol N] [--reads N] [--files N]
#                       [--memory MIB] [--limit MIB] [--work DIR]
#
# Prints a table of CPU microseconds per row: of the bulk writer's process for what is written, of the
# node's for what is compacted and scanned. `read` is a read of one row, or in the wide partition of 20
# rows from anywhere in either direction. Rows have a bigint, an int and 100 bytes that do not compress;
# --wide counts 104 bytes a row. 0 leaves a part out. Both processes get warm with two million other
# rows before, the node by five compactions of them, and what is small is done several times.
#
# --memory (64) is what the bulk writer may keep of rows: all but the smallest table are sorted on disk.
#
# Ends with 1 if anything read was wrong, a process went over its limit (limited-node.sh says how that is
# kept), or one of the three costs is not flat within 25 % over the sizes of a shape: the greatest more
# than 1.25 times the smallest.
set -eu
set -o pipefail
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=1000000,10000000,50000000 wide=512,5120 protocol=5000000 reads=100000 files=4 memory=64 limit=1638
work=${TMPDIR:-/tmp}
. test/bench/options.sh
take_options 'rows wide protocol reads files memory limit' 'work' "$@"
. test/bench/java.sh

parent=$work
work=$(mktemp -d -p "$parent")
address=127.0.0.22 port=9042
settings=(--set compaction_throughput=0MiB/s --set auto_snapshot=false --set storage_port=0)
. test/bench/limited-node.sh

cleanup() {
  cleanup_node
  rm -rf "$work"
}
trap cleanup EXIT

field() { sed -n "s/.*\"$1\":\\([0-9.]*\\).*/\\1/p" "$work/$2"; }

cql() { tools/bin/cqlsh "$address" "$port" -e "$1"; }

node() { tools/bin/helenus node --host "$address" "$@"; }

# Takes the files of a directory into a table and compacts them.
take_in() { # table, directory
  node import --no-verify --copy-data bench "$1" "$2"/*
}

compact() { # table
  node compact bench "$1"
  check_node
}

# One line of the table.
measure() { # shape, rows
  local shape=$1 count=$2 round before ticks=0 rounds=$((20000000 / $2))
  [ "$rounds" -ge 1 ] || rounds=1
  [ "$rounds" -le 5 ] || rounds=5
  (exec_limited "$java" @conf/jvm.options -Xms512m -Xmx512m \
    -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider -Dslf4j.internal.verbosity=ERROR \
    -cp "$class_path" io.helenus.test.bench.AloneBench \
    write "$shape" "$count" "$files" "$rounds" "$memory" "$work/bulk") | tee "$work/write" ||
    fail "writing $count $shape"
  start_node
  local with="(pk bigint, ck int, v blob, PRIMARY KEY (pk, ck))
    WITH compaction = {'class': 'SizeTieredCompactionStrategy', 'enabled': 'false'}"
  cql "CREATE KEYSPACE bench WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
    CREATE TABLE bench.kv $with; CREATE TABLE bench.warm $with"
  for round in 1 2 3 4 5; do
    cql "TRUNCATE bench.warm"
    take_in warm "$work/bulk/warm"
    compact warm
  done
  cql "DROP TABLE bench.warm"
  for round in $(seq "$rounds"); do
    [ "$round" -eq 1 ] || cql "TRUNCATE bench.kv"
    take_in kv "$work/bulk/main"
    before=$(node_ticks)
    compact kv
    ticks=$((ticks + $(node_ticks) - before))
  done
  rm -rf "$work/bulk"
  bench_program 512m AloneBench read "$shape" "$count" "$reads" "$rounds" "$address" "$port" "$server" |
    tee "$work/read" || { check_node; fail "reading $count $shape"; }
  check_node
  local mib
  mib=$(du -sm "$work"/data/data/bench/kv-* | cut -f1)
  stop_node
  rm -rf "$work/data"
  echo "$shape $count $(field cpu_us_per_row write)" \
    "$(awk -v t="$ticks" -v n="$count" -v r="$rounds" 'BEGIN {printf "%.3f", t * 1e4 / n / r}')" \
    "$(field scan_cpu_us_per_row read) $(field read_cpu_us read) $mib" >>"$work/table"
}

make_group helenus-alone
say_limit
: >"$work/table"
for count in ${rows//,/ }; do
  [ "$count" -eq 0 ] || measure rows "$count"
done
for mib in ${wide//,/ }; do
  [ "$mib" -eq 0 ] || measure wide $((mib * 1048576 / 104))
done
print_memory

awk '
  BEGIN {
    print ""
    print "CPU microseconds  | rows     | written | compacted | scanned | read  | MiB on disk"
    print "------------------|---------:|--------:|----------:|--------:|------:|-----------:"
  }
  {
    printf "%-17s | %8d | %7s | %9s | %7s | %5s | %d\n", $1, $2, $3, $4, $5, $6, $7
    for (i = 3; i <= 5; i++) {
      if (!(($1, i) in least) || $i < least[$1, i]) least[$1, i] = $i
      if ($i > most[$1, i]) most[$1, i] = $i
    }
    shapes[$1] = 1
  }
  END {
    for (shape in shapes) {
      printf "%-17s |          ", shape " max/min"
      for (i = 3; i <= 5; i++) {
        ratio = most[shape, i] / least[shape, i]
        printf "| %*.2f ", i == 4 ? 9 : 7, ratio
        if (ratio > 1.25) uneven = uneven sprintf("\nNOT FLAT: %s, column %d", shape, i - 2)
      }
      print "|       |"
    }
    print uneven
    exit uneven != ""
  }' "$work/table" || failed=yes
if [ "$protocol" -ne 0 ]; then
  echo "Over the native protocol:"
  test/bench/ten-million.sh --rows "$protocol" --reads "$reads" --sstables 1 --limit "$limit" \
    --work "$parent" || failed=yes
fi
[ -z "${failed:-}" ] || fail "see above"
echo PASSED
