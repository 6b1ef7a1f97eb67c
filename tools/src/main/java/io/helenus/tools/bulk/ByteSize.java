package io.helenus.tools.bulk;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Bytes as people write them: `512m`, `2g`, `1048576`, `100MiB`.
final class ByteSize implements ITypeConverter<Long> {
    private static final String UNITS = "kmgt";
    private static final int BITS = 10;

    @Override
    public Long convert(String text) {
        String digits = text.toLowerCase(Locale.ROOT).strip();
        if (digits.endsWith("ib")) {
            digits = digits.substring(0, digits.length() - 2);
        }
        int shift = 0;
        if (!digits.isEmpty()) {
            int unit = UNITS.indexOf(digits.charAt(digits.length() - 1));
            if (unit >= 0) {
                shift = BITS * (unit + 1);
                digits = digits.substring(0, digits.length() - 1);
            }
        }
        try {
            long value = Long.parseLong(digits.strip());
            if (value < 0 || value > Long.MAX_VALUE >> shift) {
                throw new NumberFormatException();
            }
            return value << shift;
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'%s' is no size such as 512m or 2g".formatted(text));
        }
    }

    static String text(long bytes) {
        double value = bytes;
        int unit = -1;
        while (value >= 1 << BITS && unit < UNITS.length() - 1) {
            value /= 1 << BITS;
            unit++;
        }
        return unit < 0
                ? bytes + " bytes"
                : String.format(
                        Locale.ROOT,
                        "%.1f %siB",
                        value,
                        UNITS.toUpperCase(Locale.ROOT).charAt(unit));
    }
}
