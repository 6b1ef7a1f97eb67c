package io.helenus.tools.bulk;

import io.helenus.engine.bulk.BulkSchema;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.json.Json;
import io.helenus.engine.schema.TableSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `helenus bulk write`.
@Command(
        name = "write",
        description = "Writes files of rows into SSTables, without a node.",
        sortOptions = false)
final class WriteCommand extends BulkAction {
    @Option(
            names = "--schema",
            required = true,
            paramLabel = "FILE",
            description = "CQL that creates the table and the types that it uses.")
    private Path schema = Path.of("");

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
            paramLabel = "DIR",
            description = "Where the SSTables go; it does not exist yet, or is empty.")
    private Path output = Path.of("");

    @Mixin private InputOptions input = new InputOptions();
    @Mixin private WriteOptions options = new WriteOptions();

    @Override
    String afterInterruption() {
        return Files.exists(output.resolve("1.sst"))
                ? "all was written: %s is whole".formatted(output)
                : "nothing was written";
    }

    @Override
    int work() throws IOException, BulkFailure, InterruptedException {
        input.check(this::usage);
        options.check(this::usage);
        if (!Files.isReadable(schema) || Files.isDirectory(schema)) {
            throw usage(
                    "--schema %s: there is no such file, or it cannot be read".formatted(schema));
        }
        if (output.toString().isEmpty()) {
            throw usage("--output is empty, must be a directory");
        }
        Path rejects = options.rejects(output);
        if (Files.exists(rejects) && Files.isSameFile(rejects, schema)) {
            throw usage("--rejects %s is the schema, and would be written over".formatted(rejects));
        }
        BulkSchema definitions;
        TableSchema target;
        try {
            definitions =
                    BulkSchema.of(
                            schemaText(),
                            () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
            target = definitions.table(table.keyspace(), table.name());
        } catch (CqlException e) {
            throw new BulkFailure(
                    "%s, for table %s: %s".formatted(schema, table, e.getMessage()), e);
        }
        WriteJob.Result result =
                new WriteJob(input, options, this::usage, standardInput(), err())
                        .run(definitions, target, output);
        if (options.json()) {
            out().println(json(result).put("output", output.toString()).prettyText());
        } else {
            print(result, out());
            out().printf(Locale.ROOT, "Files          %s%n", output);
        }
        return code(result);
    }

    private String schemaText() throws IOException {
        try {
            return Files.readString(schema);
        } catch (CharacterCodingException e) {
            throw new IOException("%s is not text in UTF-8".formatted(schema), e);
        }
    }

    /// If there was nothing but rejects, something is wrong with all of it.
    static int code(WriteJob.Result result) {
        return result.rejected().count() > 0 && result.summary().rowsAdded() == 0 ? 1 : 0;
    }

    static Json.Members json(WriteJob.Result result) {
        return Json.object()
                .put("rows_read", result.read())
                .put("rows_written", result.summary().rowsAdded())
                .put("rows_rejected", result.rejected().count())
                .put("rows_stored", result.summary().rowsStored())
                .put("partitions", result.summary().partitions())
                .put("sstables", result.summary().files().size())
                .put("bytes", result.summary().bytes())
                .put("spilled_bytes", result.summary().spilledBytes())
                .put("seconds", result.seconds())
                .put(
                        "rejects",
                        result.rejected().count() == 0 ? null : result.rejected().file().toString())
                .put(
                        "first_reject",
                        result.rejected().count() == 0 ? null : result.rejected().first());
    }

    static void print(WriteJob.Result result, PrintWriter out) {
        long written = result.summary().rowsAdded();
        out.printf(Locale.ROOT, "Rows read      %,d%n", result.read());
        out.printf(Locale.ROOT, "Rows written   %,d", written);
        out.printf(
                Locale.ROOT,
                "%s%n",
                result.same() > 0
                        ? String.format(
                                Locale.ROOT, " (%,d with the key of another)", result.same())
                        : "");
        out.printf(
                Locale.ROOT,
                "Rejected       %,d%s%n",
                result.rejected().count(),
                result.rejected().count() == 0
                        ? ""
                        : ", see %s; one is %s"
                                .formatted(result.rejected().file(), result.rejected().first()));
        out.printf(
                Locale.ROOT,
                "SSTables       %d, %s, %,d partitions%n",
                result.summary().files().size(),
                ByteSize.text(result.summary().bytes()),
                result.summary().partitions());
        out.printf(
                Locale.ROOT,
                "Time           %.1f s, %,.0f rows/s%n",
                result.seconds(),
                result.read() / Math.max(result.seconds(), 1e-9));
    }
}
