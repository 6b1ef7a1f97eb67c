# Sourced by the scripts beside it, with the root of the project as the current folder. Sets java, a
# JDK 25, and class_path, the programs of io.helenus.test.bench; builds what is missing.

find_java() {
  local home
  for home in "${HELENUS_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/*jdk* \
    "${HOME:-/}"/.sdkman/candidates/java/*; do
    if grep -qs '^JAVA_VERSION="25[".-]' "$home/release"; then
      java=$home/bin/java
      return
    fi
  done
  echo "There is no JDK 25; HELENUS_JAVA_HOME may name one." >&2
  exit 1
}

find_java
if [ ! -e test/target/test-classes/io/helenus/test/bench/CheckValues.class ] || [ ! -d tools/target/lib ] ||
  [ ! -d test/target/jmh ]; then
  echo "Building Helenus and its benchmarks." >&2
  mvn -q -DskipTests -pl test -am package >&2
fi
class_path=test/target/test-classes
# A class is looked for in one jar after another: ours come first, and what they need to write files.
for jar in tools/target/lib/{helenus-*,antlr4-*,lz4-*,zstd-*,jspecify-*,caffeine-*}.jar; do
  class_path=$class_path:$jar
done
class_path=$class_path:tools/target/lib/*

# Runs a program of io.helenus.test.bench; the driver keeps silent but for what it throws.
bench_program() { # heap, class, arguments
  local heap=$1 program=$2
  shift 2
  "$java" @conf/jvm.options -Xms"$heap" -Xmx"$heap" \
    -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider -Dslf4j.internal.verbosity=ERROR \
    -cp "$class_path" "io.helenus.test.bench.$program" "$@"
}
