package io.helenus.tools.bulk;

import io.helenus.engine.Helenus;
import io.helenus.engine.bulk.BulkEnvironment;
import io.helenus.engine.bulk.BulkSchema;
import io.helenus.engine.bulk.BulkSummary;
import io.helenus.engine.bulk.SSTableBulkWriter;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// From files of rows to a directory of SSTables: what `write` does, and `import` to begin with.
final class WriteJob {
    private static final double NANOS_PER_SECOND = 1e9;

    private final InputOptions input;
    private final WriteOptions options;
    private final InputOptions.Usage usage;
    private final InputStream standardInput;
    private final PrintWriter err;

    /// Records that were no rows.
    ///
    /// @param first place and reason of one of them; empty if there are none
    record Rejected(long count, Path file, String first) {}

    /// What came of it.
    ///
    /// @param read records
    /// @param same rows with the key of another; not known, and 0, if there are static columns
    record Result(long read, long same, Rejected rejected, BulkSummary summary, double seconds) {}

    WriteJob(
            InputOptions input,
            WriteOptions options,
            InputOptions.Usage usage,
            InputStream standardInput,
            PrintWriter err) {
        this.input = input;
        this.options = options;
        this.usage = usage;
        this.standardInput = standardInput;
        this.err = err;
    }

    Result run(BulkSchema schema, TableSchema table, Path output)
            throws IOException, BulkFailure, InterruptedException {
        long start = System.nanoTime();
        Inputs opener = new Inputs(input.charset(usage));
        List<String> names = input.inputs();
        requireUsable(options.rejects(output), output);
        try (Rows first = open(names.getFirst(), opener)) {
            List<String> header = header(names.getFirst(), first);
            RowPlan plan = plan(table, header);
            int threads = Runtime.getRuntime().availableProcessors();
            BulkEnvironment environment = Helenus.bulkEnvironment(threads);
            RejectFile rejects =
                    new RejectFile(
                            options.rejects(output), input.charset(usage), headerLine(header));
            try (rejects;
                    SSTableBulkWriter writer =
                            builder(environment, schema, plan)
                                    .directory(output)
                                    .appenders(threads)
                                    .open()) {
                Ingest ingest =
                        new Ingest(
                                writer, rejects, options.errorsMax(), options.timestamp(), threads);
                BulkSummary summary = write(writer, ingest, plan, header, first, opener, threads);
                double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
                long same = table.hasStatic() ? 0 : summary.rowsAdded() - summary.rowsStored();
                return new Result(
                        ingest.read(),
                        same,
                        new Rejected(rejects.count(), rejects.path(), rejects.first()),
                        summary,
                        seconds);
            }
        }
    }

    /// Rejects that are read again must not be written over meanwhile; and with a file among them
    /// SSTables would not get their directory's name.
    private void requireUsable(Path rejects, Path output) throws IOException {
        Path directory = output.toAbsolutePath().normalize();
        if (rejects.toAbsolutePath().normalize().startsWith(directory)) {
            throw usage.wrong(
                    "--rejects %s is in the directory of the SSTables, %s"
                            .formatted(rejects, output));
        }
        Path parent = rejects.toAbsolutePath().getParent();
        boolean isNowhere = parent != null && options.hasRejects() && !Files.isDirectory(parent);
        if (isNowhere || Files.isDirectory(rejects)) {
            throw usage.wrong("--rejects %s: no file can be made there".formatted(rejects));
        }
        for (String name : input.inputs()) {
            boolean isSame =
                    !name.equals(Inputs.STANDARD)
                            && Files.exists(rejects)
                            && Files.isSameFile(rejects, Path.of(name));
            if (isSame) {
                throw usage.wrong(
                        "%s is an input, and would be written over: --rejects names another file"
                                .formatted(name));
            }
        }
    }

    private SSTableBulkWriter.Builder builder(
            BulkEnvironment environment, BulkSchema schema, RowPlan plan) {
        SSTableBulkWriter.Builder builder =
                SSTableBulkWriter.builder(environment)
                        .schema(schema)
                        .statement(plan.statement(options.ttl()))
                        .memoryBytes(options.sortingBytes())
                        .fileBytes(options.fileBytes());
        if (plan.hasStaticStatement()) {
            builder.furtherStatement(plan.staticStatement(options.ttl()));
        }
        return builder;
    }

    private BulkSummary write(
            SSTableBulkWriter writer,
            Ingest ingest,
            RowPlan plan,
            List<String> header,
            Rows first,
            Inputs opener,
            int threads)
            throws IOException, BulkFailure, InterruptedException {
        long total = input.totalBytes();
        long start = System.nanoTime();
        boolean done = false;
        try (Progress progress =
                new Progress(
                        err,
                        options.isTerminal(),
                        () -> reading(ingest.read(), opener.bytesRead(), total, start))) {
            for (int i = 0; i < threads; i++) {
                ingest.start(
                        new RowMapper(
                                plan,
                                input.dialect(usage).nullMarker(),
                                input.deletesNulls(),
                                input.times(usage)));
            }
            ingest.readAll(first);
            List<String> names = input.inputs();
            for (String name : names.subList(1, names.size())) {
                try (Rows rows = open(name, opener)) {
                    List<String> other = header(name, rows);
                    if (!other.equals(header)) {
                        throw new BulkFailure(
                                "%s has the columns %s, and the first file %s"
                                        .formatted(name, other, header));
                    }
                    ingest.readAll(rows);
                }
            }
            ingest.finish();
            done = true;
            long merging = System.nanoTime();
            progress.show(() -> merged(writer.entriesWritten(), ingest.read(), merging));
            return writer.finish();
        } finally {
            if (!done) {
                ingest.stop();
            }
        }
    }

    private static String reading(long rows, long bytes, long total, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "%,d rows read, %,.0f/s%s",
                rows,
                rows / seconds,
                total == 0
                        ? ""
                        : ", %d %%%s"
                                .formatted(
                                        bytes * 100 / total,
                                        Progress.left(bytes, total, startNanos)));
    }

    private static String merged(long entries, long rows, long startNanos) {
        double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "%,d of %,d rows merged, %,.0f/s%s",
                entries,
                rows,
                entries / seconds,
                Progress.left(entries, rows, startNanos));
    }

    private Rows open(String name, Inputs opener) throws IOException {
        return input.open(name, opener, standardInput, options.recordCharsMax(), usage);
    }

    private List<String> header(String name, Rows rows) throws IOException, BulkFailure {
        if (!input.hasHeader()) {
            return List.of();
        }
        RawRow record = rows.next();
        if (record == null) {
            throw new BulkFailure(
                    "%s is empty: not even the names of columns are there"
                            .formatted(name.equals(Inputs.STANDARD) ? "stdin" : name));
        }
        String problem = record.problem();
        if (problem != null) {
            throw new BulkFailure("%s: %s".formatted(record.place(), problem));
        }
        return IntStream.range(0, record.fieldCount()).mapToObj(record::field).toList();
    }

    private RowPlan plan(TableSchema table, List<String> header) throws BulkFailure {
        if (input.format() == InputOptions.Format.JSON) {
            return RowPlan.ofJson(table, input.columns());
        }
        if (!input.columns().isEmpty()) {
            return RowPlan.ofCsv(table, input.columns());
        }
        return RowPlan.ofCsv(
                table,
                header.isEmpty()
                        ? table.selectOrder().stream().map(ColumnSchema::name).toList()
                        : header);
    }

    private String headerLine(List<String> header) {
        return header.isEmpty()
                ? ""
                : String.join(
                        String.valueOf(input.dialect(usage).delimiter()),
                        header.stream().map(RowPlan::quoted).toList());
    }
}
