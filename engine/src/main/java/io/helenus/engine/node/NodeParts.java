package io.helenus.engine.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node has started, each with how to end it. Of the thread that starts and closes the node.
final class NodeParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeParts.class);

    private record Part(String name, AutoCloseable closing) {}

    private final Deque<Part> parts = new ArrayDeque<>(); // the last one first

    /// @return what was started
    <T extends AutoCloseable> T add(String name, T started) {
        parts.push(new Part(name, started));
        return started;
    }

    /// Ends the parts in the reverse order of their start, and goes on if one of them fails. An interruption
    /// waits until all have ended: it would close the files before the last force.
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closing().close();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (Exception e) {
                LOG.error("Closing the {} failed", part.name(), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
