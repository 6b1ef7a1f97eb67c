package io.helenus.tools.bulk;

import io.helenus.engine.Helenus;
import io.helenus.engine.bulk.BulkSchema;
import io.helenus.engine.bulk.BulkSummary;
import io.helenus.engine.bulk.SSTablePart;
import io.helenus.engine.bulk.SSTableRenumbering;
import io.helenus.engine.bulk.TokenRanges;
import io.helenus.engine.schema.InvalidSchemaBytesException;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.streaming.StreamException;
import io.helenus.engine.streaming.StreamSender;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVersionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sends SSTables to a node.
final class LoadJob {
    private static final String ENDING = ".sst";
    private static final int TIMEOUT_MILLIS = 300_000;
    private static final long PAUSE_FIRST_MILLIS = 500;
    private static final long PAUSE_MAX_MILLIS = 10_000;
    private static final long CACHE_BYTES = 1 << 20;
    private static final long SORTING_BYTES = 64 << 20;
    private static final int BAR = 30;
    private static final double NANOS_PER_SECOND = 1e9;

    private final InetSocketAddress node;
    private final LoadOptions options;
    private final PrintWriter err;
    private final boolean isTerminal;
    private final AtomicLong bytesDone = new AtomicLong();
    private long sentSinceStart; // bytes, for the rate
    private volatile long startNanos = System.nanoTime();

    /// What came of it.
    ///
    /// @param present files that the table had already
    /// @param renumbered of both, files whose columns had been declared in another order
    /// @param elsewhere files of which the node owns nothing, or not all
    record Result(
            int loaded, int present, int renumbered, int elsewhere, long bytes, double seconds) {
        static final Result NOTHING = new Result(0, 0, 0, 0, 0, 0);
    }

    LoadJob(InetSocketAddress node, LoadOptions options, PrintWriter err, boolean isTerminal) {
        this.node = node;
        this.options = options;
        this.err = err;
        this.isTerminal = isTerminal;
    }

    /// What the node says of a table.
    StreamSender.Table table(TableOption table) throws IOException, BulkFailure {
        try (StreamSender sender = StreamSender.connect(node, TIMEOUT_MILLIS)) {
            return sender.open(table.keyspace(), table.name());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private BulkFailure failed(IOException e) {
        return new BulkFailure(
                "%s:%d: %s".formatted(node.getHostString(), node.getPort(), problem(e)), e);
    }

    private static String problem(IOException e) {
        if (e instanceof EOFException) {
            return "the node closed the connection";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /// SSTables in a directory, or files named one by one.
    static List<Path> files(List<Path> sources) throws IOException, BulkFailure {
        List<Path> files = new ArrayList<>();
        for (Path source : sources) {
            Path name = source.toAbsolutePath().normalize().getFileName();
            if (name != null && name.toString().endsWith(".incomplete")) {
                throw new BulkFailure(
                        "%s was not written to its end: write it again".formatted(source));
            }
            if (Files.isDirectory(source)) {
                files.addAll(sstables(source));
            } else if (!Files.isRegularFile(source)) {
                throw new BulkFailure(source + ": there is no such file or directory");
            } else if (!source.toString().endsWith(ENDING)) {
                throw new BulkFailure(source + " is no SSTable: its name does not end in .sst");
            } else {
                files.add(source);
            }
        }
        if (files.isEmpty()) {
            throw new BulkFailure("there are no SSTables in " + sources);
        }
        return files;
    }

    private static List<Path> sstables(Path directory) throws IOException, BulkFailure {
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> found = all.sorted().toList();
            for (Path path : found) {
                if (path.toString().endsWith(ENDING + ".tmp")) {
                    throw new BulkFailure(
                            "%s has files that are being written: %s"
                                    .formatted(directory, path.getFileName()));
                }
            }
            return found.stream().filter(path -> path.toString().endsWith(ENDING)).toList();
        }
    }

    Result run(TableOption table, List<Path> files)
            throws IOException, BulkFailure, InterruptedException {
        StreamSender.Table there = table(table);
        Map<String, SchemaHeader.Column> columns =
                there.header().columns().stream()
                        .collect(Collectors.toMap(SchemaHeader.Column::name, Function.identity()));
        List<Path> renumbered = new ArrayList<>();
        long total = 0;
        for (Path file : files) {
            if (!hasSameNumbers(file, table, columns)) {
                renumbered.add(file);
            }
            total += Files.size(file);
        }
        long all = total;
        SSTablePart part =
                new SSTablePart(
                        Helenus.bulkEnvironment(Runtime.getRuntime().availableProcessors()),
                        BulkSchema.of(there.definition(), () -> 0)
                                .numberedAs(table.keyspace(), table.name(), there.header())
                                .table(table.keyspace(), table.name()),
                        TokenRanges.of(
                                there.owned().stream()
                                        .map(range -> new TokenRanges.Arc(range.from(), range.to()))
                                        .toList()));
        startNanos = System.nanoTime();
        int loaded = 0;
        int present = 0;
        int elsewhere = 0;
        try (Connection connection = new Connection(table);
                Progress _ = new Progress(err, isTerminal, () -> bar(all))) {
            for (Path file : files) {
                SSTablePart.Extent extent = part.extent(file);
                elsewhere += extent == SSTablePart.Extent.ALL ? 0 : 1;
                if (extent == SSTablePart.Extent.NONE) {
                    bytesDone.addAndGet(Files.size(file));
                    continue;
                }
                boolean isSent =
                        extent == SSTablePart.Extent.ALL && !renumbered.contains(file)
                                ? connection.send(StreamSender.Source.of(file))
                                : sendRewritten(
                                        connection, file, extent, part, renumbered.contains(file));
                loaded += isSent ? 1 : 0;
                present += isSent ? 0 : 1;
            }
        }
        return new Result(
                loaded,
                present,
                renumbered.size(),
                elsewhere,
                total,
                (System.nanoTime() - startNanos) / NANOS_PER_SECOND);
    }

    /// Writes a file again on the way if the node owns a part of it only, or if its columns have other
    /// numbers than the node's: cells name their columns by numbers, which columns get in the order of
    /// their making.
    private static boolean sendRewritten(
            Connection connection,
            Path file,
            SSTablePart.Extent extent,
            SSTablePart part,
            boolean renumbers)
            throws IOException, BulkFailure, InterruptedException {
        Path work = Files.createTempDirectory("helenus-load-");
        try {
            Path from = file;
            if (extent == SSTablePart.Extent.SOME) {
                from = work.resolve("owned.sst");
                if (!part.write(file, from)) {
                    return false;
                }
            }
            List<Path> rewritten = List.of(from);
            if (renumbers) {
                rewritten =
                        new SSTableRenumbering(part.environment(), part.table(), SORTING_BYTES)
                                .run(from, work.resolve("renumbered")).stream()
                                        .map(BulkSummary.File::path)
                                        .toList();
            }
            boolean isSent = false;
            for (Path each : rewritten) {
                isSent |= connection.send(StreamSender.Source.of(each));
            }
            return isSent;
        } finally {
            delete(work);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> found;
        try (Stream<Path> walk = Files.walk(directory)) {
            found = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : found) {
            Files.delete(path);
        }
    }

    /// Finds out before anything is sent what the node would refuse.
    ///
    /// @return whether columns have the numbers that they have on the node
    private static boolean hasSameNumbers(
            Path file, TableOption table, Map<String, SchemaHeader.Column> there)
            throws IOException, BulkFailure {
        SchemaHeader.Content here;
        try (SSTableReader reader =
                SSTableReader.open(
                        new ChannelFiles(), file, new BlockCache(CACHE_BYTES, Runnable::run))) {
            here = SchemaHeader.decode(reader.schemaHeader());
        } catch (CorruptSSTableException
                | SSTableVersionException
                | InvalidSchemaBytesException e) {
            String message = String.valueOf(e.getMessage());
            throw new BulkFailure(
                    message.contains(file.toString()) ? message : file + ": " + message, e);
        }
        boolean sameNumbers = true;
        for (SchemaHeader.Column column : here.columns()) {
            SchemaHeader.Column same = there.get(column.name());
            boolean isKey = column.kind().isPrimaryKey();
            if (same == null && !isKey) {
                throw new BulkFailure(
                        "%s has a column %s %s, which %s on the node does not have"
                                .formatted(file, column.name(), column.type(), table));
            }
            boolean fits =
                    same != null
                            && same.kind() == column.kind()
                            && same.type().equals(column.type())
                            && same.position() == column.position()
                            && same.descending() == column.descending();
            if (same != null && !fits) {
                throw new BulkFailure(
                        "%s was written for a table with %s, and %s on the node has %s"
                                .formatted(file, text(column), table, text(same)));
            }
            sameNumbers &= isKey || same != null && same.id() == column.id();
        }
        return sameNumbers;
    }

    private static String text(SchemaHeader.Column column) {
        return "%s %s %s%s"
                .formatted(
                        column.kind().name().toLowerCase(Locale.ROOT),
                        column.name(),
                        column.type(),
                        column.descending() ? " DESC" : "");
    }

    private String bar(long total) {
        long done = bytesDone.get();
        double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        double rate = done / Math.max(seconds, 1e-9);
        int filled = (int) (BAR * done / Math.max(1, total));
        return String.format(
                Locale.ROOT,
                "[%s%s] %d %%, %s/s%s",
                "#".repeat(filled),
                " ".repeat(BAR - filled),
                100 * done / Math.max(1, total),
                ByteSize.text((long) rate),
                Progress.left(done, total, startNanos));
    }

    /// A connection that is made again when it breaks.
    private final class Connection implements AutoCloseable {
        private final TableOption table;
        private @Nullable StreamSender sender;

        Connection(TableOption table) {
            this.table = table;
        }

        private StreamSender open() throws IOException {
            StreamSender open = sender;
            if (open == null) {
                open = StreamSender.connect(node, TIMEOUT_MILLIS);
                sender = open;
                var _ = open.open(table.keyspace(), table.name());
            }
            return open;
        }

        boolean send(StreamSender.Source source)
                throws IOException, BulkFailure, InterruptedException {
            long before = bytesDone.get();
            int failures = 0;
            long pause = PAUSE_FIRST_MILLIS;
            while (true) {
                long reached = bytesDone.get();
                bytesDone.set(before);
                try {
                    return open().send(source, this::progressed);
                } catch (StreamException e) {
                    throw failed(e);
                } catch (IOException e) {
                    close();
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    boolean cameFurther = bytesDone.get() > reached;
                    failures = cameFurther ? 1 : failures + 1;
                    if (failures > options.retries()) {
                        throw failed(e);
                    }
                    err.println(
                            "%s:%d: %s; trying again"
                                    .formatted(node.getHostString(), node.getPort(), problem(e)));
                    err.flush();
                    Thread.sleep(pause);
                    pause = Math.min(PAUSE_MAX_MILLIS, 2 * pause);
                }
            }
        }

        /// Waits where the rate demands it.
        private void progressed(long bytes) {
            bytesDone.addAndGet(bytes);
            sentSinceStart += bytes;
            if (options.rate() == 0) {
                return;
            }
            double due = sentSinceStart / (double) options.rate();
            double passed = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
            if (due > passed) {
                try {
                    Thread.sleep((long) ((due - passed) * 1000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() throws IOException {
            StreamSender open = sender;
            sender = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
