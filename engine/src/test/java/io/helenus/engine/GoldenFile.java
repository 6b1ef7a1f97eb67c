package io.helenus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// Files of the first release, in `src/test/resources/golden`. They must be readable for ever: if what
/// is written changes, the format has a new version, and the file of the old one stays.
public final class GoldenFile {
    private GoldenFile() {}

    /// Compares what this release writes with the golden file.
    ///
    /// @return the golden file's content
    public static byte[] requireSame(String name, byte[] written) throws IOException {
        byte[] golden;
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            golden = in == null ? new byte[0] : in.readAllBytes();
        }
        if (!Arrays.equals(golden, written)) {
            Path place = Path.of("target", name);
            Files.write(place, written);
            assertThat(HexFormat.of().formatHex(written))
                    .as("written to %s", place.toAbsolutePath())
                    .isEqualTo(HexFormat.of().formatHex(golden));
        }
        return golden;
    }
}
