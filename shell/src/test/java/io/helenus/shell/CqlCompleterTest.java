package io.helenus.shell;

import static io.helenus.shell.FakeClient.columns;
import static io.helenus.shell.FakeClient.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.helenus.shell.CqlClient.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CqlCompleterTest {
    private FakeClient client;
    private CqlCompleter completer;

    @BeforeEach
    void start() throws InterruptedException {
        client = new FakeClient();
        client.on(
                        "FROM system_schema.keyspaces",
                        rows(columns("", "", "keyspace_name"), List.of("ks"), List.of("Odd")))
                .on(
                        "FROM system_schema.tables WHERE keyspace_name = 'ks'",
                        rows(columns("", "", "table_name"), List.of("people"), List.of("pets")))
                .on(
                        "FROM system_schema.columns WHERE keyspace_name = 'ks' AND table_name ="
                                + " 'people'",
                        rows(
                                columns("", "", "column_name", "kind"),
                                List.of("id", "partition_key"),
                                List.of("name", "regular")));
        client.execute(
                new Request(
                        "USE ks;",
                        DefaultConsistencyLevel.ONE,
                        DefaultConsistencyLevel.SERIAL,
                        0,
                        false));
        ClientHolder holder =
                new ClientHolder(
                        _ -> client,
                        new ClientFactory.Target(
                                "host",
                                9042,
                                null,
                                null,
                                null,
                                false,
                                null,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                null));
        completer = new CqlCompleter(holder, new SchemaNames(holder));
    }

    record Offered(String before, String after, List<String> some) {}

    static Stream<Offered> offered() {
        return Stream.of(
                new Offered("", "", List.of("SELECT", "CREATE", "DESCRIBE", "TRACING")),
                new Offered("SELECT * ", "", List.of("FROM")),
                new Offered("SELECT * FROM ", "", List.of("people", "pets", "ks", "\"Odd\"")),
                new Offered("INSERT INTO ", "", List.of("people")),
                new Offered("SELECT * FROM ks.", "", List.of("people", "pets")),
                new Offered("SELECT ", " FROM people", List.of("id", "name")),
                new Offered("SELECT * FROM people WHERE ", "", List.of("id", "name")),
                new Offered("USE ", "", List.of("ks", "\"Odd\"")),
                new Offered("DESC ", "", List.of("TABLES", "people")),
                new Offered("describe keyspace ", "", List.of("ks")),
                new Offered("CONSISTENCY ", "", List.of("QUORUM", "LOCAL_ONE")),
                new Offered("serial consistency ", "", List.of("LOCAL_SERIAL")),
                new Offered("EXPAND ", "", List.of("ON", "OFF")),
                new Offered("SHOW ", "", List.of("VERSION")),
                new Offered("HELP ", "", List.of("PAGING")));
    }

    @ParameterizedTest
    @MethodSource("offered")
    void whatFitsIsOffered(Offered row) throws InterruptedException {
        assertThat(completer.offers(row.before, row.before + row.after)).containsAll(row.some);
    }

    @Test
    void symbolsAreNotOffered() throws InterruptedException {
        String before = "SELECT * FROM people WHERE ";
        assertThat(completer.offers(before, before)).doesNotContain("(");
    }

    @Test
    void namesAreAskedForOnceUntilTheSchemaChanges() throws InterruptedException {
        completer.offers("SELECT * FROM ", "");
        int asked = client.requests.size();
        completer.offers("SELECT * FROM ", "");
        assertThat(client.requests).hasSize(asked);
    }

    @Test
    void aServerThatRefusesOffersNothing() throws InterruptedException {
        client.failOn("system_schema", "Unauthorized: no", "no");
        assertThat(completer.offers("SELECT * FROM ks.", "")).isEmpty();
    }
}
