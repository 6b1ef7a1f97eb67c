package io.helenus.tools.node;

/// The node cannot be asked, or refuses. The message is for the operator.
public final class AdminFailure extends Exception {
    private static final long serialVersionUID = 1;

    AdminFailure(String message) {
        super(message);
    }
}
