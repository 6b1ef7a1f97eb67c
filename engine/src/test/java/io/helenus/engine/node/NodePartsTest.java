package io.helenus.engine.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodePartsTest {
    private final List<String> ended = new ArrayList<>();
    private final NodeParts parts = new NodeParts();

    private void add(String name) {
        AutoCloseable part = () -> ended.add(name);
        assertThat(parts.add(name, part)).isSameAs(part);
    }

    @Test
    void theLastToStartEndsFirstAndEachOnce() {
        add("first");
        add("second");
        parts.close();
        parts.close();
        assertThat(ended).containsExactly("second", "first");
    }

    @Test
    void oneThatFailsKeepsNoOtherFromEnding() {
        add("first");
        var _ =
                parts.add(
                        "second",
                        () -> {
                            throw new IOException("broken part");
                        });
        parts.close();
        assertThat(ended).containsExactly("first");
    }

    @Test
    void anInterruptionWaitsUntilAllHaveEnded() {
        var _ = parts.add("first", () -> ended.add("interrupted: " + Thread.interrupted()));
        var _ =
                parts.add(
                        "second",
                        () -> {
                            throw new InterruptedException();
                        });
        Thread.currentThread().interrupt();
        parts.close();
        assertThat(ended).containsExactly("interrupted: false");
        assertThat(Thread.interrupted()).isTrue();
    }
}
