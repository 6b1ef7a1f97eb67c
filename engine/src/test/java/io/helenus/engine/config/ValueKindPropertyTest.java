package io.helenus.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ValueKindPropertyTest {
    private static final Machine MACHINE = new Machine(1L << 30, 2, Path.of("/"));
    private static final ValueKind<Long> SIZES = ValueKind.sizes(0, Long.MAX_VALUE, 1);
    private static final ValueKind<Duration> DURATIONS =
            ValueKind.durations(Duration.ZERO, Duration.ofNanos(Long.MAX_VALUE));

    @Property
    void sizesReadAsWritten(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long bytes)
            throws InvalidValueException {
        assertThat(SIZES.reader().read(SIZES.writer().apply(bytes), MACHINE)).isEqualTo(bytes);
    }

    @Property
    void durationsReadAsWritten(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long nanos)
            throws InvalidValueException {
        Duration duration = Duration.ofNanos(nanos);

        assertThat(DURATIONS.reader().read(DURATIONS.writer().apply(duration), MACHINE))
                .isEqualTo(duration);
    }

    /// Any text is either read or refused with what would be right.
    @Property
    void anyTextIsReadOrRefused(@ForAll String text) {
        try {
            assertThat(SIZES.reader().read(text, MACHINE)).isNotNegative();
        } catch (InvalidValueException e) {
            assertThat(e.wanted()).startsWith("a size from 0 to ");
        }
    }
}
