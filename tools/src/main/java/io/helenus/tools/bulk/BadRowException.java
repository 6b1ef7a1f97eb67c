package io.helenus.tools.bulk;

/// A record that is no row of the table. Carries no stack trace: there may be many.
final class BadRowException extends Exception {
    private static final long serialVersionUID = 1;

    BadRowException(String message) {
        super(message, null, false, false);
    }
}
