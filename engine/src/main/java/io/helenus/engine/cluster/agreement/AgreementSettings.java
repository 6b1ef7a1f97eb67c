package io.helenus.engine.cluster.agreement;

/// Limits and times of the agreement.
///
/// @param proposalTimeoutNanos after which a proposal is answered at the latest
/// @param retryNanos after which an unanswered message is sent again
/// @param backoffNanosMin of the random wait after a rejection; doubles with each
/// @param backoffNanosMax that it does not grow beyond
/// @param pullTimeoutNanos after which a pull that was not answered is forgotten
/// @param pullIntervalNanos between two questions to a random node whether there is something new
/// @param entriesKept for others that are not much behind
/// @param entriesPerMessage at most
/// @param entryBytesPerMessage after which no further entry is added to a message
/// @param entriesPerSnapshot after which the file is written anew
/// @param proposalsMax that wait at a node; one more is refused
public record AgreementSettings(
        long proposalTimeoutNanos,
        long retryNanos,
        long backoffNanosMin,
        long backoffNanosMax,
        long pullTimeoutNanos,
        long pullIntervalNanos,
        int entriesKept,
        int entriesPerMessage,
        int entryBytesPerMessage,
        int entriesPerSnapshot,
        int proposalsMax) {
    private static final long MILLI = 1_000_000;

    public static final AgreementSettings DEFAULT =
            new AgreementSettings(
                    8_000 * MILLI, // drivers give up after ten seconds and would not hear why
                    500 * MILLI,
                    10 * MILLI,
                    1_000 * MILLI,
                    2_000 * MILLI,
                    5_000 * MILLI,
                    1_000,
                    256,
                    1 << 20,
                    500,
                    1_024);

    public AgreementSettings {
        atLeast("retryNanos", retryNanos, 1);
        atLeast("proposalTimeoutNanos", proposalTimeoutNanos, retryNanos);
        atLeast("backoffNanosMin", backoffNanosMin, 1);
        atLeast("backoffNanosMax", backoffNanosMax, backoffNanosMin);
        atLeast("pullTimeoutNanos", pullTimeoutNanos, 1);
        atLeast("pullIntervalNanos", pullIntervalNanos, 1);
        atLeast("entriesKept", entriesKept, 0);
        atLeast("entriesPerMessage", entriesPerMessage, 1);
        atLeast("entryBytesPerMessage", entryBytesPerMessage, 1);
        atLeast("entriesPerSnapshot", entriesPerSnapshot, 1);
        atLeast("proposalsMax", proposalsMax, 1);
        if (entriesPerMessage > AgreementCodec.ENTRIES_MAX) {
            throw new IllegalArgumentException(
                    "entriesPerMessage is %d, must be at most %d"
                            .formatted(entriesPerMessage, AgreementCodec.ENTRIES_MAX));
        }
    }

    private static void atLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(
                    "%s is %d, must be at least %d".formatted(name, value, min));
        }
    }
}
