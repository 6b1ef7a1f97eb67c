package io.helenus.commitlog;

import java.util.Comparator;

/// The 16 bytes that name a table, where a pair of `long` will not do.
public record TableId(long high, long low) {
    static final Comparator<TableId> ORDER =
            Comparator.comparingLong(TableId::high).thenComparingLong(TableId::low);

    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
