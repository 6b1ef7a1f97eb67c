package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.storage.files.NioStorageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots, backups, and files that are taken in, on a simulated disk.
class SnapshotTest {
    private static final TableBackup KEPT =
            new TableBackup(() -> "CREATE TABLE ks.t ();", true, Duration.ZERO, true);

    private final OneTable t = new OneTable(new Random(5), TestNode.smallBlocks().withBackup(KEPT));
    private final SimulatedDisk disk = t.disk;
    private final TestNode node = t.node;

    @BeforeEach
    void start() throws IOException {
        node.start();
    }

    private void put(int partition, long timestamp, String value) {
        t.put(partition, 1, timestamp, value);
    }

    private String get(int partition) {
        return t.get(partition, 1);
    }

    /// A snapshot with a row that is in the table no more.
    private Path mondayBeforeTruncation() throws IOException {
        put(1, 1, "a");
        t.flush();
        Path monday = t.store().snapshot("monday", null);
        t.truncate();
        return monday;
    }

    private List<Snapshot> snapshots() throws IOException {
        return node.engine().snapshots().list();
    }

    private void restore(Path from) throws IOException {
        TableImport importer = t.store().importer();
        var _ = importer.run(importer.found(from));
    }

    @Test
    void truncatingKeepsWhatWasInFilesAndInMemory() throws IOException {
        put(1, 1, "flushed");
        t.flush();
        put(2, 2, "in memory");
        t.truncate();
        assertThat(get(1) + get(2)).isEmpty();
        Snapshot kept = snapshots().getFirst();
        assertThat(kept.tag()).matches("truncated-[0-9]+-t");
        assertThat(disk.fileNames(kept.directory()))
                .containsExactly("1.sst", "2.sst", "manifest", "manifest.json", "schema.cql");
        assertThat(kept.ownBytes()).isEqualTo(kept.bytes());
        restore(kept.directory());
        assertThat(get(1)).isEqualTo("flushed");
        assertThat(get(2)).isEqualTo("in memory");
        node.restart();
        assertThat(get(2)).isEqualTo("in memory");
        assertThat(node.events).isEmpty();
    }

    @Test
    void theLongestNameOfATableFitsIntoTheTag() throws IOException {
        node.kill();
        t.name = node.define("t".repeat(222), TestNode.smallBlocks().withBackup(KEPT));
        node.start();
        put(1, 1, "a");
        t.truncate();
        put(1, 2, "b");
        t.flush();
        node.engine().dropTable(t.store());
        node.runExecutor();
        assertThat(snapshots().stream().map(Snapshot::tag))
                .hasSize(2)
                .allMatch(tag -> tag.endsWith("-" + t.name.table()))
                .allMatch(tag -> ".%s.tmp".formatted(tag).length() <= 255);
    }

    @Test
    void truncatingAnEmptyTableKeepsNothing() throws IOException {
        t.truncate();
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void aDroppedTableIsFoundAmongTheSnapshots() throws IOException {
        put(1, 1, "a");
        t.flush();
        TableStore dropped = t.store();
        node.engine().dropTable(dropped);
        node.runExecutor();
        Snapshot kept = snapshots().getFirst();
        assertThat(kept.tag()).matches("dropped-[0-9]+-t");
        assertThat(kept.keyspace() + "." + kept.table()).isEqualTo("ks.t");
        assertThat(disk.fileNames(dropped.directory())).containsExactly("snapshots");
        assertThat(node.engine().snapshots().delete(_ -> true)).isEqualTo(1);
        assertThat(disk.exists(dropped.directory())).isFalse();
    }

    @Test
    void aDropThatCannotBeKeptLeavesTheFiles() throws IOException {
        put(1, 1, "a");
        t.flush();
        TableStore dropped = t.store();
        disk.failAfter(0);
        assertThatThrownBy(() -> node.engine().dropTable(dropped)).isInstanceOf(IOException.class);
        assertThat(disk.heal()).isTrue();
        node.runExecutor();
        assertThat(disk.fileNames(dropped.directory())).contains("1.sst", "manifest");
    }

    @Test
    void oneThatFailsHalfwayLeavesNothing() throws IOException {
        put(1, 1, "a");
        t.flush();
        for (int operations = 0; operations < 40; operations++) {
            disk.failOnceAfter(operations);
            try {
                node.engine().snapshots().create(List.of(t.store()), "monday", null);
            } catch (IOException e) {
                assertThat(snapshots()).as("after %d operations", operations).isEmpty();
                continue;
            }
            assertThat(disk.heal()).isFalse();
            assertThat(snapshots()).hasSize(1);
            return;
        }
        throw new AssertionError("It never ended");
    }

    @Test
    void severalTablesGetItAllOrNone() throws IOException {
        var _ = t.store().snapshot("monday", null);
        assertThatThrownBy(
                        () -> node.engine().snapshots().create(List.of(t.store()), "monday", null))
                .hasMessage("Snapshot monday already exists.");
        for (String wrong : List.of("", ".", "../x", "a/b", "a b", "x".repeat(251))) {
            assertThatThrownBy(
                            () -> node.engine().snapshots().create(List.of(t.store()), wrong, null))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not allowed");
        }
    }

    @Test
    void aTableThatWasDroppedMeanwhileIsLeftOut() throws IOException {
        put(1, 1, "a");
        t.flush();
        TableStore dropped = t.store();
        node.engine().dropTable(dropped);
        node.runExecutor();
        node.engine().snapshots().create(List.of(dropped), "monday", null);
        assertThat(snapshots().stream().map(Snapshot::tag)).allMatch(tag -> !tag.equals("monday"));
    }

    /// Whoever looks through a snapshot may leave something there; it goes with it, but not what a link
    /// there leads to.
    @Test
    void whatSomebodyPutIntoOneDoesNotKeepItFromBeingDeleted(@TempDir Path directory)
            throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.createFile(other.resolve("kept"));
        Path table = directory.resolve("t");
        Path monday = Files.createDirectories(table.resolve("snapshots").resolve("monday"));
        Files.createFile(Files.createDirectory(monday.resolve("mine")).resolve("note"));
        Files.createSymbolicLink(monday.resolve("other"), other);
        Files.createSymbolicLink(monday.resolve("nowhere"), directory.resolve("nowhere"));
        SnapshotFiles snapshots = new SnapshotFiles(new NioStorageFiles());
        assertThat(snapshots.list(table, "ks", "t").stream().map(Snapshot::tag))
                .containsExactly("monday");
        snapshots.delete(monday);
        assertThat(Files.exists(table)).isFalse();
        assertThat(Files.exists(other.resolve("kept"))).isTrue();
    }

    /// Nor is it deleted with them.
    @Test
    void aFileBesideThemIsNone(@TempDir Path directory) throws IOException {
        Path all = Files.createDirectories(directory.resolve("t/snapshots"));
        Files.createDirectory(all.resolve("monday"));
        Path note = Files.createFile(all.resolve("note"));
        Path hidden = Files.createFile(all.resolve(".note.tmp"));
        SnapshotFiles snapshots = new SnapshotFiles(new NioStorageFiles());
        snapshots.tidy(directory.resolve("t"));
        assertThat(snapshots.list(directory.resolve("t"), "ks", "t").stream().map(Snapshot::tag))
                .containsExactly("monday");
        snapshots.delete(all.resolve("monday"));
        assertThat(note).exists();
        assertThat(hidden).exists();
    }

    @Test
    void itsTimeMayCome() throws IOException {
        node.engine().snapshots().create(List.of(t.store()), "kept", null);
        node.engine().snapshots().create(List.of(t.store()), "hour", Duration.ofHours(1));
        assertThat(node.engine().snapshots().deleteExpired()).isZero();
        node.nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        assertThat(node.engine().snapshots().deleteExpired()).isZero();
        node.restart(); // whoever starts anew looks first
        node.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(node.engine().snapshots().deleteExpired()).isEqualTo(1);
        assertThat(snapshots().stream().map(Snapshot::tag)).containsExactly("kept");
    }

    @Test
    void aLookThatFailedIsMadeUpFor() throws IOException {
        node.engine().snapshots().create(List.of(t.store()), "minute", Duration.ofMinutes(1));
        node.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        disk.failOnceAfter(0);
        assertThatThrownBy(() -> node.engine().snapshots().deleteExpired())
                .isInstanceOf(IOException.class);
        assertThat(disk.heal()).isTrue();
        assertThat(node.engine().snapshots().deleteExpired()).isEqualTo(1);
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void whatATruncationKeptMayExpire() throws IOException {
        Duration day = Duration.ofDays(1);
        t.store()
                .alter(
                        t.store()
                                .settings()
                                .withBackup(new TableBackup(() -> "", true, day, false)));
        put(1, 1, "a");
        t.truncate();
        Snapshot kept = snapshots().getFirst();
        assertThat(kept.expiresAt()).isNotNull();
        assertThat(node.engine().snapshots().deleteExpired()).isZero();
        node.nanos.addAndGet(day.dividedBy(2).toNanos());
        put(1, 2, "b");
        t.truncate(); // noted although the next expiry is known already
        node.nanos.addAndGet(day.dividedBy(2).toNanos());
        assertThat(node.engine().snapshots().deleteExpired()).isEqualTo(1);
        node.nanos.addAndGet(day.dividedBy(2).toNanos());
        assertThat(node.engine().snapshots().deleteExpired()).isEqualTo(1);
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void flushedFilesAreKeptWhereThatIsWanted() throws IOException {
        put(1, 1, "a");
        t.flush();
        node.engine().setBackingUp(true);
        put(2, 2, "b");
        t.flush();
        Path backups = t.store().directory().resolve("backups");
        assertThat(disk.fileNames(backups)).containsExactly("2.sst");
        t.store().alter(t.store().settings().withBackup(TableBackup.none()));
        put(3, 3, "c");
        t.flush();
        t.truncate();
        assertThat(disk.fileNames(backups)).containsExactly("2.sst");
        restore(backups);
        assertThat(get(2)).isEqualTo("b");
        assertThat(get(1) + get(3)).isEmpty();
    }

    @Test
    void filesThatComeFromElsewhereAreKeptInBackupsToo() throws IOException {
        put(1, 1, "a");
        t.flush();
        Path monday = t.store().snapshot("monday", null);
        node.engine().setBackingUp(true);
        restore(monday);
        assertThat(disk.fileNames(t.store().directory().resolve("backups")))
                .containsExactly("2.sst");
    }

    @Test
    void aDirectoryIsTakenInAsAWholeOrNotAtAll() throws IOException {
        put(1, 1, "a");
        t.flush();
        put(2, 2, "b");
        t.flush();
        Path monday = t.store().snapshot("monday", null);
        t.truncate();
        Path second = monday.resolve("2.sst");
        byte[] sound = disk.bytes(second);
        byte[] damaged = sound.clone();
        damaged[40] ^= 1;
        disk.setBytes(second, damaged);
        assertThatThrownBy(() -> restore(monday))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2.sst cannot be taken into ks.t: it is damaged");
        node.runExecutor();
        assertThat(disk.fileNames(t.store().directory())).containsExactly("manifest", "snapshots");
        disk.setBytes(second, sound);
        restore(monday);
        assertThat(get(1) + get(2)).isEqualTo("ab");
    }

    @Test
    void noDamagedByteComesIn() throws IOException {
        Path monday = mondayBeforeTruncation();
        Path file = monday.resolve("1.sst");
        byte[] sound = disk.bytes(file);
        for (int at = 0; at < sound.length; at++) {
            byte[] flipped = sound.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            for (byte[] damaged : List.of(flipped, Arrays.copyOf(sound, at))) {
                disk.setBytes(file, damaged);
                assertThatThrownBy(() -> restore(monday))
                        .as("byte %d of %d", at, damaged.length)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("1.sst cannot be taken into ks.t");
            }
        }
        assertThat(disk.fileNames(t.store().directory())).containsExactly("manifest", "snapshots");
        disk.setBytes(file, sound);
        restore(monday);
        assertThat(get(1)).isEqualTo("a");
    }

    @Test
    void filesOfAnotherSchemaAreRefused() throws IOException {
        put(1, 1, "a");
        t.flush();
        Path monday = t.store().snapshot("monday", null);
        TableImport importer =
                t.store()
                        .importer()
                        .checkingHeaders(header -> {
                            throw new IllegalArgumentException("a header of " + header.length);
                        });
        assertThatThrownBy(() -> importer.run(importer.found(monday)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.sst cannot be taken into ks.t: a header of 0");
    }

    @Test
    void filesInPlaceAreThoseThatAreNotTheTables() throws IOException {
        Path monday = mondayBeforeTruncation();
        put(2, 2, "b");
        t.flush();
        TableImport importer = t.store().importer();
        assertThat(importer.foundInPlace()).isEmpty();
        disk.link(monday.resolve("1.sst"), t.store().directory().resolve("91.sst"));
        node.restart(); // moves it to lost+found
        assertThat(node.events).containsExactly("unknown 91.sst");
        disk.link(monday.resolve("1.sst"), t.store().directory().resolve("90.sst"));
        TableImport again = t.store().importer();
        List<Path> found = again.foundInPlace();
        assertThat(found.stream().map(path -> String.valueOf(path.getFileName())))
                .containsExactly("90.sst", "91.sst");
        var _ = again.run(found);
        again.deleteSources(found);
        assertThat(get(1) + get(2)).isEqualTo("ab");
        assertThat(t.store().importer().foundInPlace()).isEmpty();
    }

    @Test
    void aCrashWhileFilesAreTakenInLosesNeitherTheirsNorOurs() throws IOException {
        Path monday = mondayBeforeTruncation();
        put(2, 2, "b");
        t.flush();
        for (int operations = 0; operations < 12; operations++) {
            disk.failAfter(operations);
            try {
                restore(monday);
            } catch (IOException | RuntimeException e) {
                // as planned
            }
            disk.crash();
            node.restart();
            assertThat(get(2)).isEqualTo("b");
            assertThat(get(1)).isIn("", "a");
            assertThat(disk.exists(monday.resolve("1.sst"))).isTrue();
            node.events.clear();
        }
        restore(monday);
        assertThat(get(1)).isEqualTo("a");
    }
}
