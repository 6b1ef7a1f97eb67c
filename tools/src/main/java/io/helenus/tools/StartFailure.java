package io.helenus.tools;

import io.helenus.commitlog.CorruptSegmentException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Why a node did not start, or a file could not be read or written, for people.
final class StartFailure {
    private static final String NO_ROOM = "No space left on device";

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

    /// The same, and what may be done about it where the message does not say so.
    static String text(Throwable failure, Path dataDirectory) {
        String text = text(failure);
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CorruptSegmentException) {
                return text
                        + ". With --set commitlog_ignore_replay_errors=true the node starts"
                        + " without what follows in this segment";
            }
        }
        return text.equals(NO_ROOM)
                ? "%s: no file can be written in %s, or where commitlog_directory is"
                        .formatted(text, dataDirectory)
                : text;
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
