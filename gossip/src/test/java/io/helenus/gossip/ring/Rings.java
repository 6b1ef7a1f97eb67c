package io.helenus.gossip.ring;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;

/// Makes members and rings for tests.
final class Rings {
    private static final int PORT = 7000;

    private Rings() {}

    static Member member(int number, String dataCenter, String rack) {
        return new Member(
                new UUID(0, number),
                Endpoint.ipv4(0x0a000000 + number, PORT),
                new Location(dataCenter, rack));
    }

    /// Distinct random tokens, ascending.
    static long[] tokens(Random random, int count) {
        long[] tokens = random.longs().distinct().limit(count).toArray();
        Arrays.sort(tokens);
        return tokens;
    }
}
