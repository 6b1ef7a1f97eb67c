package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.schema.Schema;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Cuts, flips and failures of the metadata log.
final class SchemaStoreCrashTest {
    private static MemoryMetadataFiles with(byte[] log) {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        files.put(MetadataLog.NAME, log);
        return files;
    }

    /// All bytes matter, and those in the middle of the first state, which is long, matter alike.
    private static int after(int at, int begun) {
        return at > 200 && at + 200 < begun ? at + 97 : at + 1;
    }

    @Test
    void everyCutGivesTheSchemaOfAnEarlierEpoch() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        List<String> statements = MetadataFixture.STATEMENTS.subList(0, 6);
        List<Schema> epochs;
        int begun;
        try (MetadataFixture store = MetadataFixture.open(files)) {
            begun = files.content(MetadataLog.NAME).length;
            epochs = store.run(statements);
        }
        byte[] log = files.content(MetadataLog.NAME);
        long before = 0;
        for (int length = 0; length <= log.length; length = after(length, begun)) {
            MemoryMetadataFiles cut = with(Arrays.copyOf(log, length));
            if (length < RecordFormat.HEADER_BYTES) {
                assertThatThrownBy(() -> MetadataFixture.open(cut))
                        .isInstanceOf(CorruptMetadataException.class);
                continue;
            }
            Schema found;
            try (MetadataFixture store = MetadataFixture.open(cut)) {
                found = store.schema();
                assertThat(found).isEqualTo(epochs.get((int) found.epoch()));
                assertThat(found.epoch()).as("cut at %d", length).isBetween(before, before + 1);
                if (found.epoch() == before && length % 16 != 0) {
                    continue; // going on from there is tried once in a while
                }
                before = found.epoch();
                store.execute(
                        "CREATE KEYSPACE after_cut WITH replication ="
                                + " {'class':'SimpleStrategy','replication_factor':1}");
            }
            try (MetadataFixture again = MetadataFixture.open(cut)) {
                assertThat(again.schema().epoch()).isEqualTo(found.epoch() + 1);
            }
        }
        assertThat(before).isEqualTo(statements.size());
    }

    @Test
    void everyFlippedByteIsRefusedByNameAndOffset() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        Schema whole;
        int begun;
        try (MetadataFixture store = MetadataFixture.open(files)) {
            begun = files.content(MetadataLog.NAME).length;
            whole = store.run(MetadataFixture.STATEMENTS).getLast();
        }
        byte[] log = files.content(MetadataLog.NAME);
        for (int at = 0; at < log.length; at = after(at, begun)) {
            byte[] damaged = log.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            if (at >= log.length - RecordFormat.SEAL_BYTES) { // of the last seal: nothing is lost
                try (MetadataFixture store = MetadataFixture.open(with(damaged))) {
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
        try (MetadataFixture store = MetadataFixture.open(files)) {
            for (String statement : MetadataFixture.STATEMENTS) {
                Schema acknowledged = store.execute(statement).schema();
                for (MemoryMetadataFiles left :
                        List.of(files.afterPowerLoss(), files.afterKill())) {
                    try (MetadataFixture restarted = MetadataFixture.open(left)) {
                        assertThat(restarted.schema()).isEqualTo(acknowledged);
                    }
                }
            }
        }
    }

    @Test
    void aFailureAtAnyOperationLosesNothingThatWasAcknowledged() throws IOException {
        boolean failed = true;
        int notBegun = 0;
        for (int operations = 0; failed; operations++) {
            MemoryMetadataFiles files = new MemoryMetadataFiles();
            files.operationsLeft = operations;
            failed = false;
            MetadataFixture store;
            try {
                store = MetadataFixture.open(files);
            } catch (IOException e) {
                failed = true;
                notBegun++;
                try (MetadataFixture restarted = MetadataFixture.open(files.afterPowerLoss())) {
                    assertThat(restarted.schema().epoch()).isZero();
                }
                continue;
            }
            Schema acknowledged = store.schema();
            try {
                for (String statement : MetadataFixture.STATEMENTS) {
                    acknowledged = store.execute(statement).schema();
                }
                store.close();
            } catch (MetadataFixture.NotChangedException | IOException e) {
                failed = true;
                assertThat(store.schema()).isEqualTo(acknowledged);
                if (e instanceof MetadataFixture.NotChangedException) {
                    files.operationsLeft = -1;
                    assertThatThrownBy(() ->
                                    store.execute(
                                            MetadataFixture.STATEMENTS
                                                    .getFirst()
                                                    .replace("ks", "later")))
                            .isInstanceOf(MetadataFixture.NotChangedException.class)
                            .hasMessageContaining("restart the node");
                }
            }
            try (MetadataFixture restarted = MetadataFixture.open(files.afterPowerLoss())) {
                assertThat(restarted.schema().epoch())
                        .isBetween(acknowledged.epoch(), acknowledged.epoch() + 1);
            }
        }
        assertThat(notBegun).isGreaterThan(5); // operations that make the file
    }

    /// A dropped table whose drop was refused may be written to for days: it must not be found dropped
    /// by the next start.
    @Test
    void aChangeThatWasRefusedIsNotFoundLater() throws IOException {
        int goesOn = 0;
        boolean failed = true;
        for (int operations = 1; failed; operations++) {
            MemoryMetadataFiles files = new MemoryMetadataFiles();
            MetadataFixture store = MetadataFixture.open(files);
            Schema acknowledged = store.run(MetadataFixture.STATEMENTS.subList(0, 3)).getLast();
            files.operationsLeft = operations - 1;
            files.failsOnce = true;
            failed = false;
            String next = MetadataFixture.STATEMENTS.get(3);
            try {
                acknowledged = store.execute(next).schema();
            } catch (MetadataFixture.NotChangedException e) {
                failed = true;
            }
            files.operationsLeft = -1;
            for (MemoryMetadataFiles left : List.of(files.afterPowerLoss(), files.afterKill())) {
                try (MetadataFixture restarted = MetadataFixture.open(left)) {
                    assertThat(restarted.schema()).as("at %d", operations).isEqualTo(acknowledged);
                }
            }
            if (!failed) {
                break;
            }
            try {
                acknowledged = store.execute(next).schema();
                goesOn++;
            } catch (MetadataFixture.NotChangedException e) {
                assertThat(e).hasMessageContaining("restart the node");
            }
            try (MetadataFixture restarted = MetadataFixture.open(files.afterPowerLoss())) {
                assertThat(restarted.schema()).as("at %d", operations).isEqualTo(acknowledged);
            }
        }
        assertThat(goesOn).isEqualTo(2); // the record or its seal was not written
    }

    @Test
    void theLogIsWrittenAnewBeforeItGrowsForEver() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        Schema last;
        try (MetadataFixture store = MetadataFixture.open(files)) {
            store.run(MetadataFixture.STATEMENTS);
            for (int i = 0; i < 2000; i++) {
                store.execute("ALTER TABLE ks.t WITH comment = 'c" + i + "'");
                store.tick();
                assertThat(files.content(MetadataLog.NAME)).hasSizeLessThan(1_000_000);
            }
            last = store.schema();
        }
        assertThat(last.epoch()).isEqualTo(2000 + MetadataFixture.STATEMENTS.size());
        for (MemoryMetadataFiles left : List.of(files, files.afterPowerLoss())) {
            try (MetadataFixture restarted = MetadataFixture.open(left)) {
                assertThat(restarted.schema()).isEqualTo(last);
                assertThat(restarted.identity()).isEqualTo(MetadataFixture.IDENTITY);
            }
        }
    }
}
