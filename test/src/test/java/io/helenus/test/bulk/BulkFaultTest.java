package io.helenus.test.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.test.node.Program;
import io.helenus.test.node.ServerProgram;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Processes of the tool and of nodes that end where it hurts, inputs that are bad: what is said, and
/// what is in the table then. Nothing is lost and nothing doubled.
@TestInstance(Lifecycle.PER_CLASS)
final class BulkFaultTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int ROWS = 40_000;
    private static final int FILES_MIN = 4;
    private static final int PARTS_MIN = 5;
    private static final int SIGTERM_CODE = 128 + 15;

    @TempDir private static Path directory;

    private final BitSet all = new BitSet();
    private String schema = "";
    private String csv = "";
    private Path sstables = Path.of("");
    private long sstableBytes;
    private ServerProgram node;

    @BeforeAll
    void prepare() throws Exception {
        all.set(0, ROWS);
        Path script = directory.resolve("schema.cql");
        Files.writeString(script, Places.TABLE.formatted("t"));
        schema = script.toString();
        csv = Places.csv(directory.resolve("places.csv"), ROWS).toString();
        sstables = directory.resolve("sstables");
        Tool.run(write(sstables, csv, "--memory", "8m", "--file-size", "1m"));
        try (Stream<Path> files = Files.list(sstables)) {
            List<Path> found = files.toList();
            assertThat(found).hasSizeGreaterThanOrEqualTo(FILES_MIN);
            for (Path file : found) {
                sstableBytes += Files.size(file);
            }
        }
        node = ServerProgram.startAlone(directory.resolve("node"));
        node.execute(Places.KEYSPACE);
    }

    @AfterAll
    void end() {
        node.close();
    }

    private static String host(ServerProgram of) {
        return "127.0.0.1:" + of.storage().getPort();
    }

    private String[] write(Path output, String input, String... more) {
        return Tool.with(
                more,
                "write",
                "--schema",
                schema,
                "--table",
                "ks.t",
                "--output",
                output.toString(),
                "--input",
                input);
    }

    private String[] load(String table, String host, String... more) {
        return load(sstables, table, host, more);
    }

    private static String[] load(Path source, String table, String host, String... more) {
        return Tool.with(
                more,
                "load",
                "--table",
                "ks." + table,
                "--host",
                host,
                "--source",
                source.toString());
    }

    private static void create(ServerProgram on, String table) {
        on.execute(Places.TABLE.formatted(table));
    }

    // ---- Kills

    @Test
    void theToolIsKilledWhileItWrites() throws Exception {
        Path output = directory.resolve("killed");
        Path incomplete = directory.resolve("killed.incomplete");
        String[] options = {"--memory", "1m", "--json"};
        try (Program tool = Tool.start("killed-write", write(output, "-", options))) {
            OutputStream in = tool.standardInput();
            in.write(Places.HEADER.getBytes(StandardCharsets.UTF_8));
            int id = 0;
            while (!hasSpill(incomplete)) {
                assertThat(id).as("rows before anything is spilled").isLessThan(ROWS);
                in.write(Places.line(id++).getBytes(StandardCharsets.UTF_8));
            }
            tool.kill();
        }
        assertThat(output).doesNotExist();
        assertThat(incomplete).isNotEmptyDirectory();
        assertThat(Tool.ends(1, load(incomplete, "t", host(node))))
                .contains("killed.incomplete was not written to its end: write it again");
        assertThat(Tool.ends(0, write(output, csv, options)))
                .contains("\"rows_written\": " + ROWS)
                .contains("\"rows_rejected\": 0");
        assertThat(incomplete).doesNotExist();
        create(node, "written");
        Tool.run(load(output, "written", host(node)));
        assertThat(Places.in(node, "written")).isEqualTo(all);
    }

    /// While it waits for input that does not come.
    @Test
    void theToolIsToldToEndWhileItWrites() throws Exception {
        Path output = directory.resolve("ended");
        try (Program tool = Tool.start("ended-write", write(output, "-"))) {
            OutputStream in = tool.standardInput();
            in.write(Places.HEADER.getBytes(StandardCharsets.UTF_8));
            in.write(Places.line(0).getBytes(StandardCharsets.UTF_8));
            in.flush();
            Path lock = directory.resolve("ended.incomplete").resolve("lock");
            tool.await("the beginning", () -> Files.exists(lock));
            tool.terminate();
            assertThat(tool.end()).isEqualTo(SIGTERM_CODE);
            assertThat(tool.err())
                    .isEqualToIgnoringNewLines("helenus bulk: interrupted; nothing was written");
        }
        assertThat(output).doesNotExist();
        assertThat(directory.resolve("ended.incomplete")).doesNotExist();
    }

    private static boolean hasSpill(Path incomplete) throws IOException {
        if (!Files.exists(incomplete)) {
            return false;
        }
        try (Stream<Path> files = Files.list(incomplete)) {
            return files.anyMatch(path -> path.toString().endsWith(".spill"));
        }
    }

    @Test
    void theToolIsKilledWhileItLoads() throws Exception {
        create(node, "loaded");
        try (Gate gate = new Gate(node.storage(), Gate.Way.TO_NODE, sstableBytes / 2);
                Program tool = Tool.start("killed-load", load("loaded", gate.host()))) {
            tool.await("half of the files", gate::isShut);
            tool.kill();
        }
        BitSet half = Places.in(node, "loaded");
        assertThat(half.cardinality()).isLessThan(ROWS);
        String summary = Tool.ends(0, load("loaded", host(node), "--json"));
        assertThat(
                        Tool.number(summary, "sstables_loaded")
                                + Tool.number(summary, "sstables_present"))
                .isEqualTo(
                        node.files("ks", "loaded").stream()
                                .filter(BulkFaultTest::isSstable)
                                .count());
        assertThat(Places.in(node, "loaded")).isEqualTo(all);
        summary = Tool.ends(0, load("loaded", host(node), "--json"));
        assertThat(Tool.number(summary, "sstables_loaded")).isZero();
    }

    private static boolean isSstable(String name) {
        return name.endsWith(".sst");
    }

    @Test
    void theNodeIsKilledWhileFilesCome() throws Exception {
        try (ServerProgram own = ServerProgram.startAlone(directory.resolve("killed-node"))) {
            own.execute(Places.KEYSPACE);
            int rounds = THOROUGH ? 10 : 1;
            for (int round = 1; round <= rounds; round++) {
                killAndLoadAgain(own, "again" + round, sstableBytes * round / (rounds + 1));
                killAndGoOn(own, "on" + round, sstableBytes * round / (rounds + 1));
            }
        }
    }

    /// The load fails, and somebody starts it again.
    private void killAndLoadAgain(ServerProgram own, String table, long bytes) throws Exception {
        create(own, table);
        try (Gate gate = new Gate(own.storage(), Gate.Way.TO_NODE, bytes);
                Program tool = Tool.start(table, load(table, gate.host(), "--retries", "0"))) {
            tool.await("half of the files", gate::isShut);
            own.kill();
            assertThat(tool.end()).isEqualTo(1);
            assertThat(tool.err()).startsWith("helenus bulk: " + gate.host());
        }
        own.restart();
        assertThat(own.files("ks", table)).noneMatch(name -> name.endsWith(".tmp"));
        assertThat(Places.in(own, table).cardinality()).isLessThan(ROWS);
        Tool.run(load(table, host(own)));
        assertThat(Places.in(own, table)).isEqualTo(all);
    }

    /// The node comes back while the tool still tries.
    private void killAndGoOn(ServerProgram own, String table, long bytes) throws Exception {
        create(own, table);
        try (Gate gate = new Gate(own.storage(), Gate.Way.TO_NODE, bytes);
                Program tool = Tool.start(table, load(table, gate.host()))) {
            tool.await("half of the files", gate::isShut);
            own.kill();
            own.restart();
            gate.open();
            assertThat(tool.end()).as("%s", tool.err()).isZero();
            assertThat(tool.err()).contains("trying again");
        }
        assertThat(Places.in(own, table)).isEqualTo(all);
        assertThat(own.files("ks", table)).noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    void anExportIsKilled() throws Exception {
        create(node, "exported");
        Tool.run(load("exported", host(node)));
        Path whole = directory.resolve("whole.csv");
        Tool.run(export(whole, "127.0.0.1:" + node.client().getPort()));
        Path output = directory.resolve("killed.csv");
        Path parts = directory.resolve("killed.csv.parts");
        long half = Files.size(whole) / 2;
        try (Gate gate = new Gate(node.client(), Gate.Way.FROM_NODE, half);
                Program tool = Tool.start("killed-export", export(output, gate.host()))) {
            tool.await("half of the rows", () -> gate.isShut() && finished(parts) >= PARTS_MIN);
            tool.kill();
        }
        assertThat(output).doesNotExist();
        String summary = Tool.ends(0, export(output, "127.0.0.1:" + node.client().getPort()));
        assertThat(Tool.number(summary, "ranges_from_before")).isBetween((long) PARTS_MIN, 63L);
        assertThat(Tool.number(summary, "rows")).isEqualTo(ROWS);
        assertThat(Files.mismatch(output, whole)).isEqualTo(-1);
        assertThat(parts).doesNotExist();
    }

    private static String[] export(Path output, String host) {
        return new String[] {
            "export",
            "--table",
            "ks.exported",
            "--json",
            "--output",
            output.toString(),
            "--host",
            host
        };
    }

    private static long finished(Path parts) throws IOException {
        if (!Files.exists(parts)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(parts)) {
            return files.filter(path -> String.valueOf(path.getFileName()).matches("\\d+-\\d+"))
                    .count();
        }
    }

    // ---- No room

    @Test
    void theNodeHasNoRoom() throws Exception {
        try (ServerProgram full =
                ServerProgram.startAlone(
                        directory.resolve("full"), "min_free_space_per_drive=60TiB")) {
            full.execute(Places.KEYSPACE);
            create(full, "t");
            assertThat(Tool.ends(1, load("t", host(full))))
                    .contains("min_free_space_per_drive")
                    .contains("60")
                    .doesNotContain("trying again");
            assertThat(Places.in(full, "t").isEmpty()).isTrue();
            assertThat(full.files("ks", "t")).noneMatch(name -> name.contains(".sst"));
            full.kill();
            full.restart();
            Tool.run(load("t", host(full)));
            assertThat(Places.in(full, "t")).isEqualTo(all);
        }
    }

    // ---- Inputs

    private String[] imports(String table, Path input, String... more) {
        return Tool.with(
                more,
                "import",
                "--table",
                "ks." + table,
                "--host",
                host(node),
                "--memory",
                "1m",
                "--work",
                directory.resolve("work-" + table).toString(),
                "--rejects",
                directory.resolve(table + ".rejected").toString(),
                "--json",
                "--input",
                input.toString());
    }

    @Test
    void oneLineInAHundredIsBad() throws Exception {
        int rows = 20_000;
        Path input = directory.resolve("bad.csv");
        BitSet good = new BitSet();
        try (BufferedWriter out = Files.newBufferedWriter(input)) {
            out.write(Places.HEADER);
            for (int id = 0; id < rows; id++) {
                String line = Places.line(id);
                switch (id % 400) {
                    case 50 -> out.write("short," + id + "\n");
                    case 150 -> out.write(line.replace("," + id + ",", "," + id + "x,"));
                    case 250 -> out.write("\"quoted\"badly," + id + ",area\n");
                    case 350 -> out.write(line.replace("," + id + ",", ",,"));
                    default -> {
                        out.write(line);
                        good.set(id);
                    }
                }
            }
        }
        create(node, "bad");
        assertThat(Tool.ends(1, imports("bad", input, "--max-errors", "0")))
                .containsPattern("bad.csv:\\d+: .*\\(more than --max-errors 0;");
        assertThat(Tool.ends(1, imports("bad", input, "--max-errors", "199")))
                .contains("more than --max-errors 199");
        assertThat(Places.in(node, "bad").isEmpty()).isTrue();
        String summary = Tool.ends(0, imports("bad", input, "--max-errors", "200"));
        assertThat(Tool.number(summary, "rows_read")).isEqualTo(rows);
        assertThat(Tool.number(summary, "rows_rejected")).isEqualTo(rows / 100);
        assertThat(Tool.number(summary, "rows_written")).isEqualTo(rows - rows / 100);
        assertThat(Places.in(node, "bad")).isEqualTo(good);
        List<String> rejected = Files.readAllLines(directory.resolve("bad.rejected"));
        assertThat(rejected).hasSize(1 + 2 * rows / 100).contains("short,50");
    }

    @Test
    void theLastRowOfAKeyWins() throws Exception {
        int rows = 3000;
        Path input = directory.resolve("same.csv");
        try (BufferedWriter out = Files.newBufferedWriter(input)) {
            out.write(Places.HEADER);
            for (int round = 0; round < 3; round++) {
                for (int id = rows - 1; id >= 0; id--) {
                    out.write(round == 2 ? Places.line(id) : "old" + Places.line(id));
                }
            }
        }
        create(node, "same");
        String summary = Tool.ends(0, imports("same", input));
        assertThat(Tool.number(summary, "rows_written")).isEqualTo(3L * rows);
        assertThat(Tool.number(summary, "rows_stored")).isEqualTo(rows);
        assertThat(Tool.number(summary, "spilled_bytes")).isPositive();
        BitSet expected = new BitSet();
        expected.set(0, rows);
        assertThat(Places.in(node, "same")).isEqualTo(expected);
    }

    @Test
    void anInputIsDamaged() throws Exception {
        create(node, "damaged");
        Path whole = directory.resolve("whole.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
            Files.copy(Path.of(csv), out);
        }
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = directory.resolve("cut.csv.gz");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(Tool.ends(1, imports("damaged", cut)))
                .contains("cut.csv.gz: cannot be read on after line")
                .contains("it ends in the middle of compressed data");
        Path copies = Files.createDirectory(directory.resolve("copies"));
        try (Stream<Path> files = Files.list(sstables)) {
            for (Path file : files.toList()) {
                Files.copy(file, copies.resolve(file.getFileName()));
            }
        }
        byte[] sstable = Files.readAllBytes(copies.resolve("2.sst"));
        sstable[sstable.length / 3] ^= 4;
        Files.write(copies.resolve("2.sst"), sstable);
        assertThat(Tool.ends(1, load(copies, "damaged", host(node))))
                .contains("2.sst")
                .contains("damaged");
        BitSet some = Places.in(node, "damaged");
        assertThat(some.cardinality()).isLessThan(ROWS);
        assertThat(node.files("ks", "damaged")).noneMatch(name -> name.endsWith(".tmp"));
        Tool.run(load("damaged", host(node)));
        assertThat(Places.in(node, "damaged")).isEqualTo(all);
    }

    @Test
    void theTableIsAnotherOne() throws Exception {
        node.execute(
                "CREATE TABLE ks.another (area text, id bigint, name text, PRIMARY KEY (area, id))");
        assertThat(Tool.ends(1, load("another", host(node))))
                .contains("1.sst was written for a table with clustering id int")
                .contains("ks.another on the node has clustering id bigint");
        assertThat(node.files("ks", "another")).noneMatch(name -> name.contains(".sst"));
    }
}
