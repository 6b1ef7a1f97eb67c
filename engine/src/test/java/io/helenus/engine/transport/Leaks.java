package io.helenus.engine.transport;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;

/// Asks Netty's leak detector what it has found.
public final class Leaks {
    private Leaks() {}

    /// Collects garbage and makes Netty look for buffers that died without being released.
    public static List<String> found() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (int j = 0; j < 200; j++) {
                PooledByteBufAllocator.DEFAULT.buffer(16).release();
            }
        }
        return NotedLeaks.noted();
    }

    public static void forget() {
        NotedLeaks.forget();
    }
}
