package io.helenus.tools;

import io.helenus.engine.schema.InvalidSchemaBytesException;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.file.SSTableVersionException;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `helenus sstable`: looks into files without a node. Changes none of them.
final class SstableCommand implements Command {
    private static final String SUFFIX = ".sst";
    private static final long CACHE_BYTES = 8L << 20;
    private static final String HELP =
            """
            Usage: helenus sstable dump|stats|verify [--json] FILE...
                   helenus sstable scrub --to DIRECTORY FILE...
            Inspects SSTables, also those of a node that is not running. FILE may be a directory: then all
            SSTables below it. No file is ever changed.

            Commands:
              dump                   Print all entries as they are stored; values are CQL. Goes on behind
                                     damaged blocks and says on standard error what it left out.
              stats                  Print what a file says about its content.
              verify                 Read every byte and check all that can be checked.
              scrub                  Write what can still be read to a new file in DIRECTORY and say what is
                                     lost. "helenus node import" takes the new file into a table. What a lost
                                     deletion had deleted may come back from other files.

            Options:
              --json                 One JSON object a line: for each entry (dump) or file (stats, verify).
              --to DIRECTORY         Where scrub writes to. Made if it does not exist.

            Exit codes: 0 all is sound, 1 something is damaged or could not be read, 2 wrong command line.
            """;

    /// What to do with an open file.
    @FunctionalInterface
    private interface Inspection {
        /// @return whether all was well
        boolean inspect(SSTableReader reader) throws IOException;
    }

    /// The command line.
    private record Request(String command, boolean json, @Nullable Path to, List<String> names) {
        static Request of(List<String> arguments) throws UsageException {
            String command = arguments.isEmpty() ? "" : arguments.get(0);
            switch (command) {
                case "dump", "stats", "verify", "scrub" -> {}
                case "" -> throw new UsageException("dump, stats, verify or scrub is missing");
                default ->
                        throw new UsageException("unknown command 'sstable %s'".formatted(command));
            }
            boolean json = false;
            Path to = null;
            List<String> names = new ArrayList<>();
            for (int i = 1; i < arguments.size(); i++) {
                String argument = arguments.get(i);
                if (argument.equals("--json") && !command.equals("scrub")) {
                    json = true;
                } else if (argument.equals("--to") && command.equals("scrub")) {
                    i++;
                    if (i == arguments.size()) {
                        throw new UsageException("--to needs a directory");
                    }
                    to = Path.of(arguments.get(i));
                } else if (argument.startsWith("-") && argument.length() > 1) {
                    throw new UsageException(
                            "unknown option '%s' of 'sstable %s'".formatted(argument, command));
                } else {
                    names.add(argument);
                }
            }
            if (names.isEmpty()) {
                throw new UsageException("a file or directory is missing");
            }
            if (command.equals("scrub") && to == null) {
                throw new UsageException("scrub needs --to DIRECTORY: it changes no file");
            }
            return new Request(command, json, to, names);
        }
    }

    @Override
    public int run(List<String> arguments, Context context) throws UsageException {
        if (arguments.contains("-h") || arguments.contains("--help")) {
            context.out().print(HELP);
            return DONE;
        }
        Request request = Request.of(arguments);
        SstableReport report = new SstableReport(context.out(), request.json());
        Inspection inspection =
                switch (request.command()) {
                    case "verify" -> reader -> verify(reader, report);
                    case "stats" -> reader -> stats(reader, report);
                    case "dump" -> reader -> dump(reader, context, request.json());
                    default -> reader -> scrub(reader, context, request.to());
                };
        boolean perFile = request.command().equals("verify") || request.command().equals("stats");
        try {
            List<Path> files = files(request.names(), context);
            Path to = request.to();
            if (to != null && !files.isEmpty()) {
                Files.createDirectories(to);
            }
            return each(files, inspection, context, request.json() && perFile ? report : null);
        } catch (IOException | UncheckedIOException e) {
            context.err().println(StartFailure.text(e));
            return FAILED;
        }
    }

    /// @param failures told of a file that cannot be opened, beside standard error
    private static int each(
            List<Path> files,
            Inspection inspection,
            Context context,
            @Nullable SstableReport failures) {
        int exitCode = files.isEmpty() ? FAILED : DONE;
        for (Path path : files) {
            BlockCache cache = new BlockCache(CACHE_BYTES, Runnable::run);
            try (SSTableReader reader = SSTableReader.open(new ChannelFiles(), path, cache)) {
                if (!inspection.inspect(reader)) {
                    exitCode = FAILED;
                }
            } catch (IOException
                    | UncheckedIOException
                    | CorruptSSTableException
                    | InvalidSchemaBytesException
                    | SSTableVersionException e) {
                String text = message(path, e);
                context.err().println(text);
                if (failures != null) {
                    failures.unreadable(path, text);
                }
                exitCode = FAILED;
            }
        }
        return exitCode;
    }

    private static String message(Path path, Exception e) {
        String text = StartFailure.text(e);
        boolean saysMore = text.contains(path.toString()) && !text.equals(path.toString());
        return saysMore ? text : path + ": " + text;
    }

    private static List<Path> files(List<String> names, Context context)
            throws IOException, UsageException {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path path = Path.of(name);
            if (!Files.exists(path)) {
                throw new UsageException(name + ": there is no such file or directory");
            }
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            List<Path> found;
            try (Stream<Path> below = Files.walk(path)) {
                found = below.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
            }
            if (found.isEmpty()) {
                context.err().println(name + ": there are no SSTables in this directory");
            }
            files.addAll(found);
        }
        return files;
    }

    private static boolean verify(SSTableReader reader, SstableReport report) {
        SSTableVerifier.Report found = new SSTableVerifier(reader).verify();
        report.verified(reader, found, found.damage().isEmpty() ? null : names(reader));
        return found.damage().isEmpty();
    }

    /// How to call keys; null if the file cannot say what they mean.
    private static @Nullable SstableDecoder names(SSTableReader reader) {
        try {
            return new SstableDecoder(reader);
        } catch (CorruptSSTableException | InvalidSchemaBytesException e) {
            return null; // which is among the damage
        }
    }

    private static boolean stats(SSTableReader reader, SstableReport report) {
        report.statistics(reader, new SstableDecoder(reader));
        return true;
    }

    private static boolean dump(SSTableReader reader, Context context, boolean json)
            throws IOException {
        SstableDecoder decoder = new SstableDecoder(reader);
        Consumer<SstableEntry> printer;
        if (json) {
            printer = new SstableJson(context.out())::print;
        } else {
            SchemaHeader.Content header = decoder.header();
            context.out()
                    .println(
                            "# %s: %s.%s"
                                    .formatted(reader.path(), header.keyspace(), header.table()));
            printer = new SstableText(context.out())::print;
        }
        List<SSTableVerifier.Damage> lost =
                new SstableWalk(reader)
                        .run(
                                new SstableWalk.Visitor() {
                                    @Override
                                    public void entry(RowCursor cursor) {
                                        printer.accept(decoder.entry(cursor));
                                    }

                                    @Override
                                    public void gap(SSTableVerifier.Damage damage) {
                                        context.err().println("left out: " + text(damage, decoder));
                                    }
                                });
        return lost.isEmpty();
    }

    private static boolean scrub(SSTableReader reader, Context context, @Nullable Path to)
            throws IOException {
        if (to == null) {
            throw new IllegalArgumentException("There is no directory to write to");
        }
        Path target = to.resolve(String.valueOf(reader.path().getFileName()));
        if (Files.exists(target)) {
            throw new IOException(
                    "%s: %s exists already and is not overwritten"
                            .formatted(reader.path(), target));
        }
        SstableDecoder decoder = new SstableDecoder(reader);
        SstableScrub.Result result = SstableScrub.run(reader, target);
        context.out()
                .println(
                        result.entries() == 0
                                ? reader.path() + ": nothing can be read, no file was written"
                                : "%s: %d entries saved in %s"
                                        .formatted(reader.path(), result.entries(), target));
        for (SSTableVerifier.Damage damage : result.lost()) {
            context.out().println("  lost: " + text(damage, decoder));
        }
        return result.lost().isEmpty();
    }

    /// @param decoder null if keys cannot be named
    static String text(SSTableVerifier.Damage damage, @Nullable SstableDecoder decoder) {
        byte[] from = damage.fromKey();
        byte[] to = damage.toKey();
        return "%s; keys from %s to %s"
                .formatted(
                        damage.what(),
                        from.length == 0 ? "the first" : key(from, decoder),
                        to == null ? "the last" : key(to, decoder));
    }

    static String key(byte[] key, @Nullable SstableDecoder decoder) {
        return decoder == null ? HexFormat.of().formatHex(key) : decoder.describe(key);
    }
}
