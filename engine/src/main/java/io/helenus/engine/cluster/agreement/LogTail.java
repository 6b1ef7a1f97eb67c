package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.LogEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The latest entries, for others that are a little behind.
final class LogTail {
    private final Deque<LogEntry> entries = new ArrayDeque<>(); // epochs without a gap
    private final AgreementSettings settings;

    LogTail(AgreementSettings settings) {
        this.settings = settings;
    }

    void add(LogEntry entry) {
        entries.addLast(entry);
        if (entries.size() > settings.entriesKept()) {
            entries.removeFirst();
        }
    }

    void clear() {
        entries.clear();
    }

    /// As many of those after an epoch as one message has; empty if the first of them is not here.
    List<LogEntry> after(long epoch) {
        List<LogEntry> found = new ArrayList<>();
        LogEntry first = entries.peekFirst();
        if (first == null || first.epoch() > epoch + 1) {
            return found;
        }
        int bytes = 0;
        for (LogEntry entry : entries) {
            if (entry.epoch() <= epoch) {
                continue;
            }
            found.add(entry);
            bytes += entry.transformation().remaining();
            if (found.size() == settings.entriesPerMessage()
                    || bytes >= settings.entryBytesPerMessage()) {
                break;
            }
        }
        return found;
    }
}
