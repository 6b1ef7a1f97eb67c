package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.file.Items.Bytes;
import io.helenus.sstable.file.Items.Deletion;
import io.helenus.sstable.file.Items.Item;
import io.helenus.sstable.file.Items.Range;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of a released version are still read, and written byte for byte. The text file lists the
/// items. `-Dhelenus.golden.update=true` writes all of them anew: only for a format without users.
class SSTableGoldenTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("helenus.root", ".."), "sstable/src/test/resources/golden");
    private static final Path LIST = FOLDER.resolve("v1.txt");

    private static SSTableOptions options(String name) {
        SSTableOptions options =
                SSTableOptions.defaults()
                        .withBlockBytes(512)
                        .withIndexPageBytes(128)
                        .withRestartInterval(4)
                        .withFilterFpChance(0.02)
                        .withRepairedAt(1_700_000_000_000L);
        // Implementations of LZ4 differ in what they write, so the test names one.
        return name.endsWith("lz4.sst")
                ? options.withCompression(Compression.lz4(LZ4Factory.safeInstance()))
                : options.withCompression(Compression.none());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1-none.sst", "v1-lz4.sst"})
    void aFileOfVersionOneIsReadAndWrittenByteForByte(String name) throws IOException {
        Path golden = FOLDER.resolve(name);
        if (Boolean.getBoolean("helenus.golden.update")) {
            update(golden, name);
        }
        List<Item> items = new ArrayList<>();
        for (String line : Files.readAllLines(LIST)) {
            items.add(parse(line));
        }
        try (SSTableReader reader = SSTableReader.open(new ChannelFiles(), golden, Items.cache())) {
            assertThat(Items.readAll(reader, false, ReadMode.SCAN)).isEqualTo(items);
            assertThat(Items.readAll(reader, true, ReadMode.FILL))
                    .isEqualTo(Items.expected(items, Range.ALL, true));
            assertThat(new SSTableVerifier(reader).verify().damage()).isEmpty();
            assertThat(reader.schemaHeader())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("id=1 v text");
            assertThat(reader.metadata().indexPages()).isGreaterThan(3);
            assertThat(reader.metadata().boundaries()).isGreaterThan(3);
            assertThat(reader.metadata().repairedAt()).isEqualTo(1_700_000_000_000L);
        }
        MemoryFiles files = new MemoryFiles();
        Items.write(files, items, options(name));
        assertThat(files.content(Items.PATH)).isEqualTo(Files.readAllBytes(golden));
    }

    private static void update(Path golden, String name) throws IOException {
        List<Item> items = Items.random(new Random(2026), 40, 12);
        Files.createDirectories(FOLDER);
        Files.write(LIST, items.stream().map(SSTableGoldenTest::print).toList());
        MemoryFiles files = new MemoryFiles();
        Items.write(files, items, options(name));
        Files.write(golden, files.content(Items.PATH));
    }

    private static String print(Item item) {
        return "%s %s %s %d/%d %d/%d"
                .formatted(
                        item.kind(),
                        item.key().hex(),
                        item.value().hex().isEmpty() ? "-" : item.value().hex(),
                        item.before().timestamp(),
                        item.before().time(),
                        item.after().timestamp(),
                        item.after().time());
    }

    private static Item parse(String line) {
        String[] words = line.split(" ", -1);
        return new Item(
                Kind.valueOf(words[0]),
                new Bytes(words[1]),
                new Bytes(words[2].equals("-") ? "" : words[2]),
                deletion(words[3]),
                deletion(words[4]));
    }

    private static Deletion deletion(String word) {
        int slash = word.indexOf('/');
        return new Deletion(
                Long.parseLong(word.substring(0, slash)),
                Integer.parseInt(word.substring(slash + 1)));
    }
}
