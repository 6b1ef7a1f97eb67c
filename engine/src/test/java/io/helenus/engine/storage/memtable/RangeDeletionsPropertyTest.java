package io.helenus.engine.storage.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.RowCursor;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RangeDeletionsPropertyTest {
    /// Bounds are even numbers, and what is looked up is odd.
    private static final int PLACES = 2_000;

    private static byte[] key(int place) {
        return new byte[] {(byte) (place >> 8), (byte) place};
    }

    @Property(tries = 200)
    void addsUpToTheNewestDeletionAndTheLatestTimeAtEachPlace(@ForAll long seed) {
        Random random = new Random(seed);
        long[] timestamps = new long[PLACES];
        int[] times = new int[PLACES];
        Arrays.fill(timestamps, RowCursor.NO_DELETION);
        RangeDeletions deletions = RangeDeletions.NONE;
        int width = 1 + random.nextInt(PLACES / 2);
        for (int i = 0; i < 300; i++) {
            int start = 2 * random.nextInt(PLACES / 2 - 1);
            int end = Math.min(PLACES - 2, start + 2 + 2 * random.nextInt(width));
            long timestamp = random.nextInt(20);
            int time = random.nextInt(2);
            RangeDeletions before = deletions;
            deletions = deletions.with(key(start), key(end), timestamp, time);
            boolean changed = false;
            for (int place = start; place < end; place++) {
                boolean isFirst = timestamps[place] == RowCursor.NO_DELETION;
                changed |= timestamp > timestamps[place] || time > times[place];
                timestamps[place] = Math.max(timestamp, timestamps[place]);
                times[place] = isFirst ? time : Math.max(time, times[place]);
            }
            assertThat(deletions != before).isEqualTo(changed);
        }
        checkLookups(deletions, timestamps, times);
        checkWalk(deletions, timestamps);
    }

    private static void checkLookups(RangeDeletions deletions, long[] timestamps, int[] times) {
        RangeDeletions.Walk walk = new RangeDeletions.Walk();
        for (int place = 1; place < PLACES; place += 2) {
            walk.seek(deletions, key(place), 0, 2);
            boolean some = walk.back();
            assertThat(some ? walk.timestamp() : RowCursor.NO_DELETION)
                    .isEqualTo(timestamps[place]);
            assertThat(some ? walk.deletionTime() : 0).isEqualTo(times[place]);
        }
    }

    /// Every bound changes something, in both directions, and nothing is in force after the last.
    private static void checkWalk(RangeDeletions deletions, long[] timestamps) {
        RangeDeletions.Walk walk = new RangeDeletions.Walk();
        walk.seekFirst(deletions);
        long bytes = 0;
        int bounds = 0;
        long before = RowCursor.NO_DELETION;
        for (byte[] bound = walk.bound(); bound != null; bound = walk.bound()) {
            int place = (bound[0] & 0xff) << 8 | bound[1] & 0xff;
            assertThat(walk.timestamp()).isEqualTo(timestamps[place]);
            before = walk.timestamp();
            bounds++;
            bytes += bound.length;
            walk.forward();
        }
        assertThat(before).isEqualTo(RowCursor.NO_DELETION);
        assertThat(deletions.bytes()).isGreaterThanOrEqualTo(bytes);
        while (walk.back()) {
            bounds--;
        }
        assertThat(bounds).isZero();
    }
}
