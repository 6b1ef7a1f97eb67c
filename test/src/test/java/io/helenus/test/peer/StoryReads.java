package io.helenus.test.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random queries.
final class StoryReads {
    private static final int LATER = 30_000;
    private static final List<Integer> PAGES = List.of(1, 2, 3, 7, 5_000);
    private static final List<String> CONDITIONS =
            List.of(
                    "v = 1",
                    "v > 1",
                    "v IN (0, 3)",
                    "w = 'a'",
                    "w = ''",
                    "m CONTAINS 'a'",
                    "m CONTAINS KEY 1",
                    "m[3] = 'b'",
                    "t CONTAINS 'z'",
                    "l CONTAINS 2",
                    "f = [1, 2]");
    private static final List<String> STATIC_CONDITIONS =
            List.of("s = 1", "s >= 2", "sm CONTAINS 1", "sm['a'] = 2");
    private static final List<String> AGGREGATES =
            List.of("count(*)", "count(v)", "min(v)", "max(v)", "sum(v)", "max(w)", "avg(v)");

    private final Random random;
    private final StoryTable table;

    private final boolean wholeRows;

    /// @param wholeRows whether all columns are asked for. Of others Cassandra leaves out what is older than
    ///     the row's insertion, even if that has expired, and then the whole row, if nothing else is left of it.
    StoryReads(Random random, StoryTable table, boolean wholeRows) {
        this.random = random;
        this.table = table;
        this.wholeRows = wholeRows;
    }

    /// Everything, at both times.
    static List<Step.Read> whole() {
        return List.of(
                new Step.Read("SELECT * FROM " + Step.TABLE, StoryWrites.FUTURE + 1, 5_000),
                new Step.Read("SELECT * FROM " + Step.TABLE, LATER, 3));
    }

    Step.Read next() {
        int now = random.nextInt(4) == 0 ? LATER : StoryWrites.FUTURE + random.nextInt(700);
        return new Step.Read(cql(), now, PAGES.get(random.nextInt(PAGES.size())));
    }

    private int percent() {
        return random.nextInt(100);
    }

    private String cql() {
        if (!wholeRows && percent() < 10) {
            return distinct();
        }
        StringBuilder cql = new StringBuilder("SELECT " + selected() + " FROM " + Step.TABLE);
        List<String> where = new ArrayList<>();
        boolean filters = false;
        boolean ordered = false;
        int choice = percent();
        if (choice < 55) {
            table.partition.forEach(
                    key -> where.add(key.name() + " = " + key.partitionValue(random)));
            ordered = table.hasClustering() && percent() < 40;
        } else if (choice < 65) {
            table.partition.forEach(key ->
                    where.add(
                            "%s IN (%s, %s)"
                                    .formatted(
                                            key.name(),
                                            key.partitionValue(random),
                                            key.partitionValue(random))));
        } else if (choice < 75) {
            where.add(tokens());
        }
        if (table.hasClustering() && percent() < 60) {
            where.add(new StoryRanges(random, table).next(true));
            filters |= choice >= 65;
        }
        if (percent() < 15) {
            boolean statics = table.hasClustering() && percent() < 30;
            where.add(StoryTable.any(random, statics ? STATIC_CONDITIONS : CONDITIONS));
            filters = true;
        }
        if (!where.isEmpty()) {
            cql.append(" WHERE ").append(String.join(" AND ", where));
        }
        if (ordered) {
            cql.append(" ORDER BY ").append(order());
        }
        if (percent() < 20) {
            cql.append(" PER PARTITION LIMIT ").append(1 + random.nextInt(4));
        }
        if (percent() < 30) {
            cql.append(" LIMIT ").append(1 + random.nextInt(6));
        }
        return cql.append(filters ? " ALLOW FILTERING" : "").toString();
    }

    private String selected() {
        int choice = percent();
        if (wholeRows || choice < 45) {
            return choice < 70 ? "*" : everything();
        }
        if (choice < 55) {
            return StoryTable.any(random, AGGREGATES);
        }
        List<String> columns = new ArrayList<>();
        table.partition.forEach(key -> columns.add(key.name()));
        table.clustering.forEach(key -> columns.add(key.name()));
        if (choice < 75) {
            columns.addAll(List.of("v", "writetime(v)", "ttl(v)", "writetime(w)", "ttl(f)"));
            if (table.hasClustering()) {
                columns.addAll(List.of("s", "writetime(s)", "ttl(s)"));
            }
            return String.join(", ", columns);
        }
        List<String> others =
                new ArrayList<>(List.of("v", "w", "m", "t", "l", "f", "u", "u.a", "m[3]"));
        if (table.hasClustering()) {
            others.addAll(List.of("s", "sm"));
        }
        others.removeIf(_ -> percent() < 60);
        columns.removeIf(_ -> percent() < 20);
        columns.addAll(others);
        return columns.isEmpty() ? "v" : String.join(", ", columns);
    }

    private String everything() {
        return "v, writetime(v), ttl(v), w, writetime(w), ttl(w), m, t, l, f, writetime(f), u"
                + (table.hasClustering() ? ", s, ttl(s), sm" : "");
    }

    private String distinct() {
        List<String> names = new ArrayList<>();
        table.partition.forEach(key -> names.add(key.name()));
        if (table.hasClustering() && percent() < 60) {
            names.add("s");
            names.add("sm");
        }
        return "SELECT DISTINCT %s FROM %s%s%s"
                .formatted(
                        String.join(", ", names),
                        Step.TABLE,
                        percent() < 20 ? " WHERE " + tokens() : "",
                        percent() < 30 ? " LIMIT " + (1 + random.nextInt(3)) : "");
    }

    private String tokens() {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (StoryTable.Key key : table.partition) {
            names.add(key.name());
            values.add(key.partitionValue(random));
        }
        return "token(%s) %s token(%s)"
                .formatted(
                        String.join(", ", names),
                        StoryTable.any(random, List.of("<", "<=", ">", ">=", "=")),
                        String.join(", ", values));
    }

    private String order() {
        boolean reversed = percent() < 80;
        List<String> order = new ArrayList<>();
        for (StoryTable.Key key : table.clustering) {
            order.add(key.name() + (key.descending() != reversed ? " DESC" : " ASC"));
        }
        return String.join(", ", order);
    }
}
