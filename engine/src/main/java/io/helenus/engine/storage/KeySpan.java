package io.helenus.engine.storage;

/// Keys from the first to the last, which is included.
@SuppressWarnings("ArrayRecordComponent") // only looked into
record KeySpan(byte[] first, byte[] last) {
    boolean touchesPartition(byte[] key, int offset, int prefixLength) {
        return SSTable.touchesPartition(first, last, key, offset, prefixLength);
    }
}
