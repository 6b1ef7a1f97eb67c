package io.helenus.shell.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Floating-point numbers the way `cqlsh` shows them: C's `%g` with a precision that grows by the
/// digits before the decimal point, so that -1004.1 stays whole and 100000000 becomes `1e+08`.
final class NumberText {
    /// Digits that `cqlsh` shows of a float and of a double.
    static final int PRECISION = 5;

    /// The difference between 1.0 and the next double; what is smaller counts as having no exponent.
    private static final double EPSILON = Math.ulp(1.0);

    private static final int FIXED_EXPONENT_MIN = -4;

    private NumberText() {}

    static String floatingPoint(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        int precision = PRECISION;
        double magnitude = Math.abs(value);
        if (magnitude > EPSILON) {
            int exponent = (int) Math.log10(magnitude); // towards zero: 0.05 has -1
            if (exponent >= FIXED_EXPONENT_MIN && exponent < PRECISION) {
                precision = PRECISION + exponent + 1;
            }
        }
        return general(value, precision);
    }

    /// `%.{precision}g` of C: the shorter of fixed and scientific form, no trailing zeros.
    static String general(double value, int precision) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        int digits = Math.max(1, precision);
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= FIXED_EXPONENT_MIN && exponent < digits) {
            return rounded.stripTrailingZeros().toPlainString();
        }
        BigDecimal mantissa = rounded.movePointLeft(exponent).stripTrailingZeros();
        String sign = exponent < 0 ? "-" : "+";
        int size = Math.abs(exponent);
        return mantissa.toPlainString() + "e" + sign + (size < 10 ? "0" : "") + size;
    }
}
