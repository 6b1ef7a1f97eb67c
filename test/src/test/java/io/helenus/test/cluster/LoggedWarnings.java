package io.helenus.test.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// What nodes of this process say in their log while it is open, but for debugging.
final class LoggedWarnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final int WAIT_SECONDS = 20;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.helenus.engine");
    private final Level before = logger.getLevel();

    private LoggedWarnings() {}

    static LoggedWarnings open() {
        LoggedWarnings opened = new LoggedWarnings();
        opened.start();
        opened.logger.setLevel(Level.INFO);
        opened.logger.addAppender(opened);
        return opened;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    /// Waits for a line that has all of these in it, and passes over those before it.
    String await(String... parts) throws InterruptedException {
        List<String> passed = new ArrayList<>();
        while (true) {
            String line = lines.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError(
                        "not logged within %d s: %s, but %s"
                                .formatted(WAIT_SECONDS, List.of(parts), passed));
            }
            if (List.of(parts).stream().allMatch(line::contains)) {
                return line;
            }
            passed.add(line);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
        stop();
    }
}
