#!/usr/bin/env bash
# Tells stories to a Helenus and to an Apache Cassandra 5.0, both started for it: random writes, deletions of
# all kinds, flushes, compactions and reads, which both must answer alike. A story is determined by its
# seed; one that does not end alike is made as short as it goes, and printed. The package-info of
# io.helenus.test.peer has more.
#
#   test/peer.sh --peer DIR [--first-seed N] [--seeds N] [--statements N]
#
# DIR is the kit that starts a Cassandra: env.sh, cassandra-start.sh, cassandra-stop.sh. Ends with 1 if
# the two differ.
set -eu
set -o pipefail
cd "${BASH_SOURCE[0]%/*}/.."

peer=${HELENUS_PEER:-} told=()
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
  case $1 in
    --peer) peer=$2 ;;
    --first-seed | --seeds | --statements) told+=("$1" "$2") ;;
    *) echo "Unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
[ -e "$peer/cassandra-start.sh" ] || { echo "--peer DIR names the kit that starts a Cassandra" >&2; exit 2; }
. test/bench/java.sh

work=$(mktemp -d)
address=127.0.0.24 port=9042 limit=100000 settings=(--set auto_snapshot=false)
. test/bench/limited-node.sh
export PEER_HEAP=${PEER_HEAP:-1G} PEER_SKIP_GOSSIP_WAIT=0 PEER_ADDR=${PEER_ADDR:-127.0.0.25}
export PEER_JMX_PORT=${PEER_JMX_PORT:-7399}
. "$peer/env.sh"
cleanup() {
  "$peer/cassandra-stop.sh" >/dev/null 2>&1 || true
  cleanup_node
  rm -rf "$work"
}
trap cleanup EXIT
"$peer/cassandra-start.sh" --fresh >/dev/null
start_node
"$java" @conf/jvm.options -Xmx256m -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider \
  -Dslf4j.internal.verbosity=ERROR -cp "$class_path" io.helenus.test.peer.PeerProgram \
  --ours "$address:$port" --ours-admin "$address:7199" --peer "$PEER_ADDR:$PEER_CQL_PORT" \
  --peer-jmx "127.0.0.1:$PEER_JMX_PORT" "${told[@]}"
