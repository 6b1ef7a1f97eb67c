package io.helenus.engine.storage;

/// Keys from the first to the last, which is included. Two are the same only if they are one object.
@SuppressWarnings("ArrayRecordComponent") // only looked into, and compared by identity
record KeySpan(byte[] first, byte[] last) {
    boolean touchesPartition(byte[] key, int offset, int prefixLength) {
        return SSTable.touchesPartition(first, last, key, offset, prefixLength);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
