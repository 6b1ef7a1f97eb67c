package io.helenus.tools.bulk;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how rows are written.
final class WriteOptions {
    private static final double HEAP_SHARE = 0.8;
    private static final long SORTING_MIN = 1 << 20;
    private static final long READING = 32 << 20;
    private static final int RECORD_SHARE = 32;
    private static final int RECORD_CHARS_LEAST = 1 << 20;
    private static final int RECORD_CHARS_MOST = 36 << 20; // the largest row, in hexadecimals
    private static final int TTL_MAX = 20 * 365 * 24 * 60 * 60; // as in Cassandra

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "256m",
            converter = ByteSize.class,
            description =
                    "The heap of this program, at least 128m. Rows that wait to be sorted have three"
                            + " quarters of it, less 32m; what does not fit goes to the disk"
                            + " meanwhile. The JVM itself takes about 128m more, whatever the heap"
                            + " is (default: ${DEFAULT-VALUE}).")
    private long memory = 256L << 20;

    @Option(
            names = "--file-size",
            paramLabel = "SIZE",
            defaultValue = "1g",
            converter = ByteSize.class,
            description = "Size at which an SSTable is ended (default: ${DEFAULT-VALUE}).")
    private long fileSize = 1L << 30;

    @Option(
            names = "--max-errors",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "How many records may be wrong; 0 stops at the first (default:"
                            + " ${DEFAULT-VALUE}).")
    private long errors = 100;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description =
                    "Where records go that are wrong, with the reason (default: the output's name"
                            + " with .rejected).")
    private Optional<Path> rejects = Optional.empty();

    @Option(
            names = "--timestamp",
            paramLabel = "MICROS",
            description = "The time of all rows (default: that of their reading).")
    private Optional<Long> timestamp = Optional.empty();

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "After which rows expire.")
    private Optional<Integer> ttl = Optional.empty();

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    void check(InputOptions.Usage usage) {
        if (memory < 1 << 20) {
            throw usage.wrong("--memory is %d bytes, must be at least 1m".formatted(memory));
        }
        long machine =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize();
        if (memory > machine) {
            throw usage.wrong(
                    "--memory is %s, and this machine has %s"
                            .formatted(ByteSize.text(memory), ByteSize.text(machine)));
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (sortingBytes() > heap * HEAP_SHARE) {
            throw usage.wrong(
                    "--memory is %s, and the JVM was given %s by other options than that"
                            .formatted(ByteSize.text(memory), ByteSize.text(heap)));
        }
        if (fileSize < 1 << 20) {
            throw usage.wrong("--file-size is %d bytes, must be at least 1m".formatted(fileSize));
        }
        if (errors < 0) {
            throw usage.wrong("--max-errors is %d, must be at least 0".formatted(errors));
        }
        if (ttl.filter(seconds -> seconds < 0 || seconds > TTL_MAX).isPresent()) {
            throw usage.wrong("--ttl is %d, must be from 0 to %d".formatted(ttl.get(), TTL_MAX));
        }
        if (timestamp.filter(micros -> micros == Long.MIN_VALUE).isPresent()) {
            throw usage.wrong("--timestamp is out of range");
        }
    }

    /// What is left of the memory for rows that wait to be sorted. The rest is for records that are
    /// being read, for blocks that are merged, and for what dies young.
    long sortingBytes() {
        return Math.max(SORTING_MIN, Math.max(memory / 2, memory / 4 * 3 - READING));
    }

    /// The most characters that a record may have, as several copies of it are in memory.
    int recordCharsMax() {
        return Math.clamp(memory / RECORD_SHARE, RECORD_CHARS_LEAST, RECORD_CHARS_MOST);
    }

    long fileBytes() {
        return fileSize;
    }

    long errorsMax() {
        return errors;
    }

    Path rejects(Path output) {
        return rejects.orElseGet(() ->
                output.toAbsolutePath()
                        .normalize()
                        .resolveSibling(
                                output.toAbsolutePath().normalize().getFileName() + ".rejected"));
    }

    /// The same, with a file of rejects if none was named.
    WriteOptions rejectingTo(Path file) {
        if (rejects.isEmpty()) {
            rejects = Optional.of(file);
        }
        return this;
    }

    /// Whether somebody named the file of rejects.
    boolean hasRejects() {
        return rejects.isPresent();
    }

    @Nullable Long timestamp() {
        return timestamp.orElse(null);
    }

    OptionalInt ttl() {
        return ttl.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    boolean json() {
        return json;
    }

    boolean isTerminal() {
        return BulkAction.isTerminal(json);
    }
}
