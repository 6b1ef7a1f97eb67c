#!/usr/bin/env bash
# What compaction costs: a major compaction of several files, by the CPU time (user and system) of the
# process. One JSON line for each of three shapes (see CompactionRows): overwrites, rows, tombstones.
#
#   test/bench/compaction.sh [--rows N] [--files N] [--rounds N] [--heap SIZE] [--work DIR] [--peer DIR]
#
# Helenus does it without a node around it, reads its result and compares it with what was written.
#
# --peer DIR does the same beside it with an Apache Cassandra 5.0 and prints a table. DIR is the kit that
# starts one: env.sh, cassandra-start.sh, cassandra-stop.sh, nodetool.sh, cqlprobe.py. The same rows are
# written as its SSTables (test/bench/peer) and imported; LZ4 in blocks of 16 KiB and no throttle on
# both. Its CPU time is what /proc says of the node around `nodetool compact`, the number of rows left
# what its file says. Of several rounds the table shows the cheapest. PEER_HEAP is its heap (1G).
set -eu
set -o pipefail
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rows=1750000 files=4 rounds=2 heap=512m work=${TMPDIR:-/tmp} peer=
. test/bench/options.sh
take_options 'rows files rounds heap' 'work peer' "$@"
. test/bench/java.sh

work=$(mktemp -d -p "$work")
peer_running=
cleanup() {
  if [ -n "$peer_running" ]; then "$peer/cassandra-stop.sh" >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

modes=()
for shape in overwrites rows tombstones; do
  for _ in $(seq "$rounds"); do modes+=("$shape"); done
done
bench_program "$heap" CompactionBench "$work" "$rows" "$files" "${modes[@]}" | tee "$work/results"
[ -n "$peer" ] || exit 0

export PEER_HEAP=${PEER_HEAP:-1G} PEER_SKIP_GOSSIP_WAIT=0
export PEER_YAML_EXTRA='storage_compatibility_mode: NONE' # else it does not see what is imported
. "$peer/env.sh"
peer_java_options() { grep -E '^--add' "$peer/cassandra/jvm17.options"; }

cql() { python3 "$peer/cqlprobe.py" "$PEER_ADDR" "$PEER_CQL_PORT" --query "$1"; }

peer_write() { # shape
  local file options
  mapfile -t options < <(peer_java_options)
  for file in $(seq 0 $((files - 1))); do
    mkdir -p "$work/peer/$1/$file/bench/kv"
    "$PEER_JAVA" "${options[@]}" -Xmx2g -Dlogback.configurationFile="$peer/cassandra/logback.xml" \
      -Dcassandra.logdir="$work/peer" -cp "$work/peer/classes:$cass_lib/*" \
      org.apache.cassandra.io.sstable.PeerRows "$1" "$rows" "$files" "$file" \
      "$work/peer/$1/$file/bench/kv" >"$work/peer/write.out" 2>&1 ||
      { tail -n 20 "$work/peer/write.out" >&2; exit 1; }
  done
}

peer_ticks() { sed 's/.*) //' "/proc/$server_pid/stat" | awk '{print $12 + $13}'; }

peer_data() { echo "$cass_home"/data/bench/kv-*; }

# All components of its SSTables.
peer_bytes() { find $(peer_data) -maxdepth 1 -type f -name '*-big-*' -printf '%s\n' | awk '{sum += $1} END {print sum + 0}'; }

peer_rows() {
  local options
  mapfile -t options < <(peer_java_options)
  "$PEER_JAVA" "${options[@]}" -Dlogback.configurationFile="$peer/cassandra/logback.xml" \
    -Dcassandra.storagedir="$cass_home" -Dcassandra.config="file://$cass_home/conf/cassandra.yaml" \
    -Dcassandra.logdir="$work/peer" -cp "$cass_lib/*" \
    org.apache.cassandra.tools.SSTableMetadataViewer $(peer_data)/*-Data.db 2>/dev/null |
    awk '/^totalRows:/ {sum += $2} END {print sum + 0}'
}

peer_compact() { # shape
  local file in out before after begun ended
  cql "DROP TABLE IF EXISTS bench.kv"
  rm -rf $(peer_data)
  cql "CREATE TABLE bench.kv (pk bigint, ck int, v blob, PRIMARY KEY (pk, ck))
       WITH gc_grace_seconds = 0
       AND compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 16}"
  "$peer/nodetool.sh" disableautocompaction bench kv
  for file in $(seq 0 $((files - 1))); do
    "$peer/nodetool.sh" import -p bench kv "$work/peer/$1/$file/bench/kv" >/dev/null
  done
  sleep 5
  in=$(peer_bytes) before=$(peer_ticks) begun=$(date +%s.%N)
  "$peer/nodetool.sh" compact bench kv
  ended=$(date +%s.%N) after=$(peer_ticks)
  sleep 5 # its old files go
  out=$(peer_bytes)
  python3 - "$1" "$files" "$in" "$out" "$begun" "$ended" $((after - before)) "$(getconf CLK_TCK)" \
    $((rows * files)) "$(peer_rows)" <<'PY' | tee -a "$work/results"
import json, sys
shape, files, bytes_in, bytes_out, begun, ended, ticks, hertz, rows, left = sys.argv[1:]
cpu = int(ticks) / int(hertz)
mib = 1 << 20
print(json.dumps({
    "server": "cassandra", "compaction": shape, "files": int(files), "in_mib": round(int(bytes_in) / mib),
    "out_mib": round(int(bytes_out) / mib), "rows_in": int(rows), "rows_out": int(left),
    "wall_s": round(float(ended) - float(begun), 2), "cpu_s": round(cpu, 2),
    "in_mib_per_cpu_s": round(int(bytes_in) / mib / cpu),
    "cpu_us_per_input_row": round(cpu * 1e6 / int(rows), 3)}, separators=(",", ":")))
PY
}

mkdir -p "$work/peer/classes"
javac -nowarn -XDsuppressNotes -proc:none -cp "$cass_lib/*" -d "$work/peer/classes" \
  test/src/test/java/io/helenus/test/bench/CompactionRows.java test/bench/peer/PeerRows.java
peer_running=1
server_pid=$("$peer/cassandra-start.sh" --fresh | sed -n 's/.*"pid":\([0-9]*\).*/\1/p')
"$peer/nodetool.sh" setcompactionthroughput 0
cql "CREATE KEYSPACE bench WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
for shape in overwrites rows tombstones; do
  peer_write "$shape"
  for _ in $(seq "$rounds"); do peer_compact "$shape"; done
  rm -rf "$work/peer/$shape"
done

python3 - "$work/results" <<'PY'
import json, sys
results = [json.loads(line) for line in open(sys.argv[1])]
def cheapest(server, shape):
    return min((r for r in results if r["server"] == server and r["compaction"] == shape), key=lambda r: r["cpu_s"])
print()
print("| shape | rows in | rows left | server | MiB in | MiB out | CPU s | rows per CPU s | µs per row | |")
print("|---|---:|---:|---|---:|---:|---:|---:|---:|---:|")
wrong = 0
for shape in ("overwrites", "rows", "tombstones"):
    theirs, ours = cheapest("cassandra", shape), cheapest("helenus", shape)
    wrong |= theirs["rows_out"] != ours["rows_out"]
    for r in (theirs, ours):
        factor = "" if r is theirs else "%.1f×" % (theirs["cpu_s"] / ours["cpu_s"])
        print("| %s | %d | %d | %s | %d | %d | %.2f | %d | %.3f | %s |" % (
            shape, r["rows_in"], r["rows_out"], r["server"], r["in_mib"], r["out_mib"], r["cpu_s"],
            r["rows_in"] / r["cpu_s"], r["cpu_us_per_input_row"], factor))
if wrong:
    print("The two have different numbers of rows left.", file=sys.stderr)
sys.exit(wrong)
PY
