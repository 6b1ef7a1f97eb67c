#!/usr/bin/env bash
# Prepared writes and point reads, side by side: Helenus, an Apache Cassandra 5.0, and a server that answers
# without a database (the floor). Prints the server's CPU time per operation and the ratios.
#
#   HELENUS_PEER=DIR test/bench/compare.sh [--rows N] [--seconds N] [--warmup N] [--runs N]
#                                          [--profile default|latest] [--heap SIZE] [--only WORKLOADS]
#
# DIR is the kit that starts a Cassandra and the load generator: cassandra-start.sh, cassandra-stop.sh,
# floor.sh, loadgen.sh. Both servers get the same heap and force their commit logs every ten seconds. Runs
# alternate; the table shows medians. Nothing else should use the machine meanwhile.
set -eu
cd "${BASH_SOURCE[0]%/*}/../.."

rows=2000000 seconds=60 warmup=60 runs=3 profile=default heap=4G workloads="write read"
while [ $# -gt 0 ]; do
  case $1 in
    --rows) rows=$2 ;;
    --seconds) seconds=$2 ;;
    --warmup) warmup=$2 ;;
    --runs) runs=$2 ;;
    --profile) profile=$2 ;;
    --heap) heap=$2 ;;
    --only) workloads=${2//,/ } ;;
    *) echo "Unknown option $1" >&2; exit 2 ;;
  esac
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  shift 2
done
kit=${HELENUS_PEER:?is to name the folder of the kit that starts a Cassandra}
export PEER_PROFILE=$profile PEER_HEAP=$heap

work=$(mktemp -d)
results=$work/results.jsonl
helenus_address=127.0.0.21 helenus_port=9042
server=
cleanup() {
  stop_helenus
  "$kit/cassandra-stop.sh" >/dev/null 2>&1 || true
  rm -rf "$work/data"
}
trap cleanup EXIT

load() { # label, pid, address, port, workload, more
  local label=$1 pid=$2 address=$3 port=$4 workload=$5
  shift 5
  "$kit/loadgen.sh" "$workload" --host "$address" --port "$port" --protocol V4 --rows "$rows" \
    --server-pid "$pid" --label "$label" "$@" | tee -a "$results"
}

start_helenus() {
  HELENUS_JVM_OPTS="-Xms$heap -Xmx$heap" tools/bin/helenus server --data "$work/data" \
    --address "$helenus_address" --native-port "$helenus_port" >"$work/helenus.out" 2>&1 &
  server=$!
  until grep -q '^Helenus is ready' "$work/helenus.out"; do
    kill -0 "$server" || { cat "$work/helenus.out"; exit 1; }
    sleep 0.1
  done
}

stop_helenus() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}

flushes() {
  find "$work/data" -name '*.sst' | wc -l
}

for run in $(seq "$runs"); do
  rm -rf "$work/data"
  start_helenus
  load helenus "$server" "$helenus_address" "$helenus_port" load
  for workload in $workloads; do
    before=$(flushes)
    load helenus "$server" "$helenus_address" "$helenus_port" "$workload" \
      --seconds "$seconds" --warmup "$warmup"
    echo "run $run, $workload: $(($(flushes) - before)) flushes of Helenus"
  done
  stop_helenus

  pid=$("$kit/cassandra-start.sh" --fresh | sed -n 's/.*"pid":\([0-9]*\).*/\1/p')
  load cassandra "$pid" 127.0.0.1 9042 load
  for workload in $workloads; do
    load cassandra "$pid" 127.0.0.1 9042 "$workload" --seconds "$seconds" --warmup "$warmup"
  done
  "$kit/cassandra-stop.sh"
done

PEER_OUT=$work/floor.jsonl PEER_INFLIGHT=128 PEER_SECONDS=15 "$kit/floor.sh" >/dev/null
cat "$work/floor.jsonl" >>"$results"

python3 - "$results" <<'PY'
import json, statistics, sys

runs = {}
for line in open(sys.argv[1]):
    if line.startswith("{"):
        result = json.loads(line)
        if "workload" in result:
            runs.setdefault((result["workload"], result["label"]), []).append(result)

def median(workload, label, field):
    values = [r[field] for r in runs.get((workload, label), []) if field in r]
    return statistics.median(values) if values else None

print("| workload | Helenus µs | Cassandra µs | ratio | floor µs | Helenus ops/s | Cassandra ops/s | errors |")
print("|---|---:|---:|---:|---:|---:|---:|---:|")
for workload in sorted({w for w, label in runs if label == "helenus"}):
    ours = median(workload, "helenus", "server_cpu_us_per_op")
    theirs = median(workload, "cassandra", "server_cpu_us_per_op")
    floor = median(workload, "echo", "server_cpu_us_per_op")
    ratio = f"1/{theirs / ours:.1f}" if ours and theirs else "–"
    errors = sum(r["errors"] for (w, _), rs in runs.items() if w == workload for r in rs)
    print(f"| {workload} | {ours} | {theirs} | {ratio} | {floor or '–'} |"
          f" {median(workload, 'helenus', 'ops_per_s')} | {median(workload, 'cassandra', 'ops_per_s')} | {errors} |")
PY
