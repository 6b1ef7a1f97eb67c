package io.helenus.test.crash;

import io.helenus.engine.json.Json;
import io.helenus.test.node.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What an operator does all day: flushes, compacts, collects garbage, cleans up.
final class Upkeep extends Actor {
    private static final List<String> TABLES = List.of("a", "b", "ttl", "alt", "src", "dst");
    private static final int PAUSE_MILLIS_MAX = 60;

    Upkeep(long seed) {
        super("upkeep", seed);
    }

    @Override
    void create(World world) {
        // works on what others make
    }

    @Override
    void step(World world) throws IOException {
        Waiting.pause(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
        Json.Members one =
                Json.object()
                        .put("keyspace", "ks")
                        .putTexts("tables", List.of(TABLES.get(random.nextInt(TABLES.size()))));
        change(
                _ -> {},
                () -> {
                    var _ =
                            switch (random.nextInt(10)) {
                                case 0, 1, 2, 3 -> world.admin.post("/v1/flush", one);
                                case 4, 5 ->
                                        world.admin.post(
                                                "/v1/compact",
                                                one.put("split_output", random.nextBoolean()));
                                case 6 -> world.admin.post("/v1/cleanup", one);
                                case 7 -> world.admin.post("/v1/flush", Json.object());
                                default ->
                                        world.admin.post(
                                                "/v1/garbagecollect",
                                                one.put(
                                                        "granularity",
                                                        random.nextBoolean() ? "ROW" : "CELL"));
                            };
                });
    }

    @Override
    NavigableMap<String, String> observe(World world) {
        return new TreeMap<>();
    }
}
