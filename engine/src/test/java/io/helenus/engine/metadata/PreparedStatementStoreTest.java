package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.GoldenFile;
import io.helenus.engine.metadata.PreparedStatementStore.Prepared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PreparedStatementStoreTest {
    private static Prepared prepared(int number) {
        return new Prepared(
                ByteBuffer.wrap(new byte[] {1, (byte) (number >> 8), (byte) number}),
                number % 2 == 0 ? null : "ks",
                "SELECT " + number + " FROM t /* ü */",
                ByteBuffer.wrap(number % 3 == 0 ? new byte[0] : new byte[] {2, (byte) number}));
    }

    private static PreparedStatementStore open(MemoryMetadataFiles files, int max)
            throws IOException {
        return PreparedStatementStore.open(files, new Random(3), max);
    }

    @Test
    void statementsSurviveARestart() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (PreparedStatementStore store = open(files, 10)) {
            store.add(prepared(1));
            store.add(prepared(2));
            byte[] before = files.content(PreparedStatementStore.NAME);
            store.add(prepared(1));
            assertThat(files.content(PreparedStatementStore.NAME)).isEqualTo(before);
        }
        try (PreparedStatementStore store = open(files.afterKill(), 10)) {
            assertThat(store.statements()).containsExactly(prepared(1), prepared(2));
            assertThat(store.lostBytes()).isZero();
        }
    }

    @Test
    void theFormatIsThatOfTheGoldenFile() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (PreparedStatementStore store = open(files, 10)) {
            store.add(prepared(1));
            store.add(prepared(2));
        }
        byte[] golden =
                GoldenFile.requireSame(
                        "prepared-v1.bin", files.content(PreparedStatementStore.NAME));
        MemoryMetadataFiles old = new MemoryMetadataFiles();
        old.put(PreparedStatementStore.NAME, golden);
        try (PreparedStatementStore store = open(old, 10)) {
            assertThat(store.statements()).containsExactly(prepared(1), prepared(2));
        }
    }

    @Test
    void aRemovedStatementIsGoneAfterARestartToo() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (PreparedStatementStore store = open(files, 10)) {
            store.add(prepared(1));
            store.add(prepared(2));
            store.add(prepared(3));
            store.remove(prepared(2).id());
            store.remove(prepared(3).id());
            store.remove(prepared(4).id());
            store.add(prepared(3));
            assertThat(store.statements()).containsExactly(prepared(1), prepared(3));
        }
        try (PreparedStatementStore store = open(files.afterKill(), 10)) {
            assertThat(store.statements()).containsExactly(prepared(1), prepared(3));
        }
    }

    @Test
    void onlyTheNewestAreKept() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (PreparedStatementStore store = open(files, 100)) {
            for (int i = 0; i < 40_000; i++) {
                store.add(prepared(i));
            }
            assertThat(files.content(PreparedStatementStore.NAME)).hasSizeLessThan(1_200_000);
        }
        try (PreparedStatementStore store = open(files.afterKill(), 100)) {
            assertThat(store.statements()).hasSize(100);
            assertThat(store.statements().getLast()).isEqualTo(prepared(39_999));
        }
    }

    @Test
    void everyCutAndEveryFlipKeepsThoseBefore() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        List<Prepared> all = new ArrayList<>();
        try (PreparedStatementStore store = open(files, 10)) {
            for (int i = 0; i < 5; i++) {
                all.add(prepared(i));
                store.add(prepared(i));
            }
        }
        byte[] log = files.content(PreparedStatementStore.NAME);
        for (int at = 0; at < log.length; at++) {
            byte[] flipped = log.clone();
            flipped[at] ^= 4;
            for (byte[] damaged : List.of(Arrays.copyOf(log, at), flipped)) {
                MemoryMetadataFiles left = new MemoryMetadataFiles();
                left.put(PreparedStatementStore.NAME, damaged);
                List<Prepared> found;
                try (PreparedStatementStore store = open(left, 10)) {
                    found = store.statements();
                    assertThat(found).as("at %d", at).isEqualTo(all.subList(0, found.size()));
                    store.add(prepared(9));
                }
                try (PreparedStatementStore store = open(left, 10)) {
                    assertThat(store.statements()).hasSize(found.size() + 1);
                    assertThat(store.lostBytes()).isZero();
                }
            }
        }
    }
}
