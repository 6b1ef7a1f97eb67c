package io.helenus.gossip.ring;

import io.helenus.gossip.Location;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Walks around a ring and collects replicas. The scratch memory is kept between walks, so one
/// thread at a time may use it. Members are numbers here, indices into a list.
final class ReplicaWalk {
    private static final int NO_DATA_CENTER = -1; // of members in data centres without replicas

    private final int simpleFactor; // NO_FACTOR for replicas by data centre
    private final int[] dataCenterOf; // by member
    private final int[] rackOf; // by member; racks of two data centres are never one
    private final int[] factors; // by data centre, as all below
    private final int[] nodes;
    private final int[] racks;

    private final int[] memberSeen; // the walk that met it last
    private final int[] rackSeen;
    private final int[] missing; // in this walk
    private final int[] repeatsLeft; // nodes of racks that were met that may still be taken
    private int walk;

    private static final int NO_FACTOR = -1;

    private ReplicaWalk(
            int simpleFactor, int[] factors, int[] dataCenterOf, int[] rackOf, int rackCount) {
        this.simpleFactor = simpleFactor;
        this.factors = factors;
        this.dataCenterOf = dataCenterOf;
        this.rackOf = rackOf;
        nodes = new int[factors.length];
        racks = new int[factors.length];
        memberSeen = new int[dataCenterOf.length];
        rackSeen = new int[rackCount];
        missing = new int[factors.length];
        repeatsLeft = new int[factors.length];
        boolean[] counted = new boolean[rackCount];
        for (int i = 0; i < dataCenterOf.length; i++) {
            int dataCenter = dataCenterOf[i];
            if (dataCenter != NO_DATA_CENTER) {
                nodes[dataCenter]++;
                if (!counted[rackOf[i]]) {
                    counted[rackOf[i]] = true;
                    racks[dataCenter]++;
                }
            }
        }
    }

    static ReplicaWalk simple(List<Member> members, int factor) {
        int[] nowhere = new int[members.size()];
        Arrays.fill(nowhere, NO_DATA_CENTER);
        return new ReplicaWalk(
                Math.min(factor, members.size()), new int[0], nowhere, nowhere.clone(), 0);
    }

    static ReplicaWalk networkTopology(
            List<Member> members, ReplicationStrategy.NetworkTopology strategy) {
        TreeMap<String, Integer> dataCenters = new TreeMap<>();
        strategy.factors().keySet().forEach(name -> dataCenters.put(name, dataCenters.size()));
        int[] factors = new int[dataCenters.size()];
        dataCenters.forEach((name, at) -> factors[at] = strategy.factors().getOrDefault(name, 0));
        TreeMap<Location, Integer> racks = new TreeMap<>();
        int[] dataCenterOf = new int[members.size()];
        int[] rackOf = new int[members.size()];
        for (int i = 0; i < members.size(); i++) {
            Location location = members.get(i).location();
            dataCenterOf[i] = dataCenters.getOrDefault(location.dataCenter(), NO_DATA_CENTER);
            racks.putIfAbsent(location, racks.size());
            rackOf[i] = racks.getOrDefault(location, 0);
        }
        return new ReplicaWalk(NO_FACTOR, factors, dataCenterOf, rackOf, racks.size());
    }

    /// At most so many replicas has a range.
    int replicasMax() {
        if (simpleFactor != NO_FACTOR) {
            return simpleFactor;
        }
        int sum = 0;
        for (int i = 0; i < factors.length; i++) {
            sum += Math.min(factors[i], nodes[i]);
        }
        return sum;
    }

    /// Puts the replicas of the range that ends with token `start` into `found`, in ring order.
    ///
    /// @param owners members of the ring's tokens, in the tokens' order
    /// @return how many
    int collect(int[] owners, int start, int[] found) {
        walk++;
        return simpleFactor == NO_FACTOR
                ? collectByDataCenter(owners, start, found)
                : collectNext(owners, start, found);
    }

    private int collectNext(int[] owners, int start, int[] found) {
        int count = 0;
        int at = start;
        for (int steps = 0; steps < owners.length && count < simpleFactor; steps++) {
            int member = owners[at];
            if (memberSeen[member] != walk) {
                memberSeen[member] = walk;
                found[count++] = member;
            }
            at = at + 1 == owners.length ? 0 : at + 1;
        }
        return count;
    }

    private int collectByDataCenter(int[] owners, int start, int[] found) {
        int unfinished = 0;
        for (int i = 0; i < factors.length; i++) {
            missing[i] = Math.min(factors[i], nodes[i]);
            repeatsLeft[i] = factors[i] - racks[i];
            unfinished += missing[i] > 0 ? 1 : 0;
        }
        int count = 0;
        int at = start;
        for (int steps = 0; steps < owners.length && unfinished > 0; steps++) {
            int member = owners[at];
            if (takes(member)) {
                found[count++] = member;
                unfinished -= --missing[dataCenterOf[member]] == 0 ? 1 : 0;
            }
            at = at + 1 == owners.length ? 0 : at + 1;
        }
        return count;
    }

    private boolean takes(int member) {
        int dataCenter = dataCenterOf[member];
        if (dataCenter == NO_DATA_CENTER
                || missing[dataCenter] == 0
                || memberSeen[member] == walk) {
            return false;
        }
        if (rackSeen[rackOf[member]] == walk) {
            if (repeatsLeft[dataCenter] <= 0) {
                return false;
            }
            repeatsLeft[dataCenter]--;
        }
        rackSeen[rackOf[member]] = walk;
        memberSeen[member] = walk;
        return true;
    }
}
