package io.helenus.engine.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplayLogTest {
    private static final Path SEGMENT = Path.of("/d/commitlog-0000000003.log");

    private final AtomicLong nanos = new AtomicLong(5);
    private final List<String> lines = new ArrayList<>();
    private final ReplayLog log = new ReplayLog(nanos::get, lines::add);

    private void progress(long millis, long mebibytes) {
        nanos.addAndGet(millis * 1_000_000);
        log.onProgress(SEGMENT, mebibytes << 20, 400L << 20);
    }

    @Test
    void aShortReplaySaysNothing() {
        progress(1_999, 399);
        assertThat(lines).isEmpty();
    }

    @Test
    void aLongOneSaysEveryTwoSecondsHowFarItIs() {
        progress(2_100, 100);
        progress(1_000, 120);
        progress(1_100, 301);
        assertThat(lines)
                .containsExactly(
                        "Replaying the commit log: 25 % of 400 MiB after 2 s, now in"
                                + " commitlog-0000000003.log",
                        "Replaying the commit log: 75 % of 400 MiB after 4 s, now in"
                                + " commitlog-0000000003.log");
    }

    @Test
    void anEmptyLogIsNoDivision() {
        nanos.addAndGet(10_000_000_000L);
        log.onProgress(SEGMENT, 0, 0);
        assertThat(lines).isEmpty();
    }
}
