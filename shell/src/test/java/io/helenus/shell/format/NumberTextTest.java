package io.helenus.shell.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NumberTextTest {
    private static final int DIGITS_OF_A_DOUBLE = 17;

    record Floating(double value, String text) {}

    /// Computed with Python's own `%g` and the rule of `cqlsh` for the precision.
    static Stream<Floating> recorded() {
        return Stream.of(
                new Floating(0.0, "0"),
                new Floating(-0.0, "-0"),
                new Floating(1.1, "1.1"),
                new Floating(1.1f, "1.1"),
                new Floating(100000.0, "1e+05"),
                new Floating(99999.5, "99999.5"),
                new Floating(123456.789, "1.2346e+05"),
                new Floating(1e-05, "1e-05"),
                new Floating(0.000123456, "0.000123"),
                new Floating(Float.MAX_VALUE, "3.4028e+38"),
                new Floating(Double.MAX_VALUE, "1.7977e+308"),
                new Floating(12345.678901, "12345.6789"),
                new Floating(-1004.1, "-1004.1"),
                new Floating(1e7, "1e+07"),
                new Floating(0.05, "0.05"),
                new Floating(1e-16, "1e-16"),
                new Floating(1.0 / 3, "0.333333"),
                new Floating(Double.MIN_VALUE, "4.9407e-324"),
                new Floating(99999.999999, "100000"),
                new Floating(-0.00012345, "-0.000123"),
                new Floating(1e22, "1e+22"),
                new Floating(9.999995, "10"),
                new Floating(1000.5, "1000.5"),
                new Floating(0.099999999, "0.1"),
                new Floating(Double.NaN, "NaN"),
                new Floating(Double.POSITIVE_INFINITY, "Infinity"),
                new Floating(Double.NEGATIVE_INFINITY, "-Infinity"));
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void floatingPointIsShownAsRecorded(Floating row) {
        assertThat(NumberText.floatingPoint(row.value)).isEqualTo(row.text);
    }

    @Property
    void enoughDigitsGiveTheNumberBack(@ForAll double value) {
        String text = NumberText.general(value, DIGITS_OF_A_DOUBLE);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
    }
}
