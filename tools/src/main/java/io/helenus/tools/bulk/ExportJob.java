package io.helenus.tools.bulk;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.ExecutionInfo;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import io.helenus.engine.bulk.BulkSchema;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.TableSchema;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a table through the Java driver, a range of tokens after the other on several threads. Each
/// range becomes a file of its own beside the output; when all are there, they become the output, in
/// the order of tokens: one file, or a directory of files of a size. Ranges that an interrupted export
/// has finished are not read again.
final class ExportJob {
    private static final int RANGES = 64;
    private static final int PAGE_ROWS_FIRST = 64;
    private static final int PAGE_ROWS_MAX = 5000;
    private static final long PAGE_CHARS = 1 << 20; // about
    private static final int BUFFER_BYTES = 64 << 10;
    private static final Duration RECONNECTION_FIRST = Duration.ofMillis(200);
    private static final Duration RECONNECTION_MAX = Duration.ofSeconds(2);
    private static final String PARTS_ENDING = ".parts";
    private static final String TEMPORARY_ENDING = ".tmp";
    private static final String QUERY = "query";
    private static final String LOCK = "lock";
    private static final String JOINED = "joined";
    private static final Pattern OURS =
            Pattern.compile("lock|query(\\.tmp)?|joined|[0-9]+-[0-9]+|[0-9]+\\.tmp");

    private final Path output;
    private final Path parts;
    private final long splitBytes;
    private final ExportPages pages;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicInteger rangesDone = new AtomicInteger();
    private volatile long startNanos = System.nanoTime();
    private volatile long rowsKept; // from before
    private volatile int rangesKept;

    /// What came of it.
    record Result(long rows, int files, int rangesKept, double seconds) {}

    /// @param splitBytes of each file of a directory; 0 for one file
    ExportJob(Path output, long splitBytes, ExportPages pages) {
        this.pages = pages;
        this.output = output.toAbsolutePath().normalize();
        this.splitBytes = splitBytes;
        parts = parts(this.output);
    }

    /// Where the ranges are that were read.
    static Path parts(Path output) {
        Path whole = output.toAbsolutePath().normalize();
        return whole.resolveSibling(whole.getFileName() + PARTS_ENDING);
    }

    /// @param timeout of each request that says nothing else
    static CqlSession connect(InetSocketAddress node, NodeOptions.Login login, Duration timeout)
            throws BulkFailure {
        DriverConfigLoader config =
                DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, timeout)
                        // A node that comes back is found before a page is given up.
                        .withDuration(
                                DefaultDriverOption.RECONNECTION_BASE_DELAY, RECONNECTION_FIRST)
                        .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, RECONNECTION_MAX)
                        .withInt(DefaultDriverOption.REQUEST_PAGE_SIZE, PAGE_ROWS_FIRST)
                        .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                        .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                        // Milliseconds in which tasks of an ending session may still come.
                        .withString(DefaultDriverOption.NETTY_IO_SHUTDOWN_UNIT, "MILLISECONDS")
                        .withString(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_UNIT, "MILLISECONDS")
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 50)
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_TIMEOUT, 1000)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 50)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_TIMEOUT, 1000)
                        .withClass(
                                DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS,
                                DcInferringLoadBalancingPolicy.class)
                        .build();
        try {
            CqlSessionBuilder builder =
                    CqlSession.builder().addContactPoint(node).withConfigLoader(config);
            if (!login.username().isEmpty()) {
                builder.withAuthCredentials(login.username(), login.password());
            }
            return builder.build();
        } catch (DriverException e) {
            throw new BulkFailure(
                    "%s:%d: %s; is a node's port for clients (native_transport_port) there?"
                            .formatted(
                                    node.getHostString(), node.getPort(), ExportPages.problem(e)),
                    e);
        }
    }

    /// The table as the node describes it.
    static TableSchema table(CqlSession session, TableOption table) throws BulkFailure {
        if (SchemaNames.isSystem(table.keyspace())) {
            throw new BulkFailure(
                    "%s is the node's own, not data: only tables that were created can be exported"
                            .formatted(table));
        }
        StringBuilder script = new StringBuilder();
        boolean isThere = false;
        try {
            for (Row row :
                    session.execute("DESCRIBE KEYSPACE " + RowPlan.quoted(table.keyspace()))) {
                String kind = row.getString("type");
                boolean isOurs =
                        "table".equals(kind)
                                && table.name().equals(TableOption.stored(row.getString("name")));
                isThere |= isOurs;
                if (isOurs || "type".equals(kind)) {
                    script.append(row.getString("create_statement")).append('\n');
                }
            }
        } catch (DriverException e) {
            throw new BulkFailure(ExportPages.problem(e), e);
        }
        if (!isThere) {
            throw new BulkFailure("there is no table " + table);
        }
        try {
            return BulkSchema.of(script.toString(), () -> 0).table(table.keyspace(), table.name());
        } catch (CqlException e) {
            throw new BulkFailure("%s cannot be exported: %s".formatted(table, e.getMessage()), e);
        }
    }

    String progress() {
        int here = rangesDone.get() - rangesKept;
        return String.format(
                Locale.ROOT,
                "%,d rows, %,.0f/s, %d of %d ranges%s",
                rows.get(),
                (rows.get() - rowsKept) / Math.max(1e-9, (System.nanoTime() - startNanos) / 1e9),
                rangesDone.get(),
                RANGES,
                Progress.left(here, RANGES - rangesKept, startNanos));
    }

    private static String query(TableSchema table, List<ColumnSchema> columns, String where) {
        String key =
                table.partitionKey().stream()
                        .map(column -> RowPlan.quoted(column.name()))
                        .collect(Collectors.joining(", ", "token(", ")"));
        return "SELECT %s FROM %s.%s WHERE %s > ? AND %s <= ?%s"
                .formatted(
                        columns.stream()
                                .map(column -> RowPlan.quoted(column.name()))
                                .collect(Collectors.joining(", ")),
                        RowPlan.quoted(table.keyspace()),
                        RowPlan.quoted(table.name()),
                        key,
                        key,
                        where.isEmpty() ? "" : " AND " + where);
    }

    /// @param where further conditions, or an empty text
    /// @param limit of rows, 0 for none
    Result run(
            CqlSession session,
            TableSchema table,
            List<ColumnSchema> columns,
            String where,
            long limit,
            RowFormat format,
            int threads)
            throws IOException, BulkFailure, InterruptedException {
        startNanos = System.nanoTime();
        requireNew();
        String query = query(table, columns, where);
        String filtering = where.isEmpty() ? "" : " ALLOW FILTERING";
        PreparedStatement statement =
                prepare(session, query + filtering); // before anything is made
        Files.createDirectories(parts);
        int kept;
        int files;
        try (FileChannel channel =
                        FileChannel.open(
                                parts.resolve(LOCK),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new BulkFailure("another process is exporting to " + output);
            }
            kept = prepareParts(query + " LIMIT " + limit + "\n" + format.description());
            if (limit > 0) {
                inOrder(session, query, limit, format);
            } else {
                inParallel(statement, session, format, threads);
                requireAll();
            }
            try {
                files = join(table, format);
            } catch (IOException e) {
                throw FileFailures.named(parts, e);
            }
        }
        return new Result(rows.get(), files, kept, (System.nanoTime() - startNanos) / 1e9);
    }

    private void requireNew() throws IOException, BulkFailure {
        if (!Files.exists(output)) {
            return;
        }
        if (splitBytes == 0 || !Files.isDirectory(output)) {
            throw new BulkFailure(
                    "%s exists already%s"
                            .formatted(
                                    output,
                                    Files.isDirectory(output)
                                            ? ", and is a directory: --split writes into one"
                                            : ""));
        }
        if (!list(output).isEmpty()) {
            throw new BulkFailure(
                    "%s is not empty: files are written into a directory of their own"
                            .formatted(output));
        }
    }

    private static PreparedStatement prepare(CqlSession session, String query) throws BulkFailure {
        try {
            return session.prepare(query);
        } catch (DriverException e) {
            throw new BulkFailure("%s, in: %s".formatted(ExportPages.problem(e), query), e);
        }
    }

    /// @return how many ranges are there from before
    private int prepareParts(String query) throws IOException, BulkFailure {
        Path noted = parts.resolve(QUERY);
        if (Files.exists(noted) && !Files.readString(noted).equals(query)) {
            for (int i = 0; i < RANGES; i++) {
                if (finished(i) != null) {
                    throw new BulkFailure(
                            "%s is left from another export to the same file: delete it, or finish that one"
                                    .formatted(parts));
                }
            }
            Files.delete(noted); // nothing came of it
        }
        if (!Files.exists(noted)) {
            deleteParts(); // nobody knows what they are of
            Path temporary = parts.resolve(QUERY + TEMPORARY_ENDING);
            Files.writeString(temporary, query);
            Files.move(temporary, noted, StandardCopyOption.ATOMIC_MOVE);
        }
        int kept = 0;
        for (int i = 0; i < RANGES; i++) {
            Path part = finished(i);
            if (part != null) {
                kept++;
                rows.addAndGet(rowsOf(part));
            }
        }
        rowsKept = rows.get();
        rangesKept = kept;
        rangesDone.set(kept);
        return kept;
    }

    /// The file of a finished range is named by its number and its rows.
    private @Nullable Path finished(int range) throws IOException {
        try (Stream<Path> found = Files.list(parts)) {
            return found.filter(
                            path -> String.valueOf(path.getFileName()).matches(range + "-[0-9]+"))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static long rowsOf(Path part) {
        String name = String.valueOf(part.getFileName());
        return Long.parseLong(name.substring(name.indexOf('-') + 1));
    }

    private void inOrder(CqlSession session, String query, long limit, RowFormat format)
            throws IOException, BulkFailure, InterruptedException {
        for (int i = 0; i < RANGES && rows.get() < limit; i++) {
            if (finished(i) == null) {
                long left = Math.min(Integer.MAX_VALUE, limit - rows.get());
                String limited = query + " LIMIT " + left + " ALLOW FILTERING";
                export(i, prepare(session, limited), session, format);
            }
        }
    }

    private void inParallel(
            PreparedStatement statement, CqlSession session, RowFormat format, int threads)
            throws IOException, BulkFailure, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("helenus-bulk-export-" + i)
                            .start(() -> {
                                try {
                                    int range = next.getAndIncrement();
                                    while (range < RANGES && failure.get() == null) {
                                        if (finished(range) == null) {
                                            export(range, statement, session, format);
                                        }
                                        range = next.getAndIncrement();
                                    }
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                } catch (Throwable e) { // also of memory: its range is missing
                                    var _ = failure.compareAndSet(null, e);
                                }
                            }));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } finally {
            workers.forEach(Thread::interrupt);
        }
        switch (failure.get()) {
            case null -> {}
            case BulkFailure known ->
                    throw new BulkFailure(String.valueOf(known.getMessage()), known);
            case IOException known -> throw new IOException(known.getMessage(), known);
            case OutOfMemoryError known -> throw new IOException(known); // explained by the tool
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    /// A range that is missing would be missed by nobody.
    private void requireAll() throws IOException {
        for (int i = 0; i < RANGES; i++) {
            if (finished(i) == null) {
                throw new IllegalStateException("range %d is not in %s".formatted(i, parts));
            }
        }
    }

    private static long bound(int range) {
        return range == RANGES
                ? Long.MAX_VALUE
                : Long.MIN_VALUE + range * (Long.MIN_VALUE / RANGES * -2);
    }

    private void export(
            int range, PreparedStatement statement, CqlSession session, RowFormat format)
            throws IOException, BulkFailure, InterruptedException {
        Path temporary = parts.resolve(range + TEMPORARY_ENDING);
        long count = 0;
        StringBuilder text = new StringBuilder();
        BoundStatement bound = statement.bind(bound(range), bound(range + 1));
        int pageRows = PAGE_ROWS_FIRST;
        try (FileChannel file =
                        FileChannel.open(
                                temporary,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE);
                Writer out =
                        Channels.newWriter(
                                file, StandardCharsets.UTF_8.newEncoder(), BUFFER_BYTES)) {
            boolean more = true;
            while (more) {
                AsyncResultSet page = pages.next(session, bound.setPageSize(pageRows));
                int pageCount = page.remaining();
                long pageChars = 0;
                for (Row row : page.currentPage()) {
                    text.setLength(0);
                    format.write(values(row), text);
                    out.append(text);
                    pageChars += text.length();
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                count += pageCount;
                rows.addAndGet(pageCount);
                ExecutionInfo info = page.getExecutionInfo();
                ByteBuffer next = info.getPagingState();
                more = next != null;
                bound = bound.setPagingState(next);
                int asked = ((Statement<?>) info.getRequest()).getPageSize(); // perhaps fewer
                pageRows = pageRows(asked, pageCount, pageChars);
            }
            out.flush();
            file.force(true); // before its name says that it is whole
        } catch (IOException e) {
            throw FileFailures.named(temporary, e);
        } catch (DriverException e) {
            throw new BulkFailure(
                    "%s; what was read is kept in %s: the same command goes on from there"
                            .formatted(ExportPages.problem(e), parts),
                    e);
        }
        Files.move(temporary, parts.resolve(range + "-" + count), StandardCopyOption.ATOMIC_MOVE);
        rangesDone.incrementAndGet();
    }

    /// Rows of the next page, by the size of those on the last: large rows come a few at a time.
    private static int pageRows(int before, int rows, long chars) {
        long fitting = PAGE_CHARS * Math.max(1, rows) / Math.max(1, chars);
        return Math.clamp(fitting, 1, Math.min(PAGE_ROWS_MAX, 4 * before));
    }

    private static List<byte @Nullable []> values(Row row) {
        List<byte @Nullable []> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            ByteBuffer value = row.getBytesUnsafe(i);
            if (value == null) {
                values.add(null);
                continue;
            }
            byte[] bytes = new byte[value.remaining()];
            value.get(value.position(), bytes);
            values.add(bytes);
        }
        return values;
    }

    /// Makes the output of all parts.
    ///
    /// @return of how many files it consists
    private int join(TableSchema table, RowFormat format) throws IOException {
        Path joined = parts.resolve(JOINED);
        delete(joined); // of one that was killed meanwhile
        int files = 1;
        if (splitBytes == 0) {
            try (FileOutputStream out = new FileOutputStream(joined.toFile())) {
                out.write(format.header().getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i < RANGES; i++) {
                    Path part = finished(i);
                    if (part != null) {
                        long _ = Files.copy(part, out);
                    }
                }
                out.getFD().sync(); // the parts go when it has its name
            }
        } else {
            files = split(joined, table, format);
            Files.deleteIfExists(output); // it was found empty
        }
        Files.move(joined, output, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(parts.resolve(QUERY)); // first, so that no rest is ever taken for a beginning
        deleteParts();
        Files.delete(parts.resolve(LOCK));
        Files.delete(parts);
        return files;
    }

    private void deleteParts() throws IOException {
        for (Path path : list(parts)) {
            if (!OURS.matcher(String.valueOf(path.getFileName())).matches()) {
                throw new IOException("%s is not ours: nothing is written there".formatted(path));
            }
            if (!path.endsWith(LOCK)) {
                delete(path);
            }
        }
    }

    private int split(Path directory, TableSchema table, RowFormat format) throws IOException {
        Files.createDirectory(directory);
        try (SplitFiles out =
                new SplitFiles(
                        directory,
                        table.name(),
                        format.fileEnding(),
                        format.header().getBytes(StandardCharsets.UTF_8),
                        format.quote(),
                        splitBytes)) {
            for (int i = 0; i < RANGES; i++) {
                Path part = finished(i);
                if (part != null) {
                    try (InputStream in = Files.newInputStream(part)) {
                        out.append(in);
                    }
                }
            }
            return out.finish();
        }
    }

    /// A file, or a directory with the files in it.
    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            for (Path inside : list(path)) {
                Files.delete(inside);
            }
        }
        Files.deleteIfExists(path);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        }
    }
}
