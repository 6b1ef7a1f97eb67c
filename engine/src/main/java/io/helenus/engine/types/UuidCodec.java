package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// UUIDs in keys are 16 bytes whose first four bits are the version.
abstract class UuidCodec extends ValueCodec {
    static final int UUID_BYTES = 2 * Long.BYTES;
    private static final int VERSION_TIME = 1;

    /// Version, then time for version 1, then the low half: all unsigned.
    static final class Uuid extends UuidCodec {
        @Override
        void validate(byte[] value, int offset, int length) {
            checkLength(length);
        }

        @Override
        long lowToKey(long low) {
            return low;
        }
    }

    /// Time, then the low half as signed bytes.
    static final class TimeUuid extends UuidCodec {
        private static final long SIGNS = 0x8080808080808080L;
        private static final int VERSION_BYTE = 6;

        @Override
        void validate(byte[] value, int offset, int length) {
            checkLength(length);
            if (length != 0 && (value[offset + VERSION_BYTE] & 0xf0) >> 4 != VERSION_TIME) {
                throw new InvalidValueException(
                        "Invalid version for TimeUUID type: 0x"
                                + Integer.toHexString((value[offset + VERSION_BYTE] & 0xf0) >> 4));
            }
        }

        @Override
        long lowToKey(long low) {
            return low ^ SIGNS;
        }
    }

    static void checkLength(int length) {
        if (length != UUID_BYTES && length != 0) {
            throw new InvalidValueException("UUID should be 16 or 0 bytes (" + length + ")");
        }
    }

    /// Its own inverse.
    abstract long lowToKey(long low);

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        long high = ByteWriter.getLong(value, offset);
        out.writeLong(version(high) == VERSION_TIME ? timeFirst(high) : versionFirst(high));
        out.writeLong(lowToKey(ByteWriter.getLong(value, offset + Long.BYTES)));
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        return at + UUID_BYTES;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        long invert = -(long) (mask & 1);
        long high = ByteWriter.getLong(key, at) ^ invert;
        boolean isTime = high >>> 60 == VERSION_TIME;
        out.writeLong(isTime ? fromTimeFirst(high) : fromVersionFirst(high));
        out.writeLong(lowToKey(ByteWriter.getLong(key, at + Long.BYTES) ^ invert));
        return at + UUID_BYTES;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        if (length == 0) {
            out.append("null");
            return;
        }
        long high = ByteWriter.getLong(value, offset);
        out.append(new java.util.UUID(high, ByteWriter.getLong(value, offset + Long.BYTES)));
    }

    private static int version(long high) {
        return (int) (high >>> 12) & 0xf;
    }

    /// time_low · time_mid · version · time_hi → version · time_hi · time_mid · time_low
    private static long timeFirst(long high) {
        return high << 48 | high << 16 & 0xffff00000000L | high >>> 32;
    }

    private static long fromTimeFirst(long key) {
        return key << 32 | key >>> 16 & 0xffff0000L | key >>> 48;
    }

    private static long versionFirst(long high) {
        return high << 48 & 0xf000000000000000L | high >>> 4 & 0x0ffffffffffff000L | high & 0xfff;
    }

    private static long fromVersionFirst(long key) {
        return key << 4 & 0xffffffffffff0000L | key >>> 48 & 0xf000 | key & 0xfff;
    }
}
