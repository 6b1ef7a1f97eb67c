package io.helenus.engine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody went back to this release after a later one: what that has written is neither guessed at
/// nor touched.
class NewerFilesTest {
    private static final int LATER = 9;
    private static final int FOOTER_BYTES = 64;

    @TempDir Path directory;

    @BeforeEach
    void write() throws IOException {
        try (Helenus node = start()) {
            node.session()
                    .execute(
                            "CREATE KEYSPACE ks WITH replication ="
                                    + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            node.session().execute("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
            node.session().execute("CREATE TABLE ks.other (k int PRIMARY KEY, v int)");
            node.session().execute("INSERT INTO ks.t (k, v) VALUES (1, 1)");
            node.session().execute("INSERT INTO ks.other (k, v) VALUES (1, 1)");
            node.storage().tables().forEach(table -> table.flush().join());
            node.session().execute("INSERT INTO ks.t (k, v) VALUES (2, 2)");
        }
    }

    private Helenus start() throws IOException {
        return Helenus.embedded().dataDirectory(directory).start();
    }

    private Path file(String pattern) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> directory.relativize(path).toString().matches(pattern))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Writes another version, and the checksum of what comes before it, as a later release would.
    private static void makeLater(Path path, int versionAt, int checksumAt) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        bytes.putInt(versionAt, LATER);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, checksumAt);
        bytes.putInt(checksumAt, (int) crc.getValue());
        var _ = Files.write(path, bytes.array());
    }

    private Map<String, byte[]> content() throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(file("data/ks/t-[^/]*"))) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                content.put(directory.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return content;
    }

    @Test
    void aCommitLogOfALaterReleaseEndsTheStart() throws IOException {
        Path path = file("commitlog/.*[.]log");
        makeLater(path, 4, 28);
        Map<String, byte[]> before = content();
        assertThatThrownBy(this::start)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("version is 9, this release reads 1");
        assertThat(content()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void aMetadataLogOfALaterReleaseEndsTheStart() throws IOException {
        Path path = file("metadata/metadata[.]log");
        makeLater(path, 4, 16);
        Map<String, byte[]> before = content();
        assertThatThrownBy(this::start)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("version 9, this release reads 1");
        assertThat(content()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void aTableWithAManifestOfALaterReleaseIsNotServed() throws IOException {
        makeLater(file("data/ks/t-[^/]*/manifest"), 4, 24);
        Map<String, byte[]> before = content();
        try (Helenus node = start()) {
            assertThatThrownBy(() -> node.session().execute("SELECT * FROM ks.t"))
                    .hasMessageContaining("Table ks.t cannot be used");
            assertThat(node.session().execute("SELECT * FROM ks.other").rows()).hasSize(1);
        }
        assertThat(content()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void readsThatNeedAnSSTableOfALaterReleaseFail() throws IOException {
        Path path = file("data/ks/t-[^/]*/1[.]sst");
        makeLater(path, 8, 12);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        int footer = bytes.capacity() - FOOTER_BYTES;
        bytes.putInt(footer + 52, LATER);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), footer, 48);
        crc.update(bytes.array(), footer + 52, 12);
        bytes.putInt(footer + 48, (int) crc.getValue());
        var _ = Files.write(path, bytes.array());
        try (Helenus node = start()) {
            assertThatThrownBy(() -> node.session().execute("SELECT * FROM ks.t WHERE k = 1"))
                    .hasMessageContaining("cannot be read: " + path)
                    .hasMessageContaining("version 9 is unknown; this build reads versions 1 to 1");
            assertThat(node.session().execute("SELECT * FROM ks.other").rows()).hasSize(1);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes.array());
    }
}
