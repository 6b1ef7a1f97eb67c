package io.helenus.shell;

/// A statement failed, or a connection could not be made.
///
/// [#getMessage] is what the shell prints; `serverMessage` is only what the server said.
final class CqlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String serverMessage;

    CqlException(String message, String serverMessage, Throwable cause) {
        super(message, cause);
        this.serverMessage = serverMessage;
    }

    CqlException(String message) {
        super(message);
        this.serverMessage = message;
    }

    String serverMessage() {
        return serverMessage;
    }
}
