package io.helenus.tools;

/// The command line or a setting is wrong. The message says what, and what would be right.
final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
