package io.helenus.test.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random statements that change something.
///
/// Each has its timestamp. What has expired before the story begins may be a tombstone on one server and
/// still an expired cell on the other, which is a difference where another cell has the same timestamp;
/// so such writes have timestamps for themselves, and those of one timestamp expire together.
final class StoryWrites {
    static final int PAST = -5_000;
    static final int FUTURE = 3_600;
    private static final int PAST_LIFETIME_MAX = 1_900;
    private static final int CLASSES = 5;
    private static final long LATER_TIMESTAMP = 10_000;
    private static final List<String> TEXTS = List.of("''", "'a'", "'b'", "'ccc'");

    private final Random random;
    private final StoryTable table;
    private final int spread;
    private int written;

    // Of the statement that is being made.
    private boolean past;
    private String using = "";
    private boolean expires;
    private int lifetime;

    /// How timestamps go on.
    private final boolean rising;

    private final boolean rowsExpire;
    private final boolean inOrder;

    /// @param rowsExpire whether rows are inserted with a TTL, not only cells
    /// @param inOrder whether what is executed long before the story has older timestamps than the rest. Else
    ///     the servers differ where deletions are purged: of those over a row Cassandra knows only the one
    ///     with the greatest timestamp, and with that all are gone. Here each of them has its time.
    StoryWrites(Random random, StoryTable table, boolean rowsExpire, boolean inOrder) {
        this.random = random;
        this.table = table;
        this.rowsExpire = rowsExpire;
        this.inOrder = inOrder;
        rising = random.nextInt(3) == 0;
        spread = random.nextBoolean() ? 4 : 40;
    }

    Step.Write next() {
        begin();
        int now = past ? PAST : FUTURE;
        if (random.nextInt(8) == 0) {
            StringBuilder batch = new StringBuilder("BEGIN UNLOGGED BATCH ");
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                batch.append(statement()).append("; ");
                chooseTimestamp();
            }
            return new Step.Write(batch.append("APPLY BATCH").toString(), now);
        }
        return new Step.Write(statement(), now);
    }

    private void begin() {
        past = random.nextInt(3) == 0;
        chooseTimestamp();
    }

    private void chooseTimestamp() {
        expires = random.nextInt(4) == 0;
        written++;
        long timestamp = 10L + (rising ? written + random.nextInt(5) : random.nextInt(spread));
        timestamp += inOrder && !past ? LATER_TIMESTAMP : 0;
        timestamp = timestamp * CLASSES + (expires && past ? CLASSES - 1 : random.nextInt(2));
        using = "USING TIMESTAMP " + timestamp;
        lifetime =
                past
                        ? 1 + (int) (timestamp * 7_919 % PAST_LIFETIME_MAX)
                        : random.nextBoolean() ? 100_000 : 60 + random.nextInt(600);
    }

    private String usingWithTtl() {
        return expires ? using + " AND TTL " + lifetime : using;
    }

    private int percent() {
        return random.nextInt(100);
    }

    private String statement() {
        int choice = percent();
        if (choice < 30) {
            return insert();
        }
        return choice < 65 ? update() : delete();
    }

    // ---- Keys

    private String partition() {
        List<String> parts = new ArrayList<>();
        table.partition.forEach(key -> parts.add(key.name() + " = " + key.partitionValue(random)));
        return String.join(" AND ", parts);
    }

    private String row() {
        StringBuilder where = new StringBuilder(partition());
        table.clustering.forEach(key ->
                where.append(" AND ").append(key.name()).append(" = ").append(key.value(random)));
        return where.toString();
    }

    // ---- Writes

    private String insert() {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        table.partition.forEach(key -> {
            names.add(key.name());
            values.add(key.partitionValue(random));
        });
        boolean staticOnly = table.hasClustering() && percent() < 15;
        if (!staticOnly) {
            table.clustering.forEach(key -> {
                names.add(key.name());
                values.add(key.value(random));
            });
        }
        if (table.hasClustering() && (staticOnly || percent() < 20)) {
            names.add("s");
            values.add(percent() < 20 ? "null" : number());
        }
        if (!staticOnly) {
            add(names, values, "v", number());
            add(names, values, "w", text());
            add(names, values, "m", map());
            add(names, values, "t", set());
            add(names, values, "l", list());
            add(names, values, "f", list());
            add(names, values, "u", pair());
        }
        return "INSERT INTO %s (%s) VALUES (%s) %s"
                .formatted(
                        Step.TABLE,
                        String.join(", ", names),
                        String.join(", ", values),
                        rowsExpire ? usingWithTtl() : using);
    }

    private void add(List<String> names, List<String> values, String name, String value) {
        if (percent() < 35) {
            names.add(name);
            values.add(percent() < 15 ? "null" : value);
        }
    }

    private String update() {
        boolean statics = table.hasClustering() && percent() < 20;
        List<String> changes = new ArrayList<>();
        if (statics) {
            changes.add(
                    switch (random.nextInt(5)) {
                        case 0 -> "s = " + number();
                        case 1 -> "s = null";
                        case 2 -> "sm = {'a': %s}".formatted(number());
                        case 3 -> "sm = sm + {%s: %s}".formatted(text(), number());
                        default -> "sm[%s] = %s".formatted(text(), numberOrNull());
                    });
        } else {
            List<String> columns = new ArrayList<>(List.of("v", "w", "m", "t", "l", "f", "u"));
            for (int i = 1 + random.nextInt(2); i > 0; i--) {
                changes.add(change(columns.remove(random.nextInt(columns.size()))));
            }
        }
        return "UPDATE %s %s SET %s WHERE %s"
                .formatted(
                        Step.TABLE,
                        usingWithTtl(),
                        String.join(", ", changes),
                        statics ? partition() : row());
    }

    private String change(String column) {
        return switch (column) {
            case "v" -> "v = " + numberOrNull();
            case "w" -> "w = " + text();
            case "m" ->
                    switch (random.nextInt(4)) {
                        case 0 -> "m = " + map();
                        case 1 -> "m = m + " + map();
                        case 2 -> "m = m - {1, 2}";
                        default ->
                                "m[%s] = %s".formatted(number(), percent() < 25 ? "null" : text());
                    };
            case "t" ->
                    switch (random.nextInt(3)) {
                        case 0 -> "t = " + set();
                        case 1 -> "t = t + " + set();
                        default -> "t = t - {'a', 'b'}";
                    };
            case "l" ->
                    switch (random.nextInt(5)) {
                        case 0 -> "l = " + list();
                        case 1 -> "l = l + " + list();
                        case 2 -> "l = " + list() + " + l";
                        case 3 -> "l = l - [1, 2]";
                        default -> "l[%d] = %s".formatted(random.nextInt(2), numberOrNull());
                    };
            case "f" -> "f = " + list();
            default ->
                    switch (random.nextInt(3)) {
                        case 0 -> "u = " + pair();
                        case 1 -> "u.a = " + numberOrNull();
                        default -> "u.b = " + text();
                    };
        };
    }

    // ---- Deletions

    private String delete() {
        int choice = percent();
        if (choice < 30) {
            List<String> what =
                    List.of(
                            "v", "w", "m", "t", "l", "f", "u", "m[1]", "t['a']", "l[0]", "u.a",
                            "v, w");
            return "DELETE %s FROM %s %s WHERE %s"
                    .formatted(StoryTable.any(random, what), Step.TABLE, using, row());
        }
        if (table.hasClustering() && choice < 38) {
            List<String> what = List.of("s", "sm", "sm['a']", "s, sm");
            return "DELETE %s FROM %s %s WHERE %s"
                    .formatted(StoryTable.any(random, what), Step.TABLE, using, partition());
        }
        String where =
                choice < 60 || !table.hasClustering()
                        ? row()
                        : choice < 70 ? partition() : partition() + " AND " + range();
        return "DELETE FROM %s %s WHERE %s".formatted(Step.TABLE, using, where);
    }

    /// A part of a partition: a prefix, an interval within one, several columns at once, or several rows.
    private String range() {
        return new StoryRanges(random, table).next(false);
    }

    // ---- Values

    private String number() {
        return String.valueOf(random.nextInt(4));
    }

    private String numberOrNull() {
        return percent() < 20 ? "null" : number();
    }

    private String text() {
        return StoryTable.any(random, TEXTS);
    }

    private String map() {
        return random.nextInt(6) == 0
                ? "{}"
                : "{%s: %s, 3: %s}".formatted(random.nextInt(3), text(), text());
    }

    private String set() {
        return random.nextInt(6) == 0 ? "{}" : "{%s, 'z'}".formatted(text());
    }

    private String list() {
        return random.nextInt(6) == 0 ? "[]" : "[%s, %s]".formatted(number(), number());
    }

    private String pair() {
        return "{a: %s, b: %s}".formatted(numberOrNull(), text());
    }
}
