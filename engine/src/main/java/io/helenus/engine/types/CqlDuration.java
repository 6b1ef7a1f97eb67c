package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A duration: months, days and nanoseconds are kept apart, as a month has no fixed number of days
/// and a day no fixed number of hours. All are negative (or 0) or none is.
public record CqlDuration(int months, int days, long nanos) {
    private static final long NANOS_PER_MICRO = 1000;
    private static final long NANOS_PER_MILLI = 1000 * NANOS_PER_MICRO;
    private static final long NANOS_PER_SECOND = 1000 * NANOS_PER_MILLI;
    private static final long NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND;
    private static final long NANOS_PER_HOUR = 60 * NANOS_PER_MINUTE;
    private static final int MONTHS_PER_YEAR = 12;
    private static final int DAYS_PER_WEEK = 7;

    private static final Pattern UNITS =
            Pattern.compile("\\G([0-9]+)(y|mo|w|d|h|s|ms|us|µs|ns|m)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ISO =
            Pattern.compile(
                    "P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
                            + "(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?");
    private static final Pattern ISO_WEEKS = Pattern.compile("P([0-9]+)W");
    private static final Pattern ISO_ALTERNATIVE =
            Pattern.compile("P([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})");

    public CqlDuration {
        boolean anyNegative = months < 0 || days < 0 || nanos < 0;
        boolean anyPositive = months > 0 || days > 0 || nanos > 0;
        if (anyNegative && anyPositive) {
            throw new InvalidValueException(
                    ("The duration months, days and nanoseconds must be all of the same sign"
                                    + " (%d, %d, %d)")
                            .formatted(months, days, nanos));
        }
    }

    /// Reads a value that [NativeType#DURATION] validates.
    public static CqlDuration of(byte[] value, int offset) {
        int daysAt = offset + VInts.length(value[offset]);
        int nanosAt = daysAt + VInts.length(value[daysAt]);
        return new CqlDuration(
                (int) VInts.readSigned(value, offset),
                (int) VInts.readSigned(value, daysAt),
                VInts.readSigned(value, nanosAt));
    }

    public void write(ByteWriter out) {
        VInts.writeSigned(out, months);
        VInts.writeSigned(out, days);
        VInts.writeSigned(out, nanos);
    }

    public byte[] toBytes() {
        ByteWriter out = new ByteWriter(VInts.BYTES_MAX);
        write(out);
        return out.toArray();
    }

    /// `1y2mo3d4h`, or ISO 8601: `P1Y2M3DT4H`, `P2W`, `P0001-02-03T04:05:06`. A minus may precede.
    public static CqlDuration parse(String text) {
        boolean negative = text.startsWith("-");
        String source = negative ? text.substring(1) : text;
        Builder builder = new Builder();
        if (!source.startsWith("P")) {
            return parseUnits(source, builder).build(negative);
        }
        if (source.endsWith("W")) {
            builder.add(Unit.WEEKS, number(match(ISO_WEEKS, source), 1));
            return builder.build(negative);
        }
        Matcher matcher = match(source.contains("-") ? ISO_ALTERNATIVE : ISO, source);
        List<Unit> units =
                List.of(Unit.YEARS, Unit.MONTHS, Unit.DAYS, Unit.HOURS, Unit.MINUTES, Unit.SECONDS);
        for (int i = 0; i < units.size(); i++) {
            if (matcher.group(i + 1) != null) {
                builder.add(units.get(i), number(matcher, i + 1));
            }
        }
        return builder.build(negative);
    }

    private static Builder parseUnits(String source, Builder builder) {
        Matcher matcher = UNITS.matcher(source);
        int end = 0;
        while (matcher.find()) {
            builder.add(Unit.of(matcher.group(2)), number(matcher, 1));
            end = matcher.end();
        }
        if (end == 0 || end != source.length()) {
            throw invalid(source);
        }
        return builder;
    }

    private static Matcher match(Pattern pattern, String source) {
        Matcher matcher = pattern.matcher(source);
        if (!matcher.matches()) {
            throw invalid(source);
        }
        return matcher;
    }

    private static InvalidValueException invalid(String source) {
        return new InvalidValueException("Unable to convert '" + source + "' to a duration");
    }

    private static long number(Matcher matcher, int group) {
        try {
            return Long.parseLong(matcher.group(group));
        } catch (NumberFormatException e) {
            throw new InvalidValueException(
                    "Invalid duration. The number %s is too large".formatted(matcher.group(group)),
                    e);
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (months < 0 || days < 0 || nanos < 0) {
            out.append('-');
        }
        append(out, Math.abs((long) months) / MONTHS_PER_YEAR, "y");
        append(out, Math.abs((long) months) % MONTHS_PER_YEAR, "mo");
        append(out, Math.abs((long) days), "d");
        long rest = nanos; // may be the one without an opposite, so divide first
        append(out, Math.abs(rest / NANOS_PER_HOUR), "h");
        rest %= NANOS_PER_HOUR;
        append(out, Math.abs(rest / NANOS_PER_MINUTE), "m");
        rest %= NANOS_PER_MINUTE;
        append(out, Math.abs(rest / NANOS_PER_SECOND), "s");
        rest %= NANOS_PER_SECOND;
        append(out, Math.abs(rest / NANOS_PER_MILLI), "ms");
        rest %= NANOS_PER_MILLI;
        append(out, Math.abs(rest / NANOS_PER_MICRO), "us");
        append(out, Math.abs(rest % NANOS_PER_MICRO), "ns");
        return out.isEmpty() ? "0s" : out.toString();
    }

    private static void append(StringBuilder out, long amount, String unit) {
        if (amount != 0) {
            out.append(amount).append(unit);
        }
    }

    /// In the order in which they must be given.
    private enum Unit {
        YEARS,
        MONTHS,
        WEEKS,
        DAYS,
        HOURS,
        MINUTES,
        SECONDS,
        MILLISECONDS,
        MICROSECONDS,
        NANOSECONDS;

        static Unit of(String symbol) {
            return switch (symbol.toLowerCase(Locale.ROOT)) {
                case "y" -> YEARS;
                case "mo" -> MONTHS;
                case "w" -> WEEKS;
                case "d" -> DAYS;
                case "h" -> HOURS;
                case "m" -> MINUTES;
                case "s" -> SECONDS;
                case "ms" -> MILLISECONDS;
                case "us", "µs" -> MICROSECONDS;
                case "ns" -> NANOSECONDS;
                default ->
                        throw new InvalidValueException("Unknown duration symbol '" + symbol + "'");
            };
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final class Builder {
        private int months;
        private int days;
        private long nanos;
        private int lastUnit = -1;

        void add(Unit unit, long amount) {
            if (unit.ordinal() == lastUnit) {
                throw new InvalidValueException(
                        "Invalid duration. The %s are specified multiple times"
                                .formatted(unit.text()));
            }
            if (unit.ordinal() < lastUnit) {
                throw new InvalidValueException(
                        "Invalid duration. The %s should be after %s"
                                .formatted(Unit.values()[lastUnit].text(), unit.text()));
            }
            lastUnit = unit.ordinal();
            switch (unit) {
                case YEARS -> addMonths(amount, MONTHS_PER_YEAR);
                case MONTHS -> addMonths(amount, 1);
                case WEEKS -> addDays(amount, DAYS_PER_WEEK);
                case DAYS -> addDays(amount, 1);
                case HOURS -> addNanos(amount, NANOS_PER_HOUR);
                case MINUTES -> addNanos(amount, NANOS_PER_MINUTE);
                case SECONDS -> addNanos(amount, NANOS_PER_SECOND);
                case MILLISECONDS -> addNanos(amount, NANOS_PER_MILLI);
                case MICROSECONDS -> addNanos(amount, NANOS_PER_MICRO);
                case NANOSECONDS -> addNanos(amount, 1);
            }
        }

        private void addMonths(long amount, int each) {
            months = (int) sum("months", months, amount, each, Integer.MAX_VALUE);
        }

        private void addDays(long amount, int each) {
            days = (int) sum("days", days, amount, each, Integer.MAX_VALUE);
        }

        private void addNanos(long amount, long each) {
            nanos = sum("nanoseconds", nanos, amount, each, Long.MAX_VALUE);
        }

        private static long sum(String what, long sum, long amount, long each, long max) {
            if (amount > (max - sum) / each) {
                throw new InvalidValueException(
                        "Invalid duration. The total number of %s must be less or equal to %d"
                                .formatted(what, Integer.MAX_VALUE));
            }
            return sum + amount * each;
        }

        CqlDuration build(boolean negative) {
            return negative
                    ? new CqlDuration(-months, -days, -nanos)
                    : new CqlDuration(months, days, nanos);
        }
    }
}
