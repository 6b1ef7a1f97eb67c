package io.helenus.test.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random conditions on clustering columns, for a table that has some.
final class StoryRanges {
    private final Random random;
    private final StoryTable table;

    StoryRanges(Random random, StoryTable table) {
        this.random = random;
        this.table = table;
    }

    /// @param inRead also what a deletion must not have
    String next(boolean inRead) {
        List<StoryTable.Key> columns = table.clustering;
        int prefix = random.nextInt(columns.size() + (inRead ? 1 : 0));
        StringBuilder where = new StringBuilder();
        for (StoryTable.Key key : columns.subList(0, prefix)) {
            where.append(where.isEmpty() ? "" : " AND ")
                    .append(key.name())
                    .append(random.nextInt(8) == 0 ? several(key) : " = " + key.value(random));
        }
        if (prefix == columns.size()) {
            return where.toString();
        }
        List<StoryTable.Key> rest = columns.subList(prefix, columns.size());
        List<StoryTable.Key> bound = rest.subList(0, 1 + random.nextInt(rest.size()));
        boolean mixed =
                bound.stream().anyMatch(key -> key.descending() != bound.get(0).descending());
        List<StoryTable.Key> compared =
                mixed && random.nextInt(4) > 0 ? bound.subList(0, 1) : bound;
        where.append(where.isEmpty() ? "" : " AND ");
        switch (random.nextInt(6)) {
            case 0 ->
                    where.append(compare(compared, ">"))
                            .append(" AND ")
                            .append(compare(compared, "<"));
            case 1 ->
                    where.append(compare(compared, ">="))
                            .append(" AND ")
                            .append(compare(compared, "<"));
            case 2 ->
                    where.append(compare(compared, ">="))
                            .append(" AND ")
                            .append(compare(compared, "<="));
            case 3 -> where.append(compare(compared, random.nextBoolean() ? "<" : "<="));
            case 4 -> where.append(compare(compared, random.nextBoolean() ? ">" : ">="));
            default -> {
                StoryTable.Key first = rest.get(0);
                where.append(first.name())
                        .append(
                                random.nextInt(3) == 0
                                        ? several(first)
                                        : " = " + first.value(random));
            }
        }
        return where.toString();
    }

    private String several(StoryTable.Key key) {
        return " IN (%s, %s)".formatted(key.value(random), key.value(random));
    }

    private String compare(List<StoryTable.Key> columns, String operator) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        columns.forEach(key -> {
            names.add(key.name());
            values.add(key.value(random));
        });
        return columns.size() == 1 && random.nextBoolean()
                ? names.get(0) + " " + operator + " " + values.get(0)
                : "(%s) %s (%s)"
                        .formatted(String.join(", ", names), operator, String.join(", ", values));
    }
}
