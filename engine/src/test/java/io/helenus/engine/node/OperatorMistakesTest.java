package io.helenus.engine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody says who is in a hurry does no harm that lasts.
class OperatorMistakesTest {
    @TempDir Path directory;

    private Helenus start() throws IOException {
        return Helenus.embedded().dataDirectory(directory.resolve("node")).start();
    }

    private static void create(Helenus node) {
        node.session()
                .execute(
                        "CREATE KEYSPACE ks WITH replication ="
                                + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        node.session().execute("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
        node.session().execute("INSERT INTO ks.t (k, v) VALUES (1, 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'scaling_parameters': 'T99999999999'",
                "'scaling_parameters': 'N, -99999999999'",
                "'target_sstable_size': '1e30GiB'",
                "'flush_size_override': '1e30GiB'"
            })
    void anOptionOutOfRangeIsRefusedAndTheNodeStartsAgain(String option) throws IOException {
        String compaction = "{'class': 'UnifiedCompactionStrategy', %s}".formatted(option);
        try (Helenus node = start()) {
            create(node);
            for (String statement :
                    new String[] {
                        "ALTER TABLE ks.t WITH compaction = " + compaction,
                        "CREATE TABLE ks.u (k int PRIMARY KEY) WITH compaction = " + compaction
                    }) {
                assertThatThrownBy(() -> node.session().execute(statement))
                        .isInstanceOfSatisfying(
                                CqlException.class,
                                refusal ->
                                        assertThat(refusal.code())
                                                .isEqualTo(ErrorCode.CONFIG_ERROR))
                        .hasMessageContaining("out of range");
            }
        }
        try (Helenus node = start()) {
            assertThat(node.session().execute("SELECT * FROM ks.t").rows()).hasSize(1);
            node.session().execute("CREATE TABLE ks.u (k int PRIMARY KEY)");
        }
    }

    @Test
    void twoNodesCannotShareACommitLogWhereverItLies() throws IOException {
        String logs = directory.resolve("logs").toString();
        try (Helenus node =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("node"))
                        .set("commitlog_directory", logs)
                        .start()) {
            create(node);
            assertThatThrownBy(() ->
                            Helenus.embedded()
                                    .dataDirectory(directory.resolve("second"))
                                    .set("commitlog_directory", logs)
                                    .start())
                    .isInstanceOf(DataDirectoryInUseException.class)
                    .hasMessageContaining("logs is in use by another node");
            assertThat(node.session().execute("SELECT * FROM ks.t").rows()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "node/commitlog", "node/data/ks", "node/inner/most"})
    void aNodeDoesNotStartWithinTheDirectoryOfAnother(String inner) throws IOException {
        try (Helenus node = start()) {
            create(node);
        }
        Path within = directory.resolve(inner).resolve("second");
        assertThatThrownBy(() -> Helenus.embedded().dataDirectory(within).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("second lies within")
                .hasMessageEndingWith("node, the data directory of another node");
        assertThatThrownBy(() ->
                        Helenus.embedded()
                                .dataDirectory(directory.resolve("third"))
                                .set("commitlog_directory", within.toString())
                                .start())
                .hasMessageEndingWith("node, the data directory of another node");
        assertThat(within).doesNotExist();
        try (Helenus node = start()) {
            assertThat(node.session().execute("SELECT * FROM ks.t").rows()).hasSize(1);
        }
    }

    /// The commit log still has what was written to the first one.
    @Test
    void aTableThatIsCreatedAgainWithItsIdIsEmpty() throws IOException {
        String id = " WITH ID = 5e8f4a2b-1234-4d5e-9abc-def012345678";
        try (Helenus node = start()) {
            create(node);
            node.session().execute("CREATE TABLE ks.u (k int PRIMARY KEY, v int)" + id);
            node.session().execute("INSERT INTO ks.u (k, v) VALUES (1, 1)");
            node.session().execute("DROP TABLE ks.u");
            node.session().execute("CREATE TABLE ks.u (k int PRIMARY KEY, w text)" + id);
            assertThat(node.session().execute("SELECT * FROM ks.u").rows()).isEmpty();
            node.session().execute("INSERT INTO ks.u (k, w) VALUES (2, 'new')");
        }
        try (Helenus node = start()) {
            assertThat(node.session().execute("SELECT k FROM ks.u").rows()).hasSize(1);
            assertThat(node.session().execute("SELECT w FROM ks.u WHERE k = 2").rows()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTableWithABrokenManifestIsDroppedWithItsFiles(boolean snapshots) throws IOException {
        try (Helenus node = start()) {
            create(node);
            node.storage().flushAll().join();
        }
        Path table;
        try (Stream<Path> tables = Files.list(directory.resolve("node/data/ks"))) {
            table = tables.findFirst().orElseThrow();
        }
        assertThat(table.resolve("1.sst")).exists();
        Path manifest = table.resolve("manifest");
        byte[] bytes = Files.readAllBytes(manifest);
        bytes[20] ^= 1;
        Files.write(manifest, bytes);
        try (Helenus node =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("node"))
                        .set("auto_snapshot", String.valueOf(snapshots))
                        .start()) {
            node.session().execute("CREATE TABLE ks.another (k int PRIMARY KEY)");
            node.session().execute("DROP TABLE ks.another");
            node.session().execute("DROP TABLE ks.t");
            assertThatThrownBy(() -> node.session().execute("SELECT * FROM ks.t"))
                    .isInstanceOf(CqlException.class);
        }
        if (snapshots) {
            assertThat(table.resolve("lost+found/1.sst")).exists();
            assertThat(table.resolve("lost+found/manifest")).hasBinaryContent(bytes);
            assertThat(table.resolve("1.sst")).doesNotExist();
            assertThat(manifest).doesNotExist();
        } else {
            assertThat(table).doesNotExist();
        }
        start().close();
    }
}
