package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.schema.CompactionParams;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.engine.schema.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaStoreTest {
    @TempDir private Path directory;

    @Test
    void listenersHearAChangeBeforeAndAfterItIsVisible() throws IOException {
        List<String> heard = new ArrayList<>();
        try (MetadataFixture store = MetadataFixture.open(new MemoryMetadataFiles())) {
            store.addListener(
                    new SchemaListener() {
                        @Override
                        public void schemaWillChange(Schema before, Schema after) {
                            heard.add("will " + after.epoch() + ", sees " + store.schema().epoch());
                        }

                        @Override
                        public void schemaChanged(
                                Schema before, Schema after, List<SchemaChange> changes) {
                            heard.add("did " + after.epoch() + ", sees " + store.schema().epoch());
                            changes.forEach(c -> heard.add(c.kind() + " " + c.target()));
                        }
                    });
            store.run(MetadataFixture.STATEMENTS.subList(0, 2));
        }
        assertThat(heard)
                .containsExactly(
                        "will 1, sees 0",
                        "did 1, sees 1",
                        "CREATED KEYSPACE",
                        "will 2, sees 1",
                        "did 2, sees 2",
                        "CREATED TYPE");
    }

    @Test
    void aListenerThatFailsStopsNeitherTheChangeNorTheOthers() throws IOException {
        List<Long> heard = new ArrayList<>();
        try (MetadataFixture store = MetadataFixture.open(new MemoryMetadataFiles())) {
            store.addListener(
                    new SchemaListener() {
                        @Override
                        public void schemaWillChange(Schema before, Schema after) {
                            throw new IllegalStateException("broken listener");
                        }
                    });
            store.addListener(
                    new SchemaListener() {
                        @Override
                        public void schemaChanged(
                                Schema before, Schema after, List<SchemaChange> changes) {
                            heard.add(after.epoch());
                        }
                    });
            assertThatThrownBy(() -> store.run(MetadataFixture.STATEMENTS.subList(0, 1)))
                    .hasMessage("broken listener");
            assertThat(store.schema().epoch()).isEqualTo(1);
        }
        assertThat(heard).containsExactly(1L);
    }

    @Test
    void aStatementThatChangesNothingIsNotLogged() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (MetadataFixture store = MetadataFixture.open(files)) {
            store.run(MetadataFixture.STATEMENTS);
            byte[] before = files.content(MetadataLog.NAME);
            MetadataFixture.Applied applied = store.execute("DROP KEYSPACE IF EXISTS nothing");
            assertThat(applied.changes()).isEmpty();
            assertThat(applied.plan().transformation()).isNull();
            assertThat(files.content(MetadataLog.NAME)).isEqualTo(before);
        }
    }

    @Test
    void survivesARestartOnARealDisk() throws IOException {
        Schema last;
        try (MetadataFixture store = MetadataFixture.open(new NioMetadataFiles(directory))) {
            last = store.run(MetadataFixture.STATEMENTS).getLast();
        }
        try (MetadataFixture store = MetadataFixture.open(new NioMetadataFiles(directory))) {
            assertThat(store.schema()).isEqualTo(last);
            assertThat(store.identity()).isEqualTo(MetadataFixture.IDENTITY);
            assertThat(store.state().isSoleMember(MetadataFixture.IDENTITY.hostId())).isTrue();
            TableSchema table = store.schema().table("ks", "t");
            assertThat(table).isNotNull();
            assertThat(store.schema().table(table.id())).isSameAs(table);
        }
        assertThat(directory).isDirectoryContaining("regex:.*metadata\\.log");
    }

    @Test
    void aLogOfALaterVersionIsRefusedWithBothVersions() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (MetadataFixture store = MetadataFixture.open(files)) {
            assertThat(store.schema().epoch()).isZero();
        }
        ByteBuffer later = ByteBuffer.wrap(files.content(MetadataLog.NAME).clone());
        later.putInt(4, 3);
        CRC32C crc = new CRC32C();
        crc.update(later.array(), 0, 16);
        later.putInt(16, (int) crc.getValue());
        MemoryMetadataFiles future = new MemoryMetadataFiles();
        future.put(MetadataLog.NAME, later.array());
        assertThatThrownBy(() -> MetadataFixture.open(future))
                .isInstanceOf(NewerVersionException.class)
                .hasMessage(
                        "memory/metadata.log is of a newer version 3, this build reads up to 2");
        assertThat(future.content(MetadataLog.NAME)).isEqualTo(later.array());
    }

    /// It must be readable for ever; if what is written changes, the format has a new version, and this
    /// file stays.
    @Test
    void theFormatIsThatOfTheGoldenFile() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        Schema last;
        try (MetadataFixture store = MetadataFixture.open(files)) {
            last = store.run(MetadataFixture.STATEMENTS).getLast();
        }
        byte[] written = files.content(MetadataLog.NAME);
        byte[] golden = resource("/metadata/metadata-v2.bin");
        if (!Arrays.equals(golden, written)) {
            Path place = Path.of("target", "metadata-v2.bin");
            Files.write(place, written);
            assertThat(HexFormat.of().formatHex(written))
                    .as("written to %s", place.toAbsolutePath())
                    .isEqualTo(HexFormat.of().formatHex(golden));
        }
        MemoryMetadataFiles old = new MemoryMetadataFiles();
        old.put(MetadataLog.NAME, golden);
        try (MetadataFixture store = MetadataFixture.open(old)) {
            assertThat(store.schema()).isEqualTo(last);
        }
    }

    /// The first release's file, from before a node knew of a cluster.
    @Test
    void theLogOfASingleNodeGoesOnAsThatOfAClusterOfOne() throws IOException {
        Schema last;
        try (MetadataFixture store = MetadataFixture.open(new MemoryMetadataFiles())) {
            last = store.run(MetadataFixture.STATEMENTS).getLast();
        }
        NodeIdentity identity = new NodeIdentity(new UUID(1, 2), "golden", List.of(-5L, 5L));
        MemoryMetadataFiles old = new MemoryMetadataFiles();
        old.put(MetadataLog.NAME, resource("/metadata/metadata-v1.bin"));
        ClusterState begun;
        try (MetadataFixture store = MetadataFixture.open(old)) {
            begun = store.state();
            assertThat(store.schema()).isEqualTo(last);
            assertThat(store.identity()).isEqualTo(identity);
            assertThat(store.dropped()).hasSize(1);
            assertThat(begun.epoch()).isEqualTo(last.epoch());
            assertThat(begun.name()).isEqualTo("golden");
            assertThat(begun.isSoleMember(identity.hostId())).isTrue();
            assertThat(begun.ring().tokenCount()).isEqualTo(2);
            store.execute("DROP KEYSPACE ks");
        }
        assertThat(old.content(MetadataLog.NAME)[7]).isEqualTo((byte) 2); // version
        try (MetadataFixture store = MetadataFixture.open(old)) {
            assertThat(store.state().clusterId()).isEqualTo(begun.clusterId());
            assertThat(store.state().epoch()).isEqualTo(begun.epoch() + 1);
            assertThat(store.identity()).isEqualTo(identity);
            assertThat(store.schema().keyspace("ks")).isNull();
            assertThat(store.dropped()).hasSize(1);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SchemaStoreTest.class.getResourceAsStream(name)) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    /// Written when DDL still took leveled compaction.
    @Test
    void whatDdlRefusesNowIsReadWhereItWasTakenBefore() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        files.put(MetadataLog.NAME, resource("/metadata/metadata-v1-leveled.bin"));
        try (MetadataFixture store = MetadataFixture.open(files)) {
            TableSchema table = store.schema().table("ks", "t");
            assertThat(table).isNotNull();
            assertThat(table.options().compaction().strategy())
                    .isEqualTo(CompactionParams.Strategy.LEVELED);
            store.execute("ALTER TABLE ks.t WITH comment = 'still there'");
            assertThatThrownBy(() ->
                            store.execute(
                                    "ALTER TABLE ks.t WITH compaction ="
                                            + " {'class':'LeveledCompactionStrategy'}"))
                    .hasMessageContaining("LeveledCompactionStrategy is not supported");
        }
    }
}
