package io.helenus.tools.bulk;

import io.helenus.engine.bulk.BulkSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.streaming.StreamSender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `helenus bulk import`: write and load in one.
@Command(
        name = "import",
        description = "Brings files of rows into a table of a running node, as SSTables.",
        sortOptions = false)
final class ImportCommand extends BulkAction {
    @Option(
            names = "--table",
            required = true,
            paramLabel = "KS.T",
            converter = TableOption.Converter.class,
            description =
                    "The table on the node; names in double quotes keep their case, as in CQL.")
    private TableOption table = new TableOption("", "");

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Where SSTables are written meanwhile (default: a new directory of the"
                            + " system's for temporary files).")
    private Optional<Path> work = Optional.empty();

    @Mixin private InputOptions input = new InputOptions();
    @Mixin private WriteOptions options = new WriteOptions();
    @Mixin private LoadOptions target = new LoadOptions();

    private String kept = ""; // how to go on from the SSTables that are left

    @Override
    String afterInterruption() {
        return kept.isEmpty() ? "nothing was loaded" : kept;
    }

    @Override
    int work() throws IOException, BulkFailure, InterruptedException {
        input.check(this::usage);
        options.check(this::usage);
        target.check(this::usage);
        LoadJob load =
                new LoadJob(target.address(this::usage), target, err(), isTerminal(options.json()));
        StreamSender.Table there = load.table(table);
        BulkSchema schema =
                BulkSchema.of(
                                there.definition(),
                                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
                        .numberedAs(table.keyspace(), table.name(), there.header());
        TableSchema definition = schema.table(table.keyspace(), table.name());
        Path parent =
                work.isPresent()
                        ? Files.createDirectories(work.get())
                        : Files.createTempDirectory("helenus-import-");
        Path output = parent.resolve(table.fileName());
        try {
            WriteOptions here = options.rejectingTo(Path.of(table.fileName() + ".rejected"));
            WriteJob.Result written =
                    new WriteJob(input, here, this::usage, standardInput(), err())
                            .run(schema, definition, output);
            List<Path> files = Files.exists(output) ? list(output) : List.of();
            LoadJob.Result loaded = LoadJob.Result.NOTHING;
            if (!files.isEmpty()) {
                kept =
                        "the SSTables are kept; to go on: helenus bulk load --table %s --source %s"
                                .formatted(table.argument(), output);
                loaded = load.run(table, files);
                kept = "";
            }
            report(written, loaded);
            return WriteCommand.code(written);
        } catch (BulkFailure | IOException e) {
            if (kept.isEmpty()) {
                throw e;
            }
            throw new BulkFailure("%s%n%s".formatted(BulkTool.text(e), kept), e);
        } finally {
            if (kept.isEmpty()) {
                delete(output);
                if (work.isEmpty()) {
                    delete(parent);
                }
            }
        }
    }

    private void report(WriteJob.Result written, LoadJob.Result loaded) {
        if (options.json()) {
            out().println(LoadCommand.json(WriteCommand.json(written), loaded).prettyText());
            return;
        }
        WriteCommand.print(written, out());
        LoadCommand.print(loaded, out());
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /// With the files that lie in it.
    private static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        for (Path path : list(directory)) {
            Files.deleteIfExists(path);
        }
        Files.deleteIfExists(directory);
    }
}
