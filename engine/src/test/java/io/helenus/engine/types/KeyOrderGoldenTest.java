package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Keys sort and collapse clustering values as Cassandra does.
class KeyOrderGoldenTest {
    static Stream<Golden.Section> types() {
        return Golden.sections("order.golden").stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void ascendingKeysSortAndCollapseAsRecorded(Golden.Section section) {
        assertThat(rows(section, false)).isEqualTo(recorded(section, "asc"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void descendingKeysSortAndCollapseAsRecorded(Golden.Section section) {
        assertThat(rows(section, true)).isEqualTo(recorded(section, "desc"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void partitionKeysAreTheirSortedBytes(Golden.Section section) {
        TreeMap<String, String> expected = new TreeMap<>();
        inserted(section, "partition", true)
                .forEach((index, value) -> expected.put(Golden.hex(value), index));
        TreeMap<String, String> actual = new TreeMap<>();
        for (List<String> line : section.records()) {
            if (line.getFirst().equals("partition")) {
                actual.put(line.get(2), line.get(1));
            }
        }
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("types")
    void valuesComeBackFromTheirKeysIfCanonical(Golden.Section section) {
        CqlType type = section.type();
        for (byte[] value : inserted(section, "asc", true).values()) {
            for (boolean descending : new boolean[] {false, true}) {
                byte[] key = key(type, value, descending);
                ByteWriter decoded = new ByteWriter();
                assertThat(type.skipKey(key, 0, descending)).isEqualTo(key.length);
                assertThat(type.decodeKey(key, 0, descending, decoded)).isEqualTo(key.length);
                type.validate(decoded.toArray());
                assertThat(key(type, decoded.toArray(), descending)).isEqualTo(key);
                if (type.keyIsCanonical(value, 0, value.length)) {
                    assertThat(Golden.hex(decoded.toArray())).isEqualTo(Golden.hex(value));
                }
            }
        }
    }

    /// In order of the key, which insert wrote the row last. Cassandra does not sort the elements
    /// of a set or map that is bound to a descending column; we do, but its order of values is the
    /// same.
    private static List<String> rows(Golden.Section section, boolean descending) {
        TreeMap<byte[], String> rows = new TreeMap<>(Arrays::compareUnsigned);
        inserted(section, descending ? "desc" : "asc", !descending)
                .forEach((index, value) -> rows.put(key(section.type(), value, descending), index));
        return new ArrayList<>(rows.values());
    }

    private static Map<String, byte[]> inserted(
            Golden.Section section, String what, boolean sorted) {
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (List<String> line : section.records()) {
            if (line.getFirst().equals("insert")) {
                byte[] value = Golden.bytes(line.get(2));
                section.type().validate(value);
                values.put(line.get(1), sorted ? Golden.normal(section.type(), value) : value);
            } else if (line.getFirst().equals(what + "-refused")) {
                values.remove(line.get(1));
            }
        }
        return values;
    }

    private static List<String> recorded(Golden.Section section, String direction) {
        return section.records().stream()
                .filter(line -> line.getFirst().equals(direction))
                .map(line -> line.get(1))
                .toList();
    }

    private static byte[] key(CqlType type, byte[] value, boolean descending) {
        ByteWriter out = new ByteWriter();
        type.encodeKey(value, 0, value.length, descending, out);
        return out.toArray();
    }
}
