package io.helenus.tools.node;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/// Numbers as Cassandra's nodetool writes them. Stateless.
final class Sizes {
    private static final String[] UNITS = {"TiB", "GiB", "MiB", "KiB"};
    private static final double FACTOR = 1024;

    private Sizes() {}

    /// Up to two decimals in the largest unit that it fills: `104.35 KiB`, `12 bytes`.
    static String text(long bytes) {
        double unit = FACTOR * FACTOR * FACTOR * FACTOR;
        for (String name : UNITS) {
            if (bytes >= unit) {
                return decimal(bytes / unit) + " " + name;
            }
            unit /= FACTOR;
        }
        return bytes + " bytes";
    }

    static String text(long bytes, boolean human) {
        return human ? text(bytes) : Long.toString(bytes);
    }

    private static String decimal(double value) {
        return new DecimalFormat("#.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(value);
    }
}
