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
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void statsAndVerifySpeakJson() {
        assertThat(console.run("sstable", "stats", "--json", file.toString())).isZero();
        assertThat(console.out())
                .startsWith("{\"file\":\"%s\",\"table\":\"ks.t\",".formatted(file))
                .contains("\"rows\":1000,", "\"first_key\":\"k = ")
                .containsPattern("\"oldest_write\":\\d{16},")
                .doesNotContain("first_deletion_or_expiry")
                .endsWith("}\n");

        assertThat(console.run("sstable", "verify", file.toString(), "--json")).isZero();
        assertThat(console.out())
                .matches(
                        "\\{\"file\":\"%s\",\"sound\":true,\"bytes\":\\d+,\"blocks\":\\d+,\"entries\":1000,\"damage\":\\[]}\n"
                                .formatted(file));
    }

    @Test
    void verifyNamesDamageInJsonToo() throws IOException {
        damage(Files.size(file) / 3);

        assertThat(console.run("sstable", "verify", "--json", file.toString())).isEqualTo(1);
        assertThat(console.out())
                .contains("\"sound\":false", "\"damage\":[{\"offset\":")
                .containsPattern("\"what\":\"[^\"]*checksum")
                .endsWith("}]}\n");
        assertThat(console.err()).isEmpty();
    }

    @Test
    void aFileOfALaterVersionIsRefusedWithBothVersions() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(16);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(channel.read(header, 0)).isEqualTo(16);
            header.putInt(8, 7);
            CRC32C crc = new CRC32C();
            crc.update(header.array(), 0, 12);
            header.putInt(12, (int) crc.getValue());
            assertThat(channel.write(header.rewind(), 0)).isEqualTo(16);
        }
        String refusal = file + " is of a newer version 7, this build reads up to 1";
        for (String command : List.of("verify", "stats", "dump")) {
            assertThat(console.run("sstable", command, file.toString())).isEqualTo(1);
            assertThat(console.err()).isEqualTo(refusal + "\n");
            assertThat(console.run("sstable", command, "--json", file.toString())).isEqualTo(1);
            assertThat(console.err()).isEqualTo(refusal + "\n");
            assertThat(console.out())
                    .isEqualTo(
                            command.equals("dump")
                                    ? ""
                                    : "{\"file\":\"%s\",\"sound\":false,\"error\":\"%s\"}\n"
                                            .formatted(file, refusal));
        }
    }

    @Test
    void aDirectoryWithoutSSTablesIsAFailure(@TempDir Path empty) {
        assertThat(console.run("sstable", "verify", empty.toString())).isEqualTo(1);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).isEqualTo(empty + ": there are no SSTables in this directory\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sstable                        | dump, stats, verify or scrub is missing",
                "sstable list x                 | unknown command 'sstable list'",
                "sstable verify                 | a file or directory is missing",
                "sstable verify --fast x        | unknown option '--fast' of 'sstable verify'",
                "sstable verify /no/such/file   | /no/such/file: there is no such file or directory",
                "sstable scrub x                | scrub needs --to DIRECTORY: it changes no file",
                "sstable scrub x --to           | --to needs a directory",
                "sstable scrub --json x --to d  | unknown option '--json' of 'sstable scrub'",
            })
    void wrongCommandLinesAreRefused(String line, String complaint) {
        assertThat(console.run(line.split(" "))).isEqualTo(2);
        assertThat(console.err()).contains(complaint);
    }

    @Test
    void dumpPrintsAnEntryALine() {
        assertThat(console.run("sstable", "dump", "--json", file.toString())).isZero();
        assertThat(console.out().lines())
                .hasSize(ROWS)
                .anyMatch(line ->
                        line.matches(
                                "\\{\"partition\":\\{\"k\":\"7\"},\"token\":-?\\d+,\"row\":\\{},"
                                        + "\"inserted\":\\d+,\"cells\":\\{\"v\":\\{\"value\":\"'value"
                                        + " 7'\",\"timestamp\":\\d+}}}"));
    }

    @Test
    void dumpGoesOnBehindDamage() throws IOException {
        damage(Files.size(file) / 3);

        assertThat(console.run("sstable", "dump", "--json", file.toString())).isEqualTo(1);
        assertThat(console.out().lines())
                .doesNotHaveDuplicates()
                .hasSizeBetween(ROWS / 4, ROWS - 1);
        assertThat(console.err().lines())
                .singleElement()
                .asString()
                .startsWith("left out: " + file)
                .contains("; keys from ");
    }

    @Test
    void scrubSavesWhatCanBeRead(@TempDir Path saved) throws IOException {
        damage(Files.size(file) / 3);
        var _ = console.run("sstable", "dump", "--json", file.toString());
        String readable = console.out();

        assertThat(console.run("sstable", "scrub", "--to", saved + "/new", file.toString()))
                .isEqualTo(1);
        Path written = saved.resolve("new").resolve(String.valueOf(file.getFileName()));
        assertThat(console.out())
                .startsWith(
                        "%s: %d entries saved in %s\n  lost: "
                                .formatted(file, readable.lines().count(), written));
        assertThat(console.run("sstable", "verify", written.toString())).isZero();
        assertThat(console.run("sstable", "dump", "--json", written.toString())).isZero();
        assertThat(console.out()).isEqualTo(readable);

        assertThat(console.run("sstable", "scrub", "--to", saved + "/new", file.toString()))
                .isEqualTo(1);
        assertThat(console.err()).contains("exists already and is not overwritten");
    }

    @Test
    void scrubSaysWhatItCannotWriteTo() {
        String name = file.toString();
        assertThat(console.run("sstable", "scrub", "--to", name, name)).isEqualTo(1);
        assertThat(console.err()).isEqualTo(name + ": it exists already, and is no directory\n");
    }

    @Test
    void scrubCopiesASoundFile(@TempDir Path saved) {
        var _ = console.run("sstable", "dump", file.toString());
        String all = console.out();
        assertThat(console.run("sstable", "scrub", "--to", saved.toString(), file.toString()))
                .isZero();
        Path written = saved.resolve(String.valueOf(file.getFileName()));
        assertThat(console.out())
                .isEqualTo("%s: %d entries saved in %s\n".formatted(file, ROWS, written));
        assertThat(console.run("sstable", "dump", written.toString())).isZero();
        assertThat(console.out()).isEqualTo(all.replace(file.toString(), written.toString()));
    }

    /// Wherever the damage is, and whatever range deletions it cuts through.
    @Test
    void whatIsScrubbedIsSound(@TempDir Path other) throws IOException {
        Path sound = manyDeletions(other);
        var _ = console.run("sstable", "dump", "--json", sound.toString());
        List<String> rows =
                console.out().lines().filter(line -> line.contains("\"cells\"")).toList();
        byte[] bytes = Files.readAllBytes(sound);
        int losses = 0;
        for (int i = 1; i < 24; i++) {
            byte[] damaged = bytes.clone();
            for (int at : List.of(bytes.length * i / 24, bytes.length * (i * 7 % 24) / 24)) {
                damaged[at] ^= 0x55;
            }
            Path broken = Files.write(other.resolve("%d.sst".formatted(i)), damaged);
            Path saved = other.resolve("saved");
            int exitCode =
                    console.run("sstable", "scrub", "--to", saved.toString(), broken.toString());
            Path written = saved.resolve("%d.sst".formatted(i));
            if (!Files.exists(written)) {
                continue; // the damage was where the file says what is where
            }
            losses += exitCode;
            assertThat(console.run("sstable", "verify", written.toString()))
                    .as("%d: %s", i, console.out())
                    .isZero();
            assertThat(console.run("sstable", "dump", "--json", written.toString())).isZero();
            assertThat(console.out().lines().filter(line -> line.contains("\"cells\"")))
                    .isSubsetOf(rows);
        }
        assertThat(losses).isGreaterThan(10);
    }

    /// A file with wide partitions, and in them range deletions over one row, over many, over all.
    private Path manyDeletions(Path other) throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(other.resolve("node")).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute(
                    "CREATE TABLE ks.t (k int, c int, s text static, m map<int, text>, v text,"
                            + " PRIMARY KEY (k, c))");
            String filler = "x".repeat(40);
            for (int k = 0; k < 4; k++) {
                if (k % 2 == 1) {
                    session.execute("DELETE FROM ks.t USING TIMESTAMP 5 WHERE k = ?", k);
                }
                session.execute("UPDATE ks.t USING TIMESTAMP 9 SET s = 's' WHERE k = ?", k);
                session.execute(
                        "DELETE FROM ks.t USING TIMESTAMP 7 WHERE k = ? AND c > 100 AND c < 400",
                        k);
                for (int c = 0; c < 500; c++) {
                    session.execute(
                            "INSERT INTO ks.t (k, c, m, v) VALUES (?, ?, {1: 'a', 2: 'b'}, ?)"
                                    + " USING TIMESTAMP 9",
                            k,
                            c,
                            filler + c);
                    if (c % 20 == 0) {
                        session.execute(
                                "DELETE FROM ks.t USING TIMESTAMP 8 WHERE k = ? AND c >= ? AND c < ?",
                                k,
                                c,
                                c + 3);
                    }
                }
            }
            node.storage().flushAll().join();
        }
        try (Stream<Path> files = Files.walk(other)) {
            return files.filter(path -> path.toString().endsWith(".sst"))
                    .filter(path -> path.toString().contains("ks"))
                    .findFirst()
                    .orElseThrow();
        }
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

        String keyspace = other.resolve("data").resolve("ks").toString();
        assertThat(console.run("sstable", "dump", "--json", keyspace)).as(console.err()).isZero();
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

        assertThat(console.run("sstable", "dump", keyspace)).isZero();
        assertThat(
                        console.out()
                                .replaceAll("token -?\\d+", "token 1")
                                .replaceAll("(known since|expires) [0-9TZ:.-]+", "$1 then"))
                .matches("# .*: ks\\.t\n[\\s\\S]*")
                .endsWith(
                        """
                        partition a = 1, b = 'p', token 1
                          static row
                            s = 'st', written 10 (1970-01-01T00:00:00.000010Z)
                          before c = 9: from here on deleted 5 (1970-01-01T00:00:00.000005Z), \
                        known since then
                          after c = 9: a range deletion ends
                          row c = 3, d = 'q', inserted 30 (1970-01-01T00:00:00.000030Z), TTL 100 s, \
                        expires then
                            v: deleted 40 (1970-01-01T00:00:00.000040Z), known since then
                          row c = 2, d = 'q"', inserted 20 (1970-01-01T00:00:00.000020Z)
                            u = 0x0000000400000004, written 20 (1970-01-01T00:00:00.000020Z)
                            v = 'w', written 20 (1970-01-01T00:00:00.000020Z)
                            m: older elements deleted 19 (1970-01-01T00:00:00.000019Z), \
                        known since then
                            m['k'] = 3, written 20 (1970-01-01T00:00:00.000020Z)
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
