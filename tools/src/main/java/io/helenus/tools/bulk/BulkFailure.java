package io.helenus.tools.bulk;

/// The work failed, for a reason that the message tells people.
final class BulkFailure extends Exception {
    private static final long serialVersionUID = 1;

    BulkFailure(String message) {
        super(message);
    }

    BulkFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
