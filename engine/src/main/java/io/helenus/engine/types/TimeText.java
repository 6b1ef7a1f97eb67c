package io.helenus.engine.types;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Timestamps, dates and times as text. Text without a time zone is UTC.
final class TimeText {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_DAY = 24L * 3600 * NANOS_PER_SECOND;
    private static final int NANO_DIGITS = 9;

    /// Dates count days from here, so that their bytes sort.
    private static final long EPOCH_DAY = 1L << 31;

    private static final long DAYS_MAX = (1L << 32) - 1;

    private static final DateTimeFormatter TIMESTAMP_OUT =
            new DateTimeFormatterBuilder()
                    .appendValue(ChronoField.YEAR, 4, 10, SignStyle.EXCEEDS_PAD)
                    .appendPattern("-MM-dd'T'HH:mm:ss.SSS'Z'")
                    .toFormatter(Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT);

    private static final List<DateTimeFormatter> TIMESTAMPS = timestampFormats();

    private TimeText() {}

    /// Offsets and zone names, each with or without a space before it where Cassandra takes both.
    private static List<DateTimeFormatter> timestampFormats() {
        List<String> zones =
                List.of("", "X", "XX", "XXX", " X", " XX", " XXX", " z", " zzzz", " VV");
        List<DateTimeFormatter> formats = new ArrayList<>();
        for (String zone : zones) {
            for (String separator : List.of("'T'", " ")) {
                formats.add(
                        zoned(
                                new DateTimeFormatterBuilder()
                                        .parseLenient()
                                        .appendPattern("uuuu-MM-dd" + separator + "HH:mm[:ss]")
                                        .appendFraction(
                                                ChronoField.NANO_OF_SECOND, 0, NANO_DIGITS, true)
                                        .parseStrict(),
                                zone));
            }
            formats.add(
                    zoned(
                            new DateTimeFormatterBuilder()
                                    .appendPattern("uuuu-MM-dd")
                                    .parseDefaulting(ChronoField.NANO_OF_DAY, 0),
                            zone));
        }
        return List.copyOf(formats);
    }

    private static DateTimeFormatter zoned(DateTimeFormatterBuilder builder, String zone) {
        DateTimeFormatter format = builder.appendPattern(zone).toFormatter(Locale.ENGLISH);
        return zone.isEmpty() ? format.withZone(ZoneOffset.UTC) : format;
    }

    /// Milliseconds since the epoch.
    /// @param clockMillis what `now` means
    static long parseTimestamp(String text, LongSupplier clockMillis) {
        if (text.equalsIgnoreCase("now")) {
            return clockMillis.getAsLong();
        }
        if (isInteger(text)) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new InvalidValueException(
                        "Unable to make long (for date) from: '" + text + "'", e);
            }
        }
        for (DateTimeFormatter format : TIMESTAMPS) {
            try {
                return format.parse(text, ZonedDateTime::from).toInstant().toEpochMilli();
            } catch (DateTimeParseException _) {
                // another format may fit
            } catch (DateTimeException | ArithmeticException e) {
                throw new InvalidValueException(
                        "Unable to parse a date/time from '" + text + "'", e);
            }
        }
        throw new InvalidValueException("Unable to parse a date/time from '" + text + "'");
    }

    static void formatTimestamp(StringBuilder out, long millis) {
        TIMESTAMP_OUT.formatTo(Instant.ofEpochMilli(millis), out);
    }

    /// Days, as the wire has them.
    static int parseDate(String text) {
        if (isInteger(text)) {
            return (int) parseBetween(text, DAYS_MAX, "Unable to make unsigned int (for date)");
        }
        long day;
        try {
            day = LocalDate.parse(text, DATE).toEpochDay();
        } catch (DateTimeException e) {
            throw new InvalidValueException(
                    "Unable to coerce '" + text + "' to a formatted date (long)", e);
        }
        if (day < -EPOCH_DAY) {
            throw new InvalidValueException(
                    "Input date %s is less than min supported date %sT00:00Z"
                            .formatted(text, LocalDate.ofEpochDay(-EPOCH_DAY)));
        }
        if (day >= EPOCH_DAY) {
            throw new InvalidValueException(
                    "Input date %s is greater than max supported date %sT00:00Z"
                            .formatted(text, LocalDate.ofEpochDay(EPOCH_DAY - 1)));
        }
        return (int) (day + EPOCH_DAY);
    }

    static void formatDate(StringBuilder out, int days) {
        out.append(LocalDate.ofEpochDay(Integer.toUnsignedLong(days) - EPOCH_DAY));
    }

    /// Nanoseconds since midnight.
    static long parseTime(String text) {
        if (isInteger(text)) {
            return parseBetween(text, NANOS_PER_DAY - 1, "Unable to make long (for time)");
        }
        String trimmed = text.trim();
        int minuteAt = trimmed.indexOf(':') + 1;
        int secondAt = trimmed.indexOf(':', minuteAt) + 1;
        if (minuteAt < 2 || secondAt <= minuteAt) {
            throw badTime(text);
        }
        int fractionAt = trimmed.indexOf('.', secondAt) + 1;
        int secondEnd = fractionAt > 0 ? fractionAt - 1 : trimmed.length();
        try {
            long hour = field(trimmed, 0, minuteAt - 1, 24);
            long minute = field(trimmed, minuteAt, secondAt - 1, 60);
            long second = field(trimmed, secondAt, secondEnd, 60);
            long nanos = fractionAt > 0 ? fraction(trimmed.substring(fractionAt)) : 0;
            return ((hour * 60 + minute) * 60 + second) * NANOS_PER_SECOND + nanos;
        } catch (NumberFormatException e) {
            throw badTime(text);
        }
    }

    private static InvalidValueException badTime(String text) {
        return new InvalidValueException(
                "(TimeType) Unable to coerce '" + text + "' to a formatted time (long)");
    }

    private static long field(String text, int from, int to, int limit) {
        int value = Integer.parseInt(text, from, to, 10);
        if (value < 0 || value >= limit) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    private static long fraction(String digits) {
        if (digits.length() > NANO_DIGITS || !isDigits(digits, 0)) {
            throw new NumberFormatException(digits);
        }
        return Long.parseLong(digits + "0".repeat(NANO_DIGITS - digits.length()));
    }

    static void formatTime(StringBuilder out, long nanos) {
        long inDay = Math.floorMod(nanos, NANOS_PER_DAY);
        long seconds = inDay / NANOS_PER_SECOND;
        padded(out, seconds / 3600, 2);
        out.append(':');
        padded(out, seconds / 60 % 60, 2);
        out.append(':');
        padded(out, seconds % 60, 2);
        out.append('.');
        padded(out, inDay % NANOS_PER_SECOND, NANO_DIGITS);
    }

    private static void padded(StringBuilder out, long value, int width) {
        String digits = Long.toString(value);
        out.repeat('0', width - digits.length()).append(digits);
    }

    private static long parseBetween(String text, long max, String message) {
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // too large: the same answer
        }
        throw new InvalidValueException(message + " from: '" + text + "'");
    }

    private static boolean isInteger(String text) {
        return isDigits(text, text.startsWith("-") ? 1 : 0);
    }

    private static boolean isDigits(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > from;
    }
}
