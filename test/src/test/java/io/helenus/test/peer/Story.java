package io.helenus.test.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One story: its table and its steps, which it tells to both servers.
final class Story {
    private final StoryTable table;
    private final List<Step> steps = new ArrayList<>();
    private final Tellers tellers;
    private int reads;
    private int refused;

    /// Who tells stories: the servers, and names of tables that have not been used.
    static final class Tellers {
        static final String KEYSPACE = "stories";
        private final List<Server> servers;
        private final long beginning;
        private int tables;

        /// @param beginning in seconds since 1970
        Tellers(Server ours, Server peer, long beginning) {
            servers = List.of(ours, peer);
            this.beginning = beginning;
            for (Server server : servers) {
                server.define("DROP KEYSPACE IF EXISTS " + KEYSPACE);
                server.define(
                        "CREATE KEYSPACE %s WITH replication = %s"
                                .formatted(
                                        KEYSPACE,
                                        "{'class': 'SimpleStrategy', 'replication_factor': 1}"));
                server.define("CREATE TYPE " + KEYSPACE + ".pair (a int, b text)");
            }
        }
    }

    /// Where the two differ.
    record Difference(int step, Server.Answer ours, Server.Answer peers) {}

    Story(long seed, int statements, Tellers tellers) {
        this.tellers = tellers;
        Random random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
        boolean purges = random.nextBoolean();
        table = new StoryTable(random, purges);
        boolean rowsExpire = random.nextBoolean();
        StoryWrites writes = new StoryWrites(random, table, rowsExpire, purges);
        StoryReads someReads = new StoryReads(random, table, rowsExpire);
        int flushEvery = 5 + random.nextInt(60);
        for (int i = 0; i < statements; i++) {
            steps.add(writes.next());
            if (random.nextInt(flushEvery) == 0) {
                steps.add(random.nextInt(3) == 0 ? new Step.Compact() : new Step.Flush());
            }
            while (random.nextInt(3) > 0) {
                steps.add(someReads.next());
            }
            if (random.nextInt(25) == 0) {
                steps.addAll(StoryReads.whole());
            }
        }
        steps.addAll(StoryReads.whole());
        steps.add(new Step.Compact());
        steps.addAll(StoryReads.whole());
    }

    /// @return the first difference, or null
    @Nullable Difference tell() throws IOException {
        return tell(steps);
    }

    private @Nullable Difference tell(List<Step> told) throws IOException {
        String name = "t" + tellers.tables++;
        for (Server server : tellers.servers) {
            server.define(table.create(Tellers.KEYSPACE, name));
        }
        try {
            for (int i = 0; i < told.size(); i++) {
                Difference found = tell(told.get(i), i, name);
                if (found != null) {
                    return found;
                }
            }
            return null;
        } finally {
            for (Server server : tellers.servers) {
                server.define("DROP TABLE " + Tellers.KEYSPACE + "." + name);
            }
        }
    }

    private @Nullable Difference tell(Step step, int i, String name) throws IOException {
        List<Server.Answer> answers = new ArrayList<>();
        for (Server server : tellers.servers) {
            switch (step) {
                case Step.Write(String cql, int now) ->
                        answers.add(server.execute(named(cql, name), tellers.beginning + now, 1));
                case Step.Read(String cql, int now, int pageRows) ->
                        answers.add(
                                server.execute(
                                        named(cql, name), tellers.beginning + now, pageRows));
                case Step.Flush() -> server.flush(Tellers.KEYSPACE, name);
                case Step.Compact() -> server.compact(Tellers.KEYSPACE, name);
            }
        }
        if (answers.isEmpty()) {
            return null;
        }
        reads++;
        Server.Answer ours = answers.get(0);
        Server.Answer peers = answers.get(1);
        if (!peers.error().isEmpty()) {
            refused++;
        }
        return ours.isLike(peers) ? null : new Difference(i, ours, peers);
    }

    private static String named(String cql, String name) {
        return cql.replace(Step.TABLE, Tellers.KEYSPACE + "." + name);
    }

    /// Leaves steps out as long as the last one still differs.
    Difference shrink(Difference found) throws IOException {
        Difference smallest = found;
        Step last = steps.get(found.step());
        List<Step> needed = new ArrayList<>(steps.subList(0, found.step()));
        needed.removeIf(step -> step instanceof Step.Read);
        for (int part = Math.max(1, needed.size() / 2); part > 0; part /= 2) {
            for (int from = 0; from < needed.size(); ) {
                List<Step> fewer = new ArrayList<>(needed);
                fewer.subList(from, Math.min(needed.size(), from + part)).clear();
                List<Step> told = new ArrayList<>(fewer);
                told.add(last);
                Difference difference = tell(told);
                if (difference != null && difference.step() == fewer.size()) {
                    needed = fewer;
                    smallest = difference;
                } else {
                    from += part;
                }
            }
        }
        steps.clear();
        steps.addAll(needed);
        steps.add(last);
        return smallest;
    }

    /// All steps as they are.
    String text() {
        StringBuilder text = new StringBuilder(table.create("ks", Step.TABLE)).append('\n');
        for (Step step : steps) {
            text.append(
                            switch (step) {
                                case Step.Write(String cql, int now) -> cql + "; -- at " + now;
                                case Step.Read(String cql, int now, int pageRows) ->
                                        "%s; -- at %d, pages of %d".formatted(cql, now, pageRows);
                                case Step.Flush() -> "-- flush";
                                case Step.Compact() -> "-- compact";
                            })
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "%d statements, %d of them refused".formatted(reads, refused);
    }
}
