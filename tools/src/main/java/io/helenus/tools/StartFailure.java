package io.helenus.tools;

import java.net.BindException;
import org.jspecify.annotations.Nullable;

/// Why a node did not start, for people.
final class StartFailure {
    private StartFailure() {}

    static boolean isPortInUse(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /// The first message that the chain of causes has.
    static String text(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && !message.isBlank()) {
                return message;
            }
        }
        return failure.toString();
    }
}
