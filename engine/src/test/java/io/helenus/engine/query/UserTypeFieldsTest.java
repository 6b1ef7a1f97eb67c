package io.helenus.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.EmbeddedSession;
import io.helenus.engine.Helenus;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.query.result.ResultReader;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A user type that is not frozen is sent with all of its fields, also those that were never written, as
/// Cassandra does: clients count on as many as the type has.
final class UserTypeFieldsTest {
    private static final String NULL = "ffffffff";

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "a = 1, 0000000400000001 ffffffff ffffffff",
        "b = 1, ffffffff 0000000400000001 ffffffff",
        "c = 1, ffffffff ffffffff 0000000400000001",
    })
    void allFieldsAreSent(String field, String expected) throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory).start()) {
            EmbeddedSession session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TYPE ks.u (a int, b int)");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, u u, s u)");
            session.execute("ALTER TYPE ks.u ADD c int");
            session.execute("UPDATE ks.t SET u." + field + " WHERE k = 0");
            assertThat(value(node, "SELECT u FROM ks.t WHERE k = 0"))
                    .isEqualTo(expected.replace(" ", ""));
            assertThat(value(node, "SELECT s FROM ks.t WHERE k = 0")).isEqualTo(NULL);
        }
    }

    /// The only value of the only row, or the length of null.
    private static String value(Helenus node, String cql) {
        Request request = new Request().reset(5, new ClientState("test"));
        request.values.reset(new byte[0]);
        ByteWriter body = new ByteWriter();
        Outcome outcome = node.requests().query(cql, request, body, true, new Nobody());
        assertThat(outcome).isEqualTo(Outcome.DONE);
        ResultReader reader = new ResultReader(body.toArray(), Integer.BYTES);
        reader.metadata((_, _) -> {});
        assertThat(reader.int32()).isEqualTo(1);
        byte[] bytes = reader.bytes();
        return bytes == null ? NULL : HexFormat.of().formatHex(bytes);
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
}
