package io.helenus.engine.messaging;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what went over one lane of a peer, in both directions. Any thread.
final class LaneCounters {
    final LongAdder connections = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder receivedExpired = new LongAdder();
    private final Map<MessageTransport.DropReason, LongAdder> dropped =
            new EnumMap<>(MessageTransport.DropReason.class);

    LaneCounters() {
        for (MessageTransport.DropReason reason : MessageTransport.DropReason.values()) {
            dropped.put(reason, new LongAdder());
        }
    }

    void dropped(MessageTransport.DropReason reason) {
        LongAdder counter = dropped.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    Map<MessageTransport.DropReason, Long> dropped() {
        Map<MessageTransport.DropReason, Long> counts =
                new EnumMap<>(MessageTransport.DropReason.class);
        dropped.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }
}
