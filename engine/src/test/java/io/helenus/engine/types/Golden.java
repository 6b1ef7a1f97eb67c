package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a running Cassandra did, as `src/test/python/record_types.py` recorded it.
final class Golden {
    static final UserType PAIR =
            new UserType(
                    "golden_types",
                    "pair",
                    List.of("number", "tags"),
                    List.of(NativeType.INT, new SetType(NativeType.TEXT, true)),
                    false);

    private static final UserType QUOTED =
            new UserType(
                    "golden_types",
                    "Quoted Type",
                    List.of("Field A", "b"),
                    List.of(NativeType.INT, NativeType.TEXT),
                    false);

    private static final UserType SELECT =
            new UserType("golden_types", "select", List.of("from"), List.of(NativeType.INT), false);

    private static final UserType OUTER =
            new UserType(
                    "golden_types",
                    "outer_type",
                    List.of("inner", "l"),
                    List.of(PAIR.freeze(), new ListType(NativeType.INT, false)),
                    false);

    private static final Map<String, UserType> USER_TYPES =
            Map.of("pair", PAIR, "Quoted Type", QUOTED, "select", SELECT, "outer_type", OUTER);

    /// The records of one type: all lines between its `type` line and the next.
    record Section(CqlType type, List<List<String>> records) {
        @Override
        public String toString() {
            return type.cqlName();
        }
    }

    private Golden() {}

    static CqlType parse(String cql) {
        return TypeParser.parse(cql, (_, name) -> USER_TYPES.get(name));
    }

    static List<Section> sections(String file) {
        List<Section> sections = new ArrayList<>();
        for (List<String> line : lines(file)) {
            if (line.getFirst().equals("type")) {
                sections.add(new Section(parse(line.get(1)), new ArrayList<>()));
            } else {
                sections.getLast().records().add(line);
            }
        }
        return sections;
    }

    static List<List<String>> lines(String file) {
        try (InputStream in = Golden.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("No golden file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex);
    }

    static String hex(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        return bytes.length == 0 ? "-" : HexFormat.of().formatHex(bytes);
    }

    /// As stored.
    static byte[] normal(CqlType type, byte[] value) {
        ByteWriter out = new ByteWriter();
        NormalForm.write(type, value, 0, value.length, out);
        return out.toArray();
    }
}
