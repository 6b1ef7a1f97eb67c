package io.helenus.test.bench.jmh;

import io.helenus.cql.CqlParser;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Statements as applications write them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParserBenchmark {
    public enum Text {
        INSERT(
                "INSERT INTO messaging.inbox (user_id, msg_timestamp, sender_id, body, read)"
                        + " VALUES (?, ?, ?, ?, ?) USING TTL 86400"),
        SELECT(
                "SELECT sender_id, body, msg_timestamp FROM messaging.inbox"
                        + " WHERE user_id = ? AND msg_timestamp >= ? ORDER BY msg_timestamp DESC"
                        + " LIMIT 20"),
        UPDATE(
                "UPDATE messaging.inbox SET read = true, tags = tags + {'seen'}"
                        + " WHERE user_id = ? AND msg_timestamp = ?"),
        DELETE("DELETE FROM messaging.inbox WHERE user_id = ? AND msg_timestamp < ?"),
        LITERALS(
                "INSERT INTO inbox (user_id, msg_timestamp, body, read)"
                        + " VALUES (5e8f4a2b-1234-4d5e-9abc-def012345678,"
                        + " '2024-05-01 10:00:00+0000', 'hello', false)"),
        BATCH(
                "BEGIN BATCH INSERT INTO inbox (user_id, msg_timestamp, body) VALUES (?, ?, ?);"
                        + " UPDATE inbox SET read = true WHERE user_id = ? AND msg_timestamp = ?;"
                        + " APPLY BATCH"),
        CREATE_TABLE(
                "CREATE TABLE IF NOT EXISTS messaging.inbox (user_id uuid, msg_timestamp timestamp,"
                        + " sender_id uuid, body text, read boolean, tags set<text>,"
                        + " PRIMARY KEY (user_id, msg_timestamp))"
                        + " WITH CLUSTERING ORDER BY (msg_timestamp DESC)"
                        + " AND compaction = {'class': 'TimeWindowCompactionStrategy',"
                        + " 'compaction_window_size': 1, 'compaction_window_unit': 'DAYS'}");

        private final String cql;

        Text(String cql) {
            this.cql = cql;
        }
    }

    @Param public Text text;

    @Benchmark
    public Object parse() {
        return CqlParser.parseWithMarkers(text.cql);
    }
}
