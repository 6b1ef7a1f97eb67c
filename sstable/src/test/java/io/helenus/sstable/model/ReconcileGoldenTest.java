package io.helenus.sstable.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.Plain.Cell;
import io.helenus.sstable.model.Plain.Deletion;
import io.helenus.sstable.model.Plain.Element;
import io.helenus.sstable.model.Plain.Entry;
import io.helenus.sstable.model.Plain.Header;
import io.helenus.sstable.model.Plain.Liveness;
import io.helenus.sstable.model.Plain.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Who wins among cells, livenesses and deletions is what Apache Cassandra's own classes said, case by
/// case: `golden/reconcile.txt`, recorded from 5.0.6.
class ReconcileGoldenTest {
    private static final String NONE = "-";

    @Test
    void winnersAreThoseOfCassandra() throws IOException {
        List<String> lines;
        try (InputStream in =
                Objects.requireNonNull(
                        ReconcileGoldenTest.class.getResourceAsStream("/golden/reconcile.txt"))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        int cases = 0;
        for (String line : lines) {
            if (!line.startsWith("#")) {
                String[] sides = line.split(" \\| ", -1);
                check(line, sides[0].split(" ", -1), sides[1].split(" ", -1), sides[2]);
                cases++;
            }
        }
        assertThat(cases).isEqualTo(556);
    }

    private static void check(String line, String[] left, String[] right, String winner) {
        for (boolean inRow : new boolean[] {true, false}) {
            Entry a = entry(left, inRow);
            Entry b = entry(right, inRow);
            Entry expected = winner.equals("left") ? a : b;
            assertThat(merged(a, b)).as(line).isEqualTo(expected);
            assertThat(merged(b, a)).as("mirrored: %s", line).isEqualTo(expected);
            assertThat(Plain.merge(a, b)).as("model: %s", line).isEqualTo(expected);
        }
    }

    private static Entry merged(Entry a, Entry b) {
        byte[] left = Plain.encode(a, Plain.SUFFIX_BYTES);
        byte[] right = Plain.encode(b, Plain.SUFFIX_BYTES);
        ByteWriter out = new ByteWriter();
        new RowReconciler().merge(left, 0, left.length, right, 0, right.length, out);
        return Plain.decode(out.array(), 0, out.length());
    }

    private static Entry entry(String[] words, boolean inRow) {
        long timestamp = Long.parseLong(words[1]);
        return switch (words[0]) {
            case "liveness" ->
                    new Row(
                            new Liveness(timestamp, number(words[2]), number(words[3])),
                            Deletion.NONE,
                            Map.of(),
                            null);
            case "deletion" -> {
                Deletion deletion = new Deletion(timestamp, number(words[2]));
                yield inRow ? new Row(null, deletion, Map.of(), null) : new Header(deletion);
            }
            default -> {
                Cell cell =
                        new Cell(
                                timestamp,
                                words[0].equals("tombstone"),
                                number(words[2]),
                                number(words[3]),
                                words[4].replace("'", ""));
                yield inRow
                        ? new Row(null, Deletion.NONE, Map.of(7, cell), null)
                        : new Element(cell);
            }
        };
    }

    private static int number(String word) {
        return word.equals(NONE) ? 0 : Integer.parseInt(word);
    }
}
