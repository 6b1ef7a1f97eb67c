package io.helenus.tools.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import io.helenus.engine.schema.TableSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Exports over a line that breaks, as when the node is killed and started again, and one on which
/// nothing comes any more, as when it is stopped or much too busy.
class ExportFaultTest {
    private static final int ROWS = 20_000;
    private static final long BYTES_BETWEEN = 300_000;

    @TempDir Path directory;
    private ToolNode node;
    private byte[] whole;
    private String err = "";
    private String out = "";

    @BeforeEach
    void export() throws IOException {
        node =
                new ToolNode(
                        directory,
                        "CREATE KEYSPACE ks WITH replication ="
                                + " {'class': 'SimpleStrategy', 'replication_factor': 1}",
                        "CREATE TABLE ks.t (k int, c int, v text, PRIMARY KEY (k, c))");
        Path rows = directory.resolve("rows.csv");
        Files.writeString(
                rows,
                IntStream.range(0, ROWS)
                        .mapToObj(i -> "%d,%d,%s\n".formatted(i / 20, i % 20, "v".repeat(i % 90)))
                        .collect(Collectors.joining()));
        assertThat(
                        node.run(
                                "import",
                                "--table=ks.t",
                                "--columns=k,c,v",
                                "--host",
                                node.host(),
                                "--input",
                                rows.toString()))
                .as(node.err())
                .isZero();
        Path file = directory.resolve("whole.csv");
        assertThat(node.run(arguments(file, node.client()).toArray(String[]::new)))
                .as(node.err())
                .isZero();
        whole = Files.readAllBytes(file);
        assertThat(Files.readAllLines(file)).hasSize(ROWS + 1);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static List<String> arguments(Path file, String host, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "export",
                                "--table=ks.t",
                                "--host",
                                host,
                                "--output",
                                file.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private int clientPort() {
        String client = node.client();
        return Integer.parseInt(client.substring(client.indexOf(':') + 1));
    }

    private FaultyLine line(FaultyLine.Fault fault, int faults) throws IOException {
        return new FaultyLine(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort()),
                fault,
                faults,
                BYTES_BETWEEN);
    }

    /// @param atRetry whenever something is tried again
    private int run(List<String> arguments, Runnable atRetry) {
        StringWriter errText =
                new StringWriter() {
                    @Override
                    public void write(String text, int offset, int length) {
                        super.write(text, offset, length);
                        if (text.contains("trying again")) {
                            atRetry.run();
                        }
                    }
                };
        int code = node.run(arguments, errText);
        out = node.out();
        err = node.err();
        return code;
    }

    @ParameterizedTest
    @CsvSource({"BREAK, 3", "STALL, 1"})
    void allRowsComeOnceHoweverTheLineFails(FaultyLine.Fault fault, int faults) throws IOException {
        Path file = directory.resolve("disturbed.csv");
        try (FaultyLine line = line(fault, faults)) {
            assertThat(run(arguments(file, line.host(), "--request-timeout=1"), line::mend))
                    .as(() -> err)
                    .isZero();
            assertThat(line.faultsLeft()).isZero();
        }
        assertThat(err).contains("; trying again");
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void whatWasReadIsKeptWhenTheNodeStaysAway() throws IOException {
        Path file = directory.resolve("later.csv");
        try (FaultyLine line = line(FaultyLine.Fault.BREAK, 1)) {
            assertThat(run(arguments(file, line.host(), "--retries=1"), () -> {})).isEqualTo(1);
        }
        assertThat(err)
                .contains("; trying again")
                .contains("what was read is kept in %s.parts".formatted(file));
        assertThat(file).doesNotExist();
        assertThat(run(arguments(file, node.client(), "--json"), () -> {})).as(() -> err).isZero();
        assertThat(out)
                .contains("\"rows\": " + ROWS)
                .containsPattern("\"ranges_from_before\": [1-9]");
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    /// A thread that ended with an error had left its range out, and nobody said so.
    @Test
    void noRangeIsMissingWhenMemoryIs() throws Exception {
        InetSocketAddress client =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort());
        Duration timeout = Duration.ofSeconds(60);
        Path file = directory.resolve("short.csv");
        ExportJob job =
                new ExportJob(
                        file, 0, new ExportPages(timeout, 0, new PrintWriter(new StringWriter())));
        AtomicInteger calls = new AtomicInteger();
        try (CqlSession session =
                ExportJob.connect(client, new NodeOptions.Login("", ""), timeout)) {
            CqlSession failing =
                    (CqlSession)
                            Proxy.newProxyInstance(
                                    CqlSession.class.getClassLoader(),
                                    new Class<?>[] {CqlSession.class},
                                    (_, method, arguments) -> {
                                        if (method.getName().equals("executeAsync")
                                                && calls.incrementAndGet() == 20) {
                                            throw new OutOfMemoryError("Java heap space");
                                        }
                                        return method.invoke(session, arguments);
                                    });
            TableSchema table = ExportJob.table(session, new TableOption("ks", "t"));
            RowFormat format =
                    new RowFormat(
                            InputOptions.Format.CSV,
                            new CsvDialect(',', '"', '"', (char) 0, ""),
                            table.selectOrder());
            assertThatThrownBy(() -> job.run(failing, table, table.selectOrder(), "", 0, format, 4))
                    .hasCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThat(file).doesNotExist();
        assertThat(run(arguments(file, node.client()), () -> {})).as(() -> err).isZero();
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
}
