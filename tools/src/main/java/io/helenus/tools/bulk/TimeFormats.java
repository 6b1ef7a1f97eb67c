package io.helenus.tools.bulk;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How timestamps, dates and times are written if not as in CQL. Immutable.
///
/// @param zone of timestamps that do not say
record TimeFormats(
        @Nullable DateTimeFormatter timestamp,
        @Nullable DateTimeFormatter date,
        @Nullable DateTimeFormatter time,
        ZoneId zone) {
    private static final long EPOCH_DAY = 1L << 31;

    static final TimeFormats CQL = new TimeFormats(null, null, null, ZoneOffset.UTC);

    /// @throws IllegalArgumentException if the pattern is none
    static DateTimeFormatter of(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    /// Appends a value of a type that has a format here.
    ///
    /// @return false if it has none
    boolean write(CqlType type, String text, ByteWriter out) throws BadRowException {
        try {
            if (type == NativeType.TIMESTAMP && timestamp != null) {
                out.writeLong(instant(timestamp, text).toEpochMilli());
                return true;
            }
            if (type == NativeType.DATE && date != null) {
                out.writeInt((int) (LocalDate.parse(text, date).toEpochDay() + EPOCH_DAY));
                return true;
            }
            if (type == NativeType.TIME && time != null) {
                out.writeLong(LocalTime.parse(text, time).toNanoOfDay());
                return true;
            }
            return false;
        } catch (DateTimeException e) {
            throw new BadRowException(String.valueOf(e.getMessage()));
        }
    }

    private Instant instant(DateTimeFormatter format, String text) {
        TemporalAccessor parsed =
                format.parseBest(text, Instant::from, LocalDateTime::from, LocalDate::from);
        return switch (parsed) {
            case Instant instant -> instant;
            case LocalDateTime local -> local.atZone(zone).toInstant();
            case LocalDate day -> day.atStartOfDay(zone).toInstant();
            default -> throw new DateTimeException("no point in time: " + text);
        };
    }
}
