package io.helenus.engine.query;

import io.helenus.engine.Helenus;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client is told of a write that its node cannot take: the kind of write, and who failed.
class WriteFailureTest {
    private static final String ONE = "INSERT INTO ks.t (k, v) VALUES (1, 1)";
    private static final String TWO = "INSERT INTO ks.t (k, v) VALUES (2, 2)";

    @TempDir Path directory;

    record Write(String cql, String type) {}

    static Stream<Write> writes() {
        return Stream.of(
                new Write(ONE, "SIMPLE"),
                new Write("UPDATE ks.t SET v = 3 WHERE k IN (1, 2)", "UNLOGGED_BATCH"),
                new Write("BEGIN BATCH %s; %s; APPLY BATCH".formatted(ONE, ONE), "SIMPLE"),
                new Write("BEGIN BATCH %s; %s; APPLY BATCH".formatted(ONE, TWO), "BATCH"),
                new Write(
                        "BEGIN UNLOGGED BATCH %s; %s; APPLY BATCH".formatted(ONE, TWO),
                        "UNLOGGED_BATCH"),
                new Write("UPDATE ks.u SET l = l - [1] WHERE k = 1", "SIMPLE"));
    }

    @Test
    void aRefusedWriteSaysOfWhatKindItIsAndWhoFailed() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
            session.execute("CREATE TABLE ks.u (k int PRIMARY KEY, l list<int>)");
            session.execute("INSERT INTO ks.u (k, l) VALUES (1, [1, 2])");
            node.storage().refuseWrites("test", "the disk is made of cheese");
            SoftAssertions softly = new SoftAssertions();
            writes().forEach(write ->
                    softly.assertThatThrownBy(() -> session.execute(write.cql()))
                            .as(write.cql())
                            .isInstanceOfSatisfying(
                                    CqlException.Request.class,
                                    failure -> {
                                        softly.assertThat(failure.code())
                                                .isEqualTo(ErrorCode.WRITE_FAILURE);
                                        softly.assertThat(failure.writeType())
                                                .as(write.cql())
                                                .isEqualTo(write.type());
                                        softly.assertThat(failure.received()).isZero();
                                        softly.assertThat(failure.required()).isEqualTo(1);
                                        softly.assertThat(failure.failures())
                                                .isEqualTo(Map.of("127.0.0.1", 0));
                                    })
                            .hasMessageContaining(
                                    "Operation failed - received 0 responses and 1 failures: UNKNOWN"
                                            + " from /127.0.0.1:")
                            .hasMessageContaining("cheese"));
            softly.assertAll();
        }
    }
}
