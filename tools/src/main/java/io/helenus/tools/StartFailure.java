package io.helenus.tools;

import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
            String message = message(cause);
            if (message != null && !message.isBlank()) {
                return message;
            }
        }
        return failure.toString();
    }

    /// Some exceptions of the file system say nothing but the path.
    private static @Nullable String message(Throwable cause) {
        if (cause instanceof FileSystemException failure && failure.getReason() == null) {
            return failure.getFile() + ": " + kind(failure);
        }
        return cause.getMessage();
    }

    private static String kind(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "this user may not do that";
            case FileAlreadyExistsException _ -> "it exists already, and is no directory";
            default -> failure.getClass().getSimpleName();
        };
    }
}
