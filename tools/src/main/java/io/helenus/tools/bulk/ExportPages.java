package io.helenus.tools.bulk;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// Asks a node for pages of rows, and again for a smaller one where that may help: if it is too busy to
/// answer in time, is being started again, or the connection broke. Any thread.
final class ExportPages {
    private static final long PAUSE_FIRST_MILLIS = 500;
    private static final long PAUSE_MAX_MILLIS = 10_000;
    private static final int SMALLER = 4;

    private final Duration timeout;
    private final int retries;
    private final PrintWriter err;

    /// @param timeout of each request
    /// @param retries of each page
    /// @param err is told of those
    ExportPages(Duration timeout, int retries, PrintWriter err) {
        this.timeout = timeout;
        this.retries = retries;
        this.err = err;
    }

    /// @param page with its size and paging state
    /// @throws DriverException if it is given up
    AsyncResultSet next(CqlSession session, BoundStatement page) throws InterruptedException {
        BoundStatement asked = page.setTimeout(timeout).setIdempotent(true);
        long pause = PAUSE_FIRST_MILLIS;
        for (int failures = 1; ; failures++) {
            try {
                return session.executeAsync(asked).toCompletableFuture().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof DriverException failure)) {
                    throw new IllegalStateException(e);
                }
                if (failures > retries || !mayPass(failure)) {
                    throw failure;
                }
                err.println(problem(failure) + "; trying again");
                err.flush();
                Thread.sleep(pause);
                pause = Math.min(PAUSE_MAX_MILLIS, 2 * pause);
                asked = asked.setPageSize(Math.max(1, asked.getPageSize() / SMALLER));
            }
        }
    }

    private static boolean mayPass(Throwable failure) {
        return switch (failure) {
            case AllNodesFailedException all -> // also if there were none to ask
                    all.getAllErrors().values().stream()
                            .flatMap(List::stream)
                            .allMatch(ExportPages::mayPass);
            case IOException _, // of a connection that broke before the driver knew
                    DriverTimeoutException _,
                    ClosedConnectionException _,
                    HeartbeatException _,
                    NodeUnavailableException _,
                    BusyConnectionException _,
                    ReadTimeoutException _,
                    UnavailableException _,
                    OverloadedException _,
                    BootstrappingException _ ->
                    true;
            default -> false;
        };
    }

    /// What is at the bottom of a failure.
    static String problem(DriverException e) {
        Throwable cause = e;
        if (e instanceof AllNodesFailedException all) {
            cause =
                    all.getAllErrors().values().stream()
                            .flatMap(List::stream)
                            .findFirst()
                            .orElse(e);
        }
        // What the network said the driver mentions by the way.
        while (cause.getSuppressed().length == 0 && cause.getCause() != null) {
            cause = cause.getCause();
        }
        Throwable root = cause.getSuppressed().length == 0 ? cause : cause.getSuppressed()[0];
        if (e instanceof DriverTimeoutException) {
            return "the node did not answer in time (--request-timeout)";
        }
        if (root instanceof DriverTimeoutException) { // of a connection, not of a request
            return "the node gives no sign of life";
        }
        if (root instanceof ClosedChannelException || root instanceof NodeUnavailableException) {
            return "there is no connection to the node";
        }
        if (root instanceof NoNodeAvailableException) {
            return "the node is away";
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
