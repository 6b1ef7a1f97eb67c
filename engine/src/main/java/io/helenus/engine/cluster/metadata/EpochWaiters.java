package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// Who waits until this node has applied an epoch. Of the applier.
final class EpochWaiters {
    private final NavigableMap<Long, List<CompletableFuture<ClusterState>>> waiting =
            new TreeMap<>();

    void add(long epoch, CompletableFuture<ClusterState> result) {
        waiting.computeIfAbsent(epoch, _ -> new ArrayList<>()).add(result);
    }

    /// Tells those who waited for this epoch or one before.
    void reached(ClusterState state) {
        NavigableMap<Long, List<CompletableFuture<ClusterState>>> reached =
                waiting.headMap(state.epoch(), true);
        List<CompletableFuture<ClusterState>> ended = new ArrayList<>();
        reached.values().forEach(ended::addAll);
        reached.clear();
        for (CompletableFuture<ClusterState> each : ended) {
            boolean _ = each.complete(state);
        }
    }

    /// Those who wait for this epoch and have been told something else wait no more.
    void forgetTold(long epoch) {
        List<CompletableFuture<ClusterState>> those = waiting.get(epoch);
        if (those != null && those.removeIf(CompletableFuture::isDone) && those.isEmpty()) {
            waiting.remove(epoch);
        }
    }
}
