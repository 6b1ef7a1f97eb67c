package io.helenus.gossip.ring;

import io.helenus.gossip.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/// Distinct members that have, or are to have, a range; the first is the one whose token ends it.
/// Immutable. A loop on a hot path uses [#get], which allocates nothing.
public final class Replicas implements Iterable<Member> {
    public static final Replicas NONE = new Replicas(List.of());

    private final List<Member> members;

    Replicas(List<Member> members) {
        this.members = List.copyOf(members);
    }

    public int size() {
        return members.size();
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public Member get(int index) {
        return members.get(index);
    }

    public boolean contains(UUID hostId) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).hostId().equals(hostId)) {
                return true;
            }
        }
        return false;
    }

    /// How many are in a data centre.
    public int countIn(String dataCenter) {
        int count = 0;
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).location().dataCenter().equals(dataCenter)) {
                count++;
            }
        }
        return count;
    }

    public List<Member> members() {
        return members;
    }

    /// Those that another one does not have.
    public Replicas minus(Replicas others) {
        List<Member> left = new ArrayList<>();
        for (Member member : members) {
            if (!others.contains(member.hostId())) {
                left.add(member);
            }
        }
        return left.isEmpty() ? NONE : new Replicas(left);
    }

    /// The same replicas, those of the own rack first, then of the own data centre. To be computed
    /// once for a placement and kept.
    public Replicas closestTo(Location location) {
        List<Member> sorted = new ArrayList<>(members); // a stable sort: ring order among equals
        sorted.sort(Comparator.comparingInt(each -> each.location().distanceTo(location)));
        return new Replicas(sorted);
    }

    @Override
    public Iterator<Member> iterator() {
        return members.iterator();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Replicas other && members.equals(other.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
