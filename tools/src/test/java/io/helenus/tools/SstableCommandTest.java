package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.Helenus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SstableCommandTest {
    private static final int ROWS = 1_000;

    @TempDir Path directory;

    private final Console console = new Console();
    private Path file = Path.of("");

    @BeforeEach
    void flushATable() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
            for (int i = 0; i < ROWS; i++) {
                session.execute("INSERT INTO ks.t (k, v) VALUES (?, ?)", i, "value " + i);
            }
            node.storage().flushAll().join();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            file =
                    files.filter(path -> path.toString().endsWith(".sst"))
                            .filter(path -> path.toString().contains("ks"))
                            .findFirst()
                            .orElseThrow();
        }
    }

    @Test
    void verifySaysThatASoundFileIsSound() {
        assertThat(console.run("sstable", "verify", file.toString())).isZero();
        assertThat(console.out())
                .startsWith(file + ": sound, ")
                .endsWith(", %d entries\n".formatted(ROWS));
        assertThat(console.err()).isEmpty();
    }

    @Test
    void verifyFindsTheFilesBelowADirectory() {
        assertThat(console.run("sstable", "verify", directory.toString())).isZero();
        assertThat(console.out()).contains(file + ": sound, ");
    }

    @Test
    void verifyNamesDamageAndItsKeys() throws IOException {
        damage(Files.size(file) / 3);

        assertThat(console.run("sstable", "verify", file.toString())).isEqualTo(1);
        assertThat(console.out())
                .startsWith(file + ": 1 damaged places, ")
                .contains("keys from ", " to ", "checksum");
    }

    @Test
    void verifyRefusesWhatIsNoTable() throws IOException {
        damage(Files.size(file) - 1);

        assertThat(console.run("sstable", "verify", file.toString())).isEqualTo(1);
        assertThat(console.err()).startsWith(file.toString());
        assertThat(console.out()).isEmpty();
    }

    @Test
    void statsDescribeTheContent() {
        assertThat(console.run("sstable", "stats", file.toString())).isZero();
        assertThat(console.out())
                .containsPattern("partitions +1000\n")
                .containsPattern("rows +1000\n")
                .containsPattern("tombstones +0\n")
                .containsPattern("oldest write +\\d+ \\(20");
    }

    @Test
    void dumpPrintsAnEntryALine() {
        assertThat(console.run("sstable", "dump", file.toString())).isZero();
        assertThat(console.out().lines())
                .hasSize(ROWS)
                .anyMatch(line ->
                        line.matches(
                                "\\{\"partition\":\\{\"k\":\"7\"},\"token\":-?\\d+,\"row\":\\{},"
                                        + "\"inserted\":\\d+,\"cells\":\\{\"v\":\\{\"value\":\"'value"
                                        + " 7'\",\"timestamp\":\\d+}}}"));
    }

    @Test
    void dumpShowsEveryKindOfEntry(@TempDir Path other) throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(other).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TYPE ks.u (x int)");
            session.execute(
                    "CREATE TABLE ks.t (a int, b text, c int, d text, s text static, m map<text, int>,"
                            + " u frozen<u>, v text, PRIMARY KEY ((a, b), c, d))"
                            + " WITH CLUSTERING ORDER BY (c DESC, d ASC)");
            for (String statement :
                    List.of(
                            "UPDATE ks.t USING TIMESTAMP 10 SET s = 'st' WHERE a = 1 AND b = 'p'",
                            "INSERT INTO ks.t (a, b, c, d, m, u, v) VALUES (1, 'p', 2, 'q\"',"
                                    + " {'k': 3}, {x: 4}, 'w') USING TIMESTAMP 20",
                            "INSERT INTO ks.t (a, b, c, d) VALUES (1, 'p', 3, 'q')"
                                    + " USING TIMESTAMP 30 AND TTL 100",
                            "DELETE v FROM ks.t USING TIMESTAMP 40 WHERE a=1 AND b='p' AND c=3 AND d='q'",
                            "DELETE FROM ks.t USING TIMESTAMP 5 WHERE a = 1 AND b = 'p' AND c = 9")) {
                session.execute(statement);
            }
            node.storage().flushAll().join();
        }

        assertThat(console.run("sstable", "dump", other.resolve("data").resolve("ks").toString()))
                .as(console.err())
                .isZero();
        String anonymous =
                console.out()
                        .replaceAll("\"token\":-?\\d+", "\"token\":1")
                        .replaceAll("\"(time|expires)\":\\d+", "\"$1\":0")
                        .replace("{\"partition\":{\"a\":\"1\",\"b\":\"'p'\"},\"token\":1,", "{");
        assertThat(anonymous)
                .isEqualTo(
                        """
                        {"static":true,"cells":{"s":{"value":"'st'","timestamp":10}}}
                        {"row":{"c":"9"},"bound":"before","deleted":{"timestamp":5,"time":0}}
                        {"row":{"c":"9"},"bound":"after","deletion":"ends"}
                        {"row":{"c":"3","d":"'q'"},"inserted":30,"ttl":100,"expires":0,\
                        "cells":{"v":{"deleted":{"timestamp":40,"time":0}}}}
                        {"row":{"c":"2","d":"'q\\"'"},"inserted":20,\
                        "cells":{"u":{"value":"0x0000000400000004","timestamp":20},\
                        "v":{"value":"'w'","timestamp":20}}}
                        {"row":{"c":"2","d":"'q\\"'"},"column":"m","deleted":{"timestamp":19,"time":0}}
                        {"row":{"c":"2","d":"'q\\"'"},"column":"m","element":"'k'","value":"3",\
                        "timestamp":20}
                        """);
    }

    /// Flips the bits of one byte.
    private void damage(long at) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            assertThat(channel.read(one, at)).isEqualTo(1);
            one.put(0, (byte) ~one.get(0));
            assertThat(channel.write(one.rewind(), at)).isEqualTo(1);
        }
    }
}
