package io.helenus.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.Helenus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `system_views` of a node that nobody is connected to.
class NodeViewsTest {
    @TempDir Path directory;

    @Test
    void settingsAreThoseInForce() throws IOException {
        try (Helenus helenus =
                Helenus.embedded()
                        .dataDirectory(directory)
                        .set("batch_size_warn_threshold", "3KiB")
                        .start()) {
            LocalNode node = new LocalNode(helenus);
            assertThat(setting(node, "batch_size_warn_threshold")).contains("3KiB");
            assertThat(setting(node, "batch_size_fail_threshold")).contains("50KiB");
            assertThat(setting(node, "data_file_directories")).contains(directory.toString());
            assertThat(setting(node, "no_such_setting")).isEmpty();
            assertThat(node.query("SELECT * FROM system_views.clients").lines()).hasSize(1);
        }
    }

    private static String setting(LocalNode node, String name) {
        String query = "SELECT value FROM system_views.settings WHERE name = '%s'".formatted(name);
        return String.join("", node.query(query).lines().stream().skip(1).toList());
    }
}
