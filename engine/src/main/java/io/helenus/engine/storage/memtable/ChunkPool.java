package io.helenus.engine.storage.memtable;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The chunks of memory that a node's memtables are made of. What a flushed memtable gives back, the
/// next one takes: in the long run writes produce no garbage, and as the collector has moved a chunk
/// to where old objects live, it never copies it again. Chunks come as bytes and as 32-bit words, and
/// hold whatever their last user left in them. Any thread; nobody waits.
public final class ChunkPool {
    static final int CHUNK_BYTES = 64 << 10;
    static final int CHUNK_WORDS = CHUNK_BYTES / Integer.BYTES;

    private final Queue<byte[]> blocks;
    private final Queue<int[]> words;
    private final int chunksMax;
    private final AtomicInteger chunks = new AtomicInteger(); // that are kept

    /// @param bytesMax how much is kept
    public ChunkPool(long bytesMax) {
        chunksMax = (int) Math.min(1 << 20, bytesMax / CHUNK_BYTES);
        blocks = new ConcurrentLinkedQueue<>();
        words = new ConcurrentLinkedQueue<>();
    }

    byte[] takeBlocks() {
        byte @Nullable [] kept = blocks.poll();
        if (kept == null) {
            return new byte[CHUNK_BYTES];
        }
        chunks.getAndDecrement();
        return kept;
    }

    int[] takeWords() {
        int @Nullable [] kept = words.poll();
        if (kept == null) {
            return new int[CHUNK_WORDS];
        }
        chunks.getAndDecrement();
        return kept;
    }

    /// Takes chunks that nobody uses any more; leaves those of other sizes to the collector.
    void giveBack(byte @Nullable [] chunk) {
        if (chunk != null && chunk.length == CHUNK_BYTES && hasRoom()) {
            assert poison(chunk);
            blocks.add(chunk);
        }
    }

    void giveBack(int @Nullable [] chunk) {
        if (chunk != null && chunk.length == CHUNK_WORDS && hasRoom()) {
            words.add(chunk);
        }
    }

    private boolean hasRoom() {
        if (chunks.incrementAndGet() <= chunksMax) {
            return true;
        }
        chunks.getAndDecrement();
        return false;
    }

    /// Makes a read of what was given back conspicuous, in tests.
    private static boolean poison(byte[] chunk) {
        Arrays.fill(chunk, (byte) 0xdb);
        return true;
    }
}
