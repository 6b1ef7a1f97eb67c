package io.helenus.engine.transport;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Netty's leak detector, which also notes what it finds. Netty makes it by the name that the pom says,
/// before the first buffer of the tests, whichever test that is of.
public final class NotedLeaks<T> extends ResourceLeakDetector<T> {
    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    public NotedLeaks(Class<?> resource, int samplingInterval) {
        super(resource, samplingInterval);
    }

    @SuppressWarnings("deprecation") // Netty looks for a constructor of this form
    public NotedLeaks(Class<?> resource, int samplingInterval, long maxActive) {
        super(resource, samplingInterval, maxActive);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        FOUND.add(resourceType + records);
        super.reportTracedLeak(resourceType, records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        FOUND.add(resourceType);
        super.reportUntracedLeak(resourceType);
    }

    static List<String> noted() {
        return List.copyOf(FOUND);
    }

    static void forget() {
        FOUND.clear();
    }
}
