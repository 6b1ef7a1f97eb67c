package io.helenus.engine.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import io.helenus.engine.config.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reads that scan or return too much. Counts and texts are those of an Apache Cassandra 5.0.6 that was
/// asked the same with `tombstone_warn_threshold: 0`.
class ReadLimitsTest {
    private static final String WARN_ALWAYS = "tombstone_warn_threshold";

    @TempDir Path directory;
    private long seconds = 1_750_000_000L;

    private final class MovedClock extends Clock {
        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private Helenus start(String... settings) throws IOException {
        Helenus.Builder builder =
                Helenus.embedded().dataDirectory(directory).clock(new MovedClock());
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        return builder.start();
    }

    private static void run(LocalNode node, String... statements) {
        for (String statement : statements) {
            assertThat(node.query(statement).lines().getFirst()).doesNotStartWith("!");
        }
    }

    private static void create(LocalNode node) {
        run(
                node,
                "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
                "USE k",
                "CREATE TABLE t (p int, c int, v int, w int, s set<int>, PRIMARY KEY (p, c))",
                "CREATE TABLE past (p int, c int, v int, PRIMARY KEY (p, c)) WITH gc_grace_seconds = 0");
    }

    /// @param writes separated by semicolons
    /// @param tombstones in the warning; 0 for none
    record Scanned(String writes, String select, int liveRows, int tombstones) {}

    static Stream<Scanned> scanned() {
        String three =
                "INSERT INTO t (p, c, v) VALUES (1, 1, 1);INSERT INTO t (p, c, v) VALUES (1, 2, 2);"
                        + "INSERT INTO t (p, c, v) VALUES (1, 3, 3);";
        return Stream.of(
                new Scanned(three, "SELECT * FROM t WHERE p = 1", 3, 0),
                new Scanned(
                        three + "DELETE v FROM t WHERE p = 1 AND c = 2",
                        "SELECT * FROM t WHERE p = 1",
                        3,
                        1),
                new Scanned(
                        three + "DELETE v, w FROM t WHERE p = 1 AND c = 2",
                        "SELECT c FROM t WHERE p = 1 AND c = 2",
                        1,
                        2),
                new Scanned(
                        three + "DELETE FROM t WHERE p = 1 AND c = 2",
                        "SELECT * FROM t WHERE p = 1",
                        2,
                        1),
                new Scanned(
                        three + "DELETE FROM t WHERE p = 1 AND c > 1 AND c < 3",
                        "SELECT * FROM t WHERE p = 1",
                        2,
                        2),
                new Scanned(
                        three + "DELETE FROM t WHERE p = 1", "SELECT * FROM t WHERE p = 1", 0, 0),
                new Scanned(three + "DELETE FROM t WHERE p = 1", "SELECT * FROM t", 0, 0),
                new Scanned(
                        three
                                + "UPDATE t SET s = {1, 2} WHERE p = 1 AND c = 1;"
                                + "UPDATE t SET s = s - {1} WHERE p = 1 AND c = 1",
                        "SELECT * FROM t WHERE p = 1",
                        3,
                        1),
                new Scanned(
                        "UPDATE t SET s = {} WHERE p = 1 AND c = 1",
                        "SELECT * FROM t WHERE p = 1",
                        0,
                        1),
                new Scanned(
                        three
                                + "DELETE v FROM t WHERE p = 1 AND c = 1;"
                                + "INSERT INTO t (p, c, v) VALUES (2, 1, null)",
                        "SELECT * FROM t WHERE p IN (1, 2)",
                        3,
                        1),
                new Scanned(
                        "INSERT INTO past (p, c, v) VALUES (1, 1, null);"
                                + "DELETE FROM past WHERE p = 1 AND c = 2;"
                                + "DELETE FROM past WHERE p = 1 AND c > 5 AND c < 7",
                        "SELECT * FROM past WHERE p = 1",
                        1,
                        0));
    }

    @ParameterizedTest
    @MethodSource("scanned")
    void tombstonesAreCountedAsCassandraDoes(Scanned row) throws IOException {
        for (boolean flushed : new boolean[] {false, true}) {
            try (Helenus helenus = start(WARN_ALWAYS, "0")) {
                LocalNode node = new LocalNode(helenus);
                if (!flushed) {
                    create(node);
                    run(node, row.writes().split(";"));
                } else {
                    run(node, "USE k");
                    node.flushAll();
                }
                seconds++; // so that what has no grace is past it
                run(node, row.select());
                if (row.tombstones() == 0) {
                    assertThat(node.warnings()).isEmpty();
                } else {
                    assertThat(node.warnings().getFirst())
                            .startsWith(
                                    "Read %d live rows and %d tombstone cells for query SELECT "
                                            .formatted(row.liveRows(), row.tombstones()))
                            .endsWith(" (see tombstone_warn_threshold)");
                }
            }
        }
    }

    @Test
    void eachPartitionOfAnInIsWarnedOfOnItsOwn() throws IOException {
        try (Helenus helenus = start(WARN_ALWAYS, "0")) {
            LocalNode node = new LocalNode(helenus);
            create(node);
            run(
                    node,
                    "INSERT INTO t (p, c, v) VALUES (1, 1, null)",
                    "INSERT INTO t (p, c, v) VALUES (2, 1, null)",
                    "SELECT * FROM t WHERE p IN (1, 2)");

            assertThat(node.warnings()).hasSize(2);
            assertThat(node.warnings().getFirst())
                    .isEqualTo(
                            "Read 1 live rows and 1 tombstone cells for query SELECT * FROM k.t WHERE p = 1"
                                    + " ALLOW FILTERING; token -4069959284402364209 (see tombstone_warn_threshold)");
        }
    }

    @Test
    void tooManyTombstonesFailTheRead() throws IOException {
        try (Helenus helenus = start(WARN_ALWAYS, "5", "tombstone_failure_threshold", "20")) {
            LocalNode node = new LocalNode(helenus);
            create(node);
            for (int i = 0; i < 21; i++) {
                run(node, "DELETE FROM t WHERE p = 1 AND c = " + i);
            }
            assertThat(node.query("SELECT * FROM t WHERE p = 1").lines())
                    .containsExactly(
                            "! 1300 Operation failed - received 0 responses and 1 failures:"
                                    + " READ_TOO_MANY_TOMBSTONES from /127.0.0.1:0");
            run(node, "SELECT * FROM t WHERE p = 1 AND c < 20");
            assertThat(node.warnings()).hasSize(1);
            node.flushAll();
            assertThat(node.query("SELECT * FROM t").lines().getFirst()).startsWith("! 1300");
        }
    }

    @Test
    void boundsOfRangesAloneCanBeTooMany() throws IOException {
        try (Helenus helenus = start(WARN_ALWAYS, "5", "tombstone_failure_threshold", "20")) {
            LocalNode node = new LocalNode(helenus);
            create(node);
            for (int i = 0; i < 11; i++) {
                run(
                        node,
                        "DELETE FROM t WHERE p = 1 AND c > %d AND c < %d"
                                .formatted(3 * i, 3 * i + 2));
            }
            assertThat(node.query("SELECT * FROM t WHERE p = 1").lines().getFirst())
                    .startsWith("! 1300");
        }
    }

    @Test
    void aReadThatScansManyBytesWarnsOrFails() throws IOException {
        try (Helenus helenus =
                start(
                        "local_read_size_warn_threshold",
                        "100B",
                        "local_read_size_fail_threshold",
                        "1KiB")) {
            LocalNode node = new LocalNode(helenus);
            create(node);
            for (int i = 0; i < 100; i++) {
                run(node, "INSERT INTO t (p, c, v) VALUES (1, %d, 1)".formatted(i));
            }
            run(node, "SELECT * FROM t WHERE p = 1 AND c = 1");
            assertThat(node.warnings()).isEmpty();
            run(node, "SELECT v FROM t WHERE p = 1 AND c < 10");
            assertThat(node.warnings()).hasSize(1);
            assertThat(node.warnings().getFirst())
                    .matches(
                            "1 nodes loaded over \\d+ bytes and issued local read size warnings for query"
                                    + " SELECT v FROM k.t WHERE p = 1 ALLOW FILTERING"
                                    + " \\(see local_read_size_warn_threshold\\)");
            assertThat(node.query("SELECT * FROM t WHERE p = 1").lines().getFirst())
                    .startsWith("! 1300 Operation failed")
                    .contains("READ_SIZE");
        }
    }

    @Test
    void aLargePageWarnsOrFails() throws IOException {
        try (Helenus helenus =
                start(
                        "coordinator_read_size_warn_threshold",
                        "100B",
                        "coordinator_read_size_fail_threshold",
                        "1KiB")) {
            LocalNode node = new LocalNode(helenus);
            create(node);
            for (int i = 0; i < 100; i++) {
                run(node, "INSERT INTO t (p, c, v) VALUES (1, %d, 1)".formatted(i));
            }
            run(node, "SELECT count(*) FROM t WHERE p = 1");
            assertThat(node.warnings()).isEmpty();
            run(node, "SELECT * FROM t WHERE p = 1 LIMIT 10");
            assertThat(node.warnings())
                    .containsExactly(
                            "Read on table k.t has exceeded the size warning threshold of 100 bytes");
            assertThat(node.query("SELECT * FROM t WHERE p = 1").lines())
                    .containsExactly(
                            "! 1300 Read on table k.t has exceeded the size failure threshold of 1,024 bytes");
        }
    }

    @Test
    void eventLoopsDoNotWalkOverManyShadowedRows() throws IOException {
        try (Helenus helenus = start()) {
            LocalNode node = new LocalNode(helenus);
            create(node);
            List<String> writes = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                writes.add("INSERT INTO t (p, c, v) VALUES (1, %d, 1)".formatted(i));
            }
            writes.add(
                    "INSERT INTO t (p, c, v) VALUES (1, 3000, 1) USING TIMESTAMP 9000000000000000");
            writes.add("DELETE FROM t WHERE p = 1");
            run(node, writes.toArray(String[]::new));
            run(node, "SELECT * FROM t WHERE p = 1 AND c > 1");

            assertThat(node.neededIo()).isTrue();
        }
    }

    @Test
    void settingsOfCassandraWithoutAMeaningAreRefusedWithTheReason() {
        assertThatThrownBy(() -> start("read_thresholds_enabled", "true"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "there is no 'read_thresholds_enabled': a threshold holds as soon");
        assertThatThrownBy(() -> start(WARN_ALWAYS, "200000"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("must be at most tombstone_failure_threshold, 100000");
    }
}
