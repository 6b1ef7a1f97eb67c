#!/usr/bin/env bash
# Latencies at a fixed rate, side by side: an Apache Cassandra 5.0 with its default settings, then Helenus,
# each on a fresh data directory and alone on the machine, with the same heap.
#
#   HELENUS_PEER=DIR test/bench/latency.sh [--seconds N] [--rows N] [--percent N] [--rate N] [--heap SIZE]
#                                          [--flush-period MS]
#
# Half writes, half point reads of 100-byte values over --rows (2 million) keys for --seconds (300), each
# operation at its own moment whatever has become of those before it (see OpenLoop). The rate is --percent
# (40) of what this Cassandra does in a closed loop, or --rate. The table flushes every --flush-period
# (15000 ms) and is compacted by size on both, so both go on all the time. If an operation failed or a row
# was missing, it goes on, and ends with 1.
set -eu
set -o pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

seconds=300 rows=2000000 percent=40 rate= heap=4G period=15000 warmup=60
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  case $1 in
    --seconds) seconds=$2 ;;
    --rows) rows=$2 ;;
    --percent) percent=$2 ;;
    --rate) rate=$2 ;;
    --heap) heap=$2 ;;
    --flush-period) period=$2 ;;
    *) echo "Unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
kit=${HELENUS_PEER:?is to name the folder of the kit that starts a Cassandra}
export PEER_HEAP=$heap PEER_WORK=${PEER_WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/helenus-peer}
. test/bench/java.sh

work=$(mktemp -d)
server= peer_running= wrong=0
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; fi
  if [ -n "$peer_running" ]; then "$kit/cassandra-stop.sh" >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

phase() { # host, port, phase, arguments
  local host=$1 port=$2
  shift 2
  bench_program 1g OpenLoop "$host" "$port" "$rows" "$@"
}

files() { # directories
  find "$@" \( -name '*.sst' -o -name '*-Data.db' \) 2>/dev/null | wc -l
}

measure() { # label, host, port, data
  phase "$2" "$3" load "$period" >&2
  if [ -z "$rate" ]; then
    phase "$2" "$3" capacity "$warmup" >"$work/capacity"
    phase "$2" "$3" capacity "$warmup" | tee "$work/capacity" >&2
    rate=$(sed -n "s/.*\"per_second\":\([0-9]*\).*/\1/p" "$work/capacity")
    rate=$((rate * percent / 100))
  fi
  phase "$2" "$3" paced "$warmup" "$rate" >&2 || true
  phase "$2" "$3" paced "$seconds" "$rate" >"$work/paced" || wrong=1
  sed "s/^{/{\"label\":\"$1\",\"files_left\":$(files "$4"),/" "$work/paced"
}

peer_running=1
PEER_PROFILE=default "$kit/cassandra-start.sh" --fresh >"$work/cassandra.out"
measure cassandra "${PEER_ADDR:-127.0.0.1}" "${PEER_CQL_PORT:-9042}" "$PEER_WORK/node-default/data"
"$kit/cassandra-stop.sh" >/dev/null 2>&1 || true
peer_running=

HELENUS_JVM_OPTS="-Xms$heap -Xmx$heap ${HELENUS_JVM_OPTS:-}" tools/bin/helenus server --data "$work/data" \
  --address 127.0.0.23 --native-port 9042 >"$work/helenus.out" 2>&1 &
server=$!
until grep -q '^Helenus is ready' "$work/helenus.out"; do
  kill -0 "$server" 2>/dev/null || { cat "$work/helenus.out" >&2; exit 1; }
  sleep 0.1
done
measure helenus 127.0.0.23 9042 "$work/data/data"
exit "$wrong"
