package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Constants are assignable, parsed and refused as Cassandra does.
class LiteralGoldenTest {
    static Stream<Golden.Section> types() {
        return Golden.sections("literals.golden").stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void constantsAreParsedAsRecorded(Golden.Section section) {
        List<String> differences = new ArrayList<>();
        for (List<String> line : section.records()) {
            LiteralKind kind = LiteralKind.valueOf(line.get(1));
            String result = line.getFirst().equals("accepted") ? line.get(3) : error(line.get(3));
            boolean isSyntax = line.getFirst().equals("syntax");
            if (!isSyntax && !isOurs(section.type(), kind, line.get(2))) {
                String ours = parse(section.type(), kind, text(kind, line.get(2)));
                if (!ours.equals(result)) {
                    differences.add("%s: %s, not %s".formatted(line.get(2), ours, result));
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    /// Where we mean to differ.
    private static boolean isOurs(CqlType type, LiteralKind kind, String literal) {
        // Cassandra stores any blob as a tinyint
        return type == NativeType.TINYINT && kind == LiteralKind.HEX
                // names the exception's class
                || type == NativeType.ASCII && literal.equals("'é'")
                || literal.equals("9223372036854775808ns");
    }

    private static String text(LiteralKind kind, String literal) {
        return switch (kind) {
            case STRING -> literal.substring(1, literal.length() - 1).replace("''", "'");
            case FLOAT ->
                    switch (literal) { // as Cassandra's grammar spells them
                        case "nan", "-NaN" -> "NaN";
                        case "infinity" -> "Infinity";
                        default -> literal;
                    };
            default -> literal;
        };
    }

    private static String parse(CqlType type, LiteralKind kind, String text) {
        if (!type.accepts(kind)) {
            return "not assignable";
        }
        try {
            byte[] value = type.parseLiteral(kind, text);
            type.validate(value);
            return Golden.hex(value);
        } catch (InvalidValueException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String error(String message) {
        boolean notAssignable = message.startsWith("Invalid ") && message.contains(" constant (");
        return notAssignable ? "not assignable" : message;
    }

    record Refused(CqlType type, LiteralKind kind, String text, String message) {}

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused(NativeType.TINYINT, LiteralKind.HEX, "0x01", "Invalid HEX constant"),
                new Refused(NativeType.ASCII, LiteralKind.STRING, "aé", "U+00E9 at position 1"),
                new Refused(
                        NativeType.DURATION,
                        LiteralKind.DURATION,
                        "9223372036854775808ns",
                        "too large"),
                new Refused(NativeType.TIMESTAMP, LiteralKind.STRING, "now", "'now'"),
                new Refused(NativeType.INET, LiteralKind.STRING, "localhost", "inet address"),
                new Refused(
                        new ListType(NativeType.INT, true),
                        LiteralKind.INTEGER,
                        "1",
                        "Invalid INTEGER constant (1) for type frozen<list<int>>"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusalNamesWhatIsWrong(Refused refused) {
        assertThatThrownBy(() -> refused.type().parseLiteral(refused.kind(), refused.text()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(refused.message());
    }
}
