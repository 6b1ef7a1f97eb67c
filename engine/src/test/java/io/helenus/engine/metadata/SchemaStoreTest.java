package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        try (SchemaStore store = MetadataFixture.open(new MemoryMetadataFiles())) {
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
            MetadataFixture.run(store, MetadataFixture.STATEMENTS.subList(0, 2));
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
        try (SchemaStore store = MetadataFixture.open(new MemoryMetadataFiles())) {
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
            assertThatThrownBy(() ->
                            MetadataFixture.run(store, MetadataFixture.STATEMENTS.subList(0, 1)))
                    .hasMessage("broken listener");
            assertThat(store.schema().epoch()).isEqualTo(1);
        }
        assertThat(heard).containsExactly(1L);
    }

    @Test
    void aStatementThatChangesNothingIsNotLogged() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (SchemaStore store = MetadataFixture.open(files)) {
            MetadataFixture.run(store, MetadataFixture.STATEMENTS);
            byte[] before = files.content(MetadataLog.NAME);
            SchemaStore.Applied applied =
                    MetadataFixture.execute(store, "DROP KEYSPACE IF EXISTS nothing");
            assertThat(applied.changes()).isEmpty();
            assertThat(applied.plan().transformation()).isNull();
            assertThat(files.content(MetadataLog.NAME)).isEqualTo(before);
        }
    }

    @Test
    void survivesARestartOnARealDisk() throws IOException {
        Schema last;
        NodeIdentity identity = new NodeIdentity(new UUID(1, 2), "ü", List.of(3L, 1L));
        try (SchemaStore store = MetadataFixture.open(new NioMetadataFiles(directory))) {
            assertThat(store.identity()).isNull();
            store.recordIdentity(identity);
            last = MetadataFixture.run(store, MetadataFixture.STATEMENTS).getLast();
        }
        try (SchemaStore store = MetadataFixture.open(new NioMetadataFiles(directory))) {
            assertThat(store.schema()).isEqualTo(last);
            assertThat(store.identity()).isEqualTo(identity);
            TableSchema table = store.schema().table("ks", "t");
            assertThat(table).isNotNull();
            assertThat(store.schema().table(table.id())).isSameAs(table);
        }
        assertThat(directory).isDirectoryContaining("regex:.*metadata\\.log");
    }

    @Test
    void aLogOfALaterVersionIsRefusedWithBothVersions() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (SchemaStore store = MetadataFixture.open(files)) {
            store.recordIdentity(new NodeIdentity(new UUID(1, 2), "later", List.of(5L)));
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
                        "memory/metadata.log is of a newer version 3, this build reads up to 1");
        assertThat(future.content(MetadataLog.NAME)).isEqualTo(later.array());
    }

    /// The first release's file. It must be readable for ever; if what is written changes, the
    /// format has a new version, and this file stays.
    @Test
    void theFormatIsThatOfTheGoldenFile() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        Schema last;
        try (SchemaStore store = MetadataFixture.open(files)) {
            store.recordIdentity(new NodeIdentity(new UUID(1, 2), "golden", List.of(-5L, 5L)));
            last = MetadataFixture.run(store, MetadataFixture.STATEMENTS).getLast();
        }
        byte[] written = files.content(MetadataLog.NAME);
        byte[] golden;
        try (InputStream in =
                SchemaStoreTest.class.getResourceAsStream("/metadata/metadata-v1.bin")) {
            golden = in == null ? new byte[0] : in.readAllBytes();
        }
        if (!Arrays.equals(golden, written)) {
            Path place = Path.of("target", "metadata-v1.bin");
            Files.write(place, written);
            assertThat(HexFormat.of().formatHex(written))
                    .as("written to %s", place.toAbsolutePath())
                    .isEqualTo(HexFormat.of().formatHex(golden));
        }
        MemoryMetadataFiles old = new MemoryMetadataFiles();
        old.put(MetadataLog.NAME, golden);
        try (SchemaStore store = MetadataFixture.open(old)) {
            assertThat(store.schema()).isEqualTo(last);
        }
    }

    /// Written when DDL still took leveled compaction.
    @Test
    void whatDdlRefusesNowIsReadWhereItWasTakenBefore() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (InputStream in =
                SchemaStoreTest.class.getResourceAsStream("/metadata/metadata-v1-leveled.bin")) {
            files.put(MetadataLog.NAME, in == null ? new byte[0] : in.readAllBytes());
        }
        try (SchemaStore store = MetadataFixture.open(files)) {
            TableSchema table = store.schema().table("ks", "t");
            assertThat(table).isNotNull();
            assertThat(table.options().compaction().strategy())
                    .isEqualTo(CompactionParams.Strategy.LEVELED);
            MetadataFixture.execute(store, "ALTER TABLE ks.t WITH comment = 'still there'");
            assertThatThrownBy(() ->
                            MetadataFixture.execute(
                                    store,
                                    "ALTER TABLE ks.t WITH compaction ="
                                            + " {'class':'LeveledCompactionStrategy'}"))
                    .hasMessageContaining("LeveledCompactionStrategy is not supported");
        }
    }
}
