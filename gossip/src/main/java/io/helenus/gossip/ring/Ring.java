package io.helenus.gossip.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which member has which tokens. Immutable. The member with a token owns the range that ends
/// there: the keys after the token before it, up to and with its own.
public final class Ring {
    public static final Ring EMPTY = new Ring(new TreeMap<>());

    private final List<Member> members; // sorted
    private final long[] tokens; // ascending
    private final int[] owners; // of tokens, as indices into members

    private Ring(SortedMap<Member, long[]> tokensByMember) {
        members = List.copyOf(tokensByMember.keySet());
        int count = tokensByMember.values().stream().mapToInt(each -> each.length).sum();
        TreeMap<Long, Integer> sorted = new TreeMap<>();
        for (int i = 0; i < members.size(); i++) {
            for (long token : tokensByMember.getOrDefault(members.get(i), new long[0])) {
                Integer other = sorted.put(token, i);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "Token %d is of both %s and %s"
                                    .formatted(token, members.get(other), members.get(i)));
                }
            }
        }
        tokens = new long[count];
        owners = new int[count];
        int at = 0;
        for (Map.Entry<Long, Integer> entry : sorted.entrySet()) {
            tokens[at] = entry.getKey();
            owners[at++] = entry.getValue();
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Collects members and their tokens; each error names both sides of a conflict.
    public static final class Builder {
        private final TreeMap<Member, long[]> tokensByMember = new TreeMap<>();
        private final Set<Object> identities = new HashSet<>(); // asked, never iterated

        private Builder() {}

        public Builder add(Member member, long... tokens) {
            if (tokens.length == 0) {
                throw new IllegalArgumentException(member + " has no tokens");
            }
            if (!identities.add(member.hostId())) {
                throw new IllegalArgumentException(
                        "Host id %s is in the ring twice".formatted(member.hostId()));
            }
            if (!identities.add(member.endpoint())) {
                throw new IllegalArgumentException(
                        "Address %s is in the ring twice".formatted(member.endpoint()));
            }
            tokensByMember.put(member, tokens.clone());
            return this;
        }

        public Ring build() {
            return new Ring(tokensByMember);
        }
    }

    /// All of the ring, and one more.
    public Ring with(Member member, long... added) {
        return copyWithout(null).add(member, added).build();
    }

    /// All of the ring except one.
    public Ring without(UUID hostId) {
        require(hostId);
        return copyWithout(hostId).build();
    }

    private Builder copyWithout(@Nullable UUID left) {
        Builder copy = builder();
        for (Member member : members) {
            if (!member.hostId().equals(left)) {
                copy.add(member, tokensOf(member.hostId()));
            }
        }
        return copy;
    }

    /// The part of the ring that a data centre has.
    public Ring inDataCenter(String dataCenter) {
        Builder part = builder();
        for (Member member : members) {
            if (member.location().dataCenter().equals(dataCenter)) {
                part.add(member, tokensOf(member.hostId()));
            }
        }
        return part.build();
    }

    public List<Member> members() {
        return members;
    }

    public @Nullable Member member(UUID hostId) {
        for (Member member : members) {
            if (member.hostId().equals(hostId)) {
                return member;
            }
        }
        return null;
    }

    Member require(UUID hostId) {
        Member member = member(hostId);
        if (member == null) {
            throw new IllegalArgumentException("No node of the ring has host id " + hostId);
        }
        return member;
    }

    public int tokenCount() {
        return tokens.length;
    }

    /// The token at an index; they ascend.
    public long token(int index) {
        return tokens[index];
    }

    public Member owner(int index) {
        return members.get(owners[index]);
    }

    /// The range that ends with the token at an index.
    public TokenRange range(int index) {
        return new TokenRange(tokens[index == 0 ? tokens.length - 1 : index - 1], tokens[index]);
    }

    /// Tokens of a member, ascending.
    public long[] tokensOf(UUID hostId) {
        int owner = members.indexOf(require(hostId));
        long[] found = new long[tokens.length];
        int count = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (owners[i] == owner) {
                found[count++] = tokens[i];
            }
        }
        return Arrays.copyOf(found, count);
    }

    /// The ranges that end with tokens of a member: what it is the first replica of.
    public List<TokenRange> rangesOf(UUID hostId) {
        int owner = members.indexOf(require(hostId));
        List<TokenRange> ranges = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            if (owners[i] == owner) {
                ranges.add(range(i));
            }
        }
        return Collections.unmodifiableList(ranges);
    }

    /// Index of the token that a key's token belongs to: the first that is not smaller, or the
    /// first of all after the last.
    public int indexOf(long token) {
        return ceiling(tokens, token);
    }

    static int ceiling(long[] ascending, long token) {
        int at = Arrays.binarySearch(ascending, token);
        if (at >= 0) {
            return at;
        }
        int after = -at - 1;
        return after == ascending.length ? 0 : after;
    }

    boolean hasToken(long token) {
        return Arrays.binarySearch(tokens, token) >= 0;
    }

    long[] copyOfTokens() {
        return tokens.clone();
    }

    int[] copyOfOwners() {
        return owners.clone();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Ring other
                && members.equals(other.members)
                && Arrays.equals(tokens, other.tokens)
                && Arrays.equals(owners, other.owners);
    }

    @Override
    public int hashCode() {
        return 31 * members.hashCode() + Arrays.hashCode(tokens);
    }

    @Override
    public String toString() {
        return members.size() + " members with " + tokens.length + " tokens";
    }
}
