#!/usr/bin/env bash
# Whole clusters in one thread: stories of nodes that agree on schema and members while everything fails
# that may fail. A run is determined by its seed; the package-info of io.helenus.test.simulation has more.
#
#   test/simulate.sh --seed N                        one story, told in full
#   test/simulate.sh [--first-seed N] [--seeds N]    many; one line for every hundred
#                    [--bug WORDS]                   with a mistake planted that has WORDS in its name
#
# Ends with 1 if a story fails (or a planted mistake is not found), with 2 if the command line is wrong.
set -eu
cd "${BASH_SOURCE[0]%/*}/.."
. test/bench/java.sh
exec "$java" @conf/jvm.options -Xmx256m -cp "$class_path" io.helenus.test.simulation.SimulationProgram "$@"
