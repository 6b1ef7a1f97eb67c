package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.Row;
import io.helenus.test.node.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Writes rows that live for seconds: each is there for so long, then gone, and never comes back.
final class Expiring extends Actor {
    private static final int LIFETIME_MAX = 4;
    private static final long PAUSE_MILLIS = 2;

    /// In milliseconds; expiry goes by seconds.
    private record Lifetime(long thereUntil, long goneFrom) {}

    private final Map<Integer, Lifetime> lifetimes = new TreeMap<>();
    private int counter;

    Expiring(long seed) {
        super("expiring", seed);
    }

    @Override
    void create(World world) {
        world.session.execute(
                "CREATE TABLE ks.ttl (k int PRIMARY KEY, v text) WITH gc_grace_seconds = 0");
    }

    @Override
    void step(World world) throws IOException {
        int k = counter++;
        long lifetime = TimeUnit.SECONDS.toMillis(1 + random.nextInt(LIFETIME_MAX));
        long sent = System.currentTimeMillis();
        change(
                _ -> {},
                () ->
                        world.write(
                                "INSERT INTO ks.ttl (k, v) VALUES (?, ?) USING TTL "
                                        + TimeUnit.MILLISECONDS.toSeconds(lifetime),
                                k,
                                text(k)));
        long second = TimeUnit.SECONDS.toMillis(1);
        lifetimes.put(
                k,
                new Lifetime(
                        sent + lifetime - second, System.currentTimeMillis() + lifetime + second));
        Waiting.pause(Duration.ofMillis(PAUSE_MILLIS));
    }

    @Override
    NavigableMap<String, String> observe(World world) {
        return new TreeMap<>();
    }

    @Override
    void verify(World world) {
        attempted = null;
        long before = System.currentTimeMillis();
        Set<Integer> found = new HashSet<>();
        for (Row row : world.read("SELECT k FROM ks.ttl")) {
            found.add(row.getInt(0));
        }
        long after = System.currentTimeMillis();
        lifetimes.forEach((k, lifetime) -> {
            if (after < lifetime.thereUntil) {
                assertThat(found).as("a row that has not expired").contains(k);
            } else if (before > lifetime.goneFrom) {
                assertThat(found).as("a row that has expired").doesNotContain(k);
            }
        });
    }
}
