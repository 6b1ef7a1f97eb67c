package io.helenus.engine.admin;

/// A request that is refused or failed in a way that its sender should hear of. The message is for
/// an operator.
public final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Whose fault it is.
    public enum Reason {
        /// The request is wrong.
        INVALID(400),
        /// It comes from somewhere that may not ask.
        FORBIDDEN(403),
        /// There is no such path.
        NO_PATH(404),
        /// There is such a path, but not for this method.
        NO_METHOD(405),
        /// It does not fit what the node is doing.
        CONFLICT(409),
        /// It is well-formed, and this node cannot do it.
        UNSUPPORTED(501),
        /// The work failed.
        FAILED(500);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        /// Of HTTP.
        int status() {
            return status;
        }
    }

    private final Reason reason;

    public AdminException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public static AdminException invalid(String message) {
        return new AdminException(Reason.INVALID, message);
    }

    public static AdminException conflict(String message) {
        return new AdminException(Reason.CONFLICT, message);
    }

    public Reason reason() {
        return reason;
    }
}
