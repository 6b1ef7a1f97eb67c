package io.helenus.engine.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.query.RequestHandler.Prepared;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What clients of a prepared statement believe about its result stays true when tables are altered, and
/// statements keep their ids whatever keyspace is in use.
final class PreparedMetadataTest {
    private static final int NO_METADATA = 0x0004;
    private static final String SELECT = "SELECT * FROM ks.t";

    @TempDir private Path directory;

    private final ClientState client = new ClientState("test");

    private Helenus start() throws IOException {
        return Helenus.embedded().dataDirectory(directory).start();
    }

    private static Helenus withTable(Helenus node) {
        node.session()
                .execute(
                        "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        node.session().execute("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
        return node;
    }

    private Prepared prepare(Helenus node, String text) {
        return node.requests().prepare(text, new Request().reset(4, client), new ByteWriter());
    }

    /// Whether rows come without metadata if a client says that it has it.
    private boolean leavesMetadataOut(Helenus node, byte[] id, int version) {
        RequestHandler requests = node.requests();
        Prepared statement =
                Objects.requireNonNull(requests.prepared(id, 0, id.length), "prepared");
        Request request = new Request().reset(version, client);
        request.skipMetadata = true;
        ByteWriter body = new ByteWriter();
        assertThat(requests.execute(statement, request, body, true, new Nobody()))
                .isEqualTo(Outcome.DONE);
        return (ByteWriter.getInt(body.array(), Integer.BYTES) & NO_METADATA) != 0;
    }

    private static final class Nobody implements Completion {
        @Override
        public void done(byte[] body, List<String> warnings) {
            throw new AssertionError("was not to come later");
        }

        @Override
        public void failed(CqlException error) {
            throw error;
        }
    }

    @Test
    void beforeV5ColumnsAreToldWithTheRowsOnceTheyHaveChanged() throws IOException {
        try (Helenus node = withTable(start())) {
            byte[] id = prepare(node, SELECT).id();
            assertThat(leavesMetadataOut(node, id, 4)).isTrue();
            node.session().execute("CREATE TABLE ks.other (k int PRIMARY KEY)");
            assertThat(leavesMetadataOut(node, id, 4)).as("another table").isTrue();
            node.session().execute("ALTER TABLE ks.t ADD w int");
            assertThat(leavesMetadataOut(node, id, 4)).isFalse();
            assertThat(leavesMetadataOut(node, id, 3)).isFalse();
            assertThat(leavesMetadataOut(node, id, 5)).as("v5 compares ids").isTrue();
            node.session().execute("ALTER TABLE ks.t DROP w");
            assertThat(leavesMetadataOut(node, id, 4)).as("some saw three columns").isFalse();
        }
    }

    @Test
    void theyStillAreAfterARestart() throws IOException {
        byte[] altered;
        byte[] alteredBack;
        byte[] same;
        try (Helenus node = withTable(start())) {
            altered = prepare(node, SELECT).id();
            same = prepare(node, "SELECT k FROM ks.t").id();
            node.session().execute("CREATE TABLE ks.u (k int PRIMARY KEY)");
            alteredBack = prepare(node, "SELECT * FROM ks.u").id();
            node.session().execute("ALTER TABLE ks.u ADD v int");
            assertThat(prepare(node, "SELECT * FROM ks.u").id()).isEqualTo(alteredBack);
            node.session().execute("ALTER TABLE ks.u DROP v");
            node.session().execute("ALTER TABLE ks.t ADD w int");
        }
        try (Helenus node = start()) {
            assertThat(leavesMetadataOut(node, same, 4)).isTrue();
            assertThat(leavesMetadataOut(node, altered, 4)).isFalse();
            assertThat(leavesMetadataOut(node, alteredBack, 4)).isFalse();
        }
    }

    private static void execute(Helenus node, byte[] id, int v) {
        Prepared statement =
                Objects.requireNonNull(node.requests().prepared(id, 0, id.length), "prepared");
        Request request = new Request().reset(4, new ClientState("test"));
        byte[] values = new ByteWriter().writeInt(1).writeInt(v).toArray();
        request.values.reset(values);
        request.values.add(0, Integer.BYTES);
        request.values.add(Integer.BYTES, Integer.BYTES);
        var _ = node.requests().execute(statement, request, new ByteWriter(), true, new Nobody());
    }

    @Test
    void aStatementOnATableThatWasDroppedAndMadeAnewHasToBePreparedAgain() throws IOException {
        String insert = "INSERT INTO ks.t (k, v) VALUES (?, ?)";
        byte[] id;
        try (Helenus node = withTable(start())) {
            id = prepare(node, insert).id();
            Prepared held = Objects.requireNonNull(node.requests().prepared(id, 0, id.length));
            execute(node, id, 7);
            node.session().execute("DROP TABLE ks.t");
            assertThat(node.requests().prepared(id, 0, id.length)).isNull();
            node.session().execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
            Request request = new Request().reset(4, client);
            assertThatThrownBy(() ->
                            node.requests()
                                    .execute(held, request, new ByteWriter(), true, new Nobody()))
                    .as("by a request that found it before")
                    .isInstanceOf(CqlException.Unprepared.class);
        }
        try (Helenus node = start()) {
            assertThat(node.requests().prepared(id, 0, id.length)).as("after a restart").isNull();
            assertThat(prepare(node, insert).id()).isEqualTo(id);
            execute(node, id, 7);
        }
        try (Helenus node = start()) {
            assertThat(node.requests().prepared(id, 0, id.length)).isNotNull();
        }
    }

    @Test
    void aStatementThatLacksAColumnHasToBePreparedAgain() throws IOException {
        try (Helenus node = withTable(start())) {
            byte[] id = prepare(node, "INSERT INTO ks.t (k, v) VALUES (?, ?)").id();
            node.session().execute("ALTER TABLE ks.t DROP v");
            assertThatThrownBy(() -> execute(node, id, 7))
                    .isInstanceOf(CqlException.Unprepared.class);
            assertThat(node.requests().prepared(id, 0, id.length)).isNull();
        }
    }

    @Test
    void aStatementThatNeedsTheKeyspaceInUseWarnsOncePerConnection() throws IOException {
        try (Helenus node = withTable(start())) {
            client.useKeyspace("ks");
            Request request = new Request().reset(4, client);
            byte[] id = node.requests().prepare("SELECT * FROM t", request, new ByteWriter()).id();
            assertThat(request.warnings())
                    .containsExactly(
                            "`USE <keyspace>` with prepared statements is considered to be an anti-pattern"
                                    + " due to ambiguity in non-qualified table names. Please consider"
                                    + " removing instances of `Session#setKeyspace(<keyspace>)`,"
                                    + " `Session#execute(\"USE <keyspace>\")` and"
                                    + " `cluster.newSession(<keyspace>)` from your code, and always use"
                                    + " fully qualified table names (e.g. <keyspace>.<table>). Keyspace"
                                    + " used: ks, statement keyspace: ks, statement id: "
                                    + HexFormat.of().formatHex(id));
            Request second = new Request().reset(4, client);
            var _ = node.requests().prepare("SELECT k FROM t", second, new ByteWriter());
            assertThat(second.warnings()).isEmpty();
            Request qualified = new Request().reset(4, new ClientState("another"));
            var _ = node.requests().prepare(SELECT, qualified, new ByteWriter());
            assertThat(qualified.warnings()).isEmpty();
        }
    }

    @Test
    void aStatementThatNamesItsKeyspacesHasOneId() throws IOException {
        try (Helenus node = withTable(start())) {
            for (String named :
                    List.of(
                            SELECT,
                            "INSERT INTO ks.t (k) VALUES (1)",
                            "BEGIN BATCH DELETE FROM ks.t WHERE k = 1 APPLY BATCH",
                            "TRUNCATE ks.t")) {
                client.useKeyspace("ks");
                byte[] inUse = prepare(node, named).id();
                client.useKeyspace("system");
                assertThat(prepare(node, named).id()).as(named).isEqualTo(inUse);
                assertThat(inUse).isEqualTo(PreparedId.of(null, named).bytes());
            }
            client.useKeyspace("ks");
            assertThat(prepare(node, "SELECT * FROM t").id())
                    .isEqualTo(PreparedId.of("ks", "SELECT * FROM t").bytes());
        }
    }
}
