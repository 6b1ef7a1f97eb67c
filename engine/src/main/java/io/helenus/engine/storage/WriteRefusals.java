package io.helenus.engine.storage;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Why writes are refused: reasons by their cause, which come and go one by one. Any thread; a write looks
/// at one volatile field.
final class WriteRefusals {
    private final TreeMap<String, String> byCause = new TreeMap<>(); // guarded by this
    private volatile @Nullable String reason; // one of them

    synchronized void add(String cause, String why) {
        byCause.put(cause, why);
        choose();
    }

    synchronized void remove(String cause) {
        byCause.remove(cause);
        choose();
    }

    private void choose() {
        Map.Entry<String, String> first = byCause.firstEntry();
        reason = first == null ? null : first.getValue();
    }

    /// Null if writes are taken.
    @Nullable String reason() {
        return reason;
    }

    /// @throws WritesRefusedException if writes are not taken
    void requireNone() {
        String why = reason;
        if (why != null) {
            throw new WritesRefusedException(why);
        }
    }
}
