package io.helenus.tools.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.helenus.engine.EmbeddedSession;
import io.helenus.engine.Helenus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The command line, in this process, against a node in this process.
class BulkToolTest {
    private static final String KEYSPACE =
            "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    private static final String CITIES =
            "CREATE TABLE ks.cities (country text, name text, population bigint, tags set<text>,"
                    + " PRIMARY KEY (country, name))";

    @TempDir Path directory;
    private @Nullable Helenus node;
    private int port;
    private InputStream in = InputStream.nullInputStream();
    private String out = "";
    private String err = "";

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    private int run(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int code =
                BulkTool.run(
                        List.of(arguments), in, new PrintWriter(outText), new PrintWriter(errText));
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    private EmbeddedSession start(Map<String, String> settings, String... statements)
            throws IOException {
        if (port == 0) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
        }
        Helenus.Builder builder =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("node"))
                        .nativeAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .set("storage_port", Integer.toString(port));
        settings.forEach(builder::set);
        Helenus started = builder.start();
        node = started;
        EmbeddedSession session = started.session();
        for (String statement : statements) {
            var _ = session.execute(statement);
        }
        return session;
    }

    private EmbeddedSession session() {
        return Objects.requireNonNull(node).session();
    }

    private List<String> rows(String cql) {
        return session().execute(cql).rows().stream().map(Object::toString).toList();
    }

    private String file(String name, String text) throws IOException {
        Path path = directory.resolve(name);
        Files.writeString(path, text);
        return path.toString();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private String host() {
        return "127.0.0.1:" + port;
    }

    // ---- write

    @Test
    void csvBecomesSsTablesThatANodeTakesIn() throws IOException {
        String schema = file("schema.cql", CITIES);
        String csv =
                file(
                        "cities.csv",
                        """
                        name,country,tags,population
                        Zürich,CH,"{'lake', 'old'}",420000
                        Genève,CH,,
                        "Paris, Texas",US,"[""flat""]",24000
                        """);
        assertThat(write(schema, csv)).isZero();
        assertThat(out)
                .contains("Rows read      3")
                .contains("Rows written   3")
                .contains("Rejected       0");
        var _ = start(Map.of(), KEYSPACE, CITIES);
        assertThat(run("load", "--table", "ks.cities", "--source", path("out"), "--host", host()))
                .as(err)
                .isZero();
        assertThat(out).contains("Loaded         1 SSTables");
        assertThat(rows("SELECT name, population, tags FROM ks.cities WHERE country = 'CH'"))
                .containsExactly(
                        "[name='Genève', population=null, tags=null]",
                        "[name='Zürich', population=420000, tags={'lake', 'old'}]");
        assertThat(rows("SELECT name FROM ks.cities WHERE country = 'US'"))
                .containsExactly("[name='Paris, Texas']");
        // Once more changes nothing.
        assertThat(run("load", "--table", "ks.cities", "--source", path("out"), "--host", host()))
                .isZero();
        assertThat(out).contains("0 SSTables (1 were there already)");
        assertThat(rows("SELECT count(*) FROM ks.cities")).containsExactly("[count=3]");
    }

    private int write(String schema, String input, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "write",
                                "--schema",
                                schema,
                                "--table",
                                "ks.cities",
                                "--output",
                                path("out")));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--input", input));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void oneLineInAHundredIsBad() throws IOException {
        StringBuilder csv = new StringBuilder("country,name,population\n");
        for (int i = 0; i < 5000; i++) {
            csv.append("CH,place ").append(i).append(',').append(i % 100 == 7 ? "many" : i);
            csv.append('\n');
        }
        String input = file("cities.csv", csv.toString());
        assertThat(write(file("schema.cql", CITIES), input)).as(err).isZero();
        assertThat(out)
                .contains("Rows read      5,000")
                .contains("Rows written   4,950")
                .contains("Rejected       50");
        List<String> rejected = Files.readAllLines(directory.resolve("out.rejected"));
        assertThat(rejected).hasSize(101).contains("CH,place 7,many", "CH,place 4907,many");
        assertThat(rejected)
                .contains(
                        "# %s:9: column population: Unable to make long from 'many'"
                                .formatted(input));
        // What was rejected is read again, as it is.
        assertThat(
                        run(
                                "write",
                                "--schema",
                                path("schema.cql"),
                                "--table",
                                "ks.cities",
                                "--output",
                                path("out2"),
                                "--comment",
                                "#",
                                "--json",
                                "--input",
                                path("out.rejected")))
                .as("nothing but rejects")
                .isEqualTo(1);
        assertThat(out)
                .contains("\"rows_read\": 50")
                .contains("\"rows_rejected\": 50")
                .contains("Unable to make long from 'many'");
    }

    @Test
    void tooManyErrorsEndTheWriting() throws IOException {
        String input = file("cities.csv", "country,name,population\nCH,a,1\nCH,b,x\nCH,c,2\n");
        assertThat(write(file("schema.cql", CITIES), input, "--max-errors", "0")).isEqualTo(1);
        assertThat(err)
                .contains("cities.csv:3: column population: Unable to make long from 'x'")
                .contains("more than --max-errors 0");
        assertThat(directory.resolve("out")).doesNotExist();
        assertThat(directory.resolve("out.incomplete")).doesNotExist();
    }

    @Test
    void compressedFilesAndStandardInput() throws IOException {
        String schema = file("schema.cql", CITIES);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("CH;Bern;5\nCH;Thun;NULL\n".getBytes(StandardCharsets.UTF_8));
        }
        in = new ByteArrayInputStream(bytes.toByteArray());
        assertThat(
                        write(
                                schema,
                                "-",
                                "--delimiter",
                                ";",
                                "--null",
                                "NULL",
                                "--columns",
                                "country,name,population",
                                "--json"))
                .as(err)
                .isZero();
        assertThat(out).contains("\"rows_written\": 2");
    }

    @Test
    void jsonLinesAndArrays() throws IOException {
        var _ = start(Map.of(), KEYSPACE, CITIES);
        String lines =
                file(
                        "a.json",
                        """
                        {"country": "CH", "name": "Bern", "population": 5, "tags": ["a", "b"]}
                        {"country": "CH", "name": "Thun", "population": "7"}
                        {"country": "CH", "city": "Chur"}
                        {"country": "CH", "name": "Brig",
                        """);
        assertThat(
                        run(
                                "import",
                                "--table",
                                "ks.cities",
                                "--host",
                                host(),
                                "--rejects",
                                path("rejects"),
                                "--input",
                                lines))
                .as(err)
                .isZero();
        assertThat(out).contains("Rows written   2").contains("Rejected       2");
        assertThat(rows("SELECT name, population, tags FROM ks.cities"))
                .containsExactly(
                        "[name='Bern', population=5, tags={'a', 'b'}]",
                        "[name='Thun', population=7, tags=null]");
        String array = file("b.json", "[{\"country\": \"DE\", \"name\": \"Ulm\", \"zip\": [1]}]");
        assertThat(
                        run(
                                "import",
                                "--table",
                                "ks.cities",
                                "--host",
                                host(),
                                "--columns",
                                "country,name",
                                "--input",
                                array))
                .as(err)
                .isZero();
        assertThat(rows("SELECT name FROM ks.cities WHERE country = 'DE'"))
                .containsExactly("[name='Ulm']");
    }

    record Wrong(int code, String message, List<String> arguments) {
        Wrong(int code, String message, String... arguments) {
            this(code, message, List.of(arguments));
        }
    }

    static Stream<Wrong> wrongExports() {
        String[] export = {"export", "--table", "ks.cities", "--output", "out.csv"};
        return Stream.of(
                new Wrong(
                        2,
                        "--request-timeout is 0, must be at least 1",
                        with(export, "--request-timeout", "0")),
                new Wrong(2, "the port must be from 1 to 65535", with(export, "--host", "[::1]:x")),
                new Wrong(2, "--username and --password go together", with(export, "-u", "x")),
                new Wrong(2, "TLS is not supported yet", with(export, "--ssl")),
                new Wrong(2, "--retries is -1, must be at least 0", with(export, "--retries=-1")),
                new Wrong(2, "--null is ','", with(export, "--null", ",")),
                new Wrong(
                        2,
                        "--null is of CSV, and the output is JSON",
                        with(export, "--format=json", "--null", "-")),
                new Wrong(
                        2,
                        "--output is -, must be a file",
                        "export",
                        "--table=ks.cities",
                        "--output=-"));
    }

    static Stream<Wrong> wrong() {
        String[] write = {"write", "--schema", "S", "--table", "ks.cities", "--output", "out"};
        return Stream.of(
                new Wrong(2, "a command is missing"),
                new Wrong(2, "there is no command 'unload'", "unload", "--table", "ks.t"),
                new Wrong(2, "Missing required option", "write"),
                new Wrong(2, "Unknown option: '--fast'", with(write, "--input", "I", "--fast")),
                new Wrong(2, "there is no such file", with(write, "--input", "none.csv")),
                new Wrong(2, "must be one character", with(write, "--input", "I", "--quote", "''")),
                new Wrong(
                        2,
                        "--charset klingon",
                        with(write, "--input", "I", "--charset", "klingon")),
                new Wrong(2, "--memory is", with(write, "--input", "I", "--memory", "900g")),
                new Wrong(2, "--ttl is -1", with(write, "--input", "I", "--ttl", "-1")),
                new Wrong(
                        2,
                        "no file can be made there",
                        with(write, "--input", "I", "--rejects", "/nowhere/rejects")),
                new Wrong(
                        2,
                        "is the schema, and would be written over",
                        with(write, "--input", "I", "--rejects", "S")),
                new Wrong(
                        2,
                        "is in the directory of the SSTables",
                        with(write, "--input", "I", "--rejects", "out")),
                new Wrong(
                        2,
                        "--date-format is empty",
                        with(write, "--input", "I", "--date-format", "")),
                new Wrong(1, "name is missing", with(write, "--input", "I", "--columns=-,country")),
                new Wrong(
                        2,
                        "--delimiter and --comment are both ','",
                        with(write, "--input", "I", "--comment", ",")),
                new Wrong(
                        2,
                        "both ';'",
                        with(write, "--input", "I", "--delimiter", ";", "--quote", ";")),
                new Wrong(
                        1,
                        "schema.cql, for table ks.towns: table towns does not exist",
                        "write",
                        "--schema",
                        "S",
                        "--table",
                        "ks.towns",
                        "--output",
                        "out",
                        "--input",
                        "I"),
                new Wrong(
                        2,
                        "--quote is of CSV, and the input is JSON",
                        with(write, "--input", "I", "--format=json", "--quote", "'")),
                new Wrong(2, "no size", with(write, "--input", "I", "--memory", "much")),
                new Wrong(2, "--time-zone", with(write, "--input", "I", "--time-zone", "Mars")),
                new Wrong(
                        1, "does not have", with(write, "--input", "I", "--columns", "country,x")),
                new Wrong(
                        1, "name is missing", with(write, "--input", "I", "--columns", "country")),
                new Wrong(
                        1,
                        "is there twice",
                        with(write, "--input", "I", "--columns", "name,country,name")));
    }

    static Stream<Wrong> wrongLoads() {
        return Stream.of(
                new Wrong(2, "keyspace.table", "load", "--table", "cities", "--source", "out"),
                new Wrong(
                        2,
                        "authentication is not supported yet",
                        "load",
                        "--table",
                        "ks.cities",
                        "--source",
                        "out",
                        "-u",
                        "x"),
                new Wrong(
                        2,
                        "TLS is not supported yet",
                        "load",
                        "--table",
                        "ks.cities",
                        "--source",
                        "out",
                        "--ssl"),
                new Wrong(
                        1,
                        "no such file or directory",
                        "load",
                        "--table",
                        "ks.cities",
                        "--source",
                        "none"),
                new Wrong(
                        1,
                        "was not written to its end",
                        "load",
                        "--table",
                        "ks.cities",
                        "--source",
                        "out.incomplete"));
    }

    private static String[] with(String[] first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource({"wrong", "wrongLoads", "wrongExports"})
    void commandLinesAndInputsThatAreWrong(Wrong wrong) throws IOException {
        String schema = file("schema.cql", CITIES);
        String input = file("cities.csv", "CH,a\n");
        String[] arguments =
                wrong.arguments().stream()
                        .map(argument ->
                                switch (argument) {
                                    case "S" -> schema;
                                    case "I" -> input;
                                    case "out" -> path("out");
                                    default -> argument;
                                })
                        .toArray(String[]::new);
        assertThat(run(arguments)).as(err).isEqualTo(wrong.code());
        assertThat(err).contains(wrong.message());
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void textOfAnotherCharsetIsNoText() throws IOException {
        Path latin = directory.resolve("latin.csv");
        Files.write(latin, "country,name\nCH,Zürich\n".getBytes(StandardCharsets.ISO_8859_1));
        String schema = file("schema.cql", CITIES);
        assertThat(write(schema, latin.toString())).isEqualTo(1);
        assertThat(err).contains("not text in UTF-8");
        assertThat(write(schema, latin.toString(), "--charset", "ISO-8859-1")).as(err).isZero();
    }

    // ---- load

    private void writeMany(int rows) throws IOException {
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            csv.append("C").append(i % 50).append(",name ").append(i).append(" ");
            IntStream.range(0, 8).forEach(_ -> csv.append(Long.toHexString(random.nextLong())));
            csv.append(",").append(i).append('\n');
        }
        String input = file("many.csv", csv.toString());
        assertThat(
                        write(
                                file("schema.cql", CITIES),
                                input,
                                "--columns",
                                "country,name,population",
                                "--file-size",
                                "1m"))
                .as(err)
                .isZero();
    }

    private int load(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "load",
                                "--table",
                                "ks.cities",
                                "--host",
                                host(),
                                "--source",
                                path("out")));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void manyFilesComeInAndSurviveARestart() throws IOException {
        writeMany(40_000);
        var _ = start(Map.of(), KEYSPACE, CITIES);
        assertThat(load("--json", "--rate", "100m")).as(err).isZero();
        assertThat(out).contains("\"sstables_present\": 0");
        assertThat(rows("SELECT count(*) FROM ks.cities")).containsExactly("[count=40000]");
        Objects.requireNonNull(node).close();
        var _ = start(Map.of());
        assertThat(rows("SELECT count(*) FROM ks.cities")).containsExactly("[count=40000]");
    }

    @Test
    void aTableThatIsAnotherOne() throws IOException {
        writeMany(10);
        var _ =
                start(
                        Map.of(),
                        KEYSPACE,
                        "CREATE TABLE ks.cities (country text, name int, population bigint, PRIMARY KEY (country, name))");
        assertThat(load()).isEqualTo(1);
        assertThat(err).contains("clustering name text").contains("clustering name int");
        assertThat(run("load", "--table", "ks.none", "--source", path("out"), "--host", host()))
                .isEqualTo(1);
        assertThat(err).contains("there is no table ks.none");
        assertThat(
                        run(
                                "load",
                                "--table",
                                "system.local",
                                "--source",
                                path("out"),
                                "--host",
                                host()))
                .isEqualTo(1);
        assertThat(err).contains("there is no table system.local");
    }

    @Test
    void damageIsFoundByTheNode() throws IOException {
        writeMany(1000);
        Path sstable = directory.resolve("out").resolve("1.sst");
        byte[] bytes = Files.readAllBytes(sstable);
        bytes[1000] ^= 1;
        Files.write(sstable, bytes);
        var _ = start(Map.of(), KEYSPACE, CITIES);
        assertThat(load()).isEqualTo(1);
        assertThat(err).contains("1.sst").contains("damaged");
        assertThat(rows("SELECT count(*) FROM ks.cities")).containsExactly("[count=0]");
        Files.write(sstable, java.util.Arrays.copyOf(bytes, 500));
        assertThat(load()).isEqualTo(1);
        assertThat(err).contains("1.sst");
    }

    @Test
    void aNodeWithoutRoomTakesNothing() throws IOException {
        writeMany(1000);
        var _ = start(Map.of("min_free_space_per_drive", "60TiB"), KEYSPACE, CITIES);
        assertThat(load()).isEqualTo(1);
        assertThat(err).contains("min_free_space_per_drive");
    }

    @Test
    void nobodyListens() throws IOException {
        writeMany(10);
        var _ = start(Map.of());
        Objects.requireNonNull(node).close();
        assertThat(load("--retries", "0")).isEqualTo(1);
        assertThat(err).contains("Connection refused");
    }

    // ---- export

    private String client() {
        return "127.0.0.1:" + Objects.requireNonNull(node).nativeAddress().orElseThrow().getPort();
    }

    /// A table with every type: what is exported, written and loaded is exported the same.
    @ParameterizedTest
    @MethodSource("formats")
    void exportsOfWhatWasExportedAreIdentical(String format) throws IOException {
        String type = "CREATE TYPE ks.place (street text, zip int)";
        String columns =
                " (k int, c text, a ascii, b bigint, bl blob, bo boolean, d date, de decimal, db double,"
                        + " du duration, f float, i inet, s smallint, st text static, t time,"
                        + " ts timestamp, tu timeuuid, ti tinyint, u uuid, v varint, l list<text>,"
                        + " m map<text, int>, se set<text>, fm frozen<map<frozen<list<int>>, text>>,"
                        + " tp tuple<int, text, float>, p place, fp frozen<list<place>>,"
                        + " ve vector<float, 3>, PRIMARY KEY (k, c))";
        EmbeddedSession session =
                start(
                        Map.of(),
                        KEYSPACE,
                        type,
                        "CREATE TABLE ks.one" + columns,
                        "CREATE TABLE ks.two" + columns);
        session.execute(
                "INSERT INTO ks.one (k, c, a, b, bl, bo, d, de, db, du, f, i, s, st, t, ts, tu, ti, u, v, l, m, se, fm, tp, p, fp, ve)"
                        + " VALUES (1, 'é,\"x\"''\n#', 'a''b', -9223372036854775808, 0xcafe, true,"
                        + " '1500-02-28', 1.500, -0.0, -1mo2d3ns, NaN, '::1', -32768, 'static',"
                        + " '23:59:59.999999999', '1969-12-31 23:59:59.999+0000',"
                        + " 50554d6e-29bb-11e5-b345-feff819cdc9f, -128,"
                        + " 5e8f4a2b-1234-4d5e-9abc-def012345678,"
                        + " -170141183460469231731687303715884105729, ['', 'b''', '\"'],"
                        + " {'': 1, 'ä': -2}, {'', 'x,y'}, {[1, 2]: 'a', []: ''}, (null, 'x', Infinity),"
                        + " {street: 'Main \"St\"', zip: null}, [{street: null, zip: 1}], [1.5, -0.0, 3e10])");
        session.execute("INSERT INTO ks.one (k, c) VALUES (2, '')");
        session.execute("INSERT INTO ks.one (k, c, a, bl, v) VALUES (2, 'empty', '', 0x, 0)");
        session.execute("INSERT INTO ks.one (k, c, l) VALUES (3, 'null', ['null'])");
        for (int i = 0; i < 300; i++) {
            session.execute("INSERT INTO ks.one (k, c, b) VALUES (?, '#', ?)", i, (long) i);
        }
        String first = path("first." + format);
        assertThat(run("export", "--table", "ks.one", "--output", first, "--host", client()))
                .as(err)
                .isZero();
        assertThat(out).contains("Rows           304");
        assertThat(run("import", "--table", "ks.two", "--host", host(), "--input", first))
                .as(err)
                .isZero();
        assertThat(out).contains("Rows written   304").contains("Rejected       0");
        String second = path("second." + format);
        assertThat(run("export", "--table", "ks.two", "--output", second, "--host", client()))
                .as(err)
                .isZero();
        assertThat(Files.readString(Path.of(second))).isEqualTo(Files.readString(Path.of(first)));
        assertThat(rows("SELECT * FROM ks.two")).isEqualTo(rows("SELECT * FROM ks.one"));
    }

    static Stream<String> formats() {
        return Stream.of("csv", "json");
    }

    @Test
    void namesWithCapitals() throws IOException {
        var _ = start(Map.of(), KEYSPACE, "CREATE TABLE ks.\"Towns\" (\"Id\" int PRIMARY KEY)");
        String input = file("towns.csv", "Id\n7\n");
        assertThat(run("import", "--table", "KS.\"Towns\"", "--host", host(), "--input", input))
                .as(err)
                .isZero();
        String output = path("again.csv");
        assertThat(run("export", "--table", "ks.\"Towns\"", "--host", client(), "--output", output))
                .as(err)
                .isZero();
        assertThat(Files.readString(Path.of(output))).isEqualTo("Id\n7\n");
    }

    /// As `COPY ks.t TO` of Cassandra's cqlsh writes them without options: no header, a backslash before
    /// quotes and backslashes, nothing for null, also within user types, and Python's True and None.
    @Test
    void filesOfCopyAreRead() throws IOException {
        var _ =
                start(
                        Map.of(),
                        KEYSPACE,
                        "CREATE TYPE ks.place (street text, zip int)",
                        "CREATE TABLE ks.copied (id int PRIMARY KEY, b boolean, bl blob, d date,"
                                + " du duration, f double, i inet, t text, ti time, ts timestamp, u uuid,"
                                + " l list<text>, m map<text, timestamp>, s set<blob>,"
                                + " tu tuple<text, int>, ud frozen<place>)");
        String input =
                file(
                        "copied.csv",
                        """
                        1,True,0xcafe,2024-05-01,1mo2d3h,1234567.891,192.168.0.1,"say \\"hi\\", C:\\\\x",\
                        10:00:01.500000000,2015-05-03 13:30:54.234+0000,\
                        5e8f4a2b-1234-4d5e-9abc-def012345678,"['a', 'it''s']",\
                        {'x': '2015-05-03 13:30:54.234+0000'},"{0x00, 0xcafe}","('a', None)",\
                        "{street: 'S', zip: }"
                        2,,,,,NaN,,,,,,,,,,
                        """);
        assertThat(
                        run(
                                "import",
                                "--table",
                                "ks.copied",
                                "--host",
                                host(),
                                "--columns",
                                "id,b,bl,d,du,f,i,t,ti,ts,u,l,m,s,tu,ud",
                                "--escape",
                                "\\",
                                "--max-errors",
                                "0",
                                "--input",
                                input))
                .as(err)
                .isZero();
        assertThat(rows("SELECT t, l, tu, ud FROM ks.copied WHERE id = 1"))
                .containsExactly(
                        "[t='say \"hi\", C:\\x', l=['a', 'it''s'], tu=('a', null),"
                                + " ud={street: 'S', zip: null}]");
        assertThat(rows("SELECT b, bl, d, du, f, i, ti, u, s FROM ks.copied WHERE id = 1"))
                .containsExactly(
                        "[b=true, bl=0xcafe, d='2024-05-01', du=1mo2d3h, f=1234567.891,"
                                + " i='192.168.0.1', ti='10:00:01.500000000',"
                                + " u=5e8f4a2b-1234-4d5e-9abc-def012345678, s={0x00, 0xcafe}]");
        assertThat(rows("SELECT f, t, l, ud FROM ks.copied WHERE id = 2"))
                .containsExactly("[f=NaN, t=null, l=null, ud=null]");
        assertThat(
                        Objects.requireNonNull(
                                session()
                                        .execute("SELECT ts, m FROM ks.copied WHERE id = 1")
                                        .rows()
                                        .getFirst()
                                        .get("ts")))
                .hasToString("2015-05-03T13:30:54.234Z");
    }

    /// Gzip of several members and Zstandard of several frames, in a pipe that has nothing to give at the
    /// end of each.
    @Test
    void compressedStandardInputIsReadToItsEnd() throws IOException {
        String schema = file("schema.cql", CITIES);
        byte[][] parts = {
            "name,country\nBern,CH\n".getBytes(StandardCharsets.UTF_8),
            "Wien,AT\n".getBytes(StandardCharsets.UTF_8)
        };
        for (boolean zstd : new boolean[] {false, true}) {
            List<byte[]> compressed = new ArrayList<>();
            for (byte[] part : parts) {
                compressed.add(zstd ? Zstd.compress(part) : gzip(part));
            }
            in = new Pipe(compressed);
            assertThat(
                            run(
                                    "write",
                                    "--schema",
                                    schema,
                                    "--table",
                                    "ks.cities",
                                    "--output",
                                    path("zstd-" + zstd),
                                    "--json",
                                    "--input",
                                    "-"))
                    .as(err)
                    .isZero();
            assertThat(out).contains("\"rows_written\": 2");
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    /// Gives a part at a time, and never says that something is available.
    private static final class Pipe extends InputStream {
        private final List<InputStream> parts;

        Pipe(List<byte[]> parts) {
            this.parts = new ArrayList<>();
            parts.forEach(part -> this.parts.add(new ByteArrayInputStream(part)));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (!parts.isEmpty()) {
                int read = parts.getFirst().read(target, offset, length);
                if (read >= 0) {
                    return read;
                }
                parts.removeFirst();
            }
            return -1;
        }
    }

    @Test
    void theNodesOwnTablesAreNotExported() throws IOException {
        var _ = start(Map.of(), KEYSPACE);
        for (String table :
                List.of("system.local", "system_schema.tables", "system_views.nothing")) {
            assertThat(
                            run(
                                    "export",
                                    "--table",
                                    table,
                                    "--host",
                                    client(),
                                    "--output",
                                    path("system.csv")))
                    .isEqualTo(1);
            assertThat(err).contains(table + " is the node's own, not data");
        }
        assertThat(directory.resolve("system.csv.parts")).doesNotExist();
    }

    @Test
    void anExportThatCannotBeginLeavesNothing() throws IOException {
        var _ = start(Map.of(), KEYSPACE, CITIES);
        String[] arguments = {
            "export", "--table", "ks.cities", "--host", client(), "--output", path("all.csv")
        };
        assertThat(run(with(arguments, "--where", "nonsense ="))).isEqualTo(1);
        assertThat(directory.resolve("all.csv.parts")).doesNotExist();
        String nobody = "127.0.0.1:" + port; // it is for nodes
        assertThat(
                        run(
                                "export",
                                "--table",
                                "ks.cities",
                                "--host",
                                nobody,
                                "--output",
                                path("all.csv")))
                .isEqualTo(1);
        assertThat(err).contains("is a node's port for clients");
        assertThat(run(arguments)).as(err).isZero();
    }

    @Test
    void exportsOfSomeColumnsAndRows() throws IOException {
        EmbeddedSession session = start(Map.of(), KEYSPACE, CITIES);
        for (int i = 0; i < 100; i++) {
            session.execute(
                    "INSERT INTO ks.cities (country, name, population) VALUES (?, 'x', ?)",
                    "C" + i,
                    (long) i);
        }
        String all = path("all.csv");
        String[] arguments = {
            "export",
            "--table",
            "ks.cities",
            "--host",
            client(),
            "--columns",
            "population",
            "--output",
            all
        };
        assertThat(run(with(arguments, "--where", "population >= 90"))).as(err).isZero();
        assertThat(Files.readAllLines(Path.of(all)))
                .hasSize(11)
                .startsWith("population")
                .contains("90", "99");
        assertThat(directory.resolve("all.csv.parts")).doesNotExist();
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(err).contains("all.csv");
        Files.delete(Path.of(all));
        assertThat(run(with(arguments, "--limit", "7"))).as(err).isZero();
        assertThat(Files.readAllLines(Path.of(all))).hasSize(8);
        String[] ambiguous = {
            "export",
            "--table=ks.cities",
            "--host",
            client(),
            "--null=50",
            "--output",
            path("n.csv")
        };
        assertThat(run(ambiguous)).isEqualTo(1);
        assertThat(err).contains("column population has the value 50, which is what null is");
        assertThat(run("export", "--table", "ks.none", "--output", path("n"), "--host", client()))
                .isEqualTo(1);
        assertThat(err).contains("there is no table ks.none");
    }

    @Test
    void anInterruptedExportGoesOnWhereItEnded() throws IOException {
        EmbeddedSession session = start(Map.of(), KEYSPACE, CITIES);
        session.execute("INSERT INTO ks.cities (country, name) VALUES ('CH', 'Bern')");
        String all = path("all.csv");
        String[] arguments = {
            "export", "--table", "ks.cities", "--host", client(), "--output", all
        };
        Path parts = directory.resolve("all.csv.parts");
        Files.createDirectory(parts);
        Files.writeString(parts.resolve("query"), "another");
        Files.writeString(parts.resolve("1-1"), "row\n");
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(err).contains("left from another export");
        // As one that was killed leaves it: a range that is finished, and half of another.
        Files.writeString(
                parts.resolve("query"),
                """
                SELECT "country", "name", "population", "tags" FROM "ks"."cities" WHERE \
                token("country") > ? AND token("country") <= ? LIMIT 0
                country,name,population,tags
                """);
        for (int i = 0; i < 64; i++) {
            Files.writeString(parts.resolve(i + "-1"), "row " + i + "\n");
        }
        Files.delete(parts.resolve("4-1"));
        Files.writeString(parts.resolve("4.tmp"), "half a row");
        assertThat(run(with(arguments, "--json"))).as(err).isZero();
        assertThat(out).contains("\"ranges_from_before\": 63");
        assertThat(Files.readAllLines(Path.of(all)))
                .startsWith("country,name,population,tags", "row 0")
                .contains("row 63")
                .doesNotContain("half a row");
        assertThat(parts).doesNotExist();
    }
}
