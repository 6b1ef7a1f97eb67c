#!/usr/bin/env bash
# Reads back what the load generator wrote into bench.kv, and compares every byte: after "loadgen.sh load"
# (loaded), or after "loadgen.sh write" (overwritten). Any server that speaks CQL. Prints a JSON object,
# and ends with 1 if a value is wrong or a row is missing.
#
#   test/bench/check-values.sh HOST PORT loaded|overwritten ROWS
set -eu
cd "${BASH_SOURCE[0]%/*}/../.."
. test/bench/java.sh
bench_program 512m CheckValues "$@"
