package io.helenus.sstable.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The node's cache of blocks. Safe for all threads; see the package for the rules.
///
/// There is no loading here on purpose: who misses and may read the disk reads outside any lock of
/// the cache and then calls [#put]. Two threads that miss the same block both read it and the first
/// one's is kept, which costs less than making readers of other blocks wait.
public final class BlockCache {

    /// What happened so far.
    ///
    /// @param hits lookups that found their block
    /// @param misses lookups that did not
    /// @param evictions blocks dropped for room
    /// @param blocks blocks held
    /// @param bytes memory held, keys and bookkeeping included
    /// @param bytesMax limit of `bytes`
    public record Statistics(
            long hits, long misses, long evictions, long blocks, long bytes, long bytesMax) {}

    private static final int ORDINARY_BYTES = 16 << 10;
    private static final int PLACES_MIN = 64;
    private static final int PLACES_MAX = 1 << 19;

    private final Cache<BlockKey, Block> blocks;
    private final Policy<BlockKey, Block> policy;
    private final Policy.Eviction<BlockKey, Block> eviction;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private final AtomicLong lastReaderId = new AtomicLong();

    /// Blocks that were missed of late, by a hash; a place is taken by whoever comes. Written without
    /// order: a mark that gets lost makes a block wait for its next miss.
    private final int[] missed;

    private volatile boolean full;

    /// @param bytesMax limit of all blocks and their bookkeeping together; 0 caches nothing
    /// @param maintenance runs the cache's housekeeping; `Runnable::run` does it on the caller
    public BlockCache(long bytesMax, Executor maintenance) {
        if (bytesMax < 0) {
            throw new IllegalArgumentException("Block cache of %d bytes".formatted(bytesMax));
        }
        blocks =
                Caffeine.newBuilder()
                        .maximumWeight(bytesMax)
                        .weigher((BlockKey _, Block block) -> block.weight())
                        .executor(maintenance)
                        .evictionListener(
                                (@Nullable BlockKey _, @Nullable Block _, RemovalCause _) ->
                                        noteEviction())
                        .build();
        int places = Math.clamp(bytesMax / ORDINARY_BYTES, PLACES_MIN, PLACES_MAX);
        missed = new int[2 * Integer.highestOneBit(places)];
        policy = blocks.policy();
        eviction = policy.eviction().orElseThrow();
    }

    private void noteEviction() {
        evictions.increment();
        if (!full) {
            full = true;
        }
    }

    /// Whether a block that was missed is worth a place: while there is room, and if it was missed before
    /// and not long ago. Of what is read once in a long while only the marks are kept, so reads of more
    /// than fits the cache neither allocate blocks nor keep the policy busy.
    public boolean admits(BlockKey missing) {
        if (!full) {
            return true;
        }
        int mark = missing.hashCode();
        int place = mark & (missed.length - 1);
        if (missed[place] == mark) {
            return true;
        }
        missed[place] = mark;
        return false;
    }

    /// A number for a reader that nobody else of this cache has or had.
    public long nextReaderId() {
        return lastReaderId.incrementAndGet();
    }

    /// Looks a block up. Tells the policy that it was wanted, but only for a sample of the calls: that
    /// is enough to tell hot from cold, and moving a block in the policy's lists costs more than finding
    /// it. Allocates nothing.
    public @Nullable Block get(BlockKey probe) {
        Block block =
                probe.isSampled() ? blocks.getIfPresent(probe) : policy.getIfPresentQuietly(probe);
        (block == null ? misses : hits).increment();
        return block;
    }

    /// Looks a block up without a trace in policy or statistics: for scans.
    public @Nullable Block peek(BlockKey probe) {
        return policy.getIfPresentQuietly(probe);
    }

    /// Adds a block; if another thread was faster, its block stays.
    public void put(long readerId, long offset, Block block) {
        blocks.asMap().putIfAbsent(new BlockKey(readerId, offset), block);
    }

    /// Forgets the blocks of a reader. Walks the whole cache: for threads that may take their time.
    public void invalidate(long readerId) {
        if (blocks.asMap().keySet().removeIf(key -> key.readerId() == readerId)) {
            full = false;
        }
    }

    /// Changes the limit; what is too much is evicted.
    public void resize(long bytesMax) {
        eviction.setMaximum(bytesMax);
        full = false;
    }

    /// Does the pending housekeeping now: after it the cache is within its limit.
    public void cleanUp() {
        blocks.cleanUp();
    }

    public Statistics statistics() {
        return new Statistics(
                hits.sum(),
                misses.sum(),
                evictions.sum(),
                blocks.estimatedSize(),
                eviction.weightedSize().orElse(0),
                eviction.getMaximum());
    }
}
