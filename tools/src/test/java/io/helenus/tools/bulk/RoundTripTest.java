package io.helenus.tools.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is exported, written and loaded into another table is exported the same from there, byte for
/// byte: values of every type as part of every kind of column.
class RoundTripTest {
    private static final String KEYSPACE =
            "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    private static final String NO_BYTES = "no bytes";

    /// A type and literals of its values that text might spoil.
    record Values(String type, List<String> literals) {
        Values(String type, String... literals) {
            this(type, Stream.of(literals).map(literal -> literal(type, literal)).toList());
        }

        private static String literal(String type, String literal) {
            return literal.equals(NO_BYTES) ? "blob_as_%s(0x)".formatted(type) : literal;
        }

        String at(int index) {
            return literals.get(index % literals.size());
        }

        boolean isOrdered() {
            return !type.equals("duration");
        }
    }

    private static final List<Values> TYPES =
            List.of(
                    new Values(
                            "text",
                            "''",
                            "'null'",
                            "'NULL'",
                            "' '",
                            "' padded\t'",
                            "'\"'",
                            "'\"\"'",
                            "'\"quoted\"'",
                            "','",
                            "';'",
                            "'two\nlines'",
                            "'\r'",
                            "'\r\n'",
                            "'\n'",
                            "'#'",
                            "'\\'",
                            "'\\N'",
                            "'\\\"'",
                            "'\\u0041'",
                            "'it''s'",
                            "''''",
                            "'é漢😀'",
                            "'\u0000\u0001\u007f\u0085'",
                            "'\uFEFFmarked'",
                            "'\u2028\u2029'",
                            "'0x'",
                            "'[1]'",
                            "'{'",
                            "'-'",
                            "'true'",
                            "'" + "x".repeat(3_000) + "'"),
                    new Values("ascii", "''", "'a'", "'\"'", "'null'", "'\u0000\u007f'", "',\n'"),
                    new Values("tinyint", "0", "-128", "127"),
                    new Values("smallint", "0", "-32768", "32767"),
                    new Values("int", "0", "-2147483648", "2147483647", NO_BYTES),
                    new Values(
                            "bigint",
                            "-1",
                            "-9223372036854775808",
                            "9223372036854775807",
                            NO_BYTES),
                    new Values(
                            "varint",
                            "0",
                            "-1",
                            "170141183460469231731687303715884105728",
                            "-170141183460469231731687303715884105729",
                            NO_BYTES),
                    new Values(
                            "decimal",
                            "0",
                            "-0.00",
                            "1.500",
                            "1E+3",
                            "-1E-30",
                            "0E+5",
                            "123456789012345678901234567890.123456789",
                            NO_BYTES),
                    new Values(
                            "float",
                            "0.0",
                            "-0.0",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "1.4E-45",
                            "3.4028235E38",
                            "0.1",
                            NO_BYTES),
                    new Values(
                            "double",
                            "0.0",
                            "-0.0",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "4.9E-324",
                            "1.7976931348623157E308",
                            "0.1",
                            NO_BYTES),
                    new Values("boolean", "true", "false", NO_BYTES),
                    new Values("blob", "0x", "0x00", "0xff0a0d22272c", "0x30783030"),
                    new Values(
                            "uuid",
                            "00000000-0000-0000-0000-000000000000",
                            "ffffffff-ffff-ffff-ffff-ffffffffffff",
                            "5e8f4a2b-1234-4d5e-9abc-def012345678",
                            NO_BYTES),
                    new Values(
                            "timeuuid",
                            "50554d6e-29bb-11e5-b345-feff819cdc9f",
                            "00000000-0000-1000-8080-808080808080",
                            "ffffffff-ffff-1fff-bf7f-7f7f7f7f7f7f",
                            NO_BYTES),
                    new Values(
                            "inet",
                            "'0.0.0.0'",
                            "'255.255.255.255'",
                            "'::'",
                            "'::1'",
                            "'fe80::1:2'",
                            "'2001:db8::ff00:42:8329'",
                            NO_BYTES),
                    new Values(
                            "date",
                            "'1970-01-01'",
                            "'0000-01-01'",
                            "'-0001-12-31'",
                            "'9999-12-31'",
                            "0",
                            "4294967295"),
                    new Values(
                            "time", "'00:00:00'", "'23:59:59.999999999'", "'12:00:00.000000001'"),
                    new Values(
                            "timestamp",
                            "0",
                            "-1",
                            "1",
                            "253402300800000",
                            "-62167219200001",
                            "9223372036854775807",
                            "-9223372036854775808",
                            NO_BYTES),
                    new Values(
                            "duration",
                            "0s",
                            "1y2mo3w4d5h6m7s8ms9us10ns",
                            "-1ns",
                            "-178956970y7mo",
                            "2147483647d",
                            "9223372036854775807ns",
                            "-1mo2d3ns"));

    @TempDir Path directory;

    private static List<String> columns() {
        List<String> columns = new ArrayList<>(List.of("p int"));
        for (Values values : TYPES) {
            String type = values.type();
            columns.add("\"V%s\" %s".formatted(type, type));
            columns.add("s_%s %s static".formatted(type, type));
            columns.add("l_%s list<%s>".formatted(type, type));
            columns.add("f_%s frozen<list<%s>>".formatted(type, type));
            columns.add("x_%s vector<%s, 2>".formatted(type, type));
            columns.add("u_%s tuple<%s, int, %s>".formatted(type, type, type));
            columns.add("n_%s map<int, frozen<list<frozen<list<%s>>>>>".formatted(type, type));
            if (values.isOrdered()) {
                columns.add("k_%s %s".formatted(type, type));
                columns.add("c_%s %s".formatted(type, type));
                columns.add("e_%s set<%s> static".formatted(type, type));
                columns.add("m_%s map<%s, %s>".formatted(type, type, type));
                columns.add("o_%s frozen<map<frozen<set<%s>>, %s>>".formatted(type, type, type));
            }
        }
        columns.add("\"User type\" \"Place of\"");
        columns.add("places frozen<list<frozen<\"Place of\">>>");
        return columns;
    }

    private static List<String> named(String prefix) {
        return TYPES.stream()
                .filter(Values::isOrdered)
                .map(values -> prefix + values.type())
                .toList();
    }

    /// @param reversed in which order its columns are declared
    private static String table(String name, boolean reversed) {
        List<String> columns = columns();
        return "CREATE TABLE ks.%s (%s, PRIMARY KEY ((p, %s), %s))"
                .formatted(
                        name,
                        String.join(", ", reversed ? columns.reversed() : columns),
                        String.join(", ", named("k_")),
                        String.join(", ", named("c_")));
    }

    private static final String PLACE =
            "CREATE TYPE ks.\"Place of\" (\"Street, no\" text, zip int, tags frozen<set<text>>)";

    private static String literal(String column, int row) {
        if (column.equals("\"User type\"")) {
            return switch (row % 3) {
                case 0 -> "{\"Street, no\": 'Main \"St\"', zip: null}";
                case 1 -> "{\"Street, no\": '', tags: {'', 'a''b'}}";
                default -> "{zip: " + row + "}";
            };
        }
        if (column.equals("places")) {
            return "[{\"Street, no\": null, zip: 1}, {zip: 0, tags: {}}]";
        }
        String type = column.replaceAll("^\"V|^._|\"$", "");
        Values values =
                TYPES.stream().filter(each -> each.type().equals(type)).findFirst().orElseThrow();
        String one = values.at(row);
        String other = values.at(row + 1);
        String all = String.join(", ", values.literals());
        return switch (column.charAt(0)) {
            case 'l' -> "[%s, %s]".formatted(one, one);
            case 'f' -> row % 4 == 0 ? "[]" : "[%s]".formatted(all);
            case 'x' -> "[%s, %s]".formatted(values.literals().getFirst(), one(values, row));
            case 'u' -> row % 2 == 0 ? "(null, 1, %s)".formatted(one) : "(%s, null)".formatted(one);
            case 'n' -> "{1: [[%s], []], 2: []}".formatted(all);
            case 'e' -> "{%s}".formatted(all);
            case 'm' -> "{%s: %s, %s: %s}".formatted(one, other, other, one);
            case 'o' -> "{{%s}: %s, {}: %s}".formatted(all, one, other);
            default -> one;
        };
    }

    /// One that is as long as its type wants it.
    private static String one(Values values, int row) {
        List<String> whole =
                values.literals().stream().filter(each -> !each.startsWith("blob_as")).toList();
        return whole.get(row % whole.size());
    }

    private static void fill(ToolNode node, int rows) {
        List<String> keys = new ArrayList<>(named("k_"));
        List<String> clustering = named("c_");
        List<String> others =
                columns().stream()
                        .map(column ->
                                column.startsWith("\"")
                                        ? column.substring(0, column.indexOf('"', 1) + 1)
                                        : column.substring(0, column.indexOf(' ')))
                        .filter(name -> !keys.contains(name) && !clustering.contains(name))
                        .filter(name -> !name.equals("p"))
                        .toList();
        for (int row = 0; row < rows; row++) {
            int at = row;
            boolean isStatic = row % 7 == 3;
            List<String> names = new ArrayList<>(keys);
            if (!isStatic) {
                names.addAll(clustering);
            }
            for (int i = 0; i < others.size(); i++) {
                String name = others.get(i);
                boolean fits = !isStatic || name.startsWith("s_") || name.startsWith("e_");
                // Some rows have all columns, some a part of them, some none.
                boolean chosen = row % 5 == 0 || row % 5 < 4 && (i + row) % 3 == 0;
                if (fits && chosen) {
                    names.add(name);
                }
            }
            if (isStatic) {
                names.add("s_bigint");
                names = names.stream().distinct().toList();
            }
            var _ =
                    node.session()
                            .execute(
                                    "INSERT INTO ks.one (p, %s) VALUES (%d, %s)"
                                            .formatted(
                                                    String.join(", ", names),
                                                    row / 3,
                                                    String.join(
                                                            ", ",
                                                            names.stream()
                                                                    .map(name -> literal(name, at))
                                                                    .toList())));
        }
    }

    /// @param reordered whether the node's table has its columns in another order
    record Way(String ending, boolean reordered, List<String> options) {
        Way(String ending, boolean reordered, String... options) {
            this(ending, reordered, List.of(options));
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("csv", false),
                new Way("json", true),
                new Way("csv", true, "--null", "NULL", "--delimiter", ";"),
                new Way("csv", false, "--null", "\\N", "--delimiter", "tab"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valuesOfEveryTypeComeBackAsTheyWere(Way way) throws IOException {
        int rows = 35;
        try (ToolNode node =
                new ToolNode(
                        directory,
                        KEYSPACE,
                        PLACE,
                        table("one", false),
                        table("two", way.reordered()))) {
            fill(node, rows);
            Path schema = directory.resolve("schema.cql");
            Files.writeString(schema, PLACE + ";\n" + table("two", false));
            Path first = directory.resolve("first." + way.ending());
            export(node, "ks.one", first, way);
            assertThat(node.out()).contains("Rows           " + rows);
            List<String> write =
                    new ArrayList<>(
                            List.of(
                                    "write",
                                    "--schema",
                                    schema.toString(),
                                    "--table",
                                    "ks.two",
                                    "--max-errors",
                                    "0",
                                    "--output",
                                    directory.resolve("out").toString(),
                                    "--input",
                                    first.toString()));
            write.addAll(way.options());
            assertThat(node.run(write.toArray(String[]::new))).as(node.err()).isZero();
            assertThat(node.out()).contains("Rows written   " + rows).contains("Rejected       0");
            int loaded =
                    node.run(
                            "load",
                            "--table",
                            "ks.two",
                            "--host",
                            node.host(),
                            "--source",
                            directory.resolve("out").toString());
            assertThat(loaded).as(node.err()).isZero();
            Path second = directory.resolve("second." + way.ending());
            export(node, "ks.two", second, way);
            assertThat(Files.readString(second)).isEqualTo(Files.readString(first));
            assertThat(node.rows("SELECT * FROM ks.two"))
                    .isEqualTo(node.rows("SELECT * FROM ks.one"));
        }
    }

    private static void export(ToolNode node, String table, Path output, Way way) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "export",
                                "--table",
                                table,
                                "--host",
                                node.client(),
                                "--output",
                                output.toString()));
        arguments.addAll(way.options());
        assertThat(node.run(arguments.toArray(String[]::new))).as(node.err()).isZero();
    }

    @Test
    void filesOfASplitExportHaveAllRowsInTheirOrder() throws IOException {
        String columns = " (p int, c text, v text, s text static, PRIMARY KEY (p, c))";
        try (ToolNode node =
                new ToolNode(
                        directory,
                        KEYSPACE,
                        "CREATE TABLE ks.one" + columns,
                        "CREATE TABLE ks.two" + columns)) {
            for (int i = 0; i < 200; i++) {
                node.session()
                        .execute(
                                "INSERT INTO ks.one (p, c, v) VALUES (?, ?, ?)",
                                i / 5,
                                "\"" + i + "\n\"",
                                "line\n".repeat(i % 9));
                node.session().execute("INSERT INTO ks.one (p, s) VALUES (?, 's')", -i);
            }
            for (String format : List.of("csv", "json")) {
                Path whole = directory.resolve("whole." + format);
                export(node, "ks.one", whole, new Way(format, false));
                Path split = directory.resolve("split-" + format);
                export(
                        node,
                        "ks.one",
                        split,
                        new Way(format, false, "--split", "1k", "--format", format));
                List<Path> files;
                try (Stream<Path> found = Files.list(split)) {
                    files = found.sorted().toList();
                }
                assertThat(files).hasSizeGreaterThan(4);
                assertThat(node.out()).contains("Files          " + files.size());
                String header = format.equals("csv") ? "p,c,s,v\n" : "";
                StringBuilder joined = new StringBuilder(header);
                for (Path file : files) {
                    String text = Files.readString(file);
                    assertThat(text).startsWith(header).hasSizeLessThan(1200);
                    joined.append(text, header.length(), text.length());
                }
                assertThat(joined.toString()).isEqualTo(Files.readString(whole));
                List<String> again =
                        new ArrayList<>(
                                List.of("import", "--table", "ks.two", "--host", node.host()));
                again.add("--input");
                files.forEach(file -> again.add(file.toString()));
                assertThat(node.run(again.toArray(String[]::new))).as(node.err()).isZero();
                assertThat(node.rows("SELECT * FROM ks.two"))
                        .isEqualTo(node.rows("SELECT * FROM ks.one"));
                node.session().execute("TRUNCATE ks.two");
            }
        }
    }

    @Test
    void columnsDeclaredInAnotherOrder() throws IOException {
        Path schema = directory.resolve("schema.cql");
        Files.writeString(
                schema, "CREATE TABLE ks.t (k int PRIMARY KEY, a text, b text, c set<int>)");
        Path input = directory.resolve("rows.csv");
        Files.writeString(input, "k,a,b,c\n1,x,y,\"{3}\"\n");
        try (ToolNode node =
                new ToolNode(
                        directory,
                        KEYSPACE,
                        "CREATE TABLE ks.t (k int PRIMARY KEY, c set<int>, b text, a text)")) {
            int written =
                    node.run(
                            "write",
                            "--schema",
                            schema.toString(),
                            "--table",
                            "ks.t",
                            "--output",
                            directory.resolve("out").toString(),
                            "--input",
                            input.toString());
            assertThat(written).as(node.err()).isZero();
            String[] load = {
                "load",
                "--table",
                "ks.t",
                "--host",
                node.host(),
                "--source",
                directory.resolve("out").toString()
            };
            assertThat(node.run(load)).as(node.err()).isZero();
            assertThat(node.out())
                    .contains("Loaded         1 SSTables,")
                    .contains("Renumbered     1 of them");
            assertThat(node.rows("SELECT k, a, b, c FROM ks.t"))
                    .containsExactly("[k=1, a='x', b='y', c={3}]");
            assertThat(node.run(load)).as(node.err()).isZero();
            assertThat(node.out()).contains("Loaded         0 SSTables (1 were there already)");
            node.session().execute("TRUNCATE ks.t");
            int imported =
                    node.run(
                            "import",
                            "--table",
                            "ks.t",
                            "--host",
                            node.host(),
                            "--input",
                            input.toString());
            assertThat(imported).as(node.err()).isZero();
            assertThat(node.rows("SELECT k, a, b, c FROM ks.t"))
                    .containsExactly("[k=1, a='x', b='y', c={3}]");
        }
    }

    @Test
    void staticColumnsNeedNoClustering() throws IOException {
        try (ToolNode node =
                new ToolNode(
                        directory,
                        KEYSPACE,
                        "CREATE TABLE ks.t (p int, c int, s text static, v int, PRIMARY KEY (p, c))")) {
            Path input = directory.resolve("statics.csv");
            Files.writeString(input, "p,s\n1,one\n2,two\n");
            assertThat(imported(node, input)).as(node.err()).isZero();
            Path mixed = directory.resolve("mixed.json");
            Files.writeString(
                    mixed,
                    """
                    {"p": 3, "s": "three"}
                    {"p": 4, "c": null, "s": "four", "v": null}
                    {"p": 1, "c": 7, "v": 8}
                    {"p": 5, "s": "five", "v": 1}
                    {"p": 6}
                    """);
            assertThat(imported(node, mixed)).as(node.err()).isZero();
            assertThat(node.out()).contains("Rows written   3").contains("Rejected       2");
            assertThat(Files.readString(directory.resolve("rejected")))
                    .contains("mixed.json:4: column c is of the primary key and missing")
                    .contains("mixed.json:5: column c is of the primary key and missing");
            assertThat(node.rows("SELECT p, c, s, v FROM ks.t"))
                    .containsExactlyInAnyOrder(
                            "[p=1, c=7, s='one', v=8]",
                            "[p=2, c=null, s='two', v=null]",
                            "[p=3, c=null, s='three', v=null]",
                            "[p=4, c=null, s='four', v=null]");
        }
    }

    private int imported(ToolNode node, Path input) {
        return node.run(
                "import",
                "--table",
                "ks.t",
                "--host",
                node.host(),
                "--rejects",
                directory.resolve("rejected").toString(),
                "--input",
                input.toString());
    }
}
