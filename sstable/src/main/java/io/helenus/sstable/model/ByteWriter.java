package io.helenus.sstable.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A growing byte array that is written at its end and reused. All integers are big-endian.
/// Belongs to one thread; [#array] changes when it grows.
public final class ByteWriter {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array;
    private int length;

    public ByteWriter(int capacity) {
        array = new byte[capacity];
    }

    public ByteWriter() {
        this(64);
    }

    /// The bytes written are `[0, length())` of it. Valid until the next write.
    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    public ByteWriter clear() {
        length = 0;
        return this;
    }

    /// Forgets all, and the memory too.
    public void release() {
        array = new byte[64];
        length = 0;
    }

    /// Gives what it has, array and all, to another and takes over what that one had.
    public void exchange(ByteWriter other) {
        byte[] array = this.array;
        int length = this.length;
        this.array = other.array;
        this.length = other.length;
        other.array = array;
        other.length = length;
    }

    /// Forgets what was written after the first `length` bytes, or makes room up to it.
    public ByteWriter setLength(int length) {
        if (length > this.length) {
            ensure(length - this.length);
        }
        this.length = length;
        return this;
    }

    public byte[] toArray() {
        return Arrays.copyOf(array, length);
    }

    public ByteWriter writeByte(int value) {
        ensure(1);
        array[length++] = (byte) value;
        return this;
    }

    public ByteWriter writeShort(int value) {
        ensure(Short.BYTES);
        SHORT.set(array, length, (short) value);
        length += Short.BYTES;
        return this;
    }

    public ByteWriter writeInt(int value) {
        ensure(Integer.BYTES);
        INT.set(array, length, value);
        length += Integer.BYTES;
        return this;
    }

    public ByteWriter writeLong(long value) {
        ensure(Long.BYTES);
        LONG.set(array, length, value);
        length += Long.BYTES;
        return this;
    }

    public ByteWriter writeBytes(byte[] from, int offset, int count) {
        ensure(count);
        System.arraycopy(from, offset, array, length, count);
        length += count;
        return this;
    }

    public ByteWriter writeBytes(byte[] from) {
        return writeBytes(from, 0, from.length);
    }

    /// LEB128 of an unsigned value.
    public ByteWriter writeVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            array[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[length++] = (byte) rest;
        return this;
    }

    public ByteWriter writeZigzag(long value) {
        return writeVarint((value << 1) ^ (value >> 63));
    }

    /// Overwrites four bytes written before.
    public ByteWriter setInt(int at, int value) {
        INT.set(array, at, value);
        return this;
    }

    public ByteWriter setByte(int at, int value) {
        array[at] = (byte) value;
        return this;
    }

    /// Makes room for `count` more bytes, to be filled through [#array] and taken by [#setLength].
    public void ensure(int count) {
        int needed = Math.addExact(length, count);
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, (int) Math.min(2L * array.length, MAX)));
        }
    }

    private static final int MAX = Integer.MAX_VALUE - 16;

    public static long getLong(byte[] from, int at) {
        return (long) LONG.get(from, at);
    }

    public static int getInt(byte[] from, int at) {
        return (int) INT.get(from, at);
    }

    public static int getUnsignedShort(byte[] from, int at) {
        return (short) SHORT.get(from, at) & 0xffff;
    }
}
