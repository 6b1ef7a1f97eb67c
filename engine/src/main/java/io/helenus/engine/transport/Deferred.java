package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request that is not answered where it arrived. It is passed to the handler as the completion of
/// every request, but used up only by those that need it.
///
/// The loop fills it; then [#run] on a reader thread, or whoever completes it, sets the outcome and
/// posts [#deliver] to the loop. The hand-overs through executors order the accesses.
final class Deferred implements RequestHandler.Completion, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Deferred.class);
    private static final int FIRST_BYTES = 1024;
    private static final byte[] NOTHING = {};

    /// What a reader thread does for a request.
    @FunctionalInterface
    interface Work {
        Outcome run(Request request, ByteWriter body, Deferred later);
    }

    private final LoopState loop;
    private final AtomicBoolean completed = new AtomicBoolean();
    private @Nullable Connection connection;
    private int version;
    private int stream;
    private int bytes;
    private @Nullable Request request;
    private @Nullable Work work;

    private byte[] body = NOTHING;
    private int bodyLength;
    private List<String> warnings = List.of();
    private @Nullable CqlException error;

    /// Loop only: the request was answered in another way, what comes is ignored.
    private boolean abandoned;

    Deferred(LoopState loop) {
        this.loop = loop;
    }

    /// Before each request: for whom it would be.
    void prepare(Connection connection, int version, int stream, int bytes) {
        this.connection = connection;
        this.version = version;
        this.stream = stream;
        this.bytes = bytes;
        request = null;
    }

    Connection connection() {
        Connection mine = connection;
        if (mine == null) {
            throw new IllegalStateException("not prepared");
        }
        return mine;
    }

    int version() {
        return version;
    }

    int stream() {
        return stream;
    }

    int bytes() {
        return bytes;
    }

    /// Its tracing id and warnings go into the answer.
    void request(Request request) {
        this.request = request;
    }

    void work(Request detached, Work work) {
        request = detached;
        this.work = work;
    }

    void abandon() {
        abandoned = true;
    }

    /// On a reader thread.
    @Override
    public void run() {
        Work mine = work;
        Request theirs = request;
        Connection client = connection();
        if (mine == null || theirs == null) {
            throw new IllegalStateException("no work");
        }
        if (!client.isOpen()) {
            drop();
            return;
        }
        if (!client.takesResults()) { // results would pile up: wait until the client reads
            post(() -> client.park(this));
            return;
        }
        ResultMemory results = loop.shared.results;
        if (!results.hasRoom()) {
            if (client.throwsOnOverload()) {
                failed(Dispatcher.overloaded());
            } else {
                results.await(this);
            }
            return;
        }
        theirs.pageBytesMax = results.pageBytes();
        ByteWriter out = new ByteWriter(FIRST_BYTES);
        try {
            Outcome outcome = mine.run(theirs, out, this);
            if (outcome == Outcome.DONE) {
                finish(out.array(), out.length(), theirs.warnings(), null);
            } else if (outcome == Outcome.NEEDS_IO) {
                throw new IllegalStateException("NEEDS_IO where I/O is allowed");
            }
        } catch (CqlException e) {
            finish(out.array(), 0, theirs.warnings(), e);
        } catch (OutOfMemoryError e) { // of the heap or beside it; the process may go on
            finish(NOTHING, 0, List.of(), Dispatcher.serverError(e));
            throw e;
        } catch (Throwable e) {
            LOG.error("Request of {} failed", theirs.client.remoteAddress(), e);
            finish(out.array(), 0, List.of(), Dispatcher.serverError(e));
        }
    }

    /// Any thread: [#run] found no room for its result, and there may be some now.
    void again() {
        post(() -> {
            if (connection().isOpen()) {
                loop.submit(this);
            } else {
                drop();
            }
        });
    }

    @Override
    public void done(byte[] body, List<String> warnings) {
        finish(body, body.length, warnings, null);
    }

    @Override
    public void failed(CqlException error) {
        finish(NOTHING, 0, List.of(), error);
    }

    /// Any thread: there is nobody to answer any more.
    void drop() {
        failed(new CqlException(ErrorCode.SERVER_ERROR, "the connection is closed"));
    }

    private void finish(
            byte[] bytes, int length, List<String> texts, @Nullable CqlException failure) {
        if (!completed.compareAndSet(false, true)) {
            return; // a second outcome is a mistake of its sender; the first one stands
        }
        body = bytes;
        bodyLength = length;
        warnings = texts;
        error = failure;
        connection().onItsWay(length);
        loop.shared.results.add(length);
        post(this::deliver);
    }

    private void post(Runnable task) {
        try {
            loop.eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("An answer came after the server's end", e);
        }
    }

    private void deliver() {
        connection().onItsWay(-bodyLength);
        boolean sent = false;
        try {
            send();
            sent = true;
        } finally {
            if (!sent) { // no memory: better no connection than one on which an answer never comes
                connection().close();
            }
            body = NOTHING;
            loop.shared.results.remove(bodyLength);
        }
    }

    private void send() {
        Connection client = connection();
        if (abandoned) {
            client.submitParked();
            return;
        }
        client.finished(this);
        if (client.isOpen()) {
            CqlException failure = error;
            Request theirs = request;
            if (failure != null) {
                loop.dispatcher.sendError(client, version, stream, failure, warnings);
            } else {
                loop.dispatcher.sendResult(
                        client,
                        version,
                        stream,
                        theirs == null ? null : theirs.tracingId(),
                        warnings,
                        body,
                        bodyLength);
            }
            loop.flushSoon(client);
            client.submitParked();
        }
        loop.retryWaiting();
    }
}
