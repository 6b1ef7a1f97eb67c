package io.helenus.engine.coordinator;

import org.jspecify.annotations.Nullable;

/// Consistency levels; the ordinal is the native protocol's number.
public enum ConsistencyLevel {
    ANY,
    ONE,
    TWO,
    THREE,
    QUORUM,
    ALL,
    LOCAL_QUORUM,
    EACH_QUORUM,
    SERIAL,
    LOCAL_SERIAL,
    LOCAL_ONE;

    private static final ConsistencyLevel[] BY_CODE = values();

    public int code() {
        return ordinal();
    }

    /// Null for a number that is no level.
    public static @Nullable ConsistencyLevel of(int code) {
        return code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
    }

    public boolean isSerial() {
        return this == SERIAL || this == LOCAL_SERIAL;
    }
}
