package io.helenus.engine.config;

/// A text is no value of its setting. The message says what would be one: "a whole number from 1 to 9".
final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidValueException(String wanted) {
        super(wanted);
    }

    /// What would be a value.
    String wanted() {
        return String.valueOf(getMessage());
    }
}
