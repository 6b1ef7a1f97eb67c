package io.helenus.shell.format;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Timestamps, dates, times and durations as text.
final class TimeText {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxx", Locale.ROOT);
    private static final int YEAR_MIN = 1;
    private static final int YEAR_MAX = 9999;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND;
    private static final long NANOS_PER_HOUR = 60 * NANOS_PER_MINUTE;
    private static final int MONTHS_PER_YEAR = 12;

    private TimeText() {}

    /// Milliseconds since 1970 in a zone; the bare number where the year has no four digits.
    static String timestamp(long millis, ZoneId zone) {
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(zone);
        if (time.getYear() < YEAR_MIN || time.getYear() > YEAR_MAX) {
            return Long.toString(millis);
        }
        return TIMESTAMP.format(time);
    }

    static String date(long daysSinceEpoch) {
        LocalDate date = LocalDate.ofEpochDay(daysSinceEpoch);
        if (date.getYear() < YEAR_MIN || date.getYear() > YEAR_MAX) {
            return Long.toString(daysSinceEpoch);
        }
        return date.toString();
    }

    static String time(long nanosOfDay) {
        long hours = nanosOfDay / NANOS_PER_HOUR;
        long minutes = nanosOfDay / NANOS_PER_MINUTE % 60;
        long seconds = nanosOfDay / NANOS_PER_SECOND % 60;
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%09d",
                hours,
                minutes,
                seconds,
                nanosOfDay % NANOS_PER_SECOND);
    }

    static String duration(int months, int days, long nanos) {
        StringBuilder text = new StringBuilder();
        if (months < 0 || days < 0 || nanos < 0) {
            text.append('-');
        }
        // As unsigned: the absolute value of the smallest number is itself, and still right so.
        long restMonths = Math.abs((long) months);
        restMonths = unit(text, restMonths, MONTHS_PER_YEAR, "y");
        unit(text, restMonths, 1, "mo");
        unit(text, Math.abs((long) days), 1, "d");
        long rest = Math.abs(nanos);
        rest = unit(text, rest, NANOS_PER_HOUR, "h");
        rest = unit(text, rest, NANOS_PER_MINUTE, "m");
        rest = unit(text, rest, NANOS_PER_SECOND, "s");
        rest = unit(text, rest, 1_000_000, "ms");
        rest = unit(text, rest, 1000, "us");
        unit(text, rest, 1, "ns");
        return text.toString();
    }

    private static long unit(StringBuilder text, long amount, long size, String name) {
        long whole = Long.divideUnsigned(amount, size);
        if (whole != 0) {
            text.append(whole).append(name);
        }
        return Long.remainderUnsigned(amount, size);
    }
}
