package io.helenus.sstable.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BlockCacheTest {
    private final BlockCache cache = new BlockCache(100_000, Runnable::run);
    private final BlockKey probe = new BlockKey();

    private static Block block(int bytes) {
        return new Block(new byte[bytes]);
    }

    @Test
    void aBlockIsFoundByReaderAndOffset() {
        Block block = block(10);
        cache.put(1, 4096, block);
        assertThat(cache.get(probe.set(1, 4096))).isSameAs(block);
        assertThat(cache.get(probe.set(2, 4096))).isNull();
        assertThat(cache.get(probe.set(1, 4097))).isNull();
        cache.put(1, 4096, block(10)); // too late
        assertThat(cache.get(probe.set(1, 4096))).isSameAs(block);
    }

    @Test
    void weightCountsBytesAndBookkeepingAndIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            cache.put(1, i, block(1_000));
        }
        cache.cleanUp();
        BlockCache.Statistics statistics = cache.statistics();
        assertThat(statistics.bytes()).isLessThanOrEqualTo(100_000);
        assertThat(statistics.bytes())
                .isEqualTo(statistics.blocks() * (1_000 + Block.OVERHEAD_BYTES));
        assertThat(statistics.bytesMax()).isEqualTo(100_000);
        cache.resize(10_000);
        cache.cleanUp();
        assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(10_000);
    }

    @Test
    void aFullCacheAdmitsWhatIsMissedAgain() {
        assertThat(cache.admits(probe.set(1, 7))).isTrue();
        for (int i = 0; i < 1_000; i++) {
            cache.put(1, i, block(1_000));
        }
        cache.cleanUp();
        assertThat(cache.admits(probe.set(1, 5_000))).isFalse();
        assertThat(cache.admits(probe.set(1, 5_000))).isTrue();
        cache.resize(10_000_000); // there is room again
        assertThat(cache.admits(probe.set(1, 6_000))).isTrue();
    }

    @Test
    void aReaderIsForgottenAloneAndItsNumberNeverComesBack() {
        long first = cache.nextReaderId();
        long second = cache.nextReaderId();
        assertThat(second).isNotEqualTo(first);
        for (int i = 0; i < 10; i++) {
            cache.put(first, i, block(10));
            cache.put(second, i, block(10));
        }
        cache.invalidate(first);
        assertThat(cache.statistics().blocks()).isEqualTo(10);
        assertThat(cache.get(probe.set(first, 3))).isNull();
        assertThat(cache.get(probe.set(second, 3))).isNotNull();
    }

    @Test
    void whatIsReadOftenSurvivesAScanThatFills() {
        BlockCache larger = new BlockCache(10_000_000, Runnable::run);
        int hot = 500;
        for (int i = 0; i < hot; i++) {
            larger.put(1, i, block(1_000));
        }
        for (int i = 0; i < 100_000; i++) {
            larger.get(probe.set(1, i % hot)); // still wanted, but no more than what passes by
            larger.put(2, i, block(1_000));
        }
        larger.cleanUp();
        int kept = 0;
        for (int i = 0; i < hot; i++) {
            if (larger.peek(probe.set(1, i)) != null) {
                kept++;
            }
        }
        assertThat(larger.statistics().evictions()).isGreaterThan(90_000);
        assertThat(kept).isGreaterThan(hot * 9 / 10);
    }

    @Test
    void peeksLeaveNoTrace() {
        cache.put(1, 1, block(10));
        assertThat(cache.peek(probe.set(1, 1))).isNotNull();
        assertThat(cache.peek(probe.set(1, 2))).isNull();
        assertThat(cache.statistics().hits()).isZero();
        assertThat(cache.statistics().misses()).isZero();
        cache.get(probe.set(1, 1));
        cache.get(probe.set(1, 2));
        assertThat(cache.statistics().hits()).isEqualTo(1);
        assertThat(cache.statistics().misses()).isEqualTo(1);
    }

    @Test
    void aCacheOfNoBytesHoldsNothing() {
        BlockCache none = new BlockCache(0, Runnable::run);
        none.put(1, 1, block(10));
        none.cleanUp();
        assertThat(none.statistics().blocks()).isZero();
        assertThatThrownBy(() -> new BlockCache(-1, Runnable::run))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
