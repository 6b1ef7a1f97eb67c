package io.helenus.tools;

import io.helenus.engine.schema.InvalidSchemaBytesException;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.file.SSTableVersionException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// `helenus sstable`: looks into files without a node. Reads only.
final class SstableCommand implements Command {
    private static final String SUFFIX = ".sst";
    private static final long CACHE_BYTES = 8L << 20;
    private static final String HELP =
            """
            Usage: helenus sstable verify|stats|dump FILE...
            Inspects SSTables, also those of a node that is not running. FILE may be a directory.

            Commands:
              verify                 Read every byte and check all that can be checked.
              stats                  Print what a file says about its content.
              dump                   Print all entries, one JSON object a line; values are CQL.
            """;

    /// What to do with an open file.
    @FunctionalInterface
    private interface Inspection {
        /// @return whether all was well
        boolean inspect(SSTableReader reader, PrintStream out);
    }

    @Override
    public int run(List<String> arguments, Context context) throws UsageException {
        if (arguments.contains("-h") || arguments.contains("--help")) {
            context.out().print(HELP);
            return DONE;
        }
        Inspection inspection =
                switch (arguments.isEmpty() ? "" : arguments.get(0)) {
                    case "verify" -> SstableCommand::verify;
                    case "stats" -> SstableCommand::stats;
                    case "dump" -> SstableCommand::dump;
                    case "" -> throw new UsageException("verify, stats or dump is missing");
                    default ->
                            throw new UsageException(
                                    "unknown command 'sstable %s'".formatted(arguments.get(0)));
                };
        List<String> paths = arguments.subList(1, arguments.size());
        if (paths.isEmpty()) {
            throw new UsageException("a file or directory is missing");
        }
        try {
            return each(files(paths), inspection, context);
        } catch (IOException e) {
            context.err().println(e);
            return FAILED;
        }
    }

    private static int each(List<Path> files, Inspection inspection, Context context) {
        int exitCode = DONE;
        for (Path path : files) {
            BlockCache cache = new BlockCache(CACHE_BYTES, Runnable::run);
            try (SSTableReader reader = SSTableReader.open(new ChannelFiles(), path, cache)) {
                if (!inspection.inspect(reader, context.out())) {
                    exitCode = FAILED;
                }
            } catch (IOException
                    | UncheckedIOException
                    | CorruptSSTableException
                    | InvalidSchemaBytesException
                    | SSTableVersionException e) {
                context.err().println(message(path, e));
                exitCode = FAILED;
            }
        }
        return exitCode;
    }

    private static String message(Path path, Exception e) {
        String text = String.valueOf(e.getMessage());
        return text.contains(path.toString()) ? text : path + ": " + e;
    }

    private static List<Path> files(List<String> names) throws IOException, UsageException {
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
            try (Stream<Path> below = Files.walk(path)) {
                below.filter(file -> file.toString().endsWith(SUFFIX)).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static boolean verify(SSTableReader reader, PrintStream out) {
        SSTableVerifier.Report report = new SSTableVerifier(reader).verify();
        boolean sound = report.damage().isEmpty();
        out.println(
                "%s: %s, %d bytes, %d blocks, %d entries"
                        .formatted(
                                reader.path(),
                                sound ? "sound" : report.damage().size() + " damaged places",
                                reader.fileBytes(),
                                report.blocks(),
                                report.items()));
        for (SSTableVerifier.Damage damage : report.damage()) {
            byte[] to = damage.toKey();
            out.println(
                    "  at %d: %s; keys from %s to %s"
                            .formatted(
                                    damage.offset(),
                                    damage.what(),
                                    key(damage.fromKey(), "the first"),
                                    to == null ? "the last" : key(to, "the last")));
        }
        return sound;
    }

    private static String key(byte[] key, String ofEmpty) {
        return key.length == 0 ? ofEmpty : HexFormat.of().formatHex(key);
    }

    private static boolean dump(SSTableReader reader, PrintStream out) {
        new SstableDump(reader, out).print();
        return true;
    }

    private static boolean stats(SSTableReader reader, PrintStream out) {
        SSTableMetadata metadata = reader.metadata();
        out.println(reader.path() + ":");
        print(out, "file bytes", reader.fileBytes());
        print(out, "bytes before compression", metadata.rawBytes());
        print(out, "bytes of keys and values", metadata.itemBytes());
        print(out, "data blocks", metadata.blocks());
        print(out, "index pages", metadata.indexPages());
        print(out, "partitions", metadata.partitions());
        print(out, "largest partition, bytes", metadata.largestPartitionBytes());
        print(out, "rows", metadata.rows());
        print(out, "static rows", metadata.staticRows());
        print(out, "collection elements", metadata.elements());
        print(out, "cells", metadata.cells());
        print(out, "tombstones", metadata.tombstones());
        print(out, "bounds of range deletions", metadata.boundaries());
        print(out, "expiring cells", metadata.expiring());
        print(out, "oldest write", micros(metadata.minTimestamp()));
        print(out, "newest write", micros(metadata.maxTimestamp()));
        print(out, "repaired at", metadata.repairedAt() == 0 ? "never" : metadata.repairedAt());
        print(out, "first key", HexFormat.of().formatHex(metadata.firstKey()));
        print(out, "last key", HexFormat.of().formatHex(metadata.lastKey()));
        return true;
    }

    private static void print(PrintStream out, String name, Object value) {
        out.println("  %-28s %s".formatted(name, value));
    }

    private static String micros(long micros) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return "none";
        }
        Instant instant =
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1_000L);
        return "%d (%s)".formatted(micros, instant);
    }
}
