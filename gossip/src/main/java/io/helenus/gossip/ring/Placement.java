package io.helenus.gossip.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Replicas of every token for one way to replicate, computed once for a ring and the changes under
/// way, and asked for every request. Immutable; a look-up is a binary search and allocates nothing.
///
/// **Pending** replicas of a range are those that are to have it when a change is finished and
/// don't have it now. Every write goes to them as well, and is acknowledged by one more for each,
/// so that nothing is missing at the moment when they become natural. Reads never ask them.
public final class Placement {
    private final long[] ends; // of ranges, ascending; the first range begins at the last end
    private final Replicas[] natural; // by range, as the next two
    private final Replicas[] pending;
    private final Replicas[] writes;

    private Placement(long[] ends, Replicas[] natural, Replicas[] pending, Replicas[] writes) {
        this.ends = ends;
        this.natural = natural;
        this.pending = pending;
        this.writes = writes;
    }

    public static Placement of(Ring ring, ReplicationStrategy strategy) {
        return of(ring, List.of(), strategy);
    }

    /// Several changes may be under way at once. Members that leave are thought away first, then
    /// each other change is looked at alone and all of them together: whichever ends first, nothing
    /// that it needs is missing.
    public static Placement of(Ring ring, List<RingChange> changes, ReplicationStrategy strategy) {
        if (strategy instanceof ReplicationStrategy.Local(Member self)) {
            Replicas[] one = {new Replicas(List.of(self))};
            return new Placement(
                    new long[] {Long.MAX_VALUE}, one, new Replicas[] {Replicas.NONE}, one);
        }
        List<Ring> targets = targets(ring, changes);
        Shared shared = new Shared();
        List<NaturalReplicas> futures = new ArrayList<>();
        TreeSet<Long> boundaries = new TreeSet<>();
        NaturalReplicas current = new NaturalReplicas(ring, strategy, shared);
        current.addEnds(boundaries);
        for (Ring target : targets) {
            NaturalReplicas future = new NaturalReplicas(target, strategy, shared);
            future.addEnds(boundaries);
            futures.add(future);
        }
        long[] ends = boundaries.stream().mapToLong(Long::longValue).toArray();
        if (ends.length == 0) {
            ends = new long[] {Long.MAX_VALUE}; // nobody has anything
        }
        Replicas[] natural = new Replicas[ends.length];
        Replicas[] pending = new Replicas[ends.length];
        Replicas[] writes = new Replicas[ends.length];
        for (int i = 0; i < ends.length; i++) {
            natural[i] = current.at(ends[i]);
            List<Member> all = new ArrayList<>(natural[i].members());
            for (NaturalReplicas future : futures) {
                for (Member member : future.at(ends[i])) {
                    if (!all.contains(member)) {
                        all.add(member);
                    }
                }
            }
            writes[i] = shared.of(all);
            pending[i] = shared.of(all.subList(natural[i].size(), all.size()));
        }
        return new Placement(ends, natural, pending, writes);
    }

    private static List<Ring> targets(Ring ring, List<RingChange> changes) {
        Ring left = ring;
        List<RingChange> others = new ArrayList<>();
        for (RingChange change : changes) {
            if (change instanceof RingChange.Leave leave) {
                left = leave.applyTo(left);
            } else {
                others.add(change);
            }
        }
        List<Ring> targets = new ArrayList<>();
        if (others.size() < changes.size()) {
            targets.add(left);
        }
        Ring all = left;
        for (RingChange change : others) {
            targets.add(change.applyTo(left));
            all = change.applyTo(all);
        }
        if (others.size() > 1) {
            targets.add(all);
        }
        return targets;
    }

    /// Ranges mostly have one of a few sets of replicas: each is kept once.
    private static final class Shared {
        private final Map<List<Member>, Replicas> known = new HashMap<>(); // asked, never iterated

        Replicas of(List<Member> members) {
            if (members.isEmpty()) {
                return Replicas.NONE;
            }
            Replicas found = known.get(members);
            if (found == null) {
                found = new Replicas(members);
                known.put(found.members(), found);
            }
            return found;
        }
    }

    /// One ring's answer, without changes.
    private static final class NaturalReplicas {
        private final long[] tokens;
        private final Replicas[] replicas;

        NaturalReplicas(Ring ring, ReplicationStrategy strategy, Shared shared) {
            tokens = ring.copyOfTokens();
            replicas = new Replicas[tokens.length];
            List<Member> members = ring.members();
            ReplicaWalk walk =
                    switch (strategy) {
                        case ReplicationStrategy.Simple simple ->
                                ReplicaWalk.simple(members, simple.factor());
                        case ReplicationStrategy.NetworkTopology byDataCenter ->
                                ReplicaWalk.networkTopology(members, byDataCenter);
                        case ReplicationStrategy.Local _ ->
                                throw new IllegalArgumentException("needs no ring");
                    };
            int[] owners = ring.copyOfOwners();
            int[] found = new int[walk.replicasMax()];
            List<Member> set = new ArrayList<>();
            for (int i = 0; i < tokens.length; i++) {
                int count = walk.collect(owners, i, found);
                set.clear();
                for (int each = 0; each < count; each++) {
                    set.add(members.get(found[each]));
                }
                replicas[i] = shared.of(set);
            }
        }

        void addEnds(Set<Long> boundaries) {
            for (long token : tokens) {
                boundaries.add(token);
            }
        }

        Replicas at(long token) {
            return tokens.length == 0 ? Replicas.NONE : replicas[Ring.ceiling(tokens, token)];
        }
    }

    /// Who has the token's keys: reads ask these.
    public Replicas natural(long token) {
        return natural[Ring.ceiling(ends, token)];
    }

    /// Who is about to have them, and does not yet.
    public Replicas pending(long token) {
        return pending[Ring.ceiling(ends, token)];
    }

    /// Both, the natural ones first: writes go to these.
    public Replicas writes(long token) {
        return writes[Ring.ceiling(ends, token)];
    }

    /// How many ranges there are; replicas differ at most from one to the next.
    public int rangeCount() {
        return ends.length;
    }

    public TokenRange range(int index) {
        return new TokenRange(ends[index == 0 ? ends.length - 1 : index - 1], ends[index]);
    }

    public Replicas naturalOfRange(int index) {
        return natural[index];
    }

    public Replicas pendingOfRange(int index) {
        return pending[index];
    }

    /// The share of all keys that each member has a replica of; with two replicas of everything
    /// they add up to two. What `nodetool status` calls "owns (effective)".
    public SortedMap<Member, Double> ownership() {
        SortedMap<Member, Double> shares = new TreeMap<>();
        for (int i = 0; i < ends.length; i++) {
            double share = range(i).share();
            for (Member member : natural[i]) {
                shares.merge(member, share, Double::sum);
            }
        }
        return Collections.unmodifiableSortedMap(shares);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Placement other
                && Arrays.equals(ends, other.ends)
                && Arrays.equals(natural, other.natural)
                && Arrays.equals(pending, other.pending);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ends) + Arrays.hashCode(natural);
    }

    @Override
    public String toString() {
        return ends.length + " ranges";
    }
}
