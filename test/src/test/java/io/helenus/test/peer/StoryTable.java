package io.helenus.test.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The table of a story: random types of key columns, always the same other columns. Few values for each, so
/// that statements meet each other's rows.
final class StoryTable {
    private static final List<String> PARTITION_KINDS = List.of("int", "text", "varint");
    private static final List<String> CLUSTERING_KINDS =
            List.of("int", "text", "varint", "double", "boolean", "timeuuid", "blob", "date");

    /// A column of the primary key.
    record Key(String name, String type, boolean descending) {
        List<String> values() {
            return switch (type) {
                case "int" -> List.of("-1", "0", "7", "2147483647");
                case "text" -> List.of("''", "'a'", "'ab'", "'é'");
                case "varint" -> List.of("-129", "0", "255", "36893488147419103232");
                case "double" -> List.of("-0.0", "0.0", "1.5", "NaN");
                case "boolean" -> List.of("false", "true");
                case "timeuuid" ->
                        List.of(
                                "00000000-0000-1000-8080-808080808080",
                                "ffffffff-0000-1000-80ff-808080808080",
                                "00000000-0001-1000-807f-808080808080");
                case "blob" -> List.of("0x", "0x00", "0x00ff", "0xff");
                case "date" -> List.of("'1969-12-31'", "'1970-01-01'", "'2024-02-29'");
                default -> throw new IllegalStateException(type);
            };
        }

        /// For a partition key, where text and blobs may not be empty.
        String partitionValue(Random random) {
            List<String> values = values();
            String value = values.get(random.nextInt(Math.min(3, values.size())));
            return value.equals("''") ? "'b'" : value;
        }

        String value(Random random) {
            List<String> values = values();
            return values.get(random.nextInt(values.size()));
        }
    }

    final List<Key> partition = new ArrayList<>();
    final List<Key> clustering = new ArrayList<>();
    private final String options;

    StoryTable(Random random, boolean purges) {
        for (int i = 0, count = 1 + random.nextInt(8) / 7; i < count; i++) {
            partition.add(new Key("p" + i, any(random, PARTITION_KINDS), false));
        }
        for (int i = 0, count = Math.min(3, random.nextInt(6)); i < count; i++) {
            clustering.add(new Key("c" + i, any(random, CLUSTERING_KINDS), random.nextBoolean()));
        }
        options =
                " AND gc_grace_seconds = %d AND compression = %s AND compaction = %s"
                        .formatted(
                                purges ? 0 : 864_000,
                                any(
                                        random,
                                        List.of(
                                                "{'enabled': false}",
                                                "{'class': 'LZ4Compressor',"
                                                        + " 'chunk_length_in_kb': 4}")),
                                "{'class': 'SizeTieredCompactionStrategy', 'enabled': false}");
    }

    static String any(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    boolean hasClustering() {
        return !clustering.isEmpty();
    }

    String create(String keyspace, String name) {
        StringBuilder cql = new StringBuilder("CREATE TABLE " + keyspace + "." + name + " (");
        List<String> partitionNames = new ArrayList<>();
        for (Key key : partition) {
            cql.append(key.name()).append(' ').append(key.type()).append(", ");
            partitionNames.add(key.name());
        }
        List<String> order = new ArrayList<>();
        StringBuilder primary =
                new StringBuilder("PRIMARY KEY ((" + String.join(", ", partitionNames) + ")");
        for (Key key : clustering) {
            cql.append(key.name()).append(' ').append(key.type()).append(", ");
            primary.append(", ").append(key.name());
            order.add(key.name() + (key.descending() ? " DESC" : " ASC"));
        }
        if (hasClustering()) {
            cql.append("s int static, sm map<text, int> static, ");
        }
        cql.append(
                        "v int, w text, m map<int, text>, t set<text>, l list<int>, f frozen<list<int>>, ")
                .append("u ")
                .append(keyspace)
                .append(".pair, ")
                .append(primary)
                .append(")) WITH ");
        cql.append(
                hasClustering()
                        ? "CLUSTERING ORDER BY (" + String.join(", ", order) + ")"
                        : "comment = ''");
        return cql.append(options).toString();
    }
}
