package io.helenus.engine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.Helenus;
import io.helenus.engine.storage.IncomingFile;
import io.helenus.engine.storage.TableStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /// Names, sizes and checksums of all files.
    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                content.put(
                        directory.relativize(path).toString(),
                        "%d bytes, %08x".formatted(bytes.length, crc.getValue()));
            }
        }
        return content;
    }

    /// @param temporary what a start that succeeds deletes
    private void assertEndsTheStart(Path newer, String temporary) throws IOException {
        assertEndsTheStart(newer, temporary, 1);
    }

    /// @param readable the newest version of it that this release reads
    private void assertEndsTheStart(Path newer, String temporary, int readable) throws IOException {
        var _ = Files.write(newer.resolveSibling(temporary), new byte[3]);
        Map<String, String> before = content();
        assertThatThrownBy(this::start)
                .hasMessage(newer + " is of a newer version 9, this build reads up to " + readable);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aCommitLogOfALaterReleaseEndsTheStart() throws IOException {
        Path path = file("commitlog/.*[.]log");
        makeLater(path, 4, 28);
        assertEndsTheStart(path, "commitlog-0000000001.tmp");
    }

    @Test
    void ignoringDamageIsNotIgnoringALaterRelease() throws IOException {
        Path path = file("commitlog/.*[.]log");
        makeLater(path, 4, 28);
        Map<String, String> before = content();
        assertThatThrownBy(() ->
                        Helenus.embedded()
                                .dataDirectory(directory)
                                .set("commitlog_ignore_replay_errors", "true")
                                .start())
                .hasMessageContaining(path + " is of a newer version 9");
        assertThat(content()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"metadata, 2", "prepared, 1"})
    void metadataOfALaterReleaseEndTheStart(String name, int readable) throws IOException {
        Path path = file("metadata/" + name + "[.]log");
        makeLater(path, 4, 16);
        assertEndsTheStart(path, name + ".log.tmp", readable);
    }

    @Test
    void aManifestOfALaterReleaseEndsTheStart() throws IOException {
        Path path = file("data/ks/t-[^/]*/manifest");
        makeLater(path, 4, 24);
        assertEndsTheStart(path, "9.sst.tmp");
    }

    @Test
    void anSSTableOfALaterReleaseEndsTheStart() throws IOException {
        Path path = file("data/ks/t-[^/]*/1[.]sst");
        makeLaterSSTable(path);
        assertEndsTheStart(path, "9.sst.tmp");
    }

    /// In a running node: from elsewhere, put beside its files, or streamed.
    @Test
    void anSSTableOfALaterReleaseIsNotTakenInAndStaysWhereItIs(@TempDir Path other)
            throws IOException {
        Path path = Files.copy(file("data/ks/t-[^/]*/1[.]sst"), other.resolve("7.sst"));
        makeLaterSSTable(path);
        try (Helenus node = start()) {
            TableStore table =
                    node.storage().tables().stream()
                            .filter(each -> each.name().table().equals("t"))
                            .findFirst()
                            .orElseThrow();
            Path beside = Files.copy(path, table.directory().resolve("99.sst"));
            for (Path source : List.of(path, beside)) {
                assertThat(table.importer().found(other)).containsExactly(path);
                assertThat(table.importer().foundInPlace()).containsExactly(beside);
                assertThatThrownBy(() -> table.importer().run(List.of(source)))
                        .hasMessage(
                                "%1$s cannot be taken into %2$s: %1$s is of a newer version 9, this build reads up to 1"
                                        .formatted(source, table.name()));
            }
            assertThat(beside).hasSameBinaryContentAs(path);
            try (IncomingFile incoming = table.receive()) {
                byte[] bytes = Files.readAllBytes(path);
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                incoming.append(ByteBuffer.wrap(bytes));
                assertThatThrownBy(() -> incoming.finish((int) crc.getValue(), _ -> {}))
                        .hasMessageContaining("is of a newer version 9");
            }
            assertThat(node.session().execute("SELECT * FROM ks.t").rows()).hasSize(2);
        }
    }

    private static void makeLaterSSTable(Path path) throws IOException {
        makeLater(path, 8, 12);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        int footer = bytes.capacity() - FOOTER_BYTES;
        bytes.putInt(footer + 52, LATER);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), footer, 48);
        crc.update(bytes.array(), footer + 52, 12);
        bytes.putInt(footer + 48, (int) crc.getValue());
        var _ = Files.write(path, bytes.array());
    }
}
