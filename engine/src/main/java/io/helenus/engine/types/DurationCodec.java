package io.helenus.engine.types;

/// Months, days and nanoseconds as signed [VInts]. Durations have no order; keys sort them by
/// their bytes, which is what identity needs.
final class DurationCodec extends BytesCodec {
    private static final int BYTES_MIN = 3;

    @Override
    void validate(byte[] value, int offset, int length) {
        if (length < BYTES_MIN) {
            throw new InvalidValueException(
                    "Expected at least 3 bytes for a duration (" + length + ")");
        }
        int end = offset + length;
        int daysAt = afterInteger(value, offset, end);
        int nanosAt = afterInteger(value, daysAt, end);
        afterInteger(value, nanosAt, end);
        long months = VInts.readSigned(value, offset);
        long days = VInts.readSigned(value, daysAt);
        long nanos = VInts.readSigned(value, nanosAt);
        checkInt("months", months);
        checkInt("days", days);
        boolean anyNegative = months < 0 || days < 0 || nanos < 0;
        boolean anyPositive = months > 0 || days > 0 || nanos > 0;
        if (anyNegative && anyPositive) {
            throw new InvalidValueException(
                    ("The duration months, days and nanoseconds must be all of the same sign"
                                    + " (%d, %d, %d)")
                            .formatted(months, days, nanos));
        }
    }

    private static int afterInteger(byte[] value, int at, int end) {
        if (at >= end || VInts.length(value[at]) > end - at) {
            throw new InvalidValueException("Not enough bytes to read a duration");
        }
        return at + VInts.length(value[at]);
    }

    private static void checkInt(String what, long value) {
        if (value != (int) value) {
            throw new InvalidValueException(
                    "The duration %s must be a 32 bits integer but was: %d".formatted(what, value));
        }
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        out.append(CqlDuration.of(value, offset));
    }
}
