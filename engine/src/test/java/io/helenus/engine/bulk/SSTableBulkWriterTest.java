package io.helenus.engine.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.storage.files.NioStorageFiles;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SSTableBulkWriterTest {
    private static final String ITEMS =
            "CREATE TABLE ks.items (id int, part int, name text, PRIMARY KEY (id, part))";
    private static final String INSERT = "INSERT INTO ks.items (id, part, name) VALUES (?, ?, ?)";

    @TempDir Path directory;

    private Path output() {
        return directory.resolve("out");
    }

    private Path node() {
        return directory.resolve("node");
    }

    private SSTableBulkWriter.Builder builder(int threads) {
        return SSTableBulkWriter.builder(Helenus.bulkEnvironment(threads))
                .schema(ITEMS)
                .statement(INSERT)
                .directory(output());
    }

    @Test
    void rowsInAnyOrderAreReadInAnyOrder() throws IOException {
        try (SSTableBulkWriter writer = builder(2).open()) {
            writer.addRow(2, 1, "b");
            writer.addRow(1, 2, "ä");
            writer.addRow(1, 1, null);
            assertThat(output()).doesNotExist();
            BulkSummary summary = writer.finish();
            assertThat(summary.rowsAdded()).isEqualTo(3);
            assertThat(summary.rowsStored()).isEqualTo(3);
            assertThat(summary.partitions()).isEqualTo(2);
            assertThat(summary.files()).hasSize(1);
        }
        assertThat(output()).isDirectoryContaining("glob:**1.sst");
        assertThat(namesIn(directory)).containsExactly("out");
        assertThat(namesIn(output())).containsExactly("1.sst");
        try (LoadedNode node = new LoadedNode(node(), ITEMS)) {
            node.load("items", output());
            assertThat(node.rows("SELECT * FROM ks.items WHERE id = 1"))
                    .containsExactly("[id=1, part=1, name=null]", "[id=1, part=2, name='ä']");
            assertThat(node.rows("SELECT name FROM ks.items WHERE id = 2 AND part = 1"))
                    .containsExactly("[name='b']");
        }
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
        }
    }

    /// Memory for a fraction of the rows, several threads: what comes out is sorted, complete, and the
    /// last version of each row.
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "3, 2"})
    void farMoreRowsThanMemory(int threads, int appenders)
            throws IOException, InterruptedException {
        int rows = 60_000;
        byte[] noise = new byte[1 << 16];
        new Random(7).nextBytes(noise);
        BulkSummary summary;
        try (SSTableBulkWriter writer =
                SSTableBulkWriter.builder(Helenus.bulkEnvironment(threads))
                        .schema("CREATE TABLE ks.blobs (id bigint PRIMARY KEY, v blob)")
                        .statement("INSERT INTO ks.blobs (id, v) VALUES (?, ?)")
                        .directory(output())
                        .memoryBytes(2 << 20)
                        .fileBytes(3 << 20)
                        .appenders(appenders)
                        .open()) {
            // Twice: the second half overwrites the first.
            addAll(writer, appenders, rows, noise, 0);
            addAll(writer, 0, rows, noise, 100);
            summary = writer.finish();
        }
        assertThat(summary.rowsAdded()).isEqualTo(2L * rows);
        assertThat(summary.rowsStored()).isEqualTo(rows);
        assertThat(summary.spilledBytes()).isGreaterThan(20L << 20);
        assertThat(summary.files()).hasSizeGreaterThan(2);
        assertFilesAscend(summary);
        try (LoadedNode node =
                new LoadedNode(node(), "CREATE TABLE ks.blobs (id bigint PRIMARY KEY, v blob)")) {
            node.load("blobs", output());
            assertThat(node.rows("SELECT count(*) FROM ks.blobs"))
                    .containsExactly("[count=" + rows + "]");
            for (long id = 0; id < rows; id += 977) {
                assertThat(
                                node.execute("SELECT v FROM ks.blobs WHERE id = ?", id)
                                        .rows()
                                        .getFirst()
                                        .get("v"))
                        .isEqualTo(value(noise, id, 100));
            }
        }
    }

    private final List<BulkAppender> opened = new ArrayList<>();

    private void addAll(SSTableBulkWriter writer, int fresh, int rows, byte[] noise, int version)
            throws IOException, InterruptedException {
        for (int i = 0; i < fresh; i++) {
            opened.add(writer.newAppender());
        }
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < opened.size(); i++) {
            BulkAppender appender = opened.get(i);
            int first = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (long id = first; id < rows; id += opened.size()) {
                                        appender.addRow(id, value(noise, id, version));
                                    }
                                } catch (IOException | RuntimeException e) {
                                    failure.set(e);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
    }

    private static ByteBuffer value(byte[] noise, long id, int version) {
        return ByteBuffer.wrap(noise, (int) (id * 31 % 60_000) + version, 200).slice();
    }

    private static void assertFilesAscend(BulkSummary summary) throws IOException {
        byte[] last = {};
        long rows = 0;
        for (BulkSummary.File file : summary.files()) {
            BlockCache cache = new BlockCache(1 << 20, Runnable::run);
            try (SSTableReader reader =
                    SSTableReader.open(new ChannelFiles(), file.path(), cache)) {
                byte[] first = reader.metadata().firstKey();
                assertThat(RowKeys.compare(last, 0, last.length, first, 0, first.length))
                        .isNegative();
                last = reader.metadata().lastKey();
                rows += reader.metadata().rows();
                assertThat(Files.size(file.path())).isEqualTo(file.bytes());
            }
        }
        assertThat(rows).isEqualTo(summary.rowsStored());
    }

    /// The same statements on a node and through files give the same rows.
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void whatIsWrittenIsWhatANodeWouldHaveWritten(boolean sorted) throws IOException {
        String type = "CREATE TYPE ks.place (street text, zip int)";
        String table =
                "CREATE TABLE ks.%s (id int, at decimal, s text static, l list<int>, m map<text, int>,"
                        + " t set<text>, u ks.place, f frozen<list<ks.place>>, v vector<float, 2>,"
                        + " PRIMARY KEY (id, at)) WITH CLUSTERING ORDER BY (at DESC)";
        String insert =
                "INSERT INTO ks.%s (id, at, s, l, m, t, u, f, v) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " USING TIMESTAMP 1000";
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(
                    new @Nullable Object[] {
                        i % 4,
                        new java.math.BigDecimal(i % 3 + ".50"),
                        i % 2 == 0 ? "static " + i : null,
                        List.of(3, 1, i),
                        i % 5 == 0 ? null : Map.of("a", i, "b", 2),
                        Set.of("x", "y" + i % 2),
                        i % 7 == 0 ? null : java.util.Arrays.asList("Main St", null),
                        List.of(java.util.Arrays.asList(null, i)),
                        List.of(1f, (float) i)
                    });
        }
        try (LoadedNode node =
                        new LoadedNode(node(), type, table.formatted("a"), table.formatted("b"));
                SSTableBulkWriter writer =
                        SSTableBulkWriter.builder(Helenus.bulkEnvironment(2))
                                .schema(type + ";" + table.formatted("b"))
                                .statement(insert.formatted("b"))
                                .sorted(sorted)
                                .directory(output())
                                .open()) {
            for (@Nullable Object[] row : rows) {
                node.execute(insert.formatted("a"), row);
                writer.addRow(row);
            }
            var _ = writer.finish();
            node.load("b", output());
            List<String> expected = node.rows("SELECT * FROM ks.a");
            assertThat(expected).hasSize(12);
            assertThat(node.rows("SELECT * FROM ks.b")).isEqualTo(expected);
            assertThat(node.rows("SELECT id, writetime(s), writetime(v) FROM ks.b"))
                    .isEqualTo(node.rows("SELECT id, writetime(s), writetime(v) FROM ks.a"));
        }
    }

    @Test
    void updatesAndTimesToLive() throws IOException {
        try (LoadedNode node = new LoadedNode(node(), ITEMS);
                SSTableBulkWriter writer =
                        builder(1)
                                .statement(
                                        "UPDATE ks.items USING TTL ? SET name = ? WHERE id = ? AND part IN (?, ?)")
                                .open()) {
            writer.addRow(1000, "x", 1, 1, 2);
            writer.addRow(SSTableBulkWriter.UNSET, SSTableBulkWriter.UNSET, 1, 3, 4);
            var _ = writer.finish();
            node.load("items", output());
            assertThat(node.rows("SELECT part FROM ks.items"))
                    .containsExactly("[part=1]", "[part=2]");
            Object ttl = node.execute("SELECT ttl(name) FROM ks.items").rows().get(0).get(0);
            assertThat((Integer) Objects.requireNonNull(ttl)).isBetween(900, 1000);
        }
    }

    @Test
    void theLastOfSeveralRowsWithTheSameKeyWins() throws IOException {
        try (LoadedNode node = new LoadedNode(node(), ITEMS);
                SSTableBulkWriter writer = builder(1).open()) {
            for (int i = 0; i < 1000; i++) {
                writer.addRow(1, i % 2, "version " + i);
            }
            writer.addRow(1, 0, null);
            BulkSummary summary = writer.finish();
            assertThat(summary.rowsStored()).isEqualTo(2);
            node.load("items", output());
            assertThat(node.rows("SELECT part, name FROM ks.items"))
                    .containsExactly("[part=0, name=null]", "[part=1, name='version 999']");
        }
    }

    @Test
    void nothingAtAllIsAnEmptyDirectory() throws IOException {
        try (SSTableBulkWriter writer = builder(1).open()) {
            assertThat(writer.finish().files()).isEmpty();
        }
        assertThat(namesIn(output())).isEmpty();
    }

    // ---- Sorted

    @Test
    void sortedRowsGoStraightThrough() throws IOException {
        List<Integer> ids = new ArrayList<>();
        try (SSTableBulkWriter unsorted = builder(1).open()) {
            for (int i = 0; i < 500; i++) {
                unsorted.addRow(i, 0, "");
            }
            var _ = unsorted.finish();
        }
        try (LoadedNode node = new LoadedNode(node(), ITEMS)) {
            node.load("items", output());
            node.execute("SELECT id FROM ks.items")
                    .rows()
                    .forEach(row -> ids.add((Integer) Objects.requireNonNull(row.get("id"))));
            node.execute("TRUNCATE ks.items");
            Path sorted = directory.resolve("sorted");
            try (SSTableBulkWriter writer =
                    builder(2).directory(sorted).sorted(true).memoryBytes(1 << 20).open()) {
                for (int id : ids) {
                    for (int part = 0; part < 100; part++) {
                        writer.addRow(id, part, "first");
                        writer.addRow(id, part, "name " + part);
                    }
                }
                BulkSummary summary = writer.finish();
                assertThat(summary.rowsStored()).isEqualTo(50_000);
                assertThat(summary.spilledBytes()).isZero();
            }
            node.load("items", sorted);
            assertThat(
                            node.rows(
                                    "SELECT count(*) FROM ks.items WHERE name = 'name 7' ALLOW FILTERING"))
                    .containsExactly("[count=500]");
            assertThat(node.rows("SELECT count(*) FROM ks.items")).containsExactly("[count=50000]");
        }
    }

    @Test
    void rowsThatOnlyClaimToBeSortedEndTheWriting() throws IOException {
        try (SSTableBulkWriter writer = builder(1).sorted(true).open()) {
            writer.addRow(1, 2, "");
            assertThatThrownBy(() -> writer.addRow(1, 1, ""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("rows are not sorted");
            assertThatThrownBy(() -> writer.addRow(2, 1, "")).hasMessageContaining("has failed");
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("rows are not sorted");
        }
        assertThat(namesIn(directory)).isEmpty();
    }

    // ---- What is refused

    record Refused(String statement, String message) {}

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("INSERT INTO ks.items (id) VALUES (?)", "part"),
                new Refused("INSERT INTO ks.other (id) VALUES (?)", "table other does not exist"),
                new Refused("INSERT INTO other.items (id) VALUES (?)", "keyspace other"),
                new Refused("INSERT INTO items (id, part) VALUES (?, ?)", "name its keyspace"),
                new Refused("INSERT INTO ks.items (id, part) VALUES (?, ?) IF NOT EXISTS", "IF"),
                new Refused("DELETE FROM ks.items WHERE id = ?", "INSERT or UPDATE"),
                new Refused("SELECT * FROM ks.items", "INSERT or UPDATE"),
                new Refused("INSERT INTO", "line 1"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void statementIsRefused(Refused refused) {
        assertThatThrownBy(() -> builder(1).statement(refused.statement()).open())
                .isInstanceOf(CqlException.class)
                .hasMessageContaining(refused.message());
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE ks.t (id int) | No PRIMARY KEY",
                "CREATE TABLE ks.t (id ks.unknown PRIMARY KEY) | Unknown type",
                "INSERT INTO ks.t (id) VALUES (1) | CREATE, ALTER, DROP and USE",
                "CREATE TABLE t (id int PRIMARY KEY) | No keyspace has been specified",
                "CREATE TABLE | line 1"
            })
    void schemaIsRefused(String script, String message) {
        assertThatThrownBy(() -> builder(1).schema(script))
                .isInstanceOf(CqlException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRefusedRowLeavesNothingBehind() throws IOException {
        try (LoadedNode node = new LoadedNode(node(), ITEMS);
                SSTableBulkWriter writer = builder(1).open()) {
            writer.addRow(1, 1, "good");
            assertThatThrownBy(() -> writer.addRow(null, 1, "bad"))
                    .isInstanceOf(CqlException.class);
            assertThatThrownBy(() -> writer.addRow(1, 1)).hasMessageContaining("3 bind markers");
            assertThatThrownBy(() -> writer.addRow(1, "one", "bad")).hasMessageContaining("String");
            assertThatThrownBy(() -> writer.addRow(new byte[3], 1, "bad"))
                    .isInstanceOf(CqlException.class);
            writer.addRow(2, 1, "good too");
            assertThat(writer.finish().rowsAdded()).isEqualTo(2);
            node.load("items", output());
            assertThat(node.rows("SELECT id FROM ks.items"))
                    .containsExactlyInAnyOrder("[id=1]", "[id=2]");
        }
    }

    // ---- Directories

    @Test
    void closedBeforeItsEndItLeavesNothing() throws IOException {
        try (SSTableBulkWriter writer = builder(2).memoryBytes(1 << 20).open()) {
            for (int i = 0; i < 30_000; i++) {
                writer.addRow(i, 1, "some text that takes room in memory and then on the disk");
            }
            assertThat(namesIn(directory)).containsExactly("out.incomplete");
        }
        assertThat(namesIn(directory)).isEmpty();
    }

    @Test
    void whatAnInterruptedRunHasLeftIsDeletedByTheNext() throws IOException {
        Path left = directory.resolve("out.incomplete");
        Files.createDirectory(left);
        for (String name : List.of("lock", "3.spill", "0-1.sst.tmp", "2.sst")) {
            Files.writeString(left.resolve(name), "half");
        }
        try (SSTableBulkWriter writer = builder(1).open()) {
            writer.addRow(1, 1, "");
            var _ = writer.finish();
        }
        assertThat(namesIn(directory)).containsExactly("out");
        assertThat(namesIn(output())).containsExactly("1.sst");
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Path left = directory.resolve("out.incomplete");
        Files.createDirectory(left);
        Files.writeString(left.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> builder(1).open()).hasMessageContaining("thesis.txt is not ours");
        assertThat(left.resolve("thesis.txt")).exists();
        Files.createDirectory(output());
        Files.writeString(output().resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> builder(1).open()).hasMessageContaining("is not empty");
    }

    @Test
    void oneOutputHasOneWriter() throws IOException {
        try (SSTableBulkWriter writer = builder(1).open()) {
            assertThatThrownBy(() -> builder(1).open()).hasMessageContaining("Another process");
            writer.addRow(1, 1, "");
            var _ = writer.finish();
        }
        assertThat(namesIn(output())).containsExactly("1.sst");
    }

    @Test
    void aFullDiskEndsTheWritingAndLeavesNothing() throws IOException {
        BulkEnvironment machine = Helenus.bulkEnvironment(2);
        BulkEnvironment full =
                new BulkEnvironment(
                        new FullDisk(new NioStorageFiles(), 3 << 20),
                        machine.wallMicros(),
                        machine.random(),
                        machine.executor(),
                        machine.threads());
        SSTableBulkWriter writer =
                SSTableBulkWriter.builder(full)
                        .schema(ITEMS)
                        .statement(INSERT)
                        .memoryBytes(1 << 20)
                        .directory(output())
                        .open();
        try (writer) {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100_000; i++) {
                                    writer.addRow(i, 1, "some text that takes room on the disk");
                                }
                                var _ = writer.finish();
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
        }
        assertThat(namesIn(directory)).isEmpty();
    }

    @Test
    void columnsMayBeNumberedAsANodeHasThem() throws IOException {
        String here = "CREATE TABLE ks.items (id int PRIMARY KEY, a int, b text)";
        try (LoadedNode node =
                new LoadedNode(
                        node(),
                        "CREATE TABLE ks.items (id int PRIMARY KEY, b text)",
                        "ALTER TABLE ks.items ADD a int")) {
            byte[] header = node.table("items").settings().schemaHeader().get();
            BulkEnvironment environment = Helenus.bulkEnvironment(1);
            BulkSchema schema =
                    BulkSchema.of(here, environment.wallMicros())
                            .numberedAs(
                                    "ks",
                                    "items",
                                    io.helenus.engine.schema.SchemaHeader.decode(header));
            try (SSTableBulkWriter writer =
                    SSTableBulkWriter.builder(environment)
                            .schema(schema)
                            .statement("INSERT INTO ks.items (id, a, b) VALUES (?, ?, ?)")
                            .directory(output())
                            .open()) {
                writer.addRow(1, 2, "three");
                var _ = writer.finish();
            }
            node.load("items", output());
            assertThat(node.rows("SELECT id, a, b FROM ks.items"))
                    .containsExactly("[id=1, a=2, b='three']");
            assertThatThrownBy(() ->
                            BulkSchema.of(
                                            "CREATE TABLE ks.items (id int PRIMARY KEY, a text, b text)",
                                            environment.wallMicros())
                                    .numberedAs(
                                            "ks",
                                            "items",
                                            io.helenus.engine.schema.SchemaHeader.decode(header)))
                    .hasMessageContaining("column a int");
        }
    }
}
