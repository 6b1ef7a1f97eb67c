package io.helenus.engine.streaming;

import io.helenus.engine.storage.IncomingFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Files that have arrived in part and whose connection is gone, until they are asked for again or
/// time is up. Any thread.
final class StreamReceptions implements AutoCloseable {
    private static final long KEPT_NANOS = 600_000_000_000L;
    private static final int KEPT_MAX = 64;

    private final LongSupplier nanoTime;
    private final Map<Key, Parked> parked = new HashMap<>(); // guarded by this
    private boolean closed; // guarded by this

    /// What makes a file the same.
    record Key(UUID table, long bytes, int checksum) {}

    private record Parked(IncomingFile file, long sinceNanos) {}

    StreamReceptions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Takes a file out, if there is one.
    synchronized @Nullable IncomingFile take(Key key) throws IOException {
        expire();
        Parked found = parked.remove(key);
        return found == null ? null : found.file();
    }

    /// Keeps what has arrived so far.
    synchronized void park(Key key, IncomingFile file) throws IOException {
        expire();
        if (closed || parked.size() >= KEPT_MAX || parked.containsKey(key)) {
            file.close();
            return;
        }
        parked.put(key, new Parked(file, nanoTime.getAsLong()));
    }

    private void expire() throws IOException {
        long now = nanoTime.getAsLong();
        List<Key> old = new ArrayList<>();
        parked.forEach((key, file) -> {
            if (now - file.sinceNanos() > KEPT_NANOS) {
                old.add(key);
            }
        });
        for (Key key : old) {
            Parked gone = parked.remove(key);
            if (gone != null) {
                gone.file().close();
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (Parked left : List.copyOf(parked.values())) {
            left.file().close();
        }
        parked.clear();
    }
}
