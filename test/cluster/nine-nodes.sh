#!/usr/bin/env bash
# Starts nine nodes in three data centres, and asks the Java, the Node.js and the Python driver what they see:
# nine hosts, where each is, its tokens, and the replicas of keys, which have to be those that the servers name.
# Needs what test/drivers/*/run.sh install. nine-nodes.sh [DC:COUNT,...]
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}"
root=$(cd ../.. && pwd -P)
nodes=${1:-a:3,b:3,c:3}
work=$(mktemp -d)

# The commands remember a directory in the user's; this one is nobody's.
cluster() {
  HOME=$work "$root/tools/bin/helenus" cluster "$@" --data "$work/cluster"
}

cleanup() {
  cluster stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

"$root/tools/bin/helenus" version # builds what is missing
cluster start --nodes "$nodes"
cluster status
mapfile -t pids < <(sed -n 's|.*"pid": \([0-9]*\).*|\1|p' "$work/cluster/cluster.json")
for pid in "${pids[@]}"; do
  cat "/proc/$pid/status"
done | awk '/^VmRSS/ { kib += $2 } END { printf "All nodes together have %d MiB resident\n", kib / 1024 }'

/usr/bin/python3 expected.py "$nodes" >"$work/expected.json"
/usr/bin/python3 hosts.py "$work/expected.json"
NODE_PATH=$root/test/drivers/node/node_modules node hosts.js "$work/expected.json"
java=$(readlink -f "/proc/${pids[0]}/exe")
"$java" -Xmx256m -XX:TieredStopAtLevel=1 -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider \
  -Dslf4j.internal.verbosity=ERROR --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$root/tools/target/lib/*" Hosts.java "$work/expected.json"
cluster stop
