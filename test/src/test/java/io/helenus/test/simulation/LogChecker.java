package io.helenus.test.simulation;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.cluster.agreement.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What must hold of a log: no two nodes ever apply different entries at an epoch, what was answered
/// as committed is in it exactly once, and what was answered as not done is not in it.
final class LogChecker {
    private static final int MISSING_MAX = 8;

    private enum Promise {
        NONE,
        ONCE,
        NEVER,
        ANY
    }

    /// What a client asked for.
    private static final class Operation {
        final String marker;
        Promise promise = Promise.NONE;
        boolean isOpen = true;

        /// @param marker is in the bytes of each entry that comes from it; empty if none is
        Operation(String marker) {
            this.marker = marker;
        }
    }

    private final Simulation simulation;
    private final Map<UUID, Operation> operations = new TreeMap<>();
    private final TreeMap<Long, LogEntry> log = new TreeMap<>();
    private final TreeMap<Long, UUID> hashes = new TreeMap<>();
    private @Nullable UUID clusterId;
    private int committed;
    private int refused;
    private int unknown;
    private int unavailable;

    LogChecker(Simulation simulation) {
        this.simulation = simulation;
    }

    void asked(UUID proposalId, String marker) {
        Operation known = operations.computeIfAbsent(proposalId, _ -> new Operation(marker));
        known.isOpen = true;
    }

    /// The process that was asked has crashed: the client will never hear.
    void abandoned(UUID proposalId) {
        Operation operation = operation(proposalId);
        operation.isOpen = false;
        if (operation.promise != Promise.ONCE) {
            operation.promise = Promise.ANY;
        }
    }

    void answered(UUID proposalId, Outcome outcome) {
        Operation operation = operation(proposalId);
        if (!operation.isOpen) {
            throw simulation.failure("proposal %s is answered twice".formatted(proposalId));
        }
        operation.isOpen = false;
        boolean fresh = operation.promise == Promise.NONE;
        switch (outcome) {
            case Outcome.Committed(long epoch, ClusterState state) -> {
                committed++;
                operation.promise = Promise.ONCE;
                LogEntry entry = log.get(epoch); // null if others have it in a snapshot only
                boolean same =
                        entry == null
                                ? Objects.equals(state.epochOf(proposalId), epoch)
                                : entry.proposalId().equals(proposalId);
                if (!same) {
                    throw simulation.failure(
                            "%s is said to be at epoch %d, there is %s"
                                    .formatted(proposalId, epoch, entry));
                }
                if (state.epoch() < epoch) {
                    throw simulation.failure("the state of an answer is older than the answer");
                }
            }
            case Outcome.Unchanged _ -> operation.promise = fresh ? Promise.NEVER : Promise.ANY;
            case Outcome.Refused _ -> {
                refused++;
                operation.promise = fresh ? Promise.NEVER : Promise.ANY;
            }
            case Outcome.Unavailable _ -> {
                unavailable++;
                if (!fresh) {
                    throw simulation.failure(
                            "%s is said to be unavailable, and may be in the log from before"
                                    .formatted(proposalId));
                }
                operation.promise = Promise.NEVER;
            }
            case Outcome.Unknown _ -> {
                unknown++;
                operation.promise = Promise.ANY;
            }
        }
    }

    private Operation operation(UUID proposalId) {
        Operation operation = operations.get(proposalId);
        if (operation == null) {
            throw simulation.failure("nobody asked for " + proposalId);
        }
        return operation;
    }

    /// A node believes that this was decided; perhaps a crash takes back that it knows.
    void learned(String node, LogEntry entry) {
        LogEntry other = log.putIfAbsent(entry.epoch(), entry);
        if (other != null && !other.equals(entry)) {
            throw simulation.failure("%s has %s, others have %s".formatted(node, entry, other));
        }
    }

    void applied(
            String node,
            @Nullable ClusterState before,
            ClusterState after,
            @Nullable LogEntry entry) {
        if (clusterId == null) {
            clusterId = after.clusterId();
        } else if (!clusterId.equals(after.clusterId())) {
            throw simulation.failure(
                    "%s is in cluster %s, others in %s"
                            .formatted(node, after.clusterId(), clusterId));
        }
        if (before != null && after.epoch() <= before.epoch()) {
            throw simulation.failure(
                    "%s went from epoch %d to %d".formatted(node, before.epoch(), after.epoch()));
        }
        if (entry != null) {
            learned(node, entry);
        }
        UUID hash = hashes.putIfAbsent(after.epoch(), after.hash());
        if (hash != null && !hash.equals(after.hash())) {
            throw simulation.failure(
                    "%s has hash %s at epoch %d, others have %s"
                            .formatted(node, after.hash(), after.epoch(), hash));
        }
    }

    /// At the end, when all have learned everything.
    ///
    /// @param last what all have
    void checkOperations(ClusterState last) {
        Map<UUID, Integer> times = new TreeMap<>();
        List<String> texts = new ArrayList<>();
        for (LogEntry entry : log.values()) {
            times.merge(entry.proposalId(), 1, Integer::sum);
            texts.add(StandardCharsets.ISO_8859_1.decode(entry.transformation()).toString());
        }
        operations.forEach((id, operation) -> {
            Long epoch = last.epochOf(id);
            if (epoch != null && !log.containsKey(epoch)) {
                // A node crashed before it had applied it, and after it had passed it on.
                times.merge(id, 1, Integer::sum);
                texts.add(operation.marker);
            }
            check(id, operation, times, texts);
        });
        long missing = last.epoch() - (log.isEmpty() ? 0 : log.firstKey()) + 1 - log.size();
        if (missing > MISSING_MAX) {
            throw simulation.failure("nobody has applied %d epochs".formatted(missing));
        }
    }

    private void check(UUID id, Operation operation, Map<UUID, Integer> times, List<String> texts) {
        int byId = times.getOrDefault(id, 0);
        boolean marked = !operation.marker.isEmpty();
        long byMarker =
                marked
                        ? texts.stream().filter(text -> text.contains(operation.marker)).count()
                        : byId;
        if (operation.isOpen) {
            throw simulation.failure("proposal %s was never answered".formatted(id));
        }
        boolean fits =
                switch (operation.promise) {
                    case ONCE -> byId == 1 && byMarker == 1;
                    case NEVER -> byId == 0 && byMarker == 0;
                    case ANY, NONE -> byId <= 1 && byMarker <= 1;
                };
        if (!fits) {
            throw simulation.failure(
                    "proposal %s (%s) should be in the log %s, it is there %d times, its content %d"
                            .formatted(id, operation.marker, operation.promise, byId, byMarker));
        }
    }

    int committed() {
        return committed;
    }

    int refused() {
        return refused;
    }

    int unknown() {
        return unknown;
    }

    int unavailable() {
        return unavailable;
    }

    int entries() {
        return log.size();
    }

    @Override
    public String toString() {
        return "%d entries; %d committed, %d refused, %d unavailable, %d unknown"
                .formatted(log.size(), committed, refused, unavailable, unknown);
    }
}
