#!/usr/bin/env bash
# JMH benchmarks of single parts. Prints a table: nanoseconds per operation, on average and in the best
# iteration (which a busy machine disturbs least), and allocated bytes per operation.
#
#   test/bench/jmh.sh [REGEX] [JMH OPTION]...     -h lists JMH's options, -l the benchmarks
#
# A benchmark takes ten seconds: five one-second iterations of warm-up and five measured, in one process.
# For firmer figures: -f 3 -i 10.
set -eu
set -o pipefail
cd "${BASH_SOURCE[0]%/*}/../.."
. test/bench/java.sh
class_path=test/target/test-classes:test/target/jmh/*:tools/target/lib/*

results=$(mktemp)
trap 'rm -f "$results"' EXIT
"$java" @conf/jvm.options -cp "$class_path" org.openjdk.jmh.Main -foe true -prof gc -rf json -rff "$results" "$@"
[ -s "$results" ] || exit 0
python3 - "$results" <<'PY'
import json, sys

print("\n| benchmark | ns/op | ± | least | B/op |\n|---|---:|---:|---:|---:|")
with open(sys.argv[1], encoding="utf-8") as file:
    for result in json.load(file):
        name = ".".join(result["benchmark"].split(".")[-2:])
        parameters = ", ".join(result.get("params", {}).values())
        time, bytes_ = result["primaryMetric"], result["secondaryMetrics"]["gc.alloc.rate.norm"]
        least = min(min(fork) for fork in time["rawData"])
        print(f"| {name}{' ' if parameters else ''}{parameters} | {time['score']:.1f}"
              f" | {float(time['scoreError']):.1f} | {least:.1f} | {bytes_['score']:.1f} |")
PY
