package io.helenus.test.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;

/// What the files of the compaction benchmark hold: rows of a bigint, an int that is 0, and 100 random
/// bytes, one in each partition, or their deletions. The program that writes them for a Cassandra
/// (`test/bench/peer/PeerRows.java`) is compiled with this class, by another JDK and without anything
/// else of ours, so both write the same.
public final class CompactionRows {
    /// In what the files differ.
    public enum Shape {
        /// The same keys in all files.
        OVERWRITES,
        /// Other keys in each.
        ROWS,
        /// The same keys in all files; half of the rows of each are deletions, to be purged.
        TOMBSTONES
    }

    public static final int VALUE_BYTES = 100;
    public static final int DELETED_AT_SECONDS = 1_600_000_000;

    private static final long FIRST_MICROS = 1_700_000_000_000_000L;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int NOISE_BYTES = 1 << 20;

    private final Shape shape;
    private final int rows;
    private final int files;
    private final int file;
    private final byte[] noise = new byte[NOISE_BYTES];

    /// @param rows in each of the files
    /// @param file which of them, from 0
    public CompactionRows(Shape shape, int rows, int files, int file) {
        this.shape = shape;
        this.rows = rows;
        this.files = files;
        this.file = file;
        new Random(file).nextBytes(noise);
    }

    public static Shape shape(String text) {
        return Shape.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /// Its keys, by token.
    public long[] keys() {
        long[] tokens = new long[rows];
        Integer[] order = new Integer[rows];
        for (int i = 0; i < rows; i++) {
            tokens[i] = token(key(i));
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingLong(i -> tokens[i]));
        return Arrays.stream(order).mapToLong(this::key).toArray();
    }

    private long key(int row) {
        return shape == Shape.ROWS ? (long) row * files + file : row;
    }

    private long row(long key) {
        return shape == Shape.ROWS ? key / files : key;
    }

    public boolean isDeleted(long key) {
        return shape == Shape.TOMBSTONES && (key + file) % 2 == 0;
    }

    /// Microseconds; later files have later ones.
    public long timestamp(long key) {
        return FIRST_MICROS + (long) file * rows + row(key);
    }

    /// The values lie in it.
    public byte[] noise() {
        return noise;
    }

    public int valueAt(long key) {
        return (int) ((key * GOLDEN) >>> 44) % (NOISE_BYTES - VALUE_BYTES);
    }

    /// The file whose row with this key is what is left in the end.
    public static int lastFile(Shape shape, int files, long key) {
        return shape == Shape.ROWS ? (int) (key % files) : files - 1;
    }

    /// How many rows are left in the end.
    public static long rowsLeft(Shape shape, int rows, int files) {
        switch (shape) {
            case OVERWRITES:
                return rows;
            case ROWS:
                return (long) rows * files;
            default:
                // Those whose parity is not that of the last file.
                return (files - 1) % 2 == 0 ? rows / 2 : rows - rows / 2;
        }
    }

    /// Murmur3 of the eight bytes of a bigint, as Cassandra's partitioner has it.
    public static long token(long key) {
        long k1 = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            long signed = (byte) (key >>> (56 - 8 * i)); // that partitioner extends the sign
            k1 ^= signed << (8 * i);
        }
        long h1 = Long.rotateLeft(k1 * 0x87c37b91114253d5L, 31) * 0x4cf5ad432745937fL;
        long h2 = Long.BYTES;
        h1 ^= Long.BYTES;
        h1 += h2;
        h2 += h1;
        h1 = mix(h1);
        h2 = mix(h2);
        h1 += h2;
        return h1 == Long.MIN_VALUE ? Long.MAX_VALUE : h1;
    }

    private static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
