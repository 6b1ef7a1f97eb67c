package io.helenus.shell;

/// A command of the shell that is written wrongly, or that this shell does not have.
final class CommandException extends Exception {
    private static final long serialVersionUID = 1;

    CommandException(String message) {
        super(message);
    }
}
