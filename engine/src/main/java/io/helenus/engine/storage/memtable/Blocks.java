package io.helenus.engine.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Numbers in the blocks of a [StripeMemory]. They are written before a block can be reached.
final class Blocks {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Blocks() {}

    static int getInt(byte[] chunk, int offset) {
        return (int) INT.get(chunk, offset);
    }

    static void setInt(byte[] chunk, int offset, int value) {
        INT.set(chunk, offset, value);
    }

    static long getLong(byte[] chunk, int offset) {
        return (long) LONG.get(chunk, offset);
    }

    static void setLong(byte[] chunk, int offset, long value) {
        LONG.set(chunk, offset, value);
    }
}
