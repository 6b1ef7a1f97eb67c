package io.helenus.tools.bulk;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how rows are written.
final class WriteOptions {
    private static final double HEAP_SHARE = 0.6;
    private static final int TTL_MAX = 20 * 365 * 24 * 60 * 60; // as in Cassandra

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "256m",
            converter = ByteSize.class,
            description =
                    "What rows that wait to be sorted may take; what does not fit goes to the disk"
                            + " meanwhile (default: ${DEFAULT-VALUE}).")
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
        long heap = Runtime.getRuntime().maxMemory();
        if (memory > heap * HEAP_SHARE) {
            throw usage.wrong(
                    ("--memory is %s, and the JVM has %s: give it more, as in"
                                    + " HELENUS_JVM_OPTS=-Xmx%dm")
                            .formatted(
                                    ByteSize.text(memory),
                                    ByteSize.text(heap),
                                    (memory >> 20) * 2));
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

    long memoryBytes() {
        return memory;
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
