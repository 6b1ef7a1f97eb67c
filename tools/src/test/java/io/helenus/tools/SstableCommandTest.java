package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.Helenus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SstableCommandTest {
    private static final int ROWS = 1_000;

    @TempDir Path directory;

    private final Console console = new Console();
    private Path file = Path.of("");

    @BeforeEach
    void flushATable() throws IOException {
        try (Helenus node = Helenus.embedded().dataDirectory(directory).start()) {
            var session = node.session();
            session.execute(
                    "CREATE KEYSPACE ks WITH replication ="
                            + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
            for (int i = 0; i < ROWS; i++) {
                session.execute("INSERT INTO ks.t (k, v) VALUES (?, ?)", i, "value " + i);
            }
            node.storage().flushAll().join();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            file =
                    files.filter(path -> path.toString().endsWith(".sst"))
                            .filter(path -> path.toString().contains("ks"))
                            .findFirst()
                            .orElseThrow();
        }
    }

    @Test
    void verifySaysThatASoundFileIsSound() {
        assertThat(console.run("sstable", "verify", file.toString())).isZero();
        assertThat(console.out())
                .startsWith(file + ": sound, ")
                .endsWith(", %d entries\n".formatted(ROWS));
        assertThat(console.err()).isEmpty();
    }

    @Test
    void verifyFindsTheFilesBelowADirectory() {
        assertThat(console.run("sstable", "verify", directory.toString())).isZero();
        assertThat(console.out()).contains(file + ": sound, ");
    }

    @Test
    void verifyNamesDamageAndItsKeys() throws IOException {
        damage(Files.size(file) / 3);

        assertThat(console.run("sstable", "verify", file.toString())).isEqualTo(1);
        assertThat(console.out())
                .startsWith(file + ": 1 damaged places, ")
                .contains("keys from ", " to ", "checksum");
    }

    @Test
    void verifyRefusesWhatIsNoTable() throws IOException {
        damage(Files.size(file) - 1);

        assertThat(console.run("sstable", "verify", file.toString())).isEqualTo(1);
        assertThat(console.err()).startsWith(file.toString());
        assertThat(console.out()).isEmpty();
    }

    @Test
    void statsDescribeTheContent() {
        assertThat(console.run("sstable", "stats", file.toString())).isZero();
        assertThat(console.out())
                .containsPattern("partitions +1000\n")
                .containsPattern("rows +1000\n")
                .containsPattern("tombstones +0\n")
                .containsPattern("oldest write +\\d+ \\(20");
    }

    /// Flips the bits of one byte.
    private void damage(long at) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            assertThat(channel.read(one, at)).isEqualTo(1);
            one.put(0, (byte) ~one.get(0));
            assertThat(channel.write(one.rewind(), at)).isEqualTo(1);
        }
    }
}
