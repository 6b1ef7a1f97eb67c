package io.helenus.engine.schema;

import io.helenus.engine.error.CqlException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When a coordinator asks one more replica: `speculative_retry` and `additional_write_policy`.
/// Its `toString` is what the schema tables show.
public sealed interface SpeculativeRetry {
    SpeculativeRetry DEFAULT = new Percentile(99);

    record Never() implements SpeculativeRetry {
        @Override
        public String toString() {
            return "NEVER";
        }
    }

    record Always() implements SpeculativeRetry {
        @Override
        public String toString() {
            return "ALWAYS";
        }
    }

    /// After so many per cent of the table's requests would have been answered.
    record Percentile(double percent) implements Simple {
        private static final int DECIMALS = 4;

        public Percentile {
            if (!isWhole(percent)) {
                percent = // what the text form can say, so that it reads back as the same value
                        BigDecimal.valueOf(percent)
                                .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                                .doubleValue();
            }
        }

        /// As the default is, which every process comes by: the first use of [BigDecimal] makes it compute
        /// tables for as long as a tenth of a second.
        private static boolean isWhole(double percent) {
            return percent == (int) percent;
        }

        @Override
        public String toString() {
            return isWhole(percent)
                    ? (int) percent + "p"
                    : BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + "p";
        }
    }

    record Fixed(int millis) implements Simple {
        @Override
        public String toString() {
            return millis + "ms";
        }
    }

    /// The earlier or the later of two.
    record Either(boolean isMin, Simple left, Simple right) implements SpeculativeRetry {
        @Override
        public String toString() {
            return "%s(%s,%s)".formatted(isMin ? "MIN" : "MAX", left, right);
        }
    }

    /// What MIN and MAX are made of.
    sealed interface Simple extends SpeculativeRetry {}

    /// @throws CqlException if the text is none of the forms
    static SpeculativeRetry parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        Matcher either = Forms.EITHER.matcher(upper);
        if (either.matches()) {
            Simple left = Forms.simple(text, either.group(2));
            Simple right = Forms.simple(text, either.group(3));
            if (left.getClass() == right.getClass()) {
                String kind = left instanceof Percentile ? "PERCENTILE" : "FIXED";
                throw CqlException.config(
                        ("Invalid value %s for option 'speculative_retry': MIN()/MAX() arguments"
                                        + " should be of different types, but both are of type %s")
                                .formatted(text, kind));
            }
            return new Either(either.group(1).equals("MIN"), left, right);
        }
        return switch (upper) {
            case "NONE", "NEVER" -> new Never();
            case "ALWAYS" -> new Always();
            default -> Forms.simple(text, upper);
        };
    }

    /// The grammar of the texts.
    final class Forms {
        private static final Pattern EITHER =
                Pattern.compile("(MIN|MAX)\\(([^,\\s]+),\\s*([^,\\s]+)\\)");
        private static final Pattern PERCENTILE =
                Pattern.compile("(\\d+(?:\\.\\d+)?|\\.\\d+)P(?:ERCENTILE)?");
        private static final Pattern FIXED = Pattern.compile("(\\d+(?:\\.\\d+)?|\\.\\d+)MS");

        private Forms() {}

        private static Simple simple(String whole, String part) {
            Matcher percentile = PERCENTILE.matcher(part);
            if (percentile.matches()) {
                double percent = Double.parseDouble(percentile.group(1));
                if (percent <= 0 || percent >= 100) {
                    throw CqlException.config(
                            ("Invalid value %s for PERCENTILE option 'speculative_retry': must be"
                                            + " between (0.0 and 100.0)")
                                    .formatted(whole));
                }
                return new Percentile(percent);
            }
            Matcher fixed = FIXED.matcher(part);
            if (fixed.matches()) {
                return new Fixed((int) Double.parseDouble(fixed.group(1)));
            }
            throw CqlException.config(
                    "Invalid value %s for option 'speculative_retry'".formatted(whole));
        }
    }
}
