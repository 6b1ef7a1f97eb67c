package io.helenus.engine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import io.helenus.engine.config.CommitFailurePolicy;
import io.helenus.engine.config.DiskFailurePolicy;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.select.ReadLimits;
import io.helenus.engine.storage.StorageEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureGuardTest {
    private static final long MIB = 1 << 20;

    @TempDir Path directory;

    private final AtomicLong free = new AtomicLong(1_000 * MIB);
    private int deaths;

    private FailureGuard guard(DiskFailurePolicy disk, CommitFailurePolicy log) {
        return new FailureGuard(
                new OperationsOptions(
                        null,
                        true,
                        false,
                        CompactionOptions.defaults(),
                        disk,
                        log,
                        100 * MIB,
                        ReadLimits.defaults(),
                        () -> deaths++),
                List.of(directory),
                _ -> free.get(),
                Runnable::run);
    }

    @ParameterizedTest
    @CsvSource({
        "DIE, true, 1",
        "DIE, false, 1",
        "STOP_PARANOID, true, 0",
        "STOP, false, 0",
        "BEST_EFFORT, true, 0",
        "IGNORE, false, 0",
    })
    void onlyDyingEndsTheProcess(DiskFailurePolicy policy, boolean corruption, int expected)
            throws IOException {
        FailureGuard guard = guard(policy, CommitFailurePolicy.IGNORE);
        guard.requireSound();
        Consumer<String> report = corruption ? guard::corrupted : guard::diskFailed;
        report.accept("1.sst");
        assertThat(deaths).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "DIE, true, true",
        "STOP_PARANOID, true, true",
        "STOP_PARANOID, false, true",
        "STOP, true, false",
        "STOP, false, true",
        "BEST_EFFORT, false, false",
        "IGNORE, true, false",
    })
    void whatHappensAtTheStartMayKeepTheNodeFromIt(
            DiskFailurePolicy policy, boolean corruption, boolean refused) throws IOException {
        FailureGuard guard = guard(policy, CommitFailurePolicy.IGNORE);
        Consumer<String> report = corruption ? guard::corrupted : guard::diskFailed;
        report.accept("1.sst is broken");
        if (refused) {
            assertThatThrownBy(guard::requireSound)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("disk_failure_policy is ")
                    .hasMessageContaining("1.sst is broken");
        } else {
            guard.requireSound();
        }
        assertThat(deaths).isZero();
    }

    @ParameterizedTest
    @CsvSource({"STOP_COMMIT, true", "IGNORE, false"})
    void aFailedLogMayEndAllWrites(CommitFailurePolicy policy, boolean refused) throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory.resolve("d")).start()) {
            StorageEngine storage = node.storage();
            FailureGuard guard = guard(DiskFailurePolicy.IGNORE, policy);
            guard.guard(storage);
            guard.requireSound();
            guard.commitLogFailed("no force");
            assertThat(storage.writeRefusal() != null).isEqualTo(refused);
        }
    }

    @Test
    void aFailedLogMayEndTheProcess() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory.resolve("d")).start()) {
            FailureGuard guard = guard(DiskFailurePolicy.IGNORE, CommitFailurePolicy.DIE);
            guard.guard(node.storage());
            guard.requireSound();
            guard.commitLogFailed("no force");
            assertThat(deaths).isEqualTo(1);
            assertThat(node.storage().writeRefusal())
                    .isEqualTo("commit_failure_policy is die: no force");
        }
    }

    @Test
    void memtablesAreFlushedWhileThereIsRoomForThem() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory.resolve("d")).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
            session.execute(
                    "INSERT INTO ks.t (k, v) VALUES (1, '%s')".formatted("x".repeat(2 << 20)));
            StorageEngine storage = node.storage();
            FailureGuard guard = guard(DiskFailurePolicy.STOP, CommitFailurePolicy.STOP);
            guard.guard(storage);
            long unflushed = storage.memtableBytes();
            free.set(100 * MIB + unflushed);
            guard.look();
            assertThat(storage.memtableBytes()).isEqualTo(unflushed);
            free.set(100 * MIB + unflushed - 1);
            guard.look();
            guard.earlyFlush().join();
            assertThat(storage.memtableBytes()).isLessThan(unflushed);
            assertThat(storage.writeRefusal()).isNull();
        }
    }

    @Test
    void writesWaitForRoomAndGoOnByThemselves() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory.resolve("d")).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
            session.execute("INSERT INTO ks.t (k, v) VALUES (1, 1)");
            FailureGuard guard = guard(DiskFailurePolicy.STOP, CommitFailurePolicy.STOP);
            guard.guard(node.storage());

            guard.look();
            assertThat(node.storage().writeRefusal()).isNull();

            free.set(99 * MIB);
            guard.look();
            assertThatThrownBy(() -> session.execute("INSERT INTO ks.t (k, v) VALUES (2, 2)"))
                    .isInstanceOfSatisfying(
                            CqlException.class,
                            refusal ->
                                    assertThat(refusal.code()).isEqualTo(ErrorCode.WRITE_FAILURE))
                    .hasMessageContaining("99.0 MiB of free space left")
                    .hasMessageContaining("min_free_space_per_drive is 100.0 MiB");
            assertThat(session.execute("SELECT * FROM ks.t").rows()).hasSize(1);

            free.set(105 * MIB); // not enough more
            guard.look();
            assertThat(node.storage().writeRefusal()).isNotNull();

            free.set(111 * MIB);
            guard.look();
            session.execute("INSERT INTO ks.t (k, v) VALUES (3, 3)");
            assertThat(session.execute("SELECT * FROM ks.t").rows()).hasSize(2);
        }
    }

    @Test
    void oneRefusalDoesNotTakeBackAnother() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory.resolve("d")).start()) {
            StorageEngine storage = node.storage();
            storage.refuseWrites("a", "first");
            storage.refuseWrites("b", "second");
            storage.allowWrites("a");
            assertThat(storage.writeRefusal()).isEqualTo("second");
            storage.allowWrites("b");
            assertThat(storage.writeRefusal()).isNull();
        }
    }
}
