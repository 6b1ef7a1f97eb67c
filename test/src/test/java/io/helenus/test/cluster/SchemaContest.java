package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import io.helenus.test.cluster.Attempt.Fate;
import io.helenus.test.cluster.Attempt.Kind;
import io.helenus.test.node.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients of several real nodes change the schema at the same time, each through a node of its own.
/// Most statements are the same at all of them, so that only one can succeed. What each was told is for
/// a [SchemaVerdict].
final class SchemaContest {
    static final String KEYSPACE = "contest";

    private static final String NOT_CHANGED = "The schema was not changed";

    private final NodeSessions sessions;
    private final int statements;
    private final List<Attempt> attempts = new ArrayList<>(); // guarded by this
    private final AtomicInteger disturbances = new AtomicInteger(); // odd while a node is down

    /// @param statements of each node
    SchemaContest(NodeSessions sessions, int statements) {
        this.sessions = sessions;
        this.statements = statements;
    }

    void prepare() {
        execute(
                "CREATE KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy', '%s': 1}"
                        .formatted(KEYSPACE, TestNode.DATACENTER));
        execute("CREATE TABLE %s.common (k int PRIMARY KEY)".formatted(KEYSPACE));
        for (int number = 0; number < statements; number++) {
            if (Kind.of(number) == Kind.DROPPED) {
                execute("CREATE TABLE %s.doomed%d (k int PRIMARY KEY)".formatted(KEYSPACE, number));
            }
        }
    }

    private void execute(String statement) {
        var _ = sessions.execute(0, statement);
    }

    /// One client for each node.
    List<Future<?>> begin(ExecutorService executor) {
        List<Future<?>> clients = new ArrayList<>();
        for (int i = 0; i < sessions.count(); i++) {
            int node = i;
            clients.add(executor.submit(() -> change(node)));
        }
        return clients;
    }

    private void change(int node) {
        for (int number = 0; number < statements; number++) {
            add(attempt(node, number));
        }
    }

    private synchronized void add(Attempt answered) {
        attempts.add(answered);
        notifyAll();
    }

    /// Waits until so many statements have an answer.
    ///
    /// @param limit after which it is enough
    synchronized void awaitAnswers(int count, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (attempts.size() < count) {
            long left = limit.toMillis() - (System.nanoTime() - begin) / 1_000_000;
            assertThat(left)
                    .as("time left for answer %d after %d", count, attempts.size())
                    .isPositive();
            wait(left);
        }
    }

    private Attempt attempt(int node, int number) {
        long begin = System.nanoTime();
        int before = disturbances.get();
        Fate fate;
        boolean agreed = false;
        String failure = "";
        try {
            var _ = sessions.execute(node, Attempt.statement(KEYSPACE, node, number));
            fate = Fate.DONE;
            agreed = sessions.isAgreed(node);
        } catch (AlreadyExistsException | InvalidQueryException e) {
            fate = Fate.REFUSED;
            failure = e.toString();
        } catch (DriverException e) {
            fate = isUnavailable(e) ? Fate.UNAVAILABLE : Fate.UNKNOWN;
            failure = e.toString();
        }
        boolean undisturbed = before % 2 == 0 && disturbances.get() == before;
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        return new Attempt(node, number, fate, agreed, undisturbed, millis, failure);
    }

    private static boolean isUnavailable(DriverException failure) {
        return switch (failure) {
            case UnavailableException _ -> true;
            case ServerError error -> String.valueOf(error.getMessage()).contains(NOT_CHANGED);
            case AllNodesFailedException all when !all.getAllErrors().isEmpty() ->
                    all.getAllErrors().values().stream()
                            .flatMap(List::stream)
                            .allMatch(UnavailableException.class::isInstance);
            default -> false;
        };
    }

    /// How many statements have an answer.
    synchronized int answered() {
        return attempts.size();
    }

    /// All that have an answer.
    synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /// Before a node is killed and after it is back.
    void disturbed() {
        disturbances.incrementAndGet();
    }
}
