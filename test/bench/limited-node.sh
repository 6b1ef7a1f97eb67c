# Sourced by the scripts beside it: a node whose memory has a limit, for heap, all else of the process, and
# the page cache of its files. They set limit (MiB), address, port, settings (an array) and work, and have
# cleanup_node in their trap. Sets server, the node's process.
#
# The limit is that of a memory control group, version 1 or 2, which takes root; the kernel counts what
# the node uses and what it caches for it, and kills it above the limit. Where there is no such group the
# limit is only watched: the node fails if its resident set ever was above it. That is less: it leaves out
# cached pages of files that are not mapped. say_limit says which of the two it is.

server= group= version= peak_resident=0

cleanup_node() {
  stop_node
  if [ -n "$group" ]; then
    rmdir "$group" 2>/dev/null || { sleep 1; rmdir "$group" || true; }
  fi
}

fail() {
  echo "FAILED: $1"
  exit 1
}

# Sets group and version, if a group with this limit can be made.
make_group() { # name
  local name=$1-$$ bytes=$((limit << 20))
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

say_limit() {
  case $version in
    1 | 2) echo "limit: $limit MiB for heap, all else and page cache, by a control group of version $version" ;;
    *) echo "limit: $limit MiB of resident set, watched only, as no control group can be made here" ;;
  esac
}

# Runs a command within the limit, in place of this shell: for subshells.
exec_limited() {
  if [ -n "$group" ]; then
    echo "$BASHPID" >"$group/cgroup.procs"
  fi
  exec "$@"
}

start_node() { # what runs the command, as taskset does
  : >"$work/out"
  (
    exec_limited "$@" tools/bin/helenus server --data "$work/data" --address "$address" \
      --native-port "$port" "${settings[@]}"
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

# User and system time of the node so far, in hundredths of a second.
node_ticks() { sed 's/.*) //' "/proc/$server/stat" | awk '{print $12 + $13}'; }

print_memory() {
  local peak
  case $version in
    2) peak=$(cat "$group/memory.peak" 2>/dev/null || echo 0) ;;
    1) peak=$(cat "$group/memory.max_usage_in_bytes") ;;
    *) peak=0 ;;
  esac
  echo "{\"phase\":\"memory\",\"limit_mib\":$limit,\"peak_resident_mib\":$peak_resident,\"peak_with_page_cache_mib\":$((peak >> 20))}"
}
