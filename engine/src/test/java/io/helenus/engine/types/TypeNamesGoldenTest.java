package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Types print, travel and are refused as Cassandra does.
class TypeNamesGoldenTest {
    private static final int PROTOCOL_VERSION = 4;

    /// Refused for what we do not know here: the keyspace of a name, the spelling of a class. And
    /// `empty` is read back from schema.
    private static final Set<String> OTHERS =
            Set.of(
                    "missing_type",
                    "empty",
                    "'org.apache.cassandra.db.marshal.ListType"
                            + "(org.apache.cassandra.db.marshal.Int32Type)'");

    static Stream<List<String>> columns() {
        return lines("accepted", "refused");
    }

    static Stream<List<String>> keys() {
        return lines("key", "nokey");
    }

    private static Stream<List<String>> lines(String... kinds) {
        return Golden.lines("names.golden").stream()
                .filter(line -> Set.of(kinds).contains(line.getFirst()))
                .filter(line ->
                        line.getFirst().equals("accepted") || !OTHERS.contains(line.get(1)));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void columnsOfTheTypeAreAsRecorded(List<String> line) {
        if (line.getFirst().equals("refused")) {
            assertThat(refusal(line.get(1), null)).isEqualTo(line.get(2));
            return;
        }
        CqlType type = Golden.parse(line.get(1));
        assertThat(refusal(line.get(1), null)).isEqualTo("none");
        assertThat(type.cqlName()).isEqualTo(line.get(2));
        assertThat(Golden.parse(type.cqlName())).isEqualTo(type).hasSameHashCodeAs(type);
        ByteWriter option = new ByteWriter();
        writeOption(type, option);
        assertThat(Golden.hex(option.toArray())).isEqualTo(line.get(3));
        assertThat(MarshalClassParser.parse(type.className()).className())
                .isEqualTo(type.className());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysOfTheTypeAreAsRecorded(List<String> line) {
        boolean refused = line.getFirst().equals("nokey");
        assertThat(refusal(line.get(1), "c")).isEqualTo(refused ? line.get(2) : "none");
    }

    private static String refusal(String cql, @org.jspecify.annotations.Nullable String keyColumn) {
        try {
            CqlType type = Golden.parse(cql);
            String refusal = TypeChecks.refusal(type);
            if (refusal == null && keyColumn != null) {
                refusal = TypeChecks.keyRefusal(type, keyColumn);
            }
            return refusal == null ? "none" : refusal;
        } catch (InvalidValueException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// As transport does.
    private static void writeOption(CqlType type, ByteWriter out) {
        out.writeShort(type.wireId(PROTOCOL_VERSION));
        switch (type) {
            case UserType user -> {
                writeString(user.keyspace(), out);
                writeString(user.name(), out);
                out.writeShort(user.fieldNames().size());
                for (int i = 0; i < user.fieldNames().size(); i++) {
                    writeString(user.fieldNames().get(i), out);
                    writeOption(user.fieldTypes().get(i), out);
                }
            }
            case TupleType tuple -> {
                out.writeShort(tuple.components().size());
                tuple.components().forEach(component -> writeOption(component, out));
            }
            case ListType _, SetType _, MapType _ ->
                    type.subTypes().forEach(part -> writeOption(part, out));
            case NativeType _, VectorType _, CustomType _ -> {
                if (type.wireId(PROTOCOL_VERSION) == 0) {
                    writeString(type.className(), out);
                }
            }
        }
    }

    private static void writeString(String text, ByteWriter out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }
}
