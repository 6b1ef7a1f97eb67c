package io.helenus.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlushSizesTest {
    private final FlushSizes sizes = new FlushSizes();

    @Test
    void filesOfAnEarlierLifeMayBeAnything() {
        sizes.look(Map.of(1L, 100L, 2L, 5_000L));
        assertThat(sizes.average()).isZero();
        sizes.look(Map.of(1L, 100L, 2L, 5_000L, 3L, 800L));
        assertThat(sizes.average()).isEqualTo(800);
    }

    @Test
    void theNewestCountsForAQuarter() {
        sizes.look(Map.of());
        sizes.look(Map.of(1L, 800L));
        sizes.look(Map.of(1L, 800L, 2L, 1_200L));
        assertThat(sizes.average()).isEqualTo(900);
        sizes.look(Map.of(1L, 800L, 2L, 1_200L));
        assertThat(sizes.average()).isEqualTo(900);
    }

    @Test
    void whatACompactionMadeIsNoFlush() {
        sizes.look(Map.of(1L, 800L, 2L, 800L));
        sizes.noteOutputs(List.of(3L));
        sizes.look(Map.of(3L, 1_600L));
        assertThat(sizes.average()).isZero();
        sizes.look(Map.of(3L, 1_600L, 4L, 700L));
        assertThat(sizes.average()).isEqualTo(700);
    }
}
