#!/usr/bin/env bash
# Prepared writes and point reads, side by side: Helenus, an Apache Cassandra 5.0 with its default
# settings and with those it recommends ("latest"), and a server that answers without a database (the
# floor). Prints the CPU time of the whole server process per operation, and the ratios.
#
#   HELENUS_PEER=DIR test/bench/compare.sh [--rounds N] [--profiles default,latest]
#                    [--only write,read,scan,timeseries,latest20] [--rows N] [--operations N]
#                    [--seconds N] [--warmup N] [--flushes N] [--heap SIZE] [--set SETTING=VALUE]...
#                    [--floor-seconds N] [--results FILE]
#   test/bench/compare.sh --report FILE
#
# A round is Helenus, then a Cassandra of each profile, each on a fresh data directory and alone on the
# machine: load, check every value, write, check every value, read, check again. A window is as long as
# its operations take (--operations, 5 million), and --seconds (30) at least, after --warmup (60). A
# window with fewer operations is repeated once. In the write window Helenus must finish --flushes (2);
# that is why memtable_space is 256 MiB here unless --set says otherwise. Both servers get the same heap
# and force their commit logs in the same mode and period.
#
# Results are appended to FILE, so rounds may be run at different times; the tables are of all that is in
# it. Ends with 1 if an operation failed, a value was wrong, a row was missing, operations or flushes were
# too few.
#
# DIR is the kit that starts a Cassandra and the load generator: cassandra-start.sh, cassandra-stop.sh,
# nodetool.sh, floor.sh, loadgen.sh. Nothing else should use the machine meanwhile.
set -eu
set -o pipefail
start=$PWD
cd "${BASH_SOURCE[0]%/*}/../.."

rounds=3 profiles=default,latest workloads=write,read rows=2000000 operations=5000000 seconds=30 warmup=60
flushes=2 heap=4G floor_seconds=15 results=
declare -A settings=([commitlog_sync]=periodic [commitlog_sync_period]=10s [memtable_space]=256MiB)

absolute() {
  case $1 in /*) echo "$1" ;; *) echo "$start/$1" ;; esac
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  case $1 in
    --rounds) rounds=$2 ;;
    --profiles) profiles=$2 ;;
    --only) workloads=$2 ;;
    --rows) rows=$2 ;;
    --operations) operations=$2 ;;
    --seconds) seconds=$2 ;;
    --warmup) warmup=$2 ;;
    --flushes) flushes=$2 ;;
    --heap) heap=$2 ;;
    --set) settings[${2%%=*}]=${2#*=} ;;
    --floor-seconds) floor_seconds=$2 ;;
    --results) results=$(absolute "$2") ;;
    --report) exec python3 test/bench/compare.py report "$(absolute "$2")" ;;
    *) echo "Unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
for workload in ${workloads//,/ }; do
  case $workload in
    write | read | scan | timeseries | latest20) ;;
    *) echo "Unknown workload $workload" >&2; exit 2 ;;
  esac
done
kit=${HELENUS_PEER:?is to name the folder of the kit that starts a Cassandra}
export PEER_HEAP=$heap PEER_WORK=${PEER_WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/helenus-peer}
. test/bench/java.sh

work=$(mktemp -d)
results=${results:-$work/results.jsonl}
helenus_address=127.0.0.21 helenus_port=9042
peer_address=${PEER_ADDR:-127.0.0.1} peer_port=${PEER_CQL_PORT:-9042}
server= watcher= peer_running= failed=0

cleanup() {
  stop_helenus
  stop_cassandra || true
  rm -rf "$work/data"
  rmdir "$work" 2>/dev/null || true
}
trap cleanup EXIT

# "commitlog_sync=periodic …", in a fixed order.
settings_text() {
  local name
  for name in "${!settings[@]}"; do
    echo "$name=${settings[$name]}"
  done | sort | paste -sd ' '
}

start_helenus() {
  local options=() setting
  for setting in $(settings_text); do
    options+=(--set "$setting")
  done
  : >"$work/helenus.out"
  HELENUS_JVM_OPTS="-Xms$heap -Xmx$heap ${HELENUS_JVM_OPTS:-}" tools/bin/helenus server --data "$work/data" \
    --address "$helenus_address" --native-port "$helenus_port" "${options[@]}" >"$work/helenus.out" 2>&1 &
  server=$!
  until grep -q '^Helenus is ready' "$work/helenus.out"; do
    kill -0 "$server" 2>/dev/null || { cat "$work/helenus.out" >&2; exit 1; }
    sleep 0.1
  done
  python3 test/bench/compare.py watch "$work/data" "$work/flushes" &
  watcher=$!
}

stop_helenus() {
  if [ -n "$watcher" ]; then
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    watcher=
  fi
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || { echo "Helenus had ended already:" >&2; tail -n 20 "$work/helenus.out" >&2; }
    wait "$server" 2>/dev/null || true
    server=
  fi
  rm -rf "$work/data" "$work/flushes" "$work/helenus.out"
}

start_cassandra() { # profile
  export PEER_PROFILE=$1
  peer_running=1
  "$kit/cassandra-start.sh" --fresh >"$work/cassandra.out"
  server_pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$work/cassandra.out")
  rm -f "$work/cassandra.out"
  local yaml=$PEER_WORK/node-$1/conf/cassandra.yaml
  grep -qx "commitlog_sync: ${settings[commitlog_sync]}" "$yaml" &&
    grep -qx "commitlog_sync_period: $((${settings[commitlog_sync_period]%s} * 1000))ms" "$yaml" || {
    echo "The commit log of this Cassandra is forced in another mode than that of Helenus" >&2
    exit 1
  }
}

stop_cassandra() {
  if [ -n "$peer_running" ]; then
    "$kit/cassandra-stop.sh" >/dev/null 2>&1 || true
    peer_running=
  fi
}

# Waits until no compaction is running or pending.
settle() { # label
  if [ "$1" = helenus ]; then
    python3 test/bench/compare.py settle "$work/data"
    return
  fi
  local statistics
  for _ in $(seq 300); do
    statistics=$("$kit/nodetool.sh" compactionstats)
    if grep -Eqi 'pending tasks:? +0' <<<"$statistics"; then return; fi
    sleep 2
  done
  echo "Compactions of $1 do not end" >&2
  exit 1
}

judge() { # label, more facts
  local label=$1
  shift
  python3 test/bench/compare.py judge "$results" server="$label" round="$round" setup="$setup" \
    operations="$operations" flushes_min="$flushes" "$@"
}

load() { # label, pid, address, port, workload, more options
  local label=$1 pid=$2 address=$3 port=$4 workload=$5
  shift 5
  "$kit/loadgen.sh" "$workload" --host "$address" --port "$port" --protocol V4 --rows "$rows" \
    --server-pid "$pid" --label "$label" "$@"
}

check() { # label, address, port, stage, expected
  test/bench/check-values.sh "$2" "$3" "$5" "$rows" | judge "$1" stage="$4" || failed=1
}

# A window with enough operations; the second try knows the rate.
measure() { # label, pid, address, port, workload
  local label=$1 workload=$5 margin length verdict facts=()
  if [ "$label" = helenus ] && [ "$workload" = write ]; then
    facts=(flushes="$work/flushes")
  fi
  for margin in 1.25 1.4; do
    length=$(python3 test/bench/compare.py seconds "$results" "$label" "$workload" "$operations" "$margin")
    if [ "$length" -lt "$seconds" ]; then length=$seconds; fi
    verdict=0
    load "$@" --warmup "$warmup" --seconds "$length" | judge "$label" "${facts[@]}" || verdict=$?
    case $verdict in
      0) return ;;
      3) ;;
      *) break ;;
    esac
  done
  failed=1
}

run() { # label, pid, address, port
  local label=$1 address=$3 port=$4 workload expected=loaded
  load "$@" load | judge "$label" || failed=1
  check "$label" "$address" "$port" load "$expected"
  for workload in ${workloads//,/ }; do
    settle "$label"
    measure "$@" "$workload"
    case $workload in
      write) expected=overwritten ;;
      read) ;;
      *) continue ;; # they have left these values alone
    esac
    check "$label" "$address" "$port" "$workload" "$expected"
  done
}

commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
for _ in $(seq "$rounds"); do
  round=$(date -u +%m-%dT%H:%M:%S)
  setup="Helenus $commit: heap $heap, $(settings_text); $rows rows, $warmup s of warm-up"
  start_helenus
  run helenus "$server" "$helenus_address" "$helenus_port"
  stop_helenus
  for profile in ${profiles//,/ }; do
    setup="Cassandra 5.0 $profile: heap $heap, commitlog_sync=${settings[commitlog_sync]} of ${settings[commitlog_sync_period]}; $rows rows, $warmup s of warm-up"
    start_cassandra "$profile"
    run "cassandra-$profile" "$server_pid" "$peer_address" "$peer_port"
    stop_cassandra
  done
done

if [ "$floor_seconds" -gt 0 ] && ! grep -q '"label":"echo"' "$results"; then
  PEER_OUT=$results PEER_INFLIGHT=128 PEER_WARMUP=5 PEER_SECONDS=$floor_seconds "$kit/floor.sh" >/dev/null
fi
python3 test/bench/compare.py report "$results" || failed=1
echo "Results: $results"
exit "$failed"
