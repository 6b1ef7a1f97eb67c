package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DriverException;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Changes a part of the database that nobody else changes, one thing after the other, and keeps a
/// record of it: what was acknowledged, and what one thing more would make of that. After a restart it
/// must find the one or the other.
///
/// One thread at a time.
abstract class Actor {
    /// Content, by names that the actor chooses.
    protected NavigableMap<String, String> known = new TreeMap<>();

    /// If the last change was not acknowledged: what it would have made.
    protected @Nullable NavigableMap<String, String> attempted;

    protected final String name;
    protected final Random random;
    private int acknowledged;

    Actor(String name, long seed) {
        this.name = name;
        random = new Random(seed);
    }

    /// Once, at the very beginning.
    abstract void create(World world);

    /// Does one thing.
    abstract void step(World world) throws IOException;

    /// What there is.
    abstract NavigableMap<String, String> observe(World world) throws IOException;

    /// A change that the server is asked for.
    @FunctionalInterface
    interface Request {
        void send() throws IOException;
    }

    /// Sends a request for a change of the record.
    protected final void change(Consumer<NavigableMap<String, String>> edit, Request request)
            throws IOException {
        NavigableMap<String, String> after = new TreeMap<>(known);
        edit.accept(after);
        attempted = after;
        request.send();
        known = after;
        attempted = null;
        acknowledged++;
    }

    /// Works until the server is gone.
    final void work(World world) {
        while (!world.isKilled()) {
            try {
                step(world);
            } catch (DriverException | IOException e) {
                if (world.isKilled()) {
                    return;
                }
                throw new AssertionError(name + " was refused something", e);
            }
        }
    }

    /// After a restart, or at rest.
    void verify(World world) throws IOException {
        NavigableMap<String, String> found = observe(world);
        NavigableMap<String, String> other = attempted;
        if (other == null || !found.equals(other)) {
            assertThat(found)
                    .as("%s: what was acknowledged (or all of one change more, %s)", name, other)
                    .isEqualTo(known);
        }
        known = new TreeMap<>(found);
        attempted = null;
    }

    final int acknowledged() {
        return acknowledged;
    }

    protected final String text(int counter) {
        int length = random.nextInt(8) == 0 ? 2_000 : random.nextInt(300);
        return counter + "-" + String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
    }

    /// Removes all whose name begins so.
    static void remove(NavigableMap<String, String> from, String prefix) {
        from.subMap(prefix, prefix + Character.MAX_VALUE).clear();
    }
}
