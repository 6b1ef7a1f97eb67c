package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes that clients bind are accepted, refused and stored as Cassandra does.
class BoundValueGoldenTest {
    private static final String EXCEPTION_PREFIX =
            "org.apache.cassandra.serializers.MarshalException: ";

    /// Whatever the version is. We name it.
    private static final String TIMEUUID_VERSION = "0x0";

    /// Cassandra sorts no sets inside of tuples, user types and vectors; we do.
    private static final Set<String> SORTED_BY_US =
            Set.of(
                    "frozen<tuple<frozen<set<int>>>>",
                    "vector<frozen<set<int>>, 1>",
                    "frozen<list<frozen<tuple<frozen<set<int>>>>>>",
                    "pair",
                    "frozen<pair>");

    /// Cassandra takes nulls in frozen lists (and then cannot use them as keys), makes nulls of
    /// their empty elements, and fails on them in lists that are not frozen.
    private static final Set<String> LIST_QUIRKS =
            Set.of("00000001ffffffff", "00000001fffffffe", "0000000100000000");

    record Bound(CqlType type, boolean accepted, String hex, String result) {
        byte[] value() {
            return Golden.bytes(hex);
        }

        boolean isListQuirk() {
            return type instanceof ListType && LIST_QUIRKS.contains(hex);
        }

        @Override
        public String toString() {
            return type + " " + hex;
        }
    }

    static Stream<Bound> bound() {
        return Golden.sections("bound.golden").stream()
                .flatMap(section -> section.records().stream().map(line -> bound(section, line)))
                .filter(bound -> !bound.isListQuirk());
    }

    private static Bound bound(Golden.Section section, List<String> line) {
        boolean accepted = line.getFirst().equals("accepted");
        return new Bound(section.type(), accepted, line.get(1), line.get(2));
    }

    @ParameterizedTest
    @MethodSource("bound")
    void valueIsValidatedAndNormalizedAsRecorded(Bound bound) {
        byte[] padded = new byte[bound.value().length + 7];
        System.arraycopy(bound.value(), 0, padded, 3, bound.value().length);
        if (!bound.accepted()) {
            assertThatThrownBy(() -> bound.type().validate(padded, 3, bound.value().length))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith(
                            bound.result()
                                    .replace(EXCEPTION_PREFIX, "")
                                    .replace(TIMEUUID_VERSION, ""));
            return;
        }
        bound.type().validate(padded, 3, bound.value().length);
        byte[] normal = Golden.normal(bound.type(), bound.value());
        boolean isNormal =
                NormalForm.isNormal(bound.type(), bound.value(), 0, bound.value().length);
        assertThat(isNormal).isEqualTo(Arrays.equals(normal, bound.value()));
        if (!isNormal && SORTED_BY_US.contains(bound.type().cqlName())) {
            assertThat(bound.result()).isEqualTo(bound.hex());
            return;
        }
        boolean isNone = bound.result().equals("null"); // a multi-cell collection of nothing
        assertThat(Golden.hex(normal)).isEqualTo(isNone ? "00000000" : bound.result());
    }

    @ParameterizedTest
    @MethodSource("listQuirks")
    void listsHaveNoNullsButEmptyElements(String hex) {
        ListType type = new ListType(NativeType.INT, true);
        if (hex.equals("0000000100000000")) {
            type.validate(Golden.bytes(hex));
            return;
        }
        assertThatThrownBy(() -> type.validate(Golden.bytes(hex)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("Null value read when not allowed");
    }

    static Stream<String> listQuirks() {
        return LIST_QUIRKS.stream().sorted();
    }
}
