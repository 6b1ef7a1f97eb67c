package io.helenus.gossip.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Chooses the tokens of a joining node so that every node of its data centre ends up with about
/// the same share of all replicas.
///
/// Where each rack holds one replica of everything (as many racks as replicas), and where every
/// node holds everything, the racks are rings of their own: the new node takes from each node of
/// its rack exactly what that has too much, cutting its widest ranges. Elsewhere that is only the
/// start, and the tokens are moved about, one at a time, as long as the shares become more even;
/// they are computed by the placement's own walk.
///
/// The result depends on the arguments alone, the generator's state included.
public final class TokenAllocator {
    public static final int DEFAULT_TOKENS = 16;
    public static final int DEFAULT_REPLICATION_FACTOR = 3;
    public static final int TOKENS_MAX = 1024;

    private static final double RING = 0x1p64;

    /// The largest part of a range that is cut off, so that what remains is still a range.
    private static final double CUT_MAX = 31.0 / 32;

    /// Walks that a search may do, over all its tries: bounds the time for a large ring.
    private static final int WALKS_MAX = 1_500_000;

    private static final int TRIES_MIN = 100;
    private static final int TRIES_MAX = 2_500;
    private static final int STARTS_MAX = 4;

    /// Unevenness at which a search stops (shares 0.5 % off), and at which it need not start again
    /// (2 % off).
    private static final double EVEN = 0.005 * 0.005;

    private static final double EVEN_ENOUGH = 0.02 * 0.02;

    private final Ring ring;
    private final Member joining;
    private final int count;
    private final int factor;
    private final RandomGenerator random;

    private TokenAllocator(
            Ring ring, Member joining, int count, int factor, RandomGenerator random) {
        this.ring = ring;
        this.joining = joining;
        this.count = count;
        this.factor = factor;
        this.random = random;
    }

    /// @param ring all data centres and, so that no token is given twice, all who are joining
    /// @param factor copies of each row in the data centre of the joining node
    /// @return tokens that the ring does not have, ascending
    public static long[] allocate(
            Ring ring, Member joining, int count, int factor, RandomGenerator random) {
        if (count < 1 || count > TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "num_tokens is %d, must be in 1..%d".formatted(count, TOKENS_MAX));
        }
        if (factor < 1) {
            throw new IllegalArgumentException(
                    "Replication factor to allocate tokens for is %d, must be at least 1"
                            .formatted(factor));
        }
        return new TokenAllocator(ring, joining, count, factor, random).allocate();
    }

    private long[] allocate() {
        Ring dataCenter = ring.inDataCenter(joining.location().dataCenter());
        TreeSet<String> racks = new TreeSet<>();
        racks.add(joining.location().rack());
        dataCenter.members().forEach(member -> racks.add(member.location().rack()));
        boolean everyNodeHasAll = dataCenter.members().size() < factor;
        boolean rackHasOneCopy = racks.size() > 1 && racks.size() <= factor;
        if (factor == 1) {
            return evenOut(dataCenter);
        }
        if (everyNodeHasAll || rackHasOneCopy) {
            return evenOut(rackOnly(dataCenter));
        }
        return new Search(dataCenter, evenOut(dataCenter)).run();
    }

    private Ring rackOnly(Ring dataCenter) {
        Ring.Builder part = Ring.builder();
        for (Member member : dataCenter.members()) {
            if (member.location().equals(joining.location())) {
                part.add(member, dataCenter.tokensOf(member.hostId()));
            }
        }
        return part.build();
    }

    /// Tokens that even out how much of the ring itself each of the peers and the new node own.
    private long[] evenOut(Ring peers) {
        TreeSet<Long> chosen = new TreeSet<>();
        if (peers.members().isEmpty()) {
            long start = startOfGrid();
            for (int i = 0; i < count; i++) {
                addFree(chosen, start + unsigned(i * (RING / count)));
            }
            return toArray(chosen);
        }
        List<Donor> donors = donors(peers);
        for (int i = 0; i < count; i++) {
            Donor most = donors.getFirst();
            for (Donor donor : donors) {
                if (donor.needsCutMoreThan(most)) {
                    most = donor;
                }
            }
            if (!most.addCut()) {
                break; // more tokens than ranges: the rest goes anywhere
            }
        }
        donors.forEach(donor -> donor.cut(chosen));
        while (chosen.size() < count) {
            addFree(chosen, random.nextLong());
        }
        return toArray(chosen);
    }

    /// The first node of a rack spreads its tokens evenly, beginning in the middle of the widest
    /// range of the data centre, so that they lie between those of other racks.
    private long startOfGrid() {
        Ring others = ring.inDataCenter(joining.location().dataCenter());
        if (others.tokenCount() == 0) {
            return random.nextLong();
        }
        TokenRange widest = others.range(random.nextInt(others.tokenCount()));
        for (int i = 0; i < others.tokenCount(); i++) {
            if (others.range(i).share() > widest.share()) {
                widest = others.range(i);
            }
        }
        return widest.left() + unsigned(widest.share() / 2 * RING);
    }

    private List<Donor> donors(Ring peers) {
        TreeMap<Member, List<TokenRange>> ranges = new TreeMap<>();
        for (int i = 0; i < peers.tokenCount(); i++) {
            ranges.computeIfAbsent(peers.owner(i), _ -> new ArrayList<>()).add(peers.range(i));
        }
        double target = 1.0 / (ranges.size() + 1);
        List<Donor> donors = new ArrayList<>();
        for (Map.Entry<Member, List<TokenRange>> entry : ranges.entrySet()) {
            donors.add(new Donor(entry.getValue(), target));
        }
        return donors;
    }

    /// A node that gives part of what it owns to the new one.
    private final class Donor {
        private final List<TokenRange> widest; // descending; a stable sort
        private final double excess;
        private double cuttable;
        private int cuts;

        Donor(List<TokenRange> ranges, double target) {
            widest = new ArrayList<>(ranges);
            widest.sort((one, other) -> Double.compare(other.share(), one.share()));
            double owned = widest.stream().mapToDouble(TokenRange::share).sum();
            excess = Math.max(0, owned - target);
        }

        /// Those who cannot give all their excess yet come first; then those that would have to
        /// give the largest part of their ranges.
        boolean needsCutMoreThan(Donor other) {
            boolean mayCut = cuts < widest.size();
            boolean otherMayCut = other.cuts < other.widest.size();
            if (mayCut != otherMayCut) {
                return mayCut;
            }
            double uncovered = Math.max(0, excess - cuttable);
            double otherUncovered = Math.max(0, other.excess - other.cuttable);
            if (uncovered != otherUncovered) {
                return uncovered > otherUncovered;
            }
            return excess * other.cuttable > other.excess * cuttable;
        }

        boolean addCut() {
            if (cuts == widest.size()) {
                return false;
            }
            cuttable += widest.get(cuts++).share() * CUT_MAX;
            return true;
        }

        void cut(Set<Long> chosen) {
            double part = cuttable == 0 ? 0 : Math.min(1, excess / cuttable) * CUT_MAX;
            for (TokenRange range : widest.subList(0, cuts)) {
                long width = Math.max(1, unsigned(range.share() * part * RING));
                addFree(chosen, range.left() + width);
            }
        }
    }

    /// The next token that nobody has.
    private void addFree(Set<Long> chosen, long wanted) {
        long token = wanted;
        while (ring.hasToken(token) || token == Murmur3Token.MIN || !chosen.add(token)) {
            token++;
        }
    }

    /// A number from 0 up to 2^64 as an unsigned one; 2^64 itself, the whole ring, as 0.
    private static long unsigned(double value) {
        return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) + Long.MIN_VALUE;
    }

    private static long[] toArray(Set<Long> chosen) {
        return chosen.stream().mapToLong(Long::longValue).toArray();
    }

    /// Moves one token at a time and keeps what makes the shares of all nodes more even.
    private final class Search {
        private final List<Member> members; // those of the data centre, the joining node last
        private final long[] baseTokens;
        private final int[] baseOwners;
        private final ReplicaWalk walk;
        private final int[] found;
        private final double target;
        private long[] own; // the tokens that are moved about

        // Rebuilt by each try: the ring with the tokens of that try.
        private final long[] tokens;
        private final int[] owners;
        private final double[] shares; // by member

        Search(Ring dataCenter, long[] start) {
            members = new ArrayList<>(dataCenter.members());
            members.add(joining);
            baseTokens = dataCenter.copyOfTokens();
            baseOwners = dataCenter.copyOfOwners();
            ReplicationStrategy.NetworkTopology strategy =
                    ReplicationStrategy.NetworkTopology.of(
                            Map.of(joining.location().dataCenter(), factor));
            walk = ReplicaWalk.networkTopology(members, strategy);
            found = new int[walk.replicasMax()];
            target = (double) walk.replicasMax() / members.size();
            own = start;
            tokens = new long[baseTokens.length + count];
            owners = new int[tokens.length];
            shares = new double[members.size()];
        }

        /// Searches from the tokens that even out the ring itself, and again from random ones if
        /// that ends where no single step helps but the shares are still uneven.
        long[] run() {
            int walks = WALKS_MAX / tokens.length;
            int tries = Math.clamp(walks, TRIES_MIN, TRIES_MAX);
            double best = improve(tries);
            long[] result = own.clone();
            for (int i = 1; i < STARTS_MAX && best > EVEN_ENOUGH; i++) {
                own = evenOut(Ring.EMPTY);
                double now = improve(tries);
                if (now < best) {
                    best = now;
                    result = own.clone();
                }
            }
            Arrays.sort(result);
            return result;
        }

        /// @return how uneven the shares are after that, at most [#EVEN] if nothing is left to do
        private double improve(int tries) {
            double best = unevenness();
            for (int i = 0; i < tries && best > EVEN; i++) {
                int moved = random.nextInt(count);
                long before = own[moved];
                long after = random.nextBoolean() ? nearby(before) : random.nextLong();
                if (!free(after)) {
                    continue;
                }
                own[moved] = after;
                double now = unevenness();
                if (now < best) {
                    best = now;
                } else {
                    own[moved] = before;
                }
            }
            return best;
        }

        /// Somewhere at a distance of up to two ranges of average width, mostly much nearer.
        private long nearby(long token) {
            double width = 2 * RING / tokens.length;
            double distance = width * Math.pow(2, -8 * random.nextDouble());
            return random.nextBoolean() ? token + (long) distance : token - (long) distance;
        }

        private boolean free(long token) {
            for (long each : own) {
                if (each == token) {
                    return false;
                }
            }
            return token != Murmur3Token.MIN && !ring.hasToken(token);
        }

        /// The mean of the squares of how far each share is off the mean, as a part of that.
        private double unevenness() {
            merge();
            Arrays.fill(shares, 0);
            long left = tokens[tokens.length - 1];
            for (int i = 0; i < tokens.length; i++) {
                double share = TokenRange.shareOf(left, tokens[i]);
                int replicas = walk.collect(owners, i, found);
                for (int each = 0; each < replicas; each++) {
                    shares[found[each]] += share;
                }
                left = tokens[i];
            }
            double sum = 0;
            for (double share : shares) {
                double off = share / target - 1;
                sum += off * off * (off > 0 ? 2 : 1); // too much is worse than too little
            }
            return sum / shares.length;
        }

        private void merge() {
            long[] added = own.clone();
            Arrays.sort(added);
            int base = 0;
            int next = 0;
            for (int i = 0; i < tokens.length; i++) {
                boolean takeBase =
                        base < baseTokens.length
                                && (next == added.length || baseTokens[base] < added[next]);
                owners[i] = takeBase ? baseOwners[base] : members.size() - 1;
                tokens[i] = takeBase ? baseTokens[base++] : added[next++];
            }
        }
    }
}
