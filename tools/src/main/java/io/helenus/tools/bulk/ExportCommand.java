package io.helenus.tools.bulk;

import com.datastax.oss.driver.api.core.CqlSession;
import io.helenus.engine.json.Json;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `helenus bulk export`.
@Command(
        name = "export",
        description =
                "Reads a table of a running node, also of Cassandra, into a file of CSV or JSON"
                        + " lines. If it is interrupted, the same command goes on where it"
                        + " ended.",
        sortOptions = false)
final class ExportCommand extends BulkAction {
    private static final int PORT_DEFAULT = 9042;
    private static final int THREADS_MAX = 8;
    private static final long SPLIT_MIN = 1 << 10;

    @Option(
            names = "--table",
            required = true,
            paramLabel = "KS.T",
            converter = TableOption.Converter.class,
            description = "The table; names in double quotes keep their case, as in CQL.")
    private TableOption table = new TableOption("", "");

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE|DIR",
            description =
                    "The file to write, or, with --split, the directory; it does not exist yet.")
    private Path output = Path.of("");

    @Option(
            names = "--split",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description =
                    "Write files of about this size, as in 100m, in the order of tokens (default:"
                            + " one file).")
    private Optional<Long> split = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "csv|json",
            description = "(default: json if the file's name ends in .json or .jsonl, else csv)")
    private Optional<InputOptions.Format> format = Optional.empty();

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "NAME",
            description = "The columns to read (default: all).")
    private List<String> columns = new ArrayList<>();

    @Option(
            names = "--where",
            paramLabel = "CONDITIONS",
            defaultValue = "",
            description =
                    "Further conditions in CQL, not on the partition key; rows are filtered on the"
                            + " node.")
    private String where = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many rows at most (default: all).")
    private long limit;

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What CSV has for null (default: nothing).")
    private String nullMarker = "";

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            defaultValue = ",",
            description = "Separates fields of CSV (default: ,).")
    private String delimiter = ",";

    @Mixin private NodeOptions node = new NodeOptions();

    @Option(
            names = "--request-timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description =
                    "How long the node may take for one page of rows, before it is asked again for a"
                            + " smaller one (default: ${DEFAULT-VALUE}).")
    private int requestTimeout = 120;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Override
    int work() throws IOException, BulkFailure, InterruptedException {
        if (limit < 0) {
            throw usage("--limit is %d, must be at least 0".formatted(limit));
        }
        if (split.filter(bytes -> bytes < SPLIT_MIN).isPresent()) {
            throw usage("--split is %d bytes, must be at least 1k".formatted(split.get()));
        }
        if (requestTimeout < 1) {
            throw usage("--request-timeout is %d, must be at least 1".formatted(requestTimeout));
        }
        node.check(PORT_DEFAULT, this::usage);
        NodeOptions.Login login = node.login(this::usage);
        boolean isTab = delimiter.equalsIgnoreCase("tab") || delimiter.equals("\\t");
        String separator = isTab ? "\t" : delimiter;
        if (separator.length() != 1 || "\"\n\r".contains(separator)) {
            throw usage(
                    "--delimiter is '%s', must be one character, and no quote"
                            .formatted(delimiter));
        }
        if (Stream.of(separator, "\"", "\n", "\r").anyMatch(nullMarker::contains)) {
            throw usage(
                    "--null is '%s', must be without delimiters, quotes and ends of lines"
                            .formatted(nullMarker));
        }
        if (format() == InputOptions.Format.JSON) {
            Stream.of("--delimiter", "--null")
                    .filter(this::isGiven)
                    .findFirst()
                    .ifPresent(option -> {
                        throw usage("%s is of CSV, and the output is JSON".formatted(option));
                    });
        }
        if (output.toString().isEmpty()) {
            throw usage("--output is empty, must be a file or, with --split, a directory");
        }
        if (output.toString().equals(Inputs.STANDARD)) {
            throw usage("--output is -, must be a file: exports do not go to standard output");
        }
        CsvDialect dialect = new CsvDialect(separator.charAt(0), '"', '"', (char) 0, nullMarker);
        Duration timeout = Duration.ofSeconds(requestTimeout);
        ExportPages pages = new ExportPages(timeout, node.retries(), err());
        ExportJob job = new ExportJob(output, split.orElse(0L), pages);
        ExportJob.Result result;
        try (CqlSession session =
                ExportJob.connect(node.address(PORT_DEFAULT, this::usage), login, timeout)) {
            TableSchema schema = ExportJob.table(session, table);
            List<ColumnSchema> chosen = chosen(schema);
            checkInterruption();
            try (Progress _ = new Progress(err(), isTerminal(json), job::progress)) {
                result =
                        job.run(
                                session,
                                schema,
                                chosen,
                                where,
                                limit,
                                new RowFormat(format(), dialect, chosen),
                                Math.min(
                                        THREADS_MAX,
                                        2 * Runtime.getRuntime().availableProcessors()));
            }
        }
        report(result);
        return 0;
    }

    @Override
    String afterInterruption() {
        if (Files.exists(output)) {
            return "all was read: %s is whole".formatted(output);
        }
        return Files.exists(ExportJob.parts(output))
                ? "what was read is kept in %s: the same command goes on from there"
                        .formatted(ExportJob.parts(output))
                : "nothing was read";
    }

    private void report(ExportJob.Result result) {
        if (json) {
            out().println(
                            Json.object()
                                    .put("rows", result.rows())
                                    .put("files", result.files())
                                    .put("ranges_from_before", result.rangesKept())
                                    .put("seconds", result.seconds())
                                    .put("output", output.toString())
                                    .prettyText());
            return;
        }
        out().printf(Locale.ROOT, "Rows           %,d%n", result.rows());
        if (split.isPresent()) {
            out().printf(Locale.ROOT, "Files          %,d in %s%n", result.files(), output);
        }
        out().printf(
                        Locale.ROOT,
                        "Time           %.1f s, %,.0f rows/s%n",
                        result.seconds(),
                        result.rows() / Math.max(result.seconds(), 1e-9));
    }

    private InputOptions.Format format() {
        return format.orElseGet(() -> {
            String name = output.toString().toLowerCase(Locale.ROOT);
            return name.endsWith(".json") || name.endsWith(".jsonl")
                    ? InputOptions.Format.JSON
                    : InputOptions.Format.CSV;
        });
    }

    private List<ColumnSchema> chosen(TableSchema schema) throws BulkFailure {
        if (columns.isEmpty()) {
            return schema.selectOrder();
        }
        List<ColumnSchema> chosen = new ArrayList<>();
        for (String name : columns) {
            ColumnSchema column = RowPlan.column(schema, name.strip());
            if (column == null) {
                throw new BulkFailure(
                        "%s has no column %s; its columns are %s"
                                .formatted(schema, name, RowPlan.names(schema)));
            }
            chosen.add(column);
        }
        return chosen;
    }
}
