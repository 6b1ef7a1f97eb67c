package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BloomFilterTest {

    private static long hash(long token, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        ByteWriter out = new ByteWriter();
        RowKeys.writePartition(out, token, bytes, 0, bytes.length);
        return BloomFilter.hash(out.array(), 0);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 20000", "0.01, 20000", "0.001, 60000", "0.01, 50", "0.5, 1000"})
    void falsePositivesAreNearTheTarget(double fpChance, int count) {
        Random random = new Random(8);
        long[] hashes = new long[count];
        for (int i = 0; i < count; i++) {
            hashes[i] = hash(random.nextLong(), "user" + i);
        }
        ByteWriter filter = new ByteWriter();
        BloomFilter.write(hashes, count, fpChance, filter);
        for (long hash : hashes) {
            assertThat(BloomFilter.mayContain(filter.array(), filter.length(), hash)).isTrue();
        }
        int admitted = 0;
        int absent = 200_000;
        for (int i = 0; i < absent; i++) {
            long hash = hash(random.nextLong(), "user" + i);
            if (BloomFilter.mayContain(filter.array(), filter.length(), hash)) {
                admitted++;
            }
        }
        assertThat((double) admitted / absent).isBetween(fpChance * 0.5, fpChance * 1.4);
    }

    @Property(tries = 300)
    void whatWasAddedIsAdmitted(@ForAll long[] hashes, @ForAll long seed) {
        double fpChance = 0.0001 + new Random(seed).nextDouble() * 0.9;
        ByteWriter filter = new ByteWriter();
        if (hashes.length == 0) {
            return;
        }
        BloomFilter.write(hashes, hashes.length, fpChance, filter);
        assertThat(BloomFilter.isWellFormed(filter.array(), filter.length())).isTrue();
        for (long hash : hashes) {
            assertThat(BloomFilter.mayContain(filter.array(), filter.length(), hash)).isTrue();
        }
    }

    @Property(tries = 300)
    void equalTokensWithOtherKeysHashDifferently(@ForAll long token, @ForAll int number) {
        assertThat(hash(token, "key" + number)).isNotEqualTo(hash(token, "key" + (number + 1)));
    }
}
