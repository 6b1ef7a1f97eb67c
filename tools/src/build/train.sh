#!/usr/bin/env bash
# Part of the build: runs the commands once, and makes of what they loaded the caches of classes with
# which they start in a fraction of the time (target/server.aot, target/shell.aot). Where that fails,
# everything works without them, only slower; so this never fails the build.
set -u
tools=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
target=$tools/target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f "$target"/*.aot
export HELENUS_BUILDING=1 # what is built is not to be built by the launcher
cd "$work" || exit 0 # a crashing JVM leaves its report here

statements="SELECT cluster_name FROM system.local;
CREATE KEYSPACE training WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE training.t (k int, c timestamp, v text, PRIMARY KEY (k, c));
INSERT INTO training.t (k, c, v) VALUES (1, '2026-01-01', 'a');
SELECT * FROM training.t WHERE k = 1;
DESCRIBE TABLE training.t;"

# recording NAME: the options of a training run.
recording() {
  echo "-XX:AOTMode=record -XX:AOTConfiguration=$work/$1.config -Xlog:aot*=off"
}

# create NAME COMMAND OPTION...: the cache of a training run, for a command.
create() {
  local name=$1 command=$2
  shift 2
  HELENUS_JVM_OPTS="-XX:AOTMode=create -XX:AOTConfiguration=$work/$name.config
    -XX:AOTCache=$work/$name.aot -Xlog:aot*=off $*" \
    "$tools/bin/helenus" "$command" >"$work/$name.log" 2>&1
  if [ -s "$work/$name.aot" ]; then
    mv "$work/$name.aot" "$target/$name.aot"
  else
    echo "No cache for a quicker start of '$command': $(grep -v '^$' "$work/$name.log" | tail -n 1)"
  fi
}

# A server, asked by a shell.
mkfifo "$work/ready"
HELENUS_JVM_OPTS=$(recording server) "$tools/bin/helenus" server --data "$work/server" --native-port 0 \
  >"$work/ready" 2>&1 &
server=$!
port=
while [ -z "$port" ] && IFS= read -r line; do
  case $line in
    "Helenus is ready: CQL on "*)
      port=${line#*CQL on *:}
      port=${port%%,*}
      ;;
  esac
done <"$work/ready"
if [ -n "$port" ]; then
  "$tools/bin/helenus" shell 127.0.0.1 "$port" -e "$statements" >/dev/null 2>&1
  read -r _ admin <"$work/server/admin-address"
  "$tools/bin/helenus" node -p "$admin" status >/dev/null 2>&1
  kill "$server"
fi
wait "$server"
create server server

# A node and a shell in one process; the shell alone uses the same cache.
HELENUS_JVM_OPTS=$(recording shell) "$tools/bin/helenus" quickstart --data "$work/shell" --native-port 0 \
  <<<"$statements" >/dev/null 2>&1
create shell quickstart -XX:-AOTClassLinking # picocli's classes are too old to be linked ahead of time
exit 0
