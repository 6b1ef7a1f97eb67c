package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.schema.Schema;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Cuts, flips and failures of the metadata log.
final class SchemaStoreCrashTest {
    private static MemoryMetadataFiles with(byte[] log) {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        files.put(MetadataLog.NAME, log);
        return files;
    }

    @Test
    void everyCutGivesTheSchemaOfAnEarlierEpoch() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        List<Schema> epochs;
        try (SchemaStore store = MetadataFixture.open(files)) {
            epochs = MetadataFixture.run(store, MetadataFixture.STATEMENTS);
        }
        byte[] log = files.content(MetadataLog.NAME);
        long before = 0;
        for (int length = 0; length <= log.length; length++) {
            MemoryMetadataFiles cut = with(Arrays.copyOf(log, length));
            if (length < RecordFormat.HEADER_BYTES) {
                assertThatThrownBy(() -> MetadataFixture.open(cut))
                        .isInstanceOf(CorruptMetadataException.class);
                continue;
            }
            Schema found;
            try (SchemaStore store = MetadataFixture.open(cut)) {
                found = store.schema();
                assertThat(found).isEqualTo(epochs.get((int) found.epoch()));
                assertThat(found.epoch()).as("cut at %d", length).isBetween(before, before + 1);
                if (found.epoch() == before && length % 16 != 0) {
                    continue; // going on from there is tried once in a while
                }
                before = found.epoch();
                MetadataFixture.execute(
                        store,
                        "CREATE KEYSPACE after_cut WITH replication ="
                                + " {'class':'SimpleStrategy','replication_factor':1}");
            }
            try (SchemaStore again = MetadataFixture.open(cut)) {
                assertThat(again.schema().epoch()).isEqualTo(found.epoch() + 1);
            }
        }
        assertThat(before).isEqualTo(MetadataFixture.STATEMENTS.size());
    }

    @Test
    void everyFlippedByteIsRefusedByNameAndOffset() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        Schema whole;
        try (SchemaStore store = MetadataFixture.open(files)) {
            store.recordIdentity(new NodeIdentity(new UUID(4, 2), "a cluster", List.of(9L, -3L)));
            whole = MetadataFixture.run(store, MetadataFixture.STATEMENTS).getLast();
        }
        byte[] log = files.content(MetadataLog.NAME);
        for (int at = 0; at < log.length; at++) {
            byte[] damaged = log.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            if (at >= log.length - RecordFormat.SEAL_BYTES) { // of the last seal: nothing is lost
                try (SchemaStore store = MetadataFixture.open(with(damaged))) {
                    assertThat(store.schema()).isEqualTo(whole);
                }
                continue;
            }
            assertThatThrownBy(() -> MetadataFixture.open(with(damaged)))
                    .as("flipped at %d", at)
                    .isInstanceOf(CorruptMetadataException.class)
                    .hasMessageContaining("memory/metadata.log: corrupt at offset ");
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAPowerLoss() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (SchemaStore store = MetadataFixture.open(files)) {
            for (String statement : MetadataFixture.STATEMENTS) {
                Schema acknowledged = MetadataFixture.execute(store, statement).schema();
                for (MemoryMetadataFiles left :
                        List.of(files.afterPowerLoss(), files.afterKill())) {
                    try (SchemaStore restarted = MetadataFixture.open(left)) {
                        assertThat(restarted.schema()).isEqualTo(acknowledged);
                    }
                }
            }
        }
    }

    @Test
    void aFailureAtAnyOperationLosesNothingThatWasAcknowledged() throws IOException {
        boolean failed = true;
        for (int operations = 3; failed; operations++) { // the first three create the file
            MemoryMetadataFiles files = new MemoryMetadataFiles();
            files.operationsLeft = operations + 1;
            failed = false;
            SchemaStore store = MetadataFixture.open(files);
            Schema acknowledged = store.schema();
            try {
                for (String statement : MetadataFixture.STATEMENTS) {
                    acknowledged = MetadataFixture.execute(store, statement).schema();
                }
                store.close();
            } catch (MetadataLogException | IOException e) {
                failed = true;
                assertThat(store.schema()).isEqualTo(acknowledged);
                if (e instanceof MetadataLogException) {
                    files.operationsLeft = -1;
                    assertThatThrownBy(() ->
                                    MetadataFixture.execute(
                                            store,
                                            MetadataFixture.STATEMENTS
                                                    .getFirst()
                                                    .replace("ks", "later")))
                            .isInstanceOf(MetadataLogException.class)
                            .hasMessageContaining("restart the node");
                }
            }
            try (SchemaStore restarted = MetadataFixture.open(files.afterPowerLoss())) {
                assertThat(restarted.schema().epoch())
                        .isBetween(acknowledged.epoch(), acknowledged.epoch() + 1);
            }
        }
    }

    /// A dropped table whose drop was refused may be written to for days: it must not be found dropped
    /// by the next start.
    @Test
    void aChangeThatWasRefusedIsNotFoundLater() throws IOException {
        int goesOn = 0;
        boolean failed = true;
        for (int operations = 1; failed; operations++) {
            MemoryMetadataFiles files = new MemoryMetadataFiles();
            SchemaStore store = MetadataFixture.open(files);
            Schema acknowledged =
                    MetadataFixture.run(store, MetadataFixture.STATEMENTS.subList(0, 3)).getLast();
            files.operationsLeft = operations - 1;
            files.failsOnce = true;
            failed = false;
            String next = MetadataFixture.STATEMENTS.get(3);
            try {
                acknowledged = MetadataFixture.execute(store, next).schema();
            } catch (MetadataLogException e) {
                failed = true;
            }
            files.operationsLeft = -1;
            for (MemoryMetadataFiles left : List.of(files.afterPowerLoss(), files.afterKill())) {
                try (SchemaStore restarted = MetadataFixture.open(left)) {
                    assertThat(restarted.schema()).as("at %d", operations).isEqualTo(acknowledged);
                }
            }
            if (!failed) {
                break;
            }
            try {
                acknowledged = MetadataFixture.execute(store, next).schema();
                goesOn++;
            } catch (MetadataLogException e) {
                assertThat(e).hasMessageContaining("restart the node");
            }
            try (SchemaStore restarted = MetadataFixture.open(files.afterPowerLoss())) {
                assertThat(restarted.schema()).as("at %d", operations).isEqualTo(acknowledged);
            }
        }
        assertThat(goesOn).isEqualTo(2); // the record or its seal was not written
    }

    @Test
    void theLogIsWrittenAnewBeforeItGrowsForEver() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        Schema last;
        NodeIdentity identity = new NodeIdentity(new UUID(4, 2), "a cluster", List.of(9L, -3L));
        try (SchemaStore store = MetadataFixture.open(files)) {
            store.recordIdentity(identity);
            MetadataFixture.run(store, MetadataFixture.STATEMENTS);
            for (int i = 0; i < 2000; i++) {
                MetadataFixture.execute(store, "ALTER TABLE ks.t WITH comment = 'c" + i + "'");
                assertThat(files.content(MetadataLog.NAME)).hasSizeLessThan(200_000);
            }
            last = store.schema();
        }
        assertThat(last.epoch()).isEqualTo(2000 + MetadataFixture.STATEMENTS.size());
        for (MemoryMetadataFiles left : List.of(files, files.afterPowerLoss())) {
            try (SchemaStore restarted = MetadataFixture.open(left)) {
                assertThat(restarted.schema()).isEqualTo(last);
                assertThat(restarted.identity()).isEqualTo(identity);
            }
        }
    }
}
