package io.helenus.test.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.ServerProgram;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;

/// Rows that say by themselves whether they are right.
final class Places {
    /// With the files that it was given, so that they can be counted.
    static final String TABLE =
            "CREATE TABLE ks.%s (area text, id int, name text, PRIMARY KEY (area, id))"
                    + " WITH compaction = {'class': 'SizeTieredCompactionStrategy', 'enabled': false}";

    static final String KEYSPACE = Keyspaces.create("ks");
    static final String HEADER = "name,id,area\n";
    private static final int AREAS = 500;

    private Places() {}

    /// In no order of the table.
    static String line(int id) {
        return name(id) + "," + id + ",area " + id % AREAS + "\n";
    }

    /// 128 characters that do not compress well.
    private static String name(int id) {
        Random random = new Random(id);
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            name.append(HexFormat.of().toHexDigits(random.nextLong()));
        }
        return name.toString();
    }

    static Path csv(Path file, int rows) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER);
            for (int id = 0; id < rows; id++) {
                out.write(line(id));
            }
        }
        return file;
    }

    /// Which rows a table has; each of them is right and there once.
    static BitSet in(ServerProgram node, String table) {
        BitSet seen = new BitSet();
        node.scan(
                "SELECT area, id, name FROM ks." + table,
                row -> {
                    int id = row.getInt("id");
                    assertThat(seen.get(id)).as("row %d is there twice", id).isFalse();
                    assertThat(row.getString("name")).isEqualTo(name(id));
                    assertThat(row.getString("area")).isEqualTo("area " + id % AREAS);
                    seen.set(id);
                });
        return seen;
    }
}
