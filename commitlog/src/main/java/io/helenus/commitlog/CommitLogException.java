package io.helenus.commitlog;

import org.jspecify.annotations.Nullable;

/// What the log cannot do, and why.
public class CommitLogException extends RuntimeException {
    public CommitLogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    CommitLogException(String message, @Nullable Throwable cause, boolean withStackTrace) {
        super(message, cause, withStackTrace, withStackTrace);
    }
}
